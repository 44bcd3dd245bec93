package kafka

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestRealCluster takes three brokers, which are the controllers too, through what a deployment does to them.
func TestRealCluster(t *testing.T) {
	in := installed(t)
	spec := func(retention string, partitions int) string {
		return fmt.Sprintf(`  version: %q
  storage: {sizeGB: 10}
  resources: {memory: 1024}
  security: {transport: plaintext}
  topics:
    - {name: orders.v1, partitions: %d, retention: %s, configuration: {max.message.bytes: "2000000"}}
    - {name: state, partitions: 1, cleanupPolicy: "compact,delete"}
`, in.version, partitions, retention)
	}
	r := newRunning(t, in, spec("1h", 3), nil)
	servers := []string{"--bootstrap-server", r.host(r.nodes()[1]) + ":9092"}
	for i, n := range r.nodes() { // one after another, as their services are made
		if i == 2 { // with two of three there is a quorum, and not yet place for all copies
			eventually(t, "a quorum of two", func() error {
				_, err := r.run("", "kafka-topics", append(servers, "--list")...)
				return err
			})
			time.Sleep(10 * time.Second)
		}
		r.start(t, n)
		r.well(t, n)
	}
	r.wantTopic(t, servers, "orders.v1", "PartitionCount: 3", "ReplicationFactor: 3", "retention.ms=3600000", "max.message.bytes=2000000")
	r.wantTopic(t, servers, "state", "PartitionCount: 1", "cleanup.policy=compact,delete")

	r.send(t, servers, "before", 50)
	r.wantMessages(t, servers, 50)

	// A rolling change: each node stops and starts with its new script, and nothing is lost.
	r.cluster = compiled(t, spec("2h", 5))
	for i, n := range r.nodes() {
		r.stop(t, n)
		other := []string{"--bootstrap-server", r.host(r.nodes()[(i+1)%3]) + ":9092"}
		r.send(t, other, fmt.Sprintf("without-%d", i+1), 10)
		r.start(t, n)
		r.well(t, n)
		r.wantInSync(t, other)
	}
	r.wantMessages(t, servers, 80)
	r.wantTopic(t, servers, "orders.v1", "PartitionCount: 5", "retention.ms=7200000")

	// A controller that is lost is no loss.
	last := r.nodes()[2]
	r.started[last.name].kill()
	<-r.started[last.name].done
	r.send(t, servers, "crash", 10)
	r.start(t, last)
	r.well(t, last)
	r.wantInSync(t, servers)
	r.wantMessages(t, servers, 90)
}

// wantTopic waits until a topic is described with all of the texts.
func (r *running) wantTopic(t *testing.T, servers []string, topic string, texts ...string) {
	t.Helper()
	eventually(t, "the topic "+topic, func() error {
		out, err := r.run("", "kafka-topics", append(servers, "--describe", "--topic", topic)...)
		if err != nil {
			return err
		}
		for _, text := range texts {
			if !strings.Contains(out, text) {
				return fmt.Errorf("no %s in\n%s", text, out)
			}
		}
		return nil
	})
}

// wantInSync waits until every partition has all its copies.
func (r *running) wantInSync(t *testing.T, servers []string) {
	t.Helper()
	eventually(t, "copies of all partitions", func() error {
		out, err := r.run("", "kafka-topics", append(servers, "--describe", "--under-replicated-partitions")...)
		if err == nil && strings.TrimSpace(out) != "" {
			err = fmt.Errorf("not in sync:\n%s", out)
		}
		return err
	})
}

func (r *running) send(t *testing.T, servers []string, prefix string, count int) {
	t.Helper()
	var lines strings.Builder
	for i := range count {
		fmt.Fprintf(&lines, "%s-%d\n", prefix, i)
	}
	if _, err := r.run(lines.String(), "kafka-console-producer", append(servers, "--topic", "orders.v1", "--sync",
		"--producer-property", "acks=all")...); err != nil {
		t.Fatalf("send %s: %v", prefix, err)
	}
}

// wantMessages reads so many different messages from the beginning.
func (r *running) wantMessages(t *testing.T, servers []string, count int) {
	t.Helper()
	out, err := r.run("", "kafka-console-consumer", append(servers, "--topic", "orders.v1", "--from-beginning", "--timeout-ms", "15000",
		"--max-messages", fmt.Sprint(count))...)
	if err != nil {
		t.Fatal(err)
	}
	different := map[string]bool{}
	for line := range strings.Lines(out) {
		different[line] = true
	}
	if len(different) != count {
		t.Errorf("%d different messages can be read, want %d", len(different), count)
	}
}
