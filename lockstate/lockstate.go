// Package lockstate keeps what a deployment must never lose: the state of each stack, and the lock that lets only one
// run change it.
//
// State is a snapshot and a journal. A run reads the snapshot, appends one small journal entry before and one after
// each operation, and writes a new snapshot, with the next serial, when it ends. Each journal entry names the serial
// of the snapshot it applies to (Base). After a crash, the entries whose Base is the snapshot's serial are what the
// snapshot lacks: the next run folds them in and writes a snapshot before it does anything else. So entries with an
// older Base are never needed, and nothing needs to be marked.
//
// The lock is a lease with a fencing token that only grows. A writer whose token is not the highest cannot change
// anything: its calls fail with ErrLockLost.
//
// The package knows neither Pulumi nor AWS components: snapshots, entries and history records are bytes to it.
// Implementations are in the packages below it; all pass the tests in lockstate/conformance.
package lockstate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Key names one state: a stack in an environment, of a tenant ("default" where there are no tenants).
type Key struct {
	Tenant      string
	Stack       string
	Environment string
}

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// Validate refuses names that must not become part of a path.
func (k Key) Validate() error {
	for _, part := range []struct{ what, name string }{{"tenant", k.Tenant}, {"stack", k.Stack}, {"environment", k.Environment}} {
		if !nameRE.MatchString(part.name) {
			return fmt.Errorf("%s name %q: want lower-case letters, digits and dashes, starting with a letter, at most 63", part.what, part.name)
		}
	}
	return nil
}

// String is tenant/stack/environment.
func (k Key) String() string { return k.Tenant + "/" + k.Stack + "/" + k.Environment }

// Owner tells people who holds a lock.
type Owner struct {
	Who       string `json:"who"`
	Host      string `json:"host"`
	PID       int    `json:"pid"`
	Operation string `json:"operation"` // "apply"
	CI        string `json:"ci,omitempty"`
}

var digestRE = regexp.MustCompile(`^[0-9a-f]{64}$`)

// CheckDigest refuses a bundle's digest that must not become part of a name.
func CheckDigest(digest string) error {
	if digestRE.MatchString(digest) {
		return nil
	}
	return fmt.Errorf("%q is no digest: want 64 hexadecimal digits", digest)
}

// Lock is the state of a lock that is held.
type Lock struct {
	ID         string    `json:"id"` // the run's id, random
	Token      uint64    `json:"token"`
	Owner      Owner     `json:"owner"`
	AcquiredAt time.Time `json:"acquiredAt"`
}

// HeldError says that someone else holds the lock.
type HeldError struct {
	Key  Key
	Lock Lock
}

func (e *HeldError) Error() string {
	o := e.Lock.Owner
	return fmt.Sprintf("%s/%s is locked by %s on %s (pid %d), running %s since %s, lock id %s",
		e.Key.Stack, e.Key.Environment, o.Who, o.Host, o.PID, o.Operation, e.Lock.AcquiredAt.Format(time.RFC3339), e.Lock.ID)
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrLockLost says that the lease ended while it was in use: another run may be under way.
	ErrLockLost = errors.New("the lock was lost")
	// ErrConflict says that a snapshot was not written because the stored one is not the one it was based on.
	ErrConflict = errors.New("the state has changed in the meantime")
	// ErrNoBundle says that there is no bundle with a digest.
	ErrNoBundle = errors.New("there is no such bundle")
	// ErrCorrupt says that a stored object cannot be what was written.
	ErrCorrupt = errors.New("the stored state is damaged")
)

// Snapshot is a stored state. Serial starts at 1; 0 means "none stored yet".
type Snapshot struct {
	Serial uint64
	Token  uint64 // of the lease that wrote it
	Writer string // the lock ID of the run that wrote it
	Data   []byte
}

// JournalEntry is one step of a run. Seq counts from 1 within a lease.
type JournalEntry struct {
	Token uint64
	Base  uint64 // serial of the snapshot it applies to
	Seq   uint64
	Data  []byte
}

// Record is one entry of the history, newest last; ID sorts by time.
type Record struct {
	ID   string
	Data []byte
}

