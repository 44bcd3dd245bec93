package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// environment is what a node's script reads, beside secrets. Text of the YAML's is never in a script itself.
type environment struct {
	names  []string
	values map[string]ir.Text
}

func (e *environment) set(name string, value ir.Text) {
	if e.values == nil {
		e.values = map[string]ir.Text{}
	}
	e.names = append(e.names, name)
	e.values[name] = value
}

// The secrets that the script reads, by environment variable.
const (
	certificateVariable = "TLS_CERTIFICATE"
	keyVariable         = "TLS_KEY"
	authorityVariable   = "TLS_CA"
)

func passwordVariable(i int) string { return "PASSWORD_" + strconv.Itoa(i+1) }

// script starts a node, and gives the environment that it reads. The first broker sets up the cluster beside.
func (c *cluster) script(n node) (string, environment) {
	var env environment
	env.set("CLUSTER_ID", ir.Literal(c.clusterID()))
	env.set("KAFKA_HEAP_OPTS", ir.Literal(fmt.Sprintf("-Xms%[1]dm -Xmx%[1]dm", c.Resources.Memory/2)))
	env.set("SERVER_PROPERTIES", c.settings(n))
	lines := []string{
		"set -eu", "umask 077", "mkdir -p " + startFolder,
		`printf '%s' "$SERVER_PROPERTIES" >` + startFolder + "/server.properties",
	}
	if c.tls() {
		lines = append(lines,
			fmt.Sprintf(`printf '%%s\n%%s\n' "$%s" "$%s" >%s/identity.pem`, keyVariable, certificateVariable, startFolder),
			fmt.Sprintf(`printf '%%s\n' "$%s" >%s/authority.pem`, authorityVariable, startFolder))
	}
	lines = append(lines,
		"cd /opt/kafka/bin",
		`./kafka-storage.sh format --ignore-formatted --cluster-id "$CLUSTER_ID" --config `+startFolder+"/server.properties")
	if setup := c.setup(n, &env); len(setup) > 0 {
		lines = append(lines, "(")
		lines = append(lines, setup...)
		lines = append(lines, ") &")
	}
	return strings.Join(append(lines, "exec ./kafka-server-start.sh "+startFolder+"/server.properties"), "\n"), env
}

// setup are the lines that make users, grants and topics once the cluster answers; again at each start, which changes
// nothing that is there but passwords.
func (c *cluster) setup(n node, env *environment) []string {
	if n.id != 1 || len(c.Topics) == 0 && !c.scram() {
		return nil
	}
	// Its heap is small: the node's own must fit beside it.
	lines := []string{"export KAFKA_HEAP_OPTS=-Xmx256m"}
	client := fmt.Sprintf("--bootstrap-server %s:%d", c.host(n), brokerPort)
	if c.tls() {
		file := startFolder + "/client.properties"
		text := "security.protocol=SSL\n"
		for _, name := range slices.Sorted(maps.Keys(certificates())) {
			text += name + "=" + certificates()[name] + "\n"
		}
		env.set("CLIENT_PROPERTIES", ir.Literal(text))
		lines = append(lines, `printf '%s' "$CLIENT_PROPERTIES" >`+file)
		client += " --command-config " + file
	}
	lines = append(lines, "until ./kafka-topics.sh "+client+" --list >/dev/null 2>&1; do sleep 5; done")
	for i, u := range c.Security.Users {
		lines = append(lines, c.userLines(i, u, client)...)
	}
	for i, t := range c.Topics {
		lines = append(lines, c.topicLine(i, t, client, env))
	}
	return lines
}

// userLines set a user's password, by a file as others could see arguments, and what users may do that are no admins.
func (c *cluster) userLines(i int, u user, client string) []string {
	file := startFolder + "/password"
	lines := []string{
		// In such a file a backslash stands for itself only if there are two.
		fmt.Sprintf(`printf 'SCRAM-SHA-512=password=%%s\n' "${%s//\\/\\\\}" >%s`, passwordVariable(i), file),
		fmt.Sprintf("./kafka-configs.sh %s --alter --entity-type users --entity-name %s --add-config-file %s", client, u.Name, file),
		"rm " + file,
	}
	if u.Admin {
		return lines
	}
	return append(lines, fmt.Sprintf("./kafka-acls.sh %s --add --allow-principal User:%s --operation Read --operation Write --operation Describe "+
		"--topic '*' --group '*' --transactional-id '*' >/dev/null", client, u.Name))
}

// topicLine makes a topic, if it is not there.
func (c *cluster) topicLine(i int, t topic, client string, env *environment) string {
	copies := t.ReplicationFactor
	if copies == 0 {
		copies = c.Replication.Factor
	}
	line := fmt.Sprintf("./kafka-topics.sh %s --create --if-not-exists --topic %s --partitions %d --replication-factor %d",
		client, t.Name, t.Partitions, copies)
	settings := maps.Clone(t.Configuration)
	if settings == nil {
		settings = map[string]ir.Text{}
	}
	settings["cleanup.policy"] = ir.Literal(t.CleanupPolicy)
	if t.Retention > 0 {
		settings["retention.ms"] = ir.Literal(strconv.Itoa(int(t.Retention) * 1000))
	}
	if t.RetentionMB > 0 {
		settings["retention.bytes"] = ir.Literal(strconv.Itoa(t.RetentionMB << 20))
	}
	for j, name := range slices.Sorted(maps.Keys(settings)) {
		variable := fmt.Sprintf("TOPIC_%d_%d", i+1, j+1)
		env.set(variable, append(ir.Literal(name+"="), settings[name]...))
		line += fmt.Sprintf(` --config "$%s"`, variable)
	}
	return line
}
