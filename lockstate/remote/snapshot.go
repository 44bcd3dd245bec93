package remote

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// A snapshot object is
//
//	"PANKAFENCE1"
//	8 bytes  the fence: the token of the latest lease that had to fence off another, big-endian
//	the snapshot's frame, or nothing if no snapshot has been written
//
// The fence stands in the data since S3 may take two objects with the same data for the same version.
const fenceMagic = "PANKAFENCE1"

// What stands beside the data too, so that it can be learned without reading that.
const (
	metaSerial = "panka-serial"
	metaToken  = "panka-token" // the higher of the snapshot's and the fence
)

func encodeSnapshot(key lockstate.Key, s lockstate.Snapshot, fence uint64) (bucket.Object, error) {
	data := binary.BigEndian.AppendUint64([]byte(fenceMagic), fence)
	if s.Serial > 0 {
		framed, err := frame.Frame{
			Kind: frame.Snapshot, Place: key.String(), Writer: s.Writer, Serial: s.Serial, Token: s.Token, Data: s.Data,
		}.Encode()
		if err != nil {
			return bucket.Object{}, err
		}
		data = append(data, framed...)
	}
	return bucket.Object{Data: data, Meta: map[string]string{
		metaSerial: strconv.FormatUint(s.Serial, 10), metaToken: strconv.FormatUint(max(s.Token, fence), 10),
	}}, nil
}

func decodeSnapshot(key lockstate.Key, data []byte) (s lockstate.Snapshot, fence uint64, err error) {
	rest, ok := bytes.CutPrefix(data, []byte(fenceMagic))
	if !ok || len(rest) < 8 {
		return s, 0, fmt.Errorf("%w: the object %s does not begin as panka's snapshots do", lockstate.ErrCorrupt, snapshotName(key))
	}
	fence = binary.BigEndian.Uint64(rest)
	if rest = rest[8:]; len(rest) == 0 {
		return s, fence, nil
	}
	f, err := frame.Decode(rest, frame.Snapshot, key.String())
	if err != nil {
		return s, 0, fmt.Errorf("object %s: %w", snapshotName(key), err)
	}
	return lockstate.Snapshot{Serial: f.Serial, Token: f.Token, Writer: f.Writer, Data: f.Data}, fence, nil
}

// stored is what a lease knows of the snapshot object. Its version is "" if there is none.
type stored struct {
	version bucket.Version
	serial  uint64
	token   uint64 // the higher of the snapshot's and the fence
	fence   uint64
	damaged error // why the data cannot be read; nil if it can, or was not
}

// look reads what stands beside the snapshot's data.
func (b *Backend) look(ctx context.Context, key lockstate.Key) (stored, error) {
	o, err := b.objects.Head(ctx, snapshotName(key))
	if errors.Is(err, bucket.ErrNotFound) {
		return stored{}, nil
	}
	if err != nil {
		return stored{}, err
	}
	serial, serialErr := strconv.ParseUint(o.Meta[metaSerial], 10, 64)
	token, tokenErr := strconv.ParseUint(o.Meta[metaToken], 10, 64)
	if serialErr != nil || tokenErr != nil { // another hand wrote it: the data tells, if it is whole
		_, found, err := b.load(ctx, key)
		if errors.Is(err, lockstate.ErrCorrupt) {
			return stored{version: o.Version, damaged: err}, nil
		}
		return found, err
	}
	return stored{version: o.Version, serial: serial, token: token}, nil
}

// load reads the snapshot object with its data.
func (b *Backend) load(ctx context.Context, key lockstate.Key) (lockstate.Snapshot, stored, error) {
	o, err := b.objects.Get(ctx, snapshotName(key))
	if errors.Is(err, bucket.ErrNotFound) {
		return lockstate.Snapshot{}, stored{}, nil
	}
	if err != nil {
		return lockstate.Snapshot{}, stored{}, err
	}
	s, fence, err := decodeSnapshot(key, o.Data)
	return s, stored{version: o.Version, serial: s.Serial, token: max(s.Token, fence), fence: fence}, err
}

// put writes the snapshot object if it still is what known says.
func (b *Backend) put(ctx context.Context, key lockstate.Key, known stored, s lockstate.Snapshot, fence uint64) (stored, error) {
	o, err := encodeSnapshot(key, s, fence)
	if err != nil {
		return stored{}, err
	}
	next := stored{serial: s.Serial, token: max(s.Token, fence), fence: fence}
	if known.version == "" {
		next.version, err = b.objects.Create(ctx, snapshotName(key), o)
	} else {
		next.version, err = b.objects.Replace(ctx, snapshotName(key), known.version, o)
	}
	return next, err
}

// overtaken tells whether a write was refused because the object is not what was known.
func overtaken(err error) bool {
	return errors.Is(err, bucket.ErrExists) || errors.Is(err, bucket.ErrChanged) || errors.Is(err, bucket.ErrNotFound)
}
