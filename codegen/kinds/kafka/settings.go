package kafka

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// The folders in the container: the cluster's data, in a folder of the volume as Kafka wants nothing else in its own, and
// what the script writes at each start.
const (
	dataFolder  = "/var/lib/kafka/data"
	startFolder = "/tmp/kafka"
)

// settings are server.properties of a node: panka's, sorted, and those of the YAML, which cannot be among panka's.
func (c *cluster) settings(n node) ir.Text {
	own := map[string]string{
		"node.id":                                  strconv.Itoa(n.id),
		"process.roles":                            c.rolesOf(n),
		"log.dirs":                                 dataFolder + "/kafka",
		"controller.quorum.voters":                 c.voters(),
		"controller.listener.names":                "CONTROLLER",
		"listener.security.protocol.map":           c.protocols(),
		"listeners":                                c.listeners(n, func(node) string { return "" }),
		"default.replication.factor":               strconv.Itoa(c.Replication.Factor),
		"offsets.topic.replication.factor":         strconv.Itoa(c.Replication.Factor),
		"transaction.state.log.replication.factor": strconv.Itoa(c.Replication.Factor),
		"min.insync.replicas":                      strconv.Itoa(c.Replication.MinInSync),
		"transaction.state.log.min.isr":            strconv.Itoa(c.Replication.MinInSync),
		"auto.create.topics.enable":                "false",
	}
	if n.broker {
		own["inter.broker.listener.name"] = "BROKER"
		own["advertised.listeners"] = c.advertised(n)
		own["broker.rack"] = fmt.Sprintf("zone-%d", c.zoneOf(n)+1) // so that the copies of a message are in several zones
	}
	if c.tls() {
		maps.Copy(own, certificates())
		own["listener.name.broker.ssl.client.auth"] = "required"
		own["listener.name.controller.ssl.client.auth"] = "required"
	}
	if c.scram() {
		own["listener.name.client.sasl.enabled.mechanisms"] = "SCRAM-SHA-512"
		own["listener.name.client.scram-sha-512.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
		own["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
		own["ssl.principal.mapping.rules"] = "RULE:^.*$/broker/"
		own["super.users"] = c.superUsers()
	}
	return c.properties(own)
}

// properties are lines of names and values. Those of the YAML stand for the ones that panka merely chooses.
func (c *cluster) properties(own map[string]string) ir.Text {
	all := map[string]ir.Text{}
	for name, value := range own {
		all[name] = ir.Literal(value)
	}
	maps.Copy(all, c.Configuration)
	var text ir.Text
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text = append(text, ir.Part{Literal: name + "="})
		text = append(append(text, all[name]...), ir.Part{Literal: "\n"})
	}
	return text
}

func (c *cluster) rolesOf(n node) string {
	switch {
	case n.broker && n.controller:
		return "broker,controller"
	case n.broker:
		return "broker"
	default:
		return "controller"
	}
}

func (c *cluster) voters() string {
	var voters []string
	for _, n := range c.nodes() {
		if n.controller {
			voters = append(voters, fmt.Sprintf("%d@%s:%d", n.id, c.host(n), controllerPort))
		}
	}
	return strings.Join(voters, ",")
}

// protocols of the listeners. The names are not those of protocols, so that no script of an image takes them for ones
// that it must set up.
func (c *cluster) protocols() string {
	among, clients := "PLAINTEXT", "PLAINTEXT"
	if c.tls() {
		among, clients = "SSL", "SSL"
	}
	if c.scram() {
		clients = "SASL_SSL"
	}
	return "BROKER:" + among + ",CLIENT:" + clients + ",CONTROLLER:" + among
}

func (c *cluster) listeners(n node, host func(node) string) string {
	var all []string
	if n.broker {
		all = append(all, fmt.Sprintf("BROKER://%s:%d", host(n), brokerPort), fmt.Sprintf("CLIENT://%s:%d", host(n), c.clientPort()))
	}
	if n.controller {
		all = append(all, fmt.Sprintf("CONTROLLER://%s:%d", host(n), controllerPort))
	}
	return strings.Join(all, ",")
}

// advertised are the listeners under the node's name; controllers' have none.
func (c *cluster) advertised(n node) string {
	n.controller = false
	return c.listeners(n, c.host)
}

// certificates are where a process finds its certificate with the key, and the authority's.
func certificates() map[string]string {
	return map[string]string{
		"ssl.keystore.type": "PEM", "ssl.keystore.location": startFolder + "/identity.pem",
		"ssl.truststore.type": "PEM", "ssl.truststore.location": startFolder + "/authority.pem",
	}
}

func (c *cluster) superUsers() string {
	all := []string{"User:broker"}
	for _, u := range c.Security.Users {
		if u.Admin {
			all = append(all, "User:"+u.Name)
		}
	}
	return strings.Join(all, ";")
}

// clusterID is the cluster's identity, which must never change: 16 bytes in the form that Kafka gives them.
func (c *cluster) clusterID() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{c.Stack().Name, c.Stack().Environment, c.ID()}, "\x00")))
	sum[0] &= 0x3f // so that it does not begin with a dash, which its tools would take for an option
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
