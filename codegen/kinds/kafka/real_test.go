package kafka

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler"
)

// realKafka names the environment variable with the folder of a real Kafka: one with bin and libs as it is released, or one
// with libs only, which Maven can fill:
//
//	mvn dependency:copy-dependencies   # of org.apache.kafka:kafka_2.13 and kafka-tools, and a back end of SLF4J
const realKafka = "PANKA_KAFKA"

// patience is how long anything may take; processes of Java start slowly.
const patience = 3 * time.Minute

// installation is a real Kafka, laid out as its image is.
type installation struct {
	bin, version string
}

// installed finds the real Kafka, or skips the test.
func installed(t *testing.T) installation {
	t.Helper()
	dir := os.Getenv(realKafka)
	if dir == "" {
		t.Skipf("runs nodes of a real Kafka only if %s is the folder of one", realKafka)
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Skipf("%s is set, but there is no java to run it with", realKafka)
	}
	jars, err := filepath.Glob(filepath.Join(dir, "libs", "kafka_2.13-*.jar"))
	if err != nil || len(jars) != 1 {
		t.Fatalf("%s: libs has no kafka_2.13-<version>.jar: %v", dir, err)
	}
	name := filepath.Base(jars[0])
	found := installation{version: strings.TrimSuffix(strings.TrimPrefix(name, "kafka_2.13-"), ".jar")}
	if _, err := os.Stat(filepath.Join(dir, "bin", "kafka-storage.sh")); err == nil {
		found.bin = filepath.Join(dir, "bin")
		return found
	}
	found.bin = filepath.Join(t.TempDir(), "bin")
	acls, producer := "kafka.admin.AclCommand", "kafka.tools.ConsoleProducer"
	if !strings.HasPrefix(found.version, "3.") {
		acls, producer = "org.apache.kafka.tools.AclCommand", "org.apache.kafka.tools.ConsoleProducer"
	}
	for script, class := range map[string]string{
		"kafka-storage": "kafka.tools.StorageTool", "kafka-server-start": "kafka.Kafka", "kafka-topics": "org.apache.kafka.tools.TopicCommand",
		"kafka-configs": "kafka.admin.ConfigCommand", "kafka-acls": acls, "kafka-console-producer": producer,
		"kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
	} {
		write(t, filepath.Join(found.bin, script+".sh"), fmt.Sprintf("#!/bin/bash\nexec java ${KAFKA_HEAP_OPTS:-} ${KAFKA_LOG4J_OPTS:-} ${KAFKA_OPTS:-} -cp '%s/libs/*' %s \"$@\"\n", dir, class))
	}
	return found
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// running is a cluster whose nodes run as processes here, each at an address of its own on the loopback interface.
type running struct {
	*cluster
	installation
	dir     string
	secrets map[string]string
	started map[string]*process
}

type process struct {
	cmd  *exec.Cmd
	log  string
	done chan error
}

// newRunning compiles the spec of a Kafka and prepares folders for its nodes.
func newRunning(t *testing.T, in installation, spec string, secrets map[string]string) *running {
	t.Helper()
	r := &running{cluster: compiled(t, spec), installation: in, dir: t.TempDir(), secrets: secrets, started: map[string]*process{}}
	r.resolve(t)
	t.Cleanup(func() {
		for name, p := range r.started {
			p.kill()
			if t.Failed() {
				text, _ := os.ReadFile(p.log)
				t.Logf("the end of %s:\n%s", name, tail(text))
			}
		}
	})
	return r
}

// compiled is the cluster of a spec, ready to make scripts.
func compiled(t *testing.T, spec string) *cluster {
	t.Helper()
	root := t.TempDir()
	header := func(kind, metadata string) string {
		return "apiVersion: core.panka.io/v1\nkind: " + kind + "\nmetadata: {" + metadata + "}\nspec: "
	}
	at := func(name string) string { return filepath.Join(root, "stacks", "shop", filepath.FromSlash(name)) }
	write(t, at("stack.yaml"), header("Stack", "name: shop")+"{provider: {name: aws, region: eu-central-1}}\n")
	write(t, at("environments/test/environment.yaml"), header("Environment", "name: test")+"{}\n")
	write(t, at("services/app/service.yaml"), header("Service", "name: app, stack: shop")+"{}\n")
	write(t, at("services/app/components/events/events.yaml"),
		"apiVersion: components.panka.io/v1\nkind: Kafka\nmetadata: {name: events, service: app, stack: shop}\nspec:\n"+spec)
	stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "test"})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	s, ds := decode(stack.Components[0])
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	b := component.New(component.Context{Stack: stack}, stack.Components[0], Kind{})
	return &cluster{Builder: b, specification: s}
}

