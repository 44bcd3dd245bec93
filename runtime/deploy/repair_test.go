package deploy_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func (s *shop) repair(t *testing.T) (deploy.Repairs, *deploy.Result, error) {
	t.Helper()
	var got deploy.Repairs
	result, err := deploy.Repair(t.Context(), s.mustRequest(t, ""), func(_ context.Context, r deploy.Repairs) (bool, error) {
		got = r
		return true, nil
	})
	return got, result, err
}

// stored lists the files that hold the state, relative to the shop's folder.
func (s *shop) stored(t *testing.T) []string {
	t.Helper()
	var names []string
	root := filepath.Join(s.dir, "state", shopKey.String())
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(s.dir, path)
		top := strings.Split(filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))), "/")[0]
		if err == nil && e.Type().IsRegular() && (top == "snapshot" || top == "journal" || top == "history") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// made is how many resources the account holds.
func (s *shop) made(t *testing.T) int {
	n := 0
	for _, resources := range s.cloud(t) {
		n += len(resources)
	}
	return n
}

// crashed is what a run to version v3 leaves when it is killed at a point.
func crashed(t *testing.T, s *shop, point string) *shop {
	t.Helper()
	var left *shop
	c := &calls{at: func(now string) {
		if now == point {
			left = s.copied(t)
		}
	}}
	if _, err := deploy.Apply(t.Context(), c.watch(s.mustRequest(t, "v3")), nil); err != nil {
		t.Fatal(err)
	}
	if left == nil {
		t.Fatalf("there was no %s", point)
	}
	return left
}

// TestRepair damages each object that a crashed run leaves. Planning finds it, a repair mends it, and the next run converges:
// nothing is made twice, and nothing forgotten in the cloud but what the repair warned of.
func TestRepair(t *testing.T) {
	base := newShop(t, "")
	base.apply(t, "v1")
	base.apply(t, "v2")
	whole := base.copied(t)
	for _, point := range []string{"after Append 3", "before WriteSnapshot 1"} {
		left := crashed(t, whole.copied(t), point)
		for _, name := range left.stored(t) {
			for how, change := range map[string]func([]byte) []byte{
				"altered": func(b []byte) []byte { b[len(b)-40] ^= 1; return b },
				"cut":     func(b []byte) []byte { return b[:len(b)/2] },
			} {
				t.Run(point+" "+filepath.Base(filepath.Dir(name))+" "+filepath.Base(name)+" "+how, func(t *testing.T) {
					s := left.copied(t)
					path := filepath.Join(s.dir, name)
					data, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, change(data), 0o600); err != nil {
						t.Fatal(err)
					}
					if _, err := deploy.Plan(t.Context(), s.mustRequest(t, "v3")); !errors.Is(err, lockstate.ErrCorrupt) {
						t.Fatalf("a plan gives %v", err)
					}
					found, result, err := s.repair(t)
					if err != nil || result.Outcome != deploy.Succeeded || len(found.Mends) != 1 || !strings.HasSuffix(name, found.Mends[0].Object) {
						t.Fatalf("got %+v, %+v, %v", found, result, err)
					}
					s.apply(t, "v3")
					// Of what was begun when the run was killed, the journal alone knew.
					if strings.Contains(name, "journal") && len(found.Warnings) > 0 && s.made(t) == len(shopBundle().Resources)+1 {
						return
					}
					s.wantDeployed(t, "v3")
					if _, result, err := s.repair(t); err != nil || result.Outcome != deploy.NothingToDo {
						t.Errorf("a second repair: %+v, %v", result, err)
					}
				})
			}
		}
	}
}

// TestRepairWithoutASnapshot: where nothing is left, that is said, and an export brings the state back.
func TestRepairWithoutASnapshot(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	exported := s.export(t)
	for _, name := range s.stored(t) {
		if filepath.Base(name) == "snapshot" {
			if err := os.WriteFile(filepath.Join(s.dir, name), []byte("nonsense"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	// A first run's journal is kept nowhere once its snapshot is written.
	_, _, err := s.repair(t)
	var lost *deploy.IrreparableError
	if !errors.As(err, &lost) || len(lost.Faults) != 1 || !strings.Contains(err.Error(), "does not begin as panka's objects do") {
		t.Fatalf("got %v", err)
	}
	if _, result, err := s.importState(t, exported.Data, true); err != nil || result.Outcome != deploy.Succeeded {
		t.Fatalf("import: %+v, %v", result, err)
	}
	s.wantDeployed(t, "v1")
}

// TestRepairIsDeclined: nothing changes before it is approved.
func TestRepairIsDeclined(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	s.apply(t, "v2")
	path := filepath.Join(s.dir, "state", shopKey.String(), "snapshot")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	result, err := deploy.Repair(t.Context(), s.mustRequest(t, ""), func(_ context.Context, r deploy.Repairs) (bool, error) {
		if r.Serial != 2 || r.State != "the snapshot with serial 1 and 11 journal entries since" || len(r.Warnings) > 0 {
			t.Errorf("got %+v", r)
		}
		return false, nil
	})
	if err != nil || result.Outcome != deploy.Declined {
		t.Errorf("got %+v, %v", result, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a snapshot")
	}
}
