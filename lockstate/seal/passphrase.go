package seal

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"

	"golang.org/x/crypto/argon2"

	"github.com/panka-io/panka/lockstate"
)

// PassphraseVariable is the environment variable that holds the passphrase.
const PassphraseVariable = "PANKA_STATE_PASSPHRASE"

// The parameters of Argon2id are those that RFC 9106 recommends where memory is scarce. They belong to the scheme: other
// ones would be another scheme, so nobody can make panka use absurd ones by altering a file.
const (
	passphraseScheme = "passphrase-1"
	argonPasses      = 3
	argonMemory      = 64 * 1024 // KiB
	argonThreads     = 4
	saltSize         = 16
)

// passphrase is a KeySource. Its reference is the salt, a nonce, and the data key encrypted with what Argon2id makes of
// passphrase and salt; the state's name is authenticated with it.
type passphrase struct {
	text string

	mu      sync.Mutex
	derived map[string][]byte // by salt
}

// NewPassphrase gives the KeySource that protects data keys with a passphrase. With an empty one it makes no keys, and
// asks for the passphrase when it is needed.
func NewPassphrase(text string) KeySource {
	return &passphrase{text: text, derived: map[string][]byte{}}
}

func (s *passphrase) Scheme() string { return passphraseScheme }

func (s *passphrase) Create(_ context.Context, state lockstate.Key) (key, reference []byte, err error) {
	if s.text == "" {
		return nil, nil, s.missing(state)
	}
	random := make([]byte, keySize+saltSize+nonceSize)
	_, _ = rand.Read(random) // never fails
	key, salt, nonce := random[:keySize], random[keySize:keySize+saltSize], random[keySize+saltSize:]
	aead, err := newAEAD(s.derive(salt))
	if err != nil {
		return nil, nil, err
	}
	reference = append(append(reference, salt...), nonce...)
	return key, aead.Seal(reference, nonce, key, []byte(passphraseScheme+" "+state.String())), nil
}

func (s *passphrase) Open(_ context.Context, state lockstate.Key, reference []byte) ([]byte, error) {
	if s.text == "" {
		return nil, s.missing(state)
	}
	if len(reference) != saltSize+nonceSize+keySize+tagSize {
		return nil, corrupt("its protected key has %d bytes", len(reference))
	}
	salt, nonce, wrapped := reference[:saltSize], reference[saltSize:saltSize+nonceSize], reference[saltSize+nonceSize:]
	aead, err := newAEAD(s.derive(salt))
	if err != nil {
		return nil, err
	}
	key, err := aead.Open(nil, nonce, wrapped, []byte(passphraseScheme+" "+state.String()))
	if err != nil {
		return nil, fmt.Errorf("%w: %s is not the passphrase that the state of %s was encrypted with (or the state was tampered with)",
			ErrNoKey, PassphraseVariable, state)
	}
	return key, nil
}

func (s *passphrase) missing(state lockstate.Key) error {
	return fmt.Errorf("%w: the state of %s is protected by a passphrase; set %s to it", ErrNoKey, state, PassphraseVariable)
}

// derive is slow on purpose, so each salt is done once.
func (s *passphrase) derive(salt []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.derived[string(salt)] == nil {
		s.derived[string(salt)] = argon2.IDKey([]byte(s.text), salt, argonPasses, argonMemory, argonThreads, keySize)
	}
	return s.derived[string(salt)]
}