// address is a node's on the loopback interface, another one for each run of the tests.
func (r *running) address(n node) string {
	i := slices.IndexFunc(r.nodes(), func(other node) bool { return other.id == n.id })
	return fmt.Sprintf("127.%d.%d.%d", 1+os.Getpid()>>8&0x7f, os.Getpid()&0xff, i+1)
}

// resolve writes where the names of nodes lead to: as in AWS, to those that run.
func (r *running) resolve(t *testing.T) {
	t.Helper()
	var hosts strings.Builder
	fmt.Fprintln(&hosts, "127.0.0.1 localhost")
	for _, n := range r.nodes() {
		if r.started[n.name] != nil {
			fmt.Fprintln(&hosts, r.address(n), r.host(n))
		}
	}
	write(t, filepath.Join(r.dir, "hosts"), hosts.String())
}

// local turns a text for a node's container into one for a process here.
func (r *running) local(n node, text string) string {
	own := filepath.Join(r.dir, n.name)
	return strings.NewReplacer("/opt/kafka/bin", r.bin, startFolder, own+"/start", dataFolder, own+"/data", "://:", "://"+r.address(n)+":").Replace(text)
}

// start runs a node's script.
func (r *running) start(t *testing.T, n node) {
	t.Helper()
	script, env := r.script(n)
	cmd := exec.Command("/bin/bash", "-c", r.local(n, script))
	cmd.Env = r.environ()
	for _, name := range env.names {
		cmd.Env = append(cmd.Env, name+"="+r.local(n, env.values[name].String()))
	}
	for name, value := range r.secrets {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, "KAFKA_HEAP_OPTS=-Xmx384m") // several nodes share one machine
	if err := os.MkdirAll(filepath.Join(r.dir, n.name, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, log: filepath.Join(r.dir, n.name, "log"), done: make(chan error, 1)}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- cmd.Wait() }()
	r.started[n.name] = p
	r.resolve(t)
}

// stop ends a node as ECS does, and waits until it has handed over what it leads.
func (r *running) stop(t *testing.T, n node) {
	t.Helper()
	p := r.started[n.name]
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("%s had ended: %v", n.name, err)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatalf("%s does not stop", n.name)
	}
	p.kill() // what it started beside
	delete(r.started, n.name)
	r.resolve(t)
}

// kill ends what is left of a node.
func (p *process) kill() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// well waits until the health check of a node's container is content.
func (r *running) well(t *testing.T, n node) {
	t.Helper()
	p := r.started[n.name]
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Second) {
		check := exec.Command("/bin/bash", "-c", strings.ReplaceAll(probe(n), "127.0.0.1", r.address(n)))
		if check.Run() == nil {
			return
		}
		select {
		case err := <-p.done:
			t.Fatalf("%s ended: %v", n.name, err)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not become well", n.name)
		}
	}
}

func (r *running) environ() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "LOG_DIR=" + filepath.Join(r.dir, "logs"),
		"KAFKA_OPTS=-Djdk.net.hosts.file=" + filepath.Join(r.dir, "hosts")}
}

// run runs one of Kafka's own tools and gives what it says.
func (r *running) run(input, tool string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(r.bin, tool+".sh"), args...)
	cmd.Env = append(r.environ(), "KAFKA_HEAP_OPTS=-Xmx192m")
	cmd.Stdin = strings.NewReader(input)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", tool, err, tail(problems.Bytes()))
	}
	return out.String(), err
}

// eventually repeats what may fail at first.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(2 * time.Second)
	}
}

func tail(text []byte) []byte {
	if len(text) > 8000 {
		text = text[len(text)-8000:]
	}
	return text
}
