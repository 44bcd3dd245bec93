// Package file keeps states and locks in a folder, for one person's machine or a file system that several share.
//
//	<dir>/<tenant>/<stack>/<environment>/
//	    lock.json              who holds the lock, its token and the serial last written; never deleted
//	    lock.flock             locked by the operating system as long as the holder's process lives
//	    write.flock            locked for the moment in which anything here changes
//	    snapshot               the state
//	    journal/<token>/<seq>  what the run with that token did since the snapshot
//	    history/<id>           the deployments' records
//	    bundles/<digest>       what was deployed
//	    previous/              the snapshot before, and the journal between the two, for repairs
//	    damaged/               what a repair took out of the way; nothing reads it
//
// Folders are 0700 and files 0600. Names are checked before paths are built from them, and a symbolic link that leads
// out of the folder is an error, never followed.
//
// Every change is made under write.flock, after a check that lock.json still names the writer: a run that has lost its
// lock can change nothing, even when it was stopped between the check and the change, for then nobody else could have
// got write.flock. A file is written under a temporary name, made durable and renamed, so that no reader sees half of
// it and no crash leaves half of it; temporary files that a crash leaves are removed by the next run that gets the lock.
//
// A holder that died on this machine is noticed at once, because lock.flock is free. A holder on another machine, or
// one whose process is stopped, has lost the lock when lock.json has not changed for a whole lease, measured on the
// waiter's own clock: Acquire must be called again on the same Backend for that, since it never waits.
//
// The package refuses to work where the operating system or the file system has no locks. On a network file system,
// machines must have different host names and the file system must pass flock on to the server.
package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// Options of a Backend; the zero value is right for use.
type Options struct {
	// Lease is how long a lock outlives the last sign of life of its holder. 0 means 60 s.
	Lease time.Duration
	// Heartbeat is the time between two signs of life. 0 means a quarter of Lease; it must be less than half of it.
	Heartbeat time.Duration
	// Host names this machine; "" means the operating system's host name.
	Host string
}

// Backend is a lockstate.Backend in a folder.
type Backend struct {
	root *os.Root
	opts Options
	step func(string) // told before and after each durable change; nil but in tests

	mu        sync.Mutex
	gates     map[lockstate.Key]chan struct{}
	sightings map[lockstate.Key]sighting
}

var _ lockstate.Backend = (*Backend)(nil)

// Open opens the folder dir, which is made if it does not exist.
func Open(dir string, opts Options) (*Backend, error) {
	if !flockSupported {
		return nil, fmt.Errorf("open the state folder %s: this operating system has no file locks that panka can use", dir)
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the state folder: %w", err)
	}
	return &Backend{
		root: root, opts: opts,
		gates: map[lockstate.Key]chan struct{}{}, sightings: map[lockstate.Key]sighting{},
	}, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = o.Lease / 4
	}
	if o.Lease < 0 || o.Heartbeat <= 0 || 2*o.Heartbeat >= o.Lease {
		return o, fmt.Errorf("a lease of %s with a heartbeat every %s: the heartbeat must be less than half the lease", o.Lease, o.Heartbeat)
	}
	if o.Host == "" {
		host, err := os.Hostname()
		if err != nil {
			return o, fmt.Errorf("find this machine's name: %w", err)
		}
		o.Host = host
	}
	return o, nil
}

// folder opens the folder of a state. Without create, one that does not exist is fs.ErrNotExist.
func (b *Backend) folder(key lockstate.Key, create bool) (disk, error) {
	if err := key.Validate(); err != nil {
		return disk{}, err
	}
	top := disk{root: b.root, step: b.step}
	if create {
		if err := top.ensureDir(key.String()); err != nil {
			return disk{}, err
		}
	}
	root, err := b.root.OpenRoot(key.String())
	if err != nil {
		return disk{}, err
	}
	return disk{root: root, step: b.step}, nil
}

