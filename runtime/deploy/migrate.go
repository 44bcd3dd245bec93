package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// Migration says which state moves from where to where.
type Migration struct {
	// Request holds the backend to move from, the key and the owner.
	Request
	// To is the backend to move to.
	To lockstate.Backend
	// FromName and ToName are how people name the two. The same backend must have the same name each time.
	FromName, ToName string
}

// MigrationSummary tells what would be moved.
type MigrationSummary struct {
	Key         lockstate.Key
	Resources   int
	Deployments int      // records of the history
	Pending     []string // operations that a crashed run left unfinished, which the next run settles as it would have here
	Again       bool     // an earlier migration was interrupted, and goes on
}

// ErrOccupied says that there is another state where one is to be moved to.
var ErrOccupied = errors.New("there is another state already")

// Migrate moves a state with its history, under the locks of both backends, and leaves in the old one where it went: every
// later run there is a *MovedError. What is in the new one is read back before. After a crash at any moment it can be called
// again. The outcome is NothingToDo if the state was moved already. Errors are those of Import, ErrOccupied, and *MovedError
// for a state that was moved elsewhere.
func Migrate(ctx context.Context, m Migration, approve func(context.Context, MigrationSummary) (bool, error)) (*Result, error) {
	return hold(ctx, m.Request, "migrate", func(ctx context.Context, from lockstate.Lease) (*Result, error) {
		target := m.Request
		target.Backend = m.To
		return hold(ctx, target, "migrate", func(ctx context.Context, to lockstate.Lease) (*Result, error) {
			move := move{Migration: m, from: from, to: to, started: time.Now()}
			result, err := move.run(ctx, approve)
			var moved *MovedError
			if errors.As(err, &moved) && moved.To == m.ToName {
				return &Result{Outcome: NothingToDo}, nil
			}
			return result, err
		})
	})
}

// move is a migration that holds both locks.
type move struct {
	Migration
	from, to lockstate.Lease
	started  time.Time

	source  *stored
	data    []byte // the source's state
	history []lockstate.Record
	target  lockstate.Snapshot
	there   map[string][]byte // the target's records
}

func (m *move) run(ctx context.Context, approve func(context.Context, MigrationSummary) (bool, error)) (*Result, error) {
	if err := m.read(ctx); err != nil {
		return nil, err
	}
	if ok, err := approve(ctx, m.summary()); err != nil || !ok {
		return &Result{Outcome: Declined}, err
	}
	if err := m.copy(ctx); err != nil {
		return nil, err
	}
	if err := m.verify(ctx); err != nil {
		return nil, err
	}
	return m.leave(ctx)
}

func (m *move) read(ctx context.Context) (err error) {
	if m.source, err = load(ctx, m.Backend, m.Key); err != nil {
		return err
	}
	if m.data, err = m.source.state.Encode(); err != nil {
		return err
	}
	if m.history, err = m.Backend.History(ctx, m.Key); err != nil {
		return err
	}
	return m.readTarget(ctx)
}

// readTarget makes sure that what is in the new backend, if anything, is of an earlier try to move this state there, or from
// before it was moved here.
func (m *move) readTarget(ctx context.Context) (err error) {
	if m.target, err = m.To.Snapshot(ctx, m.Key); err != nil {
		return err
	}
	entries, _, err := m.To.Journal(ctx, m.Key, m.target.Serial)
	if err != nil {
		return err
	}
	records, err := m.To.History(ctx, m.Key)
	if err != nil {
		return err
	}
	ours := map[string][]byte{}
	for _, r := range m.history {
		ours[r.ID] = r.Data
	}
	m.there = map[string][]byte{}
	to := movedTo(m.target.Data)
	occupied := len(entries) > 0 || to != "" && to != m.FromName
	for _, r := range records {
		m.there[r.ID] = r.Data
		_, known := ours[r.ID] // the one that tells that the state was moved here from there is another one here
		occupied = occupied || !known || to == "" && !bytes.Equal(ours[r.ID], r.Data)
	}
	if m.target.Serial > 0 && len(records) == 0 && !bytes.Equal(m.target.Data, m.data) {
		occupied = true
	}
	if occupied {
		return fmt.Errorf("move %s to %s: %w", m.Key, m.ToName, ErrOccupied)
	}
	return nil
}

