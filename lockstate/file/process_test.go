//go:build unix

package file

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// The test binary plays other processes when this variable says which.
const roleVariable = "PANKA_FILE_TEST_ROLE"

func TestMain(m *testing.M) {
	roles := map[string]func(dir string) error{"hold": playHolder, "race": playRacer, "crash": playCrash}
	if role, ok := roles[os.Getenv(roleVariable)]; ok {
		if err := role(os.Getenv("PANKA_FILE_TEST_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// command gives a process of this binary in a role.
func command(t testing.TB, role, dir string, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	check(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), append(env, roleVariable+"="+role, "PANKA_FILE_TEST_DIR="+dir)...)
	cmd.Stderr = os.Stderr
	return cmd
}

// quick is a short lease, for tests in which one must run out.
var quick = Options{Lease: 400 * time.Millisecond, Heartbeat: 100 * time.Millisecond}

// playHolder takes the lock and does what it is told, a line each, answering "ok" or the error.
func playHolder(dir string) error {
	opts := quick
	opts.Host = os.Getenv("PANKA_FILE_TEST_HOST")
	b, err := Open(dir, opts)
	if err != nil {
		return err
	}
	ctx := context.Background()
	l, err := b.Acquire(ctx, dev, lockstate.Owner{Who: "child", PID: os.Getpid()})
	if err != nil {
		return err
	}
	fmt.Println("held", l.Lock().ID)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var err error
		switch word, rest, _ := strings.Cut(lines.Text(), " "); word {
		case "append":
			var base, seq uint64
			if _, err = fmt.Sscan(rest, &base, &seq); err == nil {
				err = l.Append(ctx, base, seq, []byte("entry"))
			}
		case "snapshot":
			var base uint64
			if _, err = fmt.Sscan(rest, &base); err == nil {
				_, err = l.WriteSnapshot(ctx, base, []byte("snapshot of the child"))
			}
		case "lost":
			select {
			case <-l.Lost():
			case <-time.After(5 * time.Second):
				err = errors.New("not lost")
			}
		case "release":
			err = l.Release(ctx)
		}
		if err != nil {
			fmt.Printf("error lost=%v: %q\n", errors.Is(err, lockstate.ErrLockLost), err)
		} else {
			fmt.Println("ok")
		}
	}
	return nil
}

// child is a running playHolder.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Scanner
	id  string
}

func startHolder(t *testing.T, dir string, env ...string) *child {
	t.Helper()
	cmd := command(t, "hold", dir, env...)
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	c := &child{t: t, cmd: cmd, in: in, out: bufio.NewScanner(out)}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if _, err := fmt.Sscanf(c.line(), "held %s", &c.id); err != nil {
		t.Fatalf("the child did not get the lock: %v", err)
	}
	return c
}

func (c *child) line() string {
	c.t.Helper()
	if !c.out.Scan() {
		c.t.Fatal("the child ended")
	}
	return c.out.Text()
}

func (c *child) tell(line string) string {
	c.t.Helper()
	_, err := fmt.Fprintln(c.in, line)
	check(c.t, err)
	return c.line()
}

func (c *child) signal(s os.Signal) {
	c.t.Helper()
	check(c.t, c.cmd.Process.Signal(s))
}

func TestKilledHolderIsReplacedAtOnce(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, Options{})
	c := startHolder(t, dir)
	if got := c.tell("append 0 1"); got != "ok" {
		t.Fatal(got)
	}
	var held *lockstate.HeldError
	if _, err := b.Acquire(t.Context(), dev, ada); !errors.As(err, &held) || held.Lock.ID != c.id || held.Lock.Owner.PID != c.cmd.Process.Pid {
		t.Fatalf("while it lives: %v", err)
	}
	c.signal(syscall.SIGKILL)
	_ = c.cmd.Wait()
	if holder, err := b.Holder(t.Context(), dev); err != nil || holder != nil {
		t.Errorf("a dead process holds the lock: %+v, %v", holder, err)
	}
	l := acquire(t, b, dev)
	entries, late, err := b.Journal(t.Context(), dev, 0)
	if err != nil || len(entries) != 1 || late != 0 {
		t.Errorf("its journal is %v, %d late, %v", entries, late, err)
	}
	check(t, l.Release(t.Context()))
}

func TestKilledHolderOnAnotherMachineKeepsItsLease(t *testing.T) {
	dir := t.TempDir()
	c := startHolder(t, dir, "PANKA_FILE_TEST_HOST=elsewhere")
	c.signal(syscall.SIGKILL)
	_ = c.cmd.Wait()
	b := open(t, dir, Options{})
	began := time.Now()
	l := acquireInTime(t, b, nil)
	if took := time.Since(began); took < quick.Lease {
		t.Errorf("taken over after %s, before the lease of %s was over", took, quick.Lease)
	}
	check(t, l.Release(t.Context()))
}

