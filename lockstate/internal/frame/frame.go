// Package frame is the form in which state objects are stored: bytes that say what they are, where they belong and
// whether they are whole.
//
//	offset  bytes
//	0       8     magic "PANKAOBJ"
//	8       1     version, 1
//	9       1     kind
//	10      2     length of the place
//	12      2     length of the writer
//	14      32    serial, token, seq and first, big-endian
//	46      8     length of the data
//	54            place, writer, data
//	        32    SHA-256 of everything before it
//
// The checksum finds accidents: a truncated or altered file, or one that was moved to another place. It does not
// stop someone who wants to deceive; encryption (lockstate/seal) does.
package frame

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/panka-io/panka/lockstate"
)

// Kind tells what a frame holds.
type Kind byte

// The kinds of objects.
const (
	Snapshot Kind = 'S'
	Entry    Kind = 'J'
	Record   Kind = 'H'
	Bundle   Kind = 'B'
)

// String names the kind as messages do.
func (k Kind) String() string {
	switch k {
	case Snapshot:
		return "snapshot"
	case Entry:
		return "journal entry"
	case Record:
		return "history record"
	case Bundle:
		return "bundle"
	default:
		return fmt.Sprintf("unknown object %#x", byte(k))
	}
}

// Frame is one object. Place says where it belongs (a state's key, for a record also its ID) and Writer is the lock ID
// of the run that wrote it; each may be up to 65535 bytes long.
type Frame struct {
	Kind   Kind
	Place  string
	Writer string
	Serial uint64 // of a snapshot; for a journal entry, of the snapshot that it applies to
	Token  uint64
	Seq    uint64 // of a journal entry
	First  uint64 // of a journal entry: the Seq of its lease's first entry with the same base
	Data   []byte
}

const (
	magic      = "PANKAOBJ"
	version    = 1
	headerSize = 54
	sumSize    = sha256.Size
	maxString  = 1<<16 - 1
)

// Encode gives the stored form. It fails if Place or Writer is too long.
func (f Frame) Encode() ([]byte, error) {
	if len(f.Place) > maxString || len(f.Writer) > maxString {
		return nil, errors.New("place or writer is longer than 65535 bytes")
	}
	b := make([]byte, 0, headerSize+len(f.Place)+len(f.Writer)+len(f.Data)+sumSize)
	b = append(b, magic...)
	b = append(b, version, byte(f.Kind))
	b = binary.BigEndian.AppendUint16(b, uint16(len(f.Place)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(f.Writer)))
	for _, n := range []uint64{f.Serial, f.Token, f.Seq, f.First, uint64(len(f.Data))} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	b = append(b, f.Place...)
	b = append(b, f.Writer...)
	b = append(b, f.Data...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// Decode reads what Encode wrote and checks that it is a kind that belongs to place. What cannot be that is
// lockstate.ErrCorrupt with the reason; a frame of a later version is an error of its own, since it may be whole.
func Decode(b []byte, kind Kind, place string) (Frame, error) {
	if err := checkWhole(b); err != nil {
		return Frame{}, err
	}
	if v := b[8]; v != version {
		return Frame{}, fmt.Errorf("it has format %d, which a newer panka wrote; this one reads format %d: update panka", v, version)
	}
	f, size := parseHeader(b)
	if size != uint64(len(b)) {
		return Frame{}, corrupt("its lengths disagree: %d bytes, of which the header accounts for %d", len(b), size)
	}
	placeEnd := headerSize + int(binary.BigEndian.Uint16(b[10:]))
	writerEnd := placeEnd + int(binary.BigEndian.Uint16(b[12:]))
	f.Place = string(b[headerSize:placeEnd])
	f.Writer = string(b[placeEnd:writerEnd])
	f.Data = b[writerEnd : len(b)-sumSize]
	if f.Kind != kind || f.Place != place {
		return Frame{}, corrupt("it is the %s of %q, put in the place of the %s of %q", f.Kind, f.Place, kind, place)
	}
	return f, nil
}

// checkWhole tells damage apart from anything else; it relies only on what all versions have in common.
func checkWhole(b []byte) error {
	switch {
	case len(b) == 0:
		return corrupt("it is empty")
	case len(b) < len(magic) && bytes.HasPrefix([]byte(magic), b), len(b) >= len(magic) && len(b) < headerSize+sumSize && bytes.HasPrefix(b, []byte(magic)):
		return corrupt("it is cut short: only %d bytes are left", len(b))
	case !bytes.HasPrefix(b, []byte(magic)):
		return corrupt("it does not begin as panka's objects do")
	}
	body, sum := b[:len(b)-sumSize], b[len(b)-sumSize:]
	if got := sha256.Sum256(body); bytes.Equal(got[:], sum) {
		return nil
	}
	if _, size := parseHeader(b); b[8] == version && size > uint64(len(b)) {
		return corrupt("it is cut short: %d of %d bytes are left", len(b), size)
	}
	return corrupt("its bytes have changed since they were written (the checksum differs)")
}

// parseHeader reads the fixed part, and the size that a frame with it has (saturating).
func parseHeader(b []byte) (Frame, uint64) {
	n := func(i int) uint64 { return binary.BigEndian.Uint64(b[14+8*i:]) }
	f := Frame{Kind: Kind(b[9]), Serial: n(0), Token: n(1), Seq: n(2), First: n(3)}
	fixed := uint64(headerSize) + uint64(binary.BigEndian.Uint16(b[10:])) + uint64(binary.BigEndian.Uint16(b[12:])) + sumSize
	size := fixed + n(4)
	if size < fixed {
		size = ^uint64(0)
	}
	return f, size
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", lockstate.ErrCorrupt, fmt.Sprintf(format, args...))
}
