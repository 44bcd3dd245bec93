package kafka

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSetup runs the script of the first broker with stand-ins for Kafka's tools, which note what they are asked.
func TestSetup(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash to run the script with")
	}
	c := compiled(t, `  version: "3.9.0"
  storage: {sizeGB: 10}
  brokers: 1
  security:
    certificateSecret: /shop/tls
    authentication: scram
    users: [{name: admin, secretRef: /shop/admin, admin: true}, {name: api, secretRef: /shop/api}, {name: odd, secretRef: /shop/odd, admin: true}]
  topics:
    - {name: made, partitions: 2, cleanupPolicy: "compact,delete", configuration: {note: 'a\b'}}
    - {name: same, partitions: 3, retention: 1h}
    - {name: grown, partitions: 4}
    - {name: shrunk, partitions: 1}
`)
	dir := t.TempDir()
	tool := func(name, text string) { write(t, filepath.Join(dir, "bin", name+".sh"), "#!/bin/bash\n"+text) }
	tool("kafka-storage", `[ -s "${!#}" ]`)
	tool("kafka-server-start", "sleep 1; wait_for=$(dirname \"$0\")/../done; until [ -e \"$wait_for\" ]; do sleep 0.1; done")
	note := `echo "${0##*/} ${@:5}" >>` + dir + "/asked\n"
	tool("kafka-topics", `case $* in
*--describe)
  [ -e `+dir+`/tried ] || { touch `+dir+`/tried; exit 1; } # as while there is no quorum
  printf 'Topic: same\tTopicId: x\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: cleanup.policy=delete,retention.ms=3600000,min.insync.replicas=1\n\tTopic: same\tPartition: 0\tLeader: 1\n'
  printf 'Topic: grown\tTopicId: y\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: \n'
  printf 'Topic: shrunk\tTopicId: z\tPartitionCount: 9\tReplicationFactor: 1\tConfigs: cleanup.policy=delete\n' ;;
*) `+note+`[[ $* != *shrunk* ]] ;;
esac`)
	tool("kafka-configs", note+"sed 's/^/  /' \"${!#}\" >>"+dir+"/asked")
	tool("kafka-acls", note)
	script, env := c.script(c.nodes()[0])
	script = strings.NewReplacer("/opt/kafka/bin", filepath.Join(dir, "bin"), startFolder, filepath.Join(dir, "start"), "sleep 10", "sleep 0.1",
		") &", "touch "+filepath.Join(dir, "done")+"\n) &").Replace(script)
	cmd := exec.Command("bash", "-c", script)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), `PASSWORD_1=a\b=c`, "PASSWORD_2=$(x) 'y'", "PASSWORD_3=wörd", "TLS_KEY=k", "TLS_CERTIFICATE=c", "TLS_CA=a"}
	for _, name := range env.names {
		cmd.Env = append(cmd.Env, name+"="+env.values[name].String())
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	asked, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	start := filepath.Join(dir, "start")
	want := `kafka-configs.sh --alter --entity-type users --entity-name admin --add-config-file ` + start + `/password
  SCRAM-SHA-512=password=a\\b=c
kafka-configs.sh --alter --entity-type users --entity-name api --add-config-file ` + start + `/password
  SCRAM-SHA-512=password=$(x) 'y'
kafka-acls.sh --add --allow-principal User:api --operation Read --operation Write --operation Describe --topic *
kafka-acls.sh --add --allow-principal User:api --operation Read --operation Describe --group *
kafka-acls.sh --add --allow-principal User:api --operation Write --operation Describe --transactional-id *
kafka-topics.sh --create --if-not-exists --topic made --partitions 2 --replication-factor 1
kafka-configs.sh --alter --entity-type topics --entity-name made --add-config-file ` + start + `/settings
  cleanup.policy=compact,delete
  note=a\\b
kafka-topics.sh --alter --topic grown --partitions 4
kafka-configs.sh --alter --entity-type topics --entity-name grown --add-config-file ` + start + `/settings
  cleanup.policy=delete
`
	if string(asked) != want {
		t.Errorf("the tools were asked\n%s\nwant\n%s", asked, want)
	}
	for _, text := range []string{
		"The password of the user odd is not set: it has characters that are not ASCII",
		"The topic shrunk has 9 partitions, which cannot become 1.",
	} {
		if !strings.Contains(string(out), text) {
			t.Errorf("the log does not say %q:\n%s", text, out)
		}
	}
	if _, err := os.Stat(filepath.Join(start, "password")); !os.IsNotExist(err) {
		t.Errorf("a password stays in a file: %v", err)
	}
}

func TestSetupSize(t *testing.T) {
	size := func(topics int) int {
		var list strings.Builder
		for i := range topics {
			fmt.Fprintf(&list, "    - {name: topic-with-a-name-%d, retention: 30d}\n", i)
		}
		return compiled(t, "  version: \"3.9.0\"\n  storage: {sizeGB: 10}\n  security: {transport: plaintext}\n  topics:\n"+list.String()).setupSize()
	}
	if n := size(200); n > maxSetup {
		t.Errorf("200 topics take %d bytes", n)
	}
	if n := size(900); n <= maxSetup {
		t.Errorf("900 topics take %d bytes only", n)
	}
}