// Backend stores states and locks. Implementations are safe for concurrent use.
type Backend interface {
	// Acquire takes the lock or fails with a *HeldError; it does not wait. A holder that seems dead is replaced when it
	// has shown no sign of life for a whole lease, which is measured from the first Acquire or Holder of this Backend
	// that saw it: who wants to wait calls Acquire again and again. It may know sooner that a holder is dead.
	Acquire(ctx context.Context, key Key, owner Owner) (Lease, error)
	// Holder returns the lock in force, nil if nobody holds it.
	Holder(ctx context.Context, key Key) (*Lock, error)
	// Unlock ends the lock with that ID, whoever holds it, and raises the token, so that the old holder is fenced off.
	// If another lock is in force, it fails with a *HeldError; if none is, with another error.
	Unlock(ctx context.Context, key Key, lockID string) error
	// Snapshot returns the stored state, one with Serial 0 if there is none.
	Snapshot(ctx context.Context, key Key) (Snapshot, error)
	// Journal returns the entries that apply to the snapshot with serial base, in order, of the highest token only.
	// Entries of lower tokens or bases are late ones of fenced-off runs: late counts them. (Just after a crash, those
	// that a snapshot includes may be among them until the lock is next acquired.) A missing one is ErrCorrupt. Without
	// the lock, a snapshot may be written between Snapshot and Journal; then there are no entries for the old serial.
	Journal(ctx context.Context, key Key, base uint64) (entries []JournalEntry, late int, err error)
	// History returns the deployments' records, oldest first: beside an error, those that can be read.
	History(ctx context.Context, key Key) ([]Record, error)
	// Bundle returns what PutBundle stored under a digest, ErrNoBundle if nothing was.
	Bundle(ctx context.Context, key Key, digest string) ([]byte, error)
	// Keys lists the states that exist for a tenant, sorted.
	Keys(ctx context.Context, tenant string) ([]Key, error)
	// Salvage reads all that can still be read of a state, and says what cannot. While a run writes, what it finds may be
	// out of date: who repairs holds the lock.
	Salvage(ctx context.Context, key Key) (Salvage, error)
}

// Lease is a held lock and the right to write. It renews itself until Release.
type Lease interface {
	Lock() Lock
	// Lost is closed when the lease has ended without Release.
	Lost() <-chan struct{}
	// WriteSnapshot stores data as serial base+1 if the stored serial is still base (else ErrConflict), and then drops
	// the journal entries that no longer apply. After an error other than ErrConflict and ErrLockLost it may be stored or
	// not; calling again with the same base is safe.
	WriteSnapshot(ctx context.Context, base uint64, data []byte) (Snapshot, error)
	// Append stores one journal entry durably before it returns. Goroutines may append at the same time and in any
	// order, but an entry becomes visible only after those before it: what a crash leaves is a beginning of the journal.
	// So every seq must be appended, once; after one that failed, only that one can be. A base that is not the stored
	// serial may be refused with ErrConflict.
	Append(ctx context.Context, base, seq uint64, data []byte) error
	// PutRecord stores a history record under id, replacing one of this run's, or a damaged one, which is kept aside. An id is at most 128 letters, digits,
	// dots, dashes and underscores, the first a letter or digit.
	PutRecord(ctx context.Context, id string, data []byte) error
	// PutBundle stores data, such as the programs of a deployment, under its digest: 64 hexadecimal digits. What is there
	// already stays.
	PutBundle(ctx context.Context, digest string, data []byte) error
	// Restore stores data as a snapshot in the place of one that is damaged, too old or gone, and drops the journal. serial
	// must be higher than that of any snapshot ever written (Salvage tells), else ErrConflict. What was there is kept aside.
	Restore(ctx context.Context, serial uint64, data []byte) (Snapshot, error)
	// SetAside keeps an object, which Salvage named, in another place, where nothing reads it. One that is gone is no error.
	SetAside(ctx context.Context, object string) error
	// Release gives the lock back, even when ctx is cancelled. Releasing a lost lease is ErrLockLost.
	Release(ctx context.Context) error
}
