// Package store keeps the simulated account in one readable JSON file that several processes may use at once.
//
// A change is a transaction: a function over the document, run under a lock on a file beside it, on what the file then
// holds. Transactions that wait for the lock together are run together and cost one write, which replaces the file
// whole, so that a process killed at any time leaves either the old account or the new one. Reading takes no lock.
//
// It refuses a file of another format version and one that is not JSON; it knows nothing of AWS.
package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// FileName is the name of the account's file.
const FileName = "cloud.json"

// lockPatience is how long a transaction waits for other processes, which hold the lock for milliseconds.
const lockPatience = 30 * time.Second

// Store is an open account file. Its methods may be called from several goroutines.
type Store struct {
	path string
	lock *os.File

	queueMu sync.Mutex
	queue   []*job
	busy    bool

	mu   sync.RWMutex // guards doc and what it holds, and info
	doc  *Document
	info os.FileInfo // of the file that doc was read from
}

type job struct {
	run  func(*Tx) error
	done chan error
}

// Open opens the account in dir, which it makes together with the file when they are missing. blank gives a new
// account's document.
func Open(ctx context.Context, dir string, blank func() (*Document, error)) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "cloud.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's lock: %w", err)
	}
	s := &Store{path: filepath.Join(dir, FileName), lock: lock}
	if err := s.create(ctx, blank); err != nil {
		lock.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) create(ctx context.Context, blank func() (*Document, error)) error {
	if err := s.acquire(ctx); err != nil {
		return err
	}
	defer unlock(s.lock)
	_, err := os.Stat(s.path)
	if err == nil {
		return s.reload()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for the sandbox's account: %w", err)
	}
	doc, err := blank()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doc = doc
	fill(doc)
	return s.save()
}

// Close releases the store.
func (s *Store) Close() error {
	if err := s.lock.Close(); err != nil {
		return fmt.Errorf("close the sandbox's lock: %w", err)
	}
	return nil
}

// View runs read on the account as it is now. read must not keep what it is given.
func (s *Store) View(read func(*Tx) error) error {
	if err := s.reload(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return read(newTx(s.doc))
}

// Update runs change as a transaction and returns when its outcome is on disk. If change fails nothing is changed.
// change may run on another goroutine.
func (s *Store) Update(ctx context.Context, change func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{run: change, done: make(chan error, 1)}
	s.queueMu.Lock()
	s.queue = append(s.queue, j)
	lead := !s.busy
	s.busy = true
	s.queueMu.Unlock()
	if lead {
		go s.serve()
	}
	return <-j.done
}

// serve runs what is queued until nothing is.
func (s *Store) serve() {
	for {
		s.queueMu.Lock()
		batch := s.queue
		s.queue = nil
		if len(batch) == 0 {
			s.busy = false
			s.queueMu.Unlock()
			return
		}
		s.queueMu.Unlock()
		results := s.runBatch(batch)
		for i, j := range batch {
			j.done <- results[i]
		}
	}
}

func (s *Store) runBatch(batch []*job) []error {
	results := make([]error, len(batch))
	fail := func(err error) []error {
		for i := range results {
			results[i] = err
		}
		return results
	}
	// The callers' contexts do not end a batch, which takes milliseconds: half of it may be done.
	if err := s.acquire(context.Background()); err != nil {
		return fail(err)
	}
	defer unlock(s.lock)
	if err := s.reload(); err != nil {
		return fail(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	dirty := false
	for i, j := range batch {
		tx := newTx(s.doc)
		if results[i] = j.run(tx); results[i] == nil && tx.dirty() {
			tx.keep()
			dirty = true
		}
	}
	if !dirty {
		return results
	}
	if err := s.save(); err != nil {
		s.doc, s.info = nil, nil // what is in memory is not what is on disk
		return fail(err)
	}
	return results
}

// acquire takes the lock between processes.
func (s *Store) acquire(ctx context.Context) error {
	deadline := time.Now().Add(lockPatience)
	for {
		ok, err := tryLock(s.lock)
		if err != nil {
			return fmt.Errorf("lock the sandbox's account: %w", err)
		}
		if ok {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("lock the sandbox's account: another process has held %s for %s", s.lock.Name(), lockPatience)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// reload reads the file if it is another one than the one in memory.
func (s *Store) reload() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return fmt.Errorf("read the sandbox's account: %w", err)
	}
	s.mu.RLock()
	same := s.doc != nil && s.info != nil && os.SameFile(s.info, info) && s.info.ModTime().Equal(info.ModTime()) &&
		s.info.Size() == info.Size()
	s.mu.RUnlock()
	if same {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// The information must not be newer than the contents, or a change between the two would be missed.
	if info, err = os.Stat(s.path); err != nil {
		return fmt.Errorf("read the sandbox's account: %w", err)
	}
	data, err := os.ReadFile(s.path)
	if err != nil {
		return fmt.Errorf("read the sandbox's account: %w", err)
	}
	doc, err := decode(data)
	if err != nil {
		return fmt.Errorf("read the sandbox's account %s: %w", s.path, err)
	}
	s.doc, s.info = doc, info
	return nil
}

func decode(data []byte) (*Document, error) {
	var doc Document
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, undecodable(data, err)
	}
	if doc.Version != FormatVersion {
		return nil, fmt.Errorf("format version %d; this panka reads %d", doc.Version, FormatVersion)
	}
	fill(&doc)
	return &doc, nil
}

// undecodable says where the JSON is not what it should be: people edit the file.
func undecodable(data []byte, err error) error {
	line := func(offset int64) int { return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n")) }
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", line(syntax.Offset), err)
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Errorf("line %d: the account cannot be of JSON type %s", line(wrong.Offset), wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("line %d: %s cannot be of JSON type %s", line(wrong.Offset), wrong.Field, wrong.Value)
	}
	return err
}

// fill makes the maps and copies the types and keys of the resources into them.
func fill(doc *Document) {
	if doc.Resources == nil {
		doc.Resources = map[string]map[string]*Resource{}
	}
	if doc.Secrets == nil {
		doc.Secrets = map[string]*Secret{}
	}
	if doc.Counters == nil {
		doc.Counters = map[string]uint64{}
	}
	for typ, byKey := range doc.Resources {
		for key, r := range byKey {
			if r == nil {
				delete(byKey, key)
				continue
			}
			r.Type, r.Key = typ, key
		}
	}
}

// save replaces the file by the document in memory. The caller holds mu and the lock.
func (s *Store) save() error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(s.doc); err != nil {
		return fmt.Errorf("encode the sandbox's account: %w", err)
	}
	if err := replaceFile(s.path, b.Bytes()); err != nil {
		return fmt.Errorf("write the sandbox's account: %w", err)
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return fmt.Errorf("write the sandbox's account: %w", err)
	}
	s.info = info
	return nil
}

// replaceFile writes data beside path, makes it durable and moves it there. Only the lock's holder calls it, so one
// temporary name serves, and what a killed process left there is overwritten.
func replaceFile(path string, data []byte) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	return err
}

// syncDir makes a rename durable where the system can do that for folders.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
