package kafka

import (
	"fmt"
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

// script starts a node, and gives the environment that it reads. The first broker sets up the cluster beside. What Kafka
// logs goes where ECS takes it; by its own settings it would fill the container's disk with files too.
func (c *cluster) script(n node) (string, environment) {
	var env environment
	env.set("CLUSTER_ID", ir.Literal(c.clusterID()))
	env.set("KAFKA_HEAP_OPTS", ir.Literal(fmt.Sprintf("-Xms%[1]dm -Xmx%[1]dm", c.Resources.Memory/2)))
	env.set("SERVER_PROPERTIES", c.settings(n))
	lines := []string{
		"set -eu", "umask 077", "mkdir -p " + startFolder,
		`printf '%s' "$SERVER_PROPERTIES" >` + startFolder + "/server.properties",
	}
	lines = append(lines, c.logging()...)
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

// logging are the lines that have Kafka log to its standard output only. Version 4 has another library for that.
func (c *cluster) logging() []string {
	settings, option := []string{
		"appender.stdout.type=Console", "appender.stdout.name=stdout", "appender.stdout.layout.type=PatternLayout",
		"appender.stdout.layout.pattern=[%d] %p %m (%c)%n", "rootLogger.level=INFO", "rootLogger.appenderRef.stdout.ref=stdout",
	}, "log4j2.configurationFile="
	if c.before(4, 0) {
		settings, option = []string{
			"log4j.rootLogger=INFO,stdout", "log4j.appender.stdout=org.apache.log4j.ConsoleAppender",
			"log4j.appender.stdout.layout=org.apache.log4j.PatternLayout",
			"log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n",
		}, "log4j.configuration=file:"
	}
	file := startFolder + "/log.properties"
	return []string{"printf '%s\\n' '" + strings.Join(settings, "' '") + "' >" + file, "export KAFKA_LOG4J_OPTS=-D" + option + file}
}
