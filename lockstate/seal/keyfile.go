package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/panka-io/panka/lockstate"
)

const keyFileScheme = "keyfile-1"

// keyFiles is a KeySource: the data key of each state is a file <id>.key in a folder of the user's, and the reference is
// the id, which is computed from the key, so that a wrong file is noticed.
type keyFiles struct{ folder string }

// NewKeyFiles gives the KeySource that keeps data keys in files, mode 0600, in folder, which is made when the first key
// is. Files that others can read are refused.
func NewKeyFiles(folder string) KeySource { return keyFiles{folder: folder} }

// KeyFolder is panka/keys in $XDG_CONFIG_HOME, or in ~/.config if that is not set.
func KeyFolder(getenv func(string) string) (string, error) {
	if config := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(config) {
		return filepath.Join(config, "panka", "keys"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".config", "panka", "keys"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder of keys: %w; set XDG_CONFIG_HOME or %s", err, PassphraseVariable)
	}
	return filepath.Join(home, ".config", "panka", "keys"), nil
}

func (s keyFiles) Scheme() string { return keyFileScheme }

func (s keyFiles) path(id string) string { return filepath.Join(s.folder, id+".key") }

// keyID is no secret: it says nothing of a random key.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("panka key id "), key...))
	return hex.EncodeToString(sum[:16])
}

func (s keyFiles) Create(_ context.Context, state lockstate.Key) (key, reference []byte, err error) {
	key = make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	id := keyID(key)
	text := fmt.Sprintf("# The key of the state %s, made by panka. Keep a copy: without it the state cannot be read.\n%s\n",
		state, base64.StdEncoding.EncodeToString(key))
	if err := s.write(id, []byte(text)); err != nil {
		return nil, nil, fmt.Errorf("store the new key of %s: %w", state, err)
	}
	return key, []byte(id), nil
}

// write makes the file durable before anything is encrypted with the key.
func (s keyFiles) write(id string, text []byte) error {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.folder, ".tmp-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path(id))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(s.folder)
}

func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened there; renaming is durable enough
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

var keyIDRE = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (s keyFiles) Open(_ context.Context, state lockstate.Key, reference []byte) ([]byte, error) {
	id := string(reference)
	if !keyIDRE.MatchString(id) {
		return nil, corrupt("%q is no key id", id)
	}
	text, err := s.read(id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the state of %s is encrypted with the key %s, and there is no file %s; copy that file from the machine that made the state",
			ErrNoKey, state, id, s.path(id))
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of %s: %w", state, err)
	}
	key, err := parseKeyFile(text)
	if err != nil || keyID(key) != id {
		return nil, fmt.Errorf("%w: the file %s does not hold the key that it is named after; copy it again from the machine that made the state",
			ErrNoKey, s.path(id))
	}
	return key, nil
}

// read refuses a file that others can read, as the key can then be known to others already.
func (s keyFiles) read(id string) ([]byte, error) {
	f, err := os.Open(s.path(id))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); runtime.GOOS != "windows" && (mode.Perm()&0o077 != 0 || !mode.IsRegular()) {
		return nil, fmt.Errorf("the file %s has mode %s: others may read it; make it 0600 (chmod 600)", s.path(id), mode)
	}
	text := make([]byte, 4096)
	n, err := f.Read(text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.path(id), err)
	}
	return text[:n], nil
}

// parseKeyFile finds the one line that is no comment.
func parseKeyFile(text []byte) ([]byte, error) {
	for line := range bytes.Lines(text) {
		if s := strings.TrimSpace(string(line)); s != "" && !strings.HasPrefix(s, "#") {
			return base64.StdEncoding.DecodeString(s)
		}
	}
	return nil, errors.New("no key")
}
