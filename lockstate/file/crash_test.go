//go:build unix

package file

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

// The work of these tests is to count to eight, one journal entry a number, with snapshots on the way.
const countTo = 8

// counted gives the numbers that are stored, in the snapshot and in the journal.
func counted(b *Backend) (base uint64, numbers, journalled []string, err error) {
	ctx := context.Background()
	s, err := b.Snapshot(ctx, dev)
	if err != nil {
		return 0, nil, nil, err
	}
	// Entries that the snapshot includes count as late if the crash came before their removal; so late is not looked at.
	entries, _, err := b.Journal(ctx, dev, s.Serial)
	if err != nil {
		return 0, nil, nil, err
	}
	if len(s.Data) > 0 {
		numbers = strings.Fields(string(s.Data))
	}
	for _, e := range entries {
		journalled = append(journalled, string(e.Data))
	}
	return s.Serial, append(numbers, journalled...), journalled, nil
}

// work goes on from what is stored to the end, as a run would, and reports every number that was stored.
func work(b *Backend, stored func(n int)) (err error) {
	ctx := context.Background()
	l, err := b.Acquire(ctx, dev, lockstate.Owner{Who: "worker", PID: os.Getpid()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Release(ctx)) }()
	base, numbers, journalled, err := counted(b)
	if err != nil {
		return err
	}
	snapshot := func() error {
		_, err := l.WriteSnapshot(ctx, base, []byte(strings.Join(numbers, " ")))
		base++
		return err
	}
	if len(journalled) > 0 {
		if err := snapshot(); err != nil {
			return err
		}
	}
	for seq := uint64(1); len(numbers) < countTo; seq++ {
		numbers = append(numbers, strconv.Itoa(len(numbers)+1))
		if err := l.Append(ctx, base, seq, []byte(numbers[len(numbers)-1])); err != nil {
			return err
		}
		stored(len(numbers))
		if len(numbers)%3 == 0 {
			if err := snapshot(); err != nil {
				return err
			}
		}
	}
	if err := l.PutRecord(ctx, "run-"+l.Lock().ID, []byte("done")); err != nil {
		return err
	}
	return snapshot()
}

// playCrash works until its n-th step, at which it kills itself.
func playCrash(dir string) error {
	last, err := strconv.Atoi(os.Getenv("PANKA_FILE_TEST_STEP"))
	if err != nil {
		return err
	}
	b, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	steps := 0
	b.step = func(step string) {
		if steps++; steps == last {
			fmt.Println("killed at", step)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	return work(b, func(n int) { fmt.Println("stored", n) })
}

func TestKillAtEveryStep(t *testing.T) {
	seen := map[string]bool{}
	for step := 1; ; step++ {
		dir := t.TempDir()
		out, err := command(t, "crash", dir, "PANKA_FILE_TEST_STEP="+strconv.Itoa(step)).Output()
		acknowledged, at := 0, ""
		for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "stored "); ok {
				acknowledged, _ = strconv.Atoi(n)
			}
			if place, ok := strings.CutPrefix(lines.Text(), "killed at "); ok {
				at = place
			}
		}
		if at == "" {
			check(t, err)
			if step < 60 {
				t.Errorf("the work has only %d steps: are some not counted?", step)
			}
			break
		}
		seen[strings.Fields(at)[0]] = true
		checkAfterCrash(t, dir, fmt.Sprintf("step %d, %s", step, at), acknowledged)
		if t.Failed() {
			return
		}
	}
	for _, kind := range []string{"mkdir", "stage", "staged", "publish", "published", "sync"} {
		if !seen[kind] {
			t.Errorf("no crash at a step %q", kind)
		}
	}
}

// checkAfterCrash checks that nothing acknowledged is gone, and that the next run finishes with no manual step.
func checkAfterCrash(t *testing.T, dir, at string, acknowledged int) {
	t.Helper()
	b := open(t, dir, Options{})
	_, numbers, _, err := counted(b)
	if err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	want := count(len(numbers))
	if !slices.Equal(numbers, want) || len(numbers) < acknowledged || len(numbers) > acknowledged+1 {
		t.Errorf("%s: %v is stored, %d were acknowledged", at, numbers, acknowledged)
	}
	if err := work(b, func(int) {}); err != nil {
		t.Fatalf("%s: the next run: %v", at, err)
	}
	_, numbers, journalled, err := counted(b)
	if err != nil || !slices.Equal(numbers, count(countTo)) || len(journalled) != 0 {
		t.Errorf("%s: after the next run, %v is stored, %d of them in the journal, %v", at, numbers, len(journalled), err)
	}
	wantNoTemporaryFiles(t, dir, at)
}

func count(n int) []string {
	var numbers []string
	for i := 1; i <= n; i++ {
		numbers = append(numbers, strconv.Itoa(i))
	}
	return numbers
}

func wantNoTemporaryFiles(t *testing.T, dir, at string) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), tempPrefix) {
			t.Errorf("%s: %s was left behind", at, path)
		}
		return err
	}))
}

func TestCrashedRunsFilesAreRemovedByTheNextHolder(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, Options{})
	l := acquire(t, b, dev)
	fill(t, l)
	check(t, l.Append(t.Context(), 2, 3, nil))
	check(t, l.Release(t.Context()))
	for _, folder := range []string{".", historyDir, filepath.Join(journalDir, entryName(1))} {
		check(t, os.WriteFile(filepath.Join(dir, dev.String(), folder, tempPrefix+"x"), []byte("half"), 0o600))
	}
	check(t, os.MkdirAll(filepath.Join(dir, dev.String(), tempPrefix+"journal-x", "00000001"), 0o700))
	check(t, acquire(t, b, dev).Release(t.Context()))
	wantNoTemporaryFiles(t, dir, "after the next lock")
	if entries, _, err := b.Journal(t.Context(), dev, 2); err != nil || len(entries) != 1 {
		t.Errorf("the journal is %v, %v", entries, err)
	}
}

func TestReadersSeeOnlyWholeStates(t *testing.T) {
	dir := t.TempDir()
	writer, reader := open(t, dir, Options{}), open(t, dir, Options{})
	done := make(chan error, 1)
	go func() {
		for range 15 {
			check := work(writer, func(int) {})
			if check == nil {
				check = startAgain(writer)
			}
			if check != nil {
				done <- check
				return
			}
		}
		done <- io.EOF
	}()
	for {
		select {
		case err := <-done:
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			return
		default:
		}
		s, err := reader.Snapshot(t.Context(), dev)
		check(t, err)
		if numbers := strings.Fields(string(s.Data)); !slices.Equal(numbers, count(len(numbers))) {
			t.Fatalf("serial %d is %q", s.Serial, s.Data)
		}
		_, _, err = reader.Journal(t.Context(), dev, s.Serial)
		check(t, err)
		_, err = reader.History(t.Context(), dev)
		check(t, err)
	}
}

// startAgain stores an empty count.
func startAgain(b *Backend) error {
	ctx := context.Background()
	l, err := b.Acquire(ctx, dev, ada)
	if err != nil {
		return err
	}
	s, err := b.Snapshot(ctx, dev)
	if err == nil {
		_, err = l.WriteSnapshot(ctx, s.Serial, nil)
	}
	return errors.Join(err, l.Release(ctx))
}