func (m *move) summary() MigrationSummary {
	return MigrationSummary{
		Key: m.Key, Resources: len(urns(m.source.state)), Deployments: len(m.history), Pending: m.source.state.Pending(),
		Again: len(m.there) > 0 && movedTo(m.target.Data) == "",
	}
}

// copyCode copies the programs that the deployments ran.
func (m *move) copyCode(ctx context.Context) error {
	done := map[string]bool{}
	for _, r := range m.history {
		var d Deployment
		if json.Unmarshal(r.Data, &d) != nil || d.Code == "" || done[d.Code] {
			continue
		}
		done[d.Code] = true
		if _, err := m.To.Bundle(ctx, m.Key, d.Code); err == nil {
			continue
		}
		data, err := m.Backend.Bundle(ctx, m.Key, d.Code)
		if errors.Is(err, lockstate.ErrNoBundle) {
			continue // somebody deleted it
		}
		if err == nil {
			err = m.to.PutBundle(ctx, d.Code, data)
		}
		if err != nil {
			return fmt.Errorf("copy the programs: %w", err)
		}
	}
	return nil
}

// copy writes the history first: a state without one is not taken for an earlier try.
func (m *move) copy(ctx context.Context) error {
	if err := m.copyCode(ctx); err != nil {
		return err
	}
	for _, r := range m.history {
		if _, ok := m.there[r.ID]; ok {
			continue
		}
		if err := m.to.PutRecord(ctx, r.ID, r.Data); err != nil {
			return fmt.Errorf("copy the history: %w", err)
		}
	}
	if bytes.Equal(m.target.Data, m.data) && m.target.Serial > 0 {
		return nil
	}
	if _, err := m.to.WriteSnapshot(ctx, m.target.Serial, m.data); err != nil {
		return fmt.Errorf("copy the state: %w", err)
	}
	return nil
}

// verify reads back what was written.
func (m *move) verify(ctx context.Context) error {
	s, err := m.To.Snapshot(ctx, m.Key)
	if err != nil {
		return fmt.Errorf("read back the state: %w", err)
	}
	records, err := m.To.History(ctx, m.Key)
	if err != nil {
		return fmt.Errorf("read back the history: %w", err)
	}
	whole := bytes.Equal(s.Data, m.data)
	written := map[string][]byte{}
	for _, r := range records {
		written[r.ID] = r.Data
	}
	for _, r := range m.history {
		_, before := m.there[r.ID]
		whole = whole && (before || bytes.Equal(written[r.ID], r.Data))
	}
	if !whole {
		return fmt.Errorf("%s does not give back what was written there; nothing was changed in %s", m.ToName, m.FromName)
	}
	return nil
}

// leave writes down in the old backend where the state is, and in both what happened.
func (m *move) leave(ctx context.Context) (*Result, error) {
	d := successor(m.Request, m.from, "migrate", m.source.last, m.started)
	d.MovedTo = m.ToName
	if err := putDeployment(ctx, m.from, &d); err != nil {
		return nil, err
	}
	if _, err := m.from.WriteSnapshot(ctx, m.source.serial, tombstone(m.ToName)); err != nil {
		return nil, fmt.Errorf("leave word of where the state is: %w", err)
	}
	d.Result, d.Seconds = Succeeded, time.Since(m.started).Seconds()
	if err := putDeployment(ctx, m.from, &d); err != nil {
		return nil, err
	}
	d.MovedTo, d.Run = "", m.to.Lock().ID
	return &Result{Deployment: d.ID, Outcome: Succeeded, Seconds: d.Seconds}, putDeployment(ctx, m.to, &d)
}