// Snapshot implements lockstate.Backend. A snapshot that is older than the one last written, or gone, is
// lockstate.ErrCorrupt: someone put back an old file.
func (b *Backend) Snapshot(ctx context.Context, key lockstate.Key) (lockstate.Snapshot, error) {
	s, err := readOr(ctx, b, key, func(d disk) (lockstate.Snapshot, error) {
		// In this order: a snapshot is written before the document that mentions it.
		doc, err := readDocument(d)
		if err != nil {
			return lockstate.Snapshot{}, err
		}
		return readSnapshot(d, key, doc.Serial)
	})
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("read the state of %s: %w", key, err)
	}
	return s, nil
}

// History implements lockstate.Backend. If some records are damaged, the others are returned beside the error.
func (b *Backend) History(ctx context.Context, key lockstate.Key) ([]lockstate.Record, error) {
	records, err := readOr(ctx, b, key, func(d disk) ([]lockstate.Record, error) { return readHistory(d, key) })
	if err != nil {
		return records, fmt.Errorf("read the history of %s: %w", key, err)
	}
	return records, nil
}

// Keys implements lockstate.Backend. A state exists if it has a snapshot, a journal, a history or a held lock.
func (b *Backend) Keys(ctx context.Context, tenant string) ([]lockstate.Key, error) {
	if err := (lockstate.Key{Tenant: tenant, Stack: "x", Environment: "x"}).Validate(); err != nil {
		return nil, err
	}
	top := disk{root: b.root}
	stacks, err := top.subfolders(tenant)
	if err != nil {
		return nil, fmt.Errorf("list the states of %s: %w", tenant, err)
	}
	var keys []lockstate.Key
	for _, stack := range stacks {
		environments, err := top.subfolders(tenant + "/" + stack)
		if err != nil {
			return nil, fmt.Errorf("list the states of %s: %w", tenant, err)
		}
		for _, environment := range environments {
			key := lockstate.Key{Tenant: tenant, Stack: stack, Environment: environment}
			if key.Validate() != nil {
				continue
			}
			exists, err := readOr(ctx, b, key, stateExists)
			if err != nil {
				return nil, fmt.Errorf("look at the state of %s: %w", key, err)
			}
			if exists {
				keys = append(keys, key)
			}
		}
	}
	slices.SortFunc(keys, func(a, b lockstate.Key) int {
		return cmp.Or(cmp.Compare(a.Stack, b.Stack), cmp.Compare(a.Environment, b.Environment))
	})
	return keys, nil
}

func stateExists(d disk) (bool, error) {
	for _, name := range []string{journalDir, historyDir} {
		names, err := d.list(name)
		if err != nil || len(names) > 0 {
			return len(names) > 0, err
		}
	}
	if _, err := d.root.Lstat(snapshotFile); err == nil {
		return true, nil
	}
	doc, err := readDocument(d)
	return doc.ID != "", err
}

// readOr gives what read finds in the state's folder, nothing if there is none.
func readOr[T any](ctx context.Context, b *Backend, key lockstate.Key, read func(disk) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	d, err := b.folder(key, false)
	if errors.Is(err, os.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	defer d.root.Close()
	return read(d)
}

// readSnapshot reads the stored state, which must not be older than serial.
func readSnapshot(d disk, key lockstate.Key, serial uint64) (lockstate.Snapshot, error) {
	data, err := d.root.ReadFile(snapshotFile)
	if errors.Is(err, os.ErrNotExist) {
		if serial > 0 {
			return lockstate.Snapshot{}, fmt.Errorf("%w: the snapshot file is gone, although serial %d was written", lockstate.ErrCorrupt, serial)
		}
		return lockstate.Snapshot{}, nil
	}
	if err != nil {
		return lockstate.Snapshot{}, err
	}
	f, err := frame.Decode(data, frame.Snapshot, key.String())
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("file %s: %w", snapshotFile, err)
	}
	if f.Serial < serial {
		return lockstate.Snapshot{}, fmt.Errorf("%w: the snapshot has serial %d, but %d was written: an old file was put back",
			lockstate.ErrCorrupt, f.Serial, serial)
	}
	return lockstate.Snapshot{Serial: f.Serial, Token: f.Token, Writer: f.Writer, Data: f.Data}, nil
}
