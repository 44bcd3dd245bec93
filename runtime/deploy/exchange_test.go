package deploy_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func (s *shop) export(t *testing.T) *deploy.Exported {
	t.Helper()
	e, err := deploy.Export(t.Context(), s.backend, shopKey, deploy.Protection{Passphrase: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (s *shop) importState(t *testing.T, data []byte, answer bool) (deploy.ImportSummary, *deploy.Result, error) {
	t.Helper()
	var got deploy.ImportSummary
	result, err := deploy.Import(t.Context(), s.mustRequest(t, ""), data, deploy.Protection{Passphrase: "correct horse"},
		func(_ context.Context, summary deploy.ImportSummary) (bool, error) {
			got = summary
			return answer, nil
		})
	return got, result, err
}

// TestExportAndImport puts an older state back, and a state where there was none: the next plan sees what the account has.
func TestExportAndImport(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	before := s.export(t)
	if before.Serial != 1 || before.Resources == 0 || len(before.Pending) > 0 {
		t.Errorf("%+v", before)
	}
	if _, err := deploy.Destroy(t.Context(), s.mustRequest(t, ""), nil); err != nil {
		t.Fatal(err)
	}
	s.apply(t, "v1")

	after := s.export(t)
	lost := s.copied(t) // the same account, whose state is gone
	empty := newShop(t, "")
	lost.backend = empty.backend
	summary, result, err := lost.importState(t, after.Data, false)
	if err != nil || result.Outcome != deploy.Declined || lost.state(t).Serial != 0 {
		t.Fatalf("declined: %+v, %v", result, err)
	}
	if summary.Serial != 0 || summary.Resources == 0 || len(summary.Added) != summary.Resources || summary.Forgotten != nil {
		t.Errorf("summary %+v", summary)
	}
	if _, result, err = lost.importState(t, after.Data, true); err != nil || result.Outcome != deploy.Succeeded {
		t.Fatalf("%+v, %v", result, err)
	}
	state := lost.state(t)
	if state.Serial != 1 || state.Last == nil || state.Last.Operation != "import" || state.Last.Result != deploy.Succeeded || state.Last.By != "ada" {
		t.Errorf("state %+v", state)
	}
	result, err = deploy.Apply(t.Context(), lost.mustRequest(t, "v1"), refuse(t, "what was imported"))
	if err != nil || result.Outcome != deploy.NothingToDo {
		t.Errorf("apply after the import: %+v, %v", result, err)
	}
	if lock, err := lost.backend.Holder(t.Context(), shopKey); lock != nil || err != nil {
		t.Errorf("the lock was not given back: %v, %v", lock, err)
	}
}

// TestImportTellsWhatIsForgotten: what is recorded and not imported would stay in the account with nobody to know of it.
func TestImportTellsWhatIsForgotten(t *testing.T) {
	s := newShop(t, "")
	nothing := s.export(t)
	s.apply(t, "v1")
	summary, _, err := s.importState(t, nothing.Data, false)
	if err != nil || summary.Resources != 0 || len(summary.Forgotten) != 7 || !strings.Contains(strings.Join(summary.Forgotten, " "), "aws:sqs/queue:Queue::svc-jobs") {
		t.Errorf("%+v, %v", summary, err)
	}
	s.wantDeployed(t, "v1")
}

func TestImportTakesTheLock(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	data := s.export(t).Data
	if _, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{Who: "bob"}); err != nil {
		t.Fatal(err)
	}
	var held *lockstate.HeldError
	if _, _, err := s.importState(t, data, true); !errors.As(err, &held) {
		t.Errorf("error %v", err)
	}
	if _, _, err := s.importState(t, []byte("{}"), true); err == nil || errors.As(err, &held) {
		t.Errorf("what is no deployment: %v", err)
	}
}

// TestImportThatLosesTheLock writes nothing.
func TestImportThatLosesTheLock(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	data := s.export(t).Data
	_, err := deploy.Import(t.Context(), s.mustRequest(t, ""), data, deploy.Protection{Passphrase: "correct horse"},
		func(context.Context, deploy.ImportSummary) (bool, error) {
			s.unlock(t)
			return true, nil
		})
	if !errors.Is(err, lockstate.ErrLockLost) || s.state(t).Serial != 1 {
		t.Errorf("error %v, serial %d", err, s.state(t).Serial)
	}
}
