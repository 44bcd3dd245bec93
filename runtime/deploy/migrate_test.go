package deploy_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/file"
	"github.com/panka-io/panka/lockstate/seal"
	"github.com/panka-io/panka/runtime/deploy"
)

// other is a second backend in the shop's folder.
func (s *shop) other(t *testing.T) lockstate.Backend {
	t.Helper()
	files, err := file.Open(filepath.Join(s.dir, "other"), file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := seal.Open(files, seal.NewKeyFiles(filepath.Join(s.dir, "keys")))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s *shop) migration(t *testing.T) deploy.Migration {
	t.Helper()
	return deploy.Migration{Request: s.mustRequest(t, ""), To: s.other(t), FromName: "here", ToName: "there"}
}

// back is the migration in the other direction.
func back(m deploy.Migration) deploy.Migration {
	m.Backend, m.To, m.FromName, m.ToName = m.To, m.Backend, m.ToName, m.FromName
	return m
}

func migrate(t *testing.T, m deploy.Migration, want deploy.Outcome) {
	t.Helper()
	if r, err := deploy.Migrate(t.Context(), m, agree); err != nil || r.Outcome != want {
		t.Fatalf("migrate from %s to %s: got %+v, %v, want %s", m.FromName, m.ToName, r, err, want)
	}
}

func agree(context.Context, deploy.MigrationSummary) (bool, error) { return true, nil }

func wantMoved(t *testing.T, s *shop) {
	t.Helper()
	var moved *deploy.MovedError
	if _, err := deploy.Plan(t.Context(), s.mustRequest(t, "v1")); !errors.As(err, &moved) || moved.To != "there" {
		t.Errorf("a plan where the state was: %v", err)
	}
	if _, err := deploy.Apply(t.Context(), s.mustRequest(t, "v1"), nil); !errors.As(err, &moved) {
		t.Errorf("an apply where the state was: %v", err)
	}
	if _, _, err := s.repair(t); !errors.As(err, &moved) {
		t.Errorf("a repair where the state was: %v", err)
	}
}

func operations(t *testing.T, b lockstate.Backend) []string {
	t.Helper()
	history, err := deploy.ReadHistory(t.Context(), b, shopKey)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range history {
		all = append(all, d.Operation)
	}
	return all
}

// TestMigrate moves a state away and back.
func TestMigrate(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	m := s.migration(t)
	r, err := deploy.Migrate(t.Context(), m, func(_ context.Context, sum deploy.MigrationSummary) (bool, error) {
		if sum.Resources != 7 || sum.Deployments != 1 || len(sum.Pending) > 0 || sum.Again {
			t.Errorf("got %+v", sum)
		}
		return false, nil
	})
	if err != nil || r.Outcome != deploy.Declined || len(operations(t, m.To)) > 0 {
		t.Fatalf("declined: %+v, %v", r, err)
	}
	s.wantDeployed(t, "v1")

	migrate(t, m, deploy.Succeeded)
	wantMoved(t, s)
	migrate(t, m, deploy.NothingToDo)
	elsewhere := m
	elsewhere.ToName = "elsewhere"
	var moved *deploy.MovedError
	if _, err := deploy.Migrate(t.Context(), elsewhere, agree); !errors.As(err, &moved) || moved.To != "there" {
		t.Errorf("to yet another backend: %v", err)
	}

	here := s.backend
	s.backend = m.To
	s.wantDeployed(t, "v1")
	s.apply(t, "v2")
	migrate(t, back(m), deploy.Succeeded)
	s.backend = here
	s.wantDeployed(t, "v2")
	if got, want := operations(t, here), []string{"apply", "migrate", "apply", "migrate"}; !slices.Equal(got, want) {
		t.Errorf("the history has %v, want %v", got, want)
	}
}

// TestMigrateToAnotherState: what is there is not overwritten.
func TestMigrateToAnotherState(t *testing.T) {
	for name, occupy := range map[string]func(s *shop){
		"a state": func(s *shop) { s.apply(t, "v9") },
		"a crashed run": func(s *shop) {
			l, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{})
			if err == nil {
				err = errors.Join(l.Append(t.Context(), 0, 1, []byte("x")), l.Release(t.Context()))
			}
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, "")
			s.apply(t, "v1")
			m, elsewhere := s.migration(t), newShop(t, "")
			elsewhere.backend = m.To
			occupy(elsewhere)
			if _, err := deploy.Migrate(t.Context(), m, agree); !errors.Is(err, deploy.ErrOccupied) {
				t.Errorf("got %v", err)
			}
			s.wantDeployed(t, "v1")
		})
	}
}

// TestMigrateAgain kills a migration before and after each of its calls. The next one ends it, also when something was
// deployed in between, and the state is in one place at each moment.
func TestMigrateAgain(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	var left []*shop
	var points []string
	keep := func(where string) *calls {
		return &calls{at: func(point string) {
			left, points = append(left, s.copied(t)), append(points, where+" "+point)
		}}
	}
	m := s.migration(t)
	m.Backend, m.To = watchedBackend{m.Backend, keep("old")}, watchedBackend{m.To, keep("new")}
	migrate(t, m, deploy.Succeeded)
	if len(points) < 20 {
		t.Fatalf("there were only the points %v", points)
	}
	for i, crashed := range left {
		t.Run(points[i], func(t *testing.T) {
			version := "v1"
			if _, err := deploy.ReadState(t.Context(), crashed.backend, shopKey); err == nil {
				version = "v2"
				crashed.apply(t, version)
			}
			m := crashed.migration(t)
			if r, err := deploy.Migrate(t.Context(), m, agree); err != nil || r.Outcome != deploy.Succeeded && r.Outcome != deploy.NothingToDo {
				t.Fatalf("got %+v, %v", r, err)
			}
			wantMoved(t, crashed)
			crashed.backend = m.To
			crashed.wantDeployed(t, version)
		})
	}
}
