package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"github.com/panka-io/panka/lockstate"
)

// An envelope is
//
//	"PANKASEAL1"
//	1 byte   length of the scheme, the scheme
//	2 bytes  length of the reference, the reference
//	12 bytes nonce, random
//	the data encrypted with AES-256-GCM, 16 bytes longer than the data
//
// What is authenticated beside the data is all that precedes the nonce, and the place.
const (
	magic        = "PANKASEAL1"
	maxScheme    = 255
	maxReference = 1<<16 - 1
	keySize      = 32
	nonceSize    = 12
	tagSize      = 16
)

// place is where an object belongs. The fields that a kind does not use are zero.
type place struct {
	kind   string
	key    lockstate.Key
	serial uint64 // of a snapshot; of the snapshot that an entry applies to
	token  uint64
	seq    uint64
	record string
}

func snapshotPlace(key lockstate.Key, serial, token uint64) place {
	return place{kind: "snapshot", key: key, serial: serial, token: token}
}

func entryPlace(key lockstate.Key, base, token, seq uint64) place {
	return place{kind: "entry", key: key, serial: base, token: token, seq: seq}
}

func recordPlace(key lockstate.Key, id string) place {
	return place{kind: "record", key: key, record: id}
}

// planPlace is that of a saved plan, which is kept outside of the backend.
func planPlace(key lockstate.Key) place { return place{kind: "plan", key: key} }

func bundlePlace(key lockstate.Key, digest string) place {
	return place{kind: "bundle", key: key, record: digest}
}

// bind gives what is authenticated: no two headers and places give the same bytes.
func (p place) bind(header []byte) []byte {
	var b []byte
	for _, part := range []string{string(header), p.kind, p.key.Tenant, p.key.Stack, p.key.Environment, p.record} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	for _, n := range []uint64{p.serial, p.token, p.seq} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

// dataKey is an opened data key with what its envelopes say of it.
type dataKey struct {
	scheme    string
	reference []byte
	aead      cipher.AEAD
}

func newDataKey(scheme string, reference, key []byte) (dataKey, error) {
	if len(key) != keySize || len(reference) > maxReference {
		return dataKey{}, fmt.Errorf("key source %s gave a key of %d bytes with a reference of %d", scheme, len(key), len(reference))
	}
	aead, err := newAEAD(key)
	return dataKey{scheme: scheme, reference: reference, aead: aead}, err
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// encrypt makes an envelope.
func (k dataKey) encrypt(p place, data []byte) []byte {
	b := make([]byte, 0, len(magic)+3+len(k.scheme)+len(k.reference)+nonceSize+len(data)+tagSize)
	b = append(b, magic...)
	b = append(b, byte(len(k.scheme)))
	b = append(b, k.scheme...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(k.reference)))
	b = append(b, k.reference...)
	header := b
	nonce := make([]byte, nonceSize)
	_, _ = rand.Read(nonce) // never fails
	return k.aead.Seal(append(b, nonce...), nonce, data, p.bind(header))
}

// decrypt opens an envelope.
func (k dataKey) decrypt(p place, e envelope) ([]byte, error) {
	data, err := k.aead.Open(nil, e.nonce, e.sealed, p.bind(e.header))
	if err != nil {
		return nil, corrupt("it was altered, or it is an old or foreign object that was put here")
	}
	return data, nil
}

// envelope is a parsed one.
type envelope struct {
	header    []byte
	scheme    string
	reference []byte
	nonce     []byte
	sealed    []byte
}

// parse takes an envelope apart. It checks nothing but the form.
func parse(b []byte) (envelope, error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return envelope{}, corrupt("it is not encrypted, as panka's state is")
	}
	scheme, rest, ok := take(rest, 1)
	if !ok {
		return envelope{}, corrupt("it is cut short")
	}
	reference, rest, ok := take(rest, 2)
	if !ok || len(rest) < nonceSize+tagSize {
		return envelope{}, corrupt("it is cut short")
	}
	return envelope{
		header: b[:len(b)-len(rest)], scheme: string(scheme), reference: reference,
		nonce: rest[:nonceSize], sealed: rest[nonceSize:],
	}, nil
}

// take splits off what is preceded by its length in size bytes.
func take(b []byte, size int) (part, rest []byte, ok bool) {
	if len(b) < size {
		return nil, nil, false
	}
	n := 0
	for _, c := range b[:size] {
		n = n<<8 | int(c)
	}
	if len(b) < size+n {
		return nil, nil, false
	}
	return b[size : size+n], b[size+n:], true
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", lockstate.ErrCorrupt, fmt.Sprintf(format, args...))
}
