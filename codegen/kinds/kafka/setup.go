package kafka

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// The first broker sets up the cluster: it makes users, their grants and topics, and changes topics to what the YAML says.
// It does so at each start, which leaves alone what is so already, but for passwords. Nodes start one after another, so
// what it does is repeated until there are enough of them.

// again repeats a command, and says in the log why.
const again = "again() { until \"$@\"; do sleep 10; done; }"

// userFunction sets a user's password, by a file as others could see arguments. In such a file a backslash stands for itself
// only if there are two. Its arguments are the name and the password.
const userFunction = `user() {
  local LC_ALL=C
  if [[ $2 == *[!\ -~]* ]]; then
    echo "The password of the user $1 is not set: it has characters that are not ASCII, which the tools of Kafka cannot read."
    return
  fi
  printf 'SCRAM-SHA-512=password=%s\n' "${2//\\/\\\\}" >` + startFolder + `/password
  again ./kafka-configs.sh "${client[@]}" --alter --entity-type users --entity-name "$1" --add-config-file ` + startFolder + `/password
  rm ` + startFolder + `/password
}`

// grantFunction lets a user who is no admin read and write everything. Its argument is the name.
const grantFunction = `grant() {
  local add=(again ./kafka-acls.sh "${client[@]}" --add --allow-principal "User:$1")
  "${add[@]}" --operation Read --operation Write --operation Describe --topic '*' >/dev/null
  "${add[@]}" --operation Read --operation Describe --group '*' >/dev/null
  "${add[@]}" --operation Write --operation Describe --transactional-id '*' >/dev/null
}`

// describe writes down the topics that there are. Kafka shows no topics without an error.
const describe = `describe() { ./kafka-topics.sh "${client[@]}" --describe >` + startFolder + `/topics; }
again describe
declare -A partitions settings
while IFS= read -r line; do
  if [[ $line =~ ^Topic:\ ([^[:space:]]+).*PartitionCount:\ ([0-9]+).*Configs:\ ?(.*)$ ]]; then
    partitions[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]} settings[${BASH_REMATCH[1]}]=${BASH_REMATCH[3]}
  fi
done <` + startFolder + `/topics`

// topicFunction makes a topic, or gives it more partitions, and sets what is set otherwise. Its arguments are the name, the
// partitions, the copies, and lines of settings, in which a backslash is one.
const topicFunction = `topic() {
  local there=${partitions[$1]:-0} line other=
  if [ "$there" = 0 ]; then
    again ./kafka-topics.sh "${client[@]}" --create --if-not-exists --topic "$1" --partitions "$2" --replication-factor "$3"
  elif [ "$there" -lt "$2" ]; then
    again ./kafka-topics.sh "${client[@]}" --alter --topic "$1" --partitions "$2"
  elif [ "$there" -gt "$2" ]; then
    echo "The topic $1 has $there partitions, which cannot become $2."
  fi
  while IFS= read -r line; do
    [[ ",${settings[$1]:-}," == *",$line,"* ]] || other=1
  done <<<"$4"
  if [ "$other" ]; then
    printf '%s\n' "${4//\\/\\\\}" >` + startFolder + `/settings
    again ./kafka-configs.sh "${client[@]}" --alter --entity-type topics --entity-name "$1" --add-config-file ` + startFolder + `/settings
  fi
}`

// maxSetup is how many bytes of the first broker's task definition its script and environment may take: ECS takes 64 KiB,
// in which the rest must find room too.
const maxSetup = 56 << 10

// setupSize is what they take, as JSON.
func (c *cluster) setupSize() int {
	first := c.nodes()[slices.IndexFunc(c.nodes(), func(n node) bool { return n.id == 1 })]
	script, env := c.script(first)
	size := len(quoted(script))
	for _, name := range env.names {
		size += len(`{"name":,"value":},`) + len(quoted(name)) + len(quoted(env.values[name].String()))
	}
	return size
}

func quoted(text string) []byte {
	data, err := json.Marshal(text)
	if err != nil {
		return []byte(text) // no text is refused
	}
	return data
}

// setup are the lines that set up the cluster; none where there is nothing to do or another node does it.
func (c *cluster) setup(n node, env *environment) []string {
	if n.id != 1 || len(c.Topics) == 0 && !c.scram() {
		return nil
	}
	// Its heap is small: the node's own must fit beside it. And it logs as Kafka's tools do.
	lines := []string{"export KAFKA_HEAP_OPTS=-Xmx256m", "unset KAFKA_LOG4J_OPTS", again}
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
	lines = append(lines, "client=("+client+")")
	add := func(code ...string) {
		for _, text := range code {
			lines = append(lines, strings.Split(text, "\n")...)
		}
	}
	if c.scram() {
		add(userFunction, grantFunction)
	}
	for i, u := range c.Security.Users {
		add(fmt.Sprintf(`user %s "$%s"`, u.Name, passwordVariable(i)))
		if !u.Admin {
			add("grant " + u.Name)
		}
	}
	if len(c.Topics) == 0 {
		return lines
	}
	add(describe, topicFunction)
	for i, t := range c.Topics {
		add(c.topicLine(i, t, env))
	}
	return lines
}

// topicLine makes a topic what the YAML says.
func (c *cluster) topicLine(i int, t topic, env *environment) string {
	copies := t.ReplicationFactor
	if copies == 0 {
		copies = c.Replication.Factor
	}
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
	var text ir.Text
	for j, name := range slices.Sorted(maps.Keys(settings)) {
		if j > 0 {
			text = append(text, ir.Part{Literal: "\n"})
		}
		text = append(append(text, ir.Part{Literal: name + "="}), settings[name]...)
	}
	variable := fmt.Sprintf("TOPIC_%d", i+1)
	env.set(variable, text)
	return fmt.Sprintf(`topic %s %d %d "$%s"`, t.Name, t.Partitions, copies, variable)
}
