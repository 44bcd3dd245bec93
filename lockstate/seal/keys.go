package seal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/panka-io/panka/lockstate"
)

// ErrNoKey says that a state is encrypted with a key that is not here. The message says where it was looked for and
// what to do.
var ErrNoKey = errors.New("the key of the state is not here")

// KeySource protects data keys. It is safe for concurrent use.
type KeySource interface {
	// Scheme names the way in which keys are protected, such as "keyfile-1"; it is stored with each object and must
	// never come to mean anything else. At most 255 bytes.
	Scheme() string
	// Create makes a data key of 32 bytes for a state, and a reference, no secret and at most 65535 bytes long, from
	// which Open finds the key again.
	Create(ctx context.Context, state lockstate.Key) (key, reference []byte, err error)
	// Open gives the data key for a reference, which may have been tampered with. A key that cannot be had is ErrNoKey.
	Open(ctx context.Context, state lockstate.Key, reference []byte) (key []byte, err error)
}

// FromEnvironment gives the sources for use with Open. With PANKA_STATE_PASSPHRASE set, new keys are protected by that
// passphrase, else by key files in KeyFolder; what the other one protected earlier can be read too.
func FromEnvironment(getenv func(string) string) ([]KeySource, error) {
	folder, err := KeyFolder(getenv)
	if err != nil {
		return nil, err
	}
	passphrase := NewPassphrase(getenv(PassphraseVariable))
	if getenv(PassphraseVariable) != "" {
		return []KeySource{passphrase, NewKeyFiles(folder)}, nil
	}
	return []KeySource{NewKeyFiles(folder), passphrase}, nil
}

// seal encrypts data for a place.
func (b *Backend) seal(ctx context.Context, p place, data []byte) ([]byte, error) {
	k, err := b.writingKey(ctx, p.key)
	if err != nil {
		return nil, err
	}
	return k.encrypt(p, data), nil
}

// open decrypts what seal made for the same place, and tells the key it was encrypted with.
func (b *Backend) open(ctx context.Context, p place, sealed []byte) ([]byte, dataKey, error) {
	e, err := parse(sealed)
	if err != nil {
		return nil, dataKey{}, err
	}
	k, err := b.keyOf(ctx, p.key, e)
	if err != nil {
		return nil, dataKey{}, err
	}
	data, err := k.decrypt(p, e)
	return data, k, err
}

// keyOf finds an envelope's data key.
func (b *Backend) keyOf(ctx context.Context, state lockstate.Key, e envelope) (dataKey, error) {
	id := state.String() + "\x00" + e.scheme + "\x00" + string(e.reference)
	b.mu.Lock()
	k, ok := b.opened[id]
	b.mu.Unlock()
	if ok {
		return k, nil
	}
	for _, s := range b.sources {
		if s.Scheme() != e.scheme {
			continue
		}
		key, err := s.Open(ctx, state, e.reference)
		if err != nil {
			return dataKey{}, err
		}
		if k, err = newDataKey(e.scheme, e.reference, key); err != nil {
			return dataKey{}, err
		}
		b.mu.Lock()
		b.opened[id] = k
		b.mu.Unlock()
		return k, nil
	}
	return dataKey{}, fmt.Errorf("%w: it is protected by %q, and this panka was given only %s", ErrNoKey, e.scheme, b.schemes())
}

func (b *Backend) schemes() string {
	var names []string
	for _, s := range b.sources {
		names = append(names, s.Scheme())
	}
	return strings.Join(names, ", ")
}

// reuse makes k the key for new objects of the state, unless it is of a source that is no longer preferred.
func (b *Backend) reuse(state lockstate.Key, k dataKey) {
	if k.scheme != b.sources[0].Scheme() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.writing[state]; !ok {
		b.writing[state] = k
	}
}

// restoringKey is the key for a state in the place of a damaged one: that of what can still be read, or a new one.
func (b *Backend) restoringKey(ctx context.Context, state lockstate.Key) (dataKey, error) {
	if _, ok := b.currentKey(state); !ok {
		if _, err := b.Salvage(ctx, state); err != nil {
			return dataKey{}, err
		}
	}
	b.creating.Lock()
	defer b.creating.Unlock()
	if k, ok := b.currentKey(state); ok {
		return k, nil
	}
	return b.createKey(ctx, state)
}

// writingKey gives the key for new objects: the one that the stored state has, or a new one.
func (b *Backend) writingKey(ctx context.Context, state lockstate.Key) (dataKey, error) {
	b.creating.Lock()
	defer b.creating.Unlock()
	if k, ok := b.currentKey(state); ok {
		return k, nil
	}
	if err := b.adoptStoredKey(ctx, state); err != nil {
		return dataKey{}, err
	}
	if k, ok := b.currentKey(state); ok {
		return k, nil
	}
	return b.createKey(ctx, state)
}

func (b *Backend) createKey(ctx context.Context, state lockstate.Key) (dataKey, error) {
	source := b.sources[0]
	key, reference, err := source.Create(ctx, state)
	if err != nil {
		return dataKey{}, err
	}
	k, err := newDataKey(source.Scheme(), reference, key)
	if err != nil {
		return dataKey{}, err
	}
	b.reuse(state, k)
	return k, nil
}

func (b *Backend) currentKey(state lockstate.Key) (dataKey, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, ok := b.writing[state]
	return k, ok
}

// adoptStoredKey reuses the key of the snapshot, or of the journal of a first run that crashed. It fails if that key is
// missing, for who cannot read a state must not write it.
func (b *Backend) adoptStoredKey(ctx context.Context, state lockstate.Key) error {
	s, err := b.below.Snapshot(ctx, state)
	if err != nil {
		return err
	}
	sealed := s.Data
	if s.Serial == 0 {
		entries, _, err := b.below.Journal(ctx, state, 0)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return nil
		}
		sealed = entries[0].Data
	}
	e, err := parse(sealed)
	if err != nil {
		return err
	}
	k, err := b.keyOf(ctx, state, e)
	if err != nil {
		return err
	}
	b.reuse(state, k)
	return nil
}
