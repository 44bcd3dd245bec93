package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// recorder is the engine's journal: it folds each entry into the next state and stores those that matter before the
// engine goes on.
//
// Entries about resources that stay as they are would make the journal grow with the size of the stack, so they are
// neither stored nor folded: such a resource simply stays in the base state. Later entries that refer to the step that
// left it alone are made to refer to its place in the base state instead.
//
// Entries that come while one is being stored are stored together by the next write, so that parallel operations wait
// for each other as little as the store allows.
type recorder struct {
	ctx    context.Context
	append func([]byte) error

	mu      sync.Mutex
	fold    *fold
	same    map[int64]int64 // operation that left a resource alone, to its index in the base state
	pending *batch
	writing bool
	err     error
}

// batch is entries that are stored by one write.
type batch struct {
	entries []apitype.JournalEntry
	stored  chan struct{}
	err     error
}

func newRecorder(ctx context.Context, base *State, append func([]byte) error) *recorder {
	return &recorder{ctx: ctx, append: append, fold: newFold(base), same: map[int64]int64{}}
}

// AddJournalEntry implements engine.Journal.
func (r *recorder) AddJournalEntry(e engine.JournalEntry) error {
	r.mu.Lock()
	if r.err != nil {
		defer r.mu.Unlock()
		return r.err
	}
	if e.ElideWrite && r.elide(e) {
		r.mu.Unlock()
		return nil
	}
	entry, err := r.encode(e)
	if err == nil {
		err = r.fold.add(entry)
	}
	if err != nil {
		r.err = err
		r.mu.Unlock()
		return err
	}
	if r.append == nil {
		r.mu.Unlock()
		return nil
	}
	if r.pending == nil {
		r.pending = &batch{stored: make(chan struct{})}
	}
	b := r.pending
	b.entries = append(b.entries, entry)
	if r.writing {
		r.mu.Unlock()
		<-b.stored
		return b.err
	}
	r.writing = true
	r.mu.Unlock()
	r.write()
	<-b.stored
	return b.err
}

// elide tells whether an entry says nothing that the base state does not.
func (r *recorder) elide(e engine.JournalEntry) bool {
	switch e.Kind {
	case engine.JournalEntryBegin, engine.JournalEntrySecretsManager:
		return true
	case engine.JournalEntrySuccess:
		if e.State == nil && e.RemoveOld == nil && e.RemoveNew == nil {
			return true // a create that was left out
		}
		if e.RemoveOld == nil || e.DeleteOld != nil || e.DeleteNew != nil {
			return false
		}
		r.same[e.OperationID] = *e.RemoveOld
		return true
	case engine.JournalEntryOutputs:
		return true
	}
	return false
}

func (r *recorder) encode(e engine.JournalEntry) (apitype.JournalEntry, error) {
	onBase := func(old, new **int64) {
		if *new == nil {
			return
		}
		if i, ok := r.same[**new]; ok {
			*old, *new = &i, nil
		}
	}
	onBase(&e.RemoveOld, &e.RemoveNew)
	onBase(&e.DeleteOld, &e.DeleteNew)
	onBase(&e.PendingReplacementOld, &e.PendingReplacementNew)
	if e.Kind == engine.JournalEntryRebuiltBaseState || e.Kind == engine.JournalEntryWrite {
		r.same = map[int64]int64{}
	}

	out := apitype.JournalEntry{
		Version: 1, Kind: apitype.JournalEntryKind(e.Kind), SequenceID: e.SequenceID, OperationID: e.OperationID,
		RemoveOld: e.RemoveOld, RemoveNew: e.RemoveNew, DeleteOld: e.DeleteOld, DeleteNew: e.DeleteNew,
		PendingReplacementOld: e.PendingReplacementOld, PendingReplacementNew: e.PendingReplacementNew,
		IsRefresh: e.IsRefresh,
	}
	crypter := b64.NewBase64SecretsManager().Encrypter()
	if e.State != nil {
		s, err := stack.SerializeResource(r.ctx, e.State, crypter, false)
		if err != nil {
			return out, fmt.Errorf("encode the state of %s: %w", e.State.URN, err)
		}
		out.State = &s
	}
	if e.Operation != nil {
		op, err := stack.SerializeOperation(r.ctx, *e.Operation, crypter, false)
		if err != nil {
			return out, fmt.Errorf("encode the operation on %s: %w", e.Operation.Resource.URN, err)
		}
		out.Operation = &op
	}
	if e.NewSnapshot != nil {
		d, err := stack.SerializeDeployment(r.ctx, e.NewSnapshot, false)
		if err != nil {
			return out, fmt.Errorf("encode the state: %w", err)
		}
		out.NewSnapshot = d
	}
	return out, nil
}

// write stores batches until there are none.
func (r *recorder) write() {
	for {
		r.mu.Lock()
		b := r.pending
		r.pending = nil
		if b == nil {
			r.writing = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()

		data, err := json.Marshal(b.entries)
		if err == nil {
			err = r.append(data)
		}
		if err != nil {
			b.err = fmt.Errorf("write the journal: %w", err)
			r.mu.Lock()
			r.err = b.err
			r.mu.Unlock()
		}
		close(b.stored)
	}
}

// Close implements engine.Journal. Everything is stored by then.
func (r *recorder) Close() error { return nil }

// state gives the state that the entries so far lead to, and the error that ended the recording, if any.
func (r *recorder) state() (*State, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.fold.state()
	if r.err != nil {
		return s, r.err
	}
	return s, err
}