// acquireInTime tries until it gets the lock, nudging now and then.
func acquireInTime(t *testing.T, b *Backend, nudge func()) lockstate.Lease {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		l, err := b.Acquire(ctx, dev, ada)
		cancel()
		var held *lockstate.HeldError
		switch {
		case err == nil:
			return l
		case errors.As(err, &held):
		case errors.Is(err, context.DeadlineExceeded) && nudge != nil:
			nudge()
		default:
			t.Fatal(err)
		}
	}
	t.Fatal("the lock was not taken over")
	return nil
}

func TestStoppedHolderLosesItsLockAndNoticesIt(t *testing.T) {
	dir := t.TempDir()
	c := startHolder(t, dir)
	if got := c.tell("snapshot 0"); got != "ok" {
		t.Fatal(got)
	}
	c.signal(syscall.SIGSTOP)
	b := open(t, dir, Options{})
	began := time.Now()
	l := acquireInTime(t, b, func() { // it was stopped in the middle of a change, in which nothing can be taken over
		c.signal(syscall.SIGCONT)
		time.Sleep(30 * time.Millisecond)
		c.signal(syscall.SIGSTOP)
	})
	if took := time.Since(began); took < quick.Lease {
		t.Errorf("taken over after %s, before the lease of %s was over", took, quick.Lease)
	}
	_, err := l.WriteSnapshot(t.Context(), 1, []byte("ours"))
	check(t, err)
	c.signal(syscall.SIGCONT)
	for _, line := range []string{"append 1 1", "snapshot 2", "snapshot 1", "release"} {
		if got := c.tell(line); !strings.HasPrefix(got, "error lost=true") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := c.tell("lost"); got != "ok" {
		t.Error(got)
	}
	if s, err := b.Snapshot(t.Context(), dev); err != nil || s.Serial != 2 || string(s.Data) != "ours" {
		t.Errorf("the snapshot is %d %q, %v", s.Serial, s.Data, err)
	}
	check(t, l.Release(t.Context()))
}

func TestStoppedHolderNoticesByItself(t *testing.T) {
	dir := t.TempDir()
	c := startHolder(t, dir)
	c.signal(syscall.SIGSTOP)
	l := acquireInTime(t, open(t, dir, Options{}), func() {
		c.signal(syscall.SIGCONT)
		time.Sleep(30 * time.Millisecond)
		c.signal(syscall.SIGSTOP)
	})
	c.signal(syscall.SIGCONT)
	if got := c.tell("lost"); got != "ok" { // without a call that could find out
		t.Error(got)
	}
	check(t, l.Release(t.Context()))
}

// playRacer tries once, when standard input ends, and if it wins holds the lock until its file 3 ends.
func playRacer(dir string) error {
	b, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	l, err := b.Acquire(context.Background(), dev, lockstate.Owner{Who: "racer", PID: os.Getpid()})
	if held := (*lockstate.HeldError)(nil); errors.As(err, &held) {
		fmt.Println("held")
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println("won", l.Lock().Token)
	if _, err := io.Copy(io.Discard, os.NewFile(3, "finish")); err != nil {
		return err
	}
	return l.Release(context.Background())
}

func TestOneWinnerAmongProcesses(t *testing.T) {
	const racers = 50
	dir := filepath.Join(t.TempDir(), "state")
	startRead, start, err := os.Pipe()
	check(t, err)
	finishRead, finish, err := os.Pipe()
	check(t, err)
	defer finishRead.Close()
	var outs []*bufio.Scanner
	var cmds []*exec.Cmd
	for range racers {
		cmd := command(t, "race", dir)
		cmd.Stdin, cmd.ExtraFiles = startRead, []*os.File{finishRead}
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		cmds, outs = append(cmds, cmd), append(outs, bufio.NewScanner(out))
	}
	for _, out := range outs {
		if !out.Scan() || out.Text() != "ready" {
			t.Fatalf("a racer says %q", out.Text())
		}
	}
	check(t, startRead.Close())
	check(t, start.Close())
	said := map[string]int{}
	for _, out := range outs {
		out.Scan()
		said[out.Text()]++
	}
	if said["won 1"] != 1 || said["held"] != racers-1 {
		t.Errorf("the racers say %v", said)
	}
	check(t, finish.Close())
	for _, cmd := range cmds {
		check(t, cmd.Wait())
	}
	l := acquire(t, open(t, dir, Options{}), dev)
	if l.Lock().Token != 2 {
		t.Errorf("the next token is %d", l.Lock().Token)
	}
	check(t, l.Release(t.Context()))
}
