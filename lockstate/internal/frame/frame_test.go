package frame

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

func sample() Frame {
	return Frame{Kind: Entry, Place: "default/app/dev", Writer: "6f1c", Serial: 4, Token: 9, Seq: 12, First: 7, Data: []byte("the data")}
}

func encode(t testing.TB, f Frame) []byte {
	t.Helper()
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	for _, data := range [][]byte{nil, {0}, []byte("text"), bytes.Repeat([]byte{0xff}, 100_000)} {
		f := sample()
		f.Data = data
		got, err := Decode(encode(t, f), Entry, f.Place)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Data, data) {
			t.Errorf("%d bytes of data came back as %d", len(data), len(got.Data))
		}
		got.Data, f.Data = nil, nil
		if got.Place != f.Place || got.Writer != f.Writer || got.Serial != f.Serial || got.Token != f.Token || got.Seq != f.Seq || got.First != f.First {
			t.Errorf("got %+v, want %+v", got, f)
		}
	}
}

func TestEveryTruncationIsCorrupt(t *testing.T) {
	whole := encode(t, sample())
	for n := range whole {
		if _, err := Decode(whole[:n], Entry, "default/app/dev"); !errors.Is(err, lockstate.ErrCorrupt) {
			t.Errorf("cut to %d of %d bytes: got %v", n, len(whole), err)
		} else if n > 0 && !strings.Contains(err.Error(), "cut short") {
			t.Errorf("cut to %d bytes: the error does not say so: %v", n, err)
		}
	}
}

func TestEveryFlippedBitIsCorrupt(t *testing.T) {
	whole := encode(t, sample())
	for i := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			if _, err := Decode(b, Entry, "default/app/dev"); !errors.Is(err, lockstate.ErrCorrupt) {
				t.Errorf("bit %d of byte %d flipped: got %v", bit, i, err)
			}
		}
	}
}

func TestForeignFramesAreRefused(t *testing.T) {
	b := encode(t, sample())
	for _, c := range []struct {
		kind  Kind
		place string
	}{{Entry, "default/app/prod"}, {Snapshot, "default/app/dev"}, {Record, "default/app/dev"}} {
		_, err := Decode(b, c.kind, c.place)
		if !errors.Is(err, lockstate.ErrCorrupt) || !strings.Contains(err.Error(), "journal entry of \"default/app/dev\"") {
			t.Errorf("read as %s of %s: got %v", c.kind, c.place, err)
		}
	}
	if _, err := Decode(append(b, 0), Entry, "default/app/dev"); !errors.Is(err, lockstate.ErrCorrupt) {
		t.Errorf("a byte too many: got %v", err)
	}
}

func TestLaterVersionIsNotCalledDamaged(t *testing.T) {
	b := encode(t, sample())
	b[8] = version + 1
	_, err := Decode(resum(b), Entry, "default/app/dev")
	if err == nil || errors.Is(err, lockstate.ErrCorrupt) || !strings.Contains(err.Error(), "update panka") {
		t.Errorf("got %v", err)
	}
}

func TestTooLongNamesAreRefused(t *testing.T) {
	f := sample()
	f.Writer = strings.Repeat("x", 1<<16)
	if _, err := f.Encode(); err == nil {
		t.Error("a writer of 65536 bytes was accepted")
	}
}

func FuzzDecode(f *testing.F) {
	whole := encode(f, sample())
	f.Add(whole)
	f.Add(whole[:60])
	huge := bytes.Clone(whole)
	for i := 46; i < 54; i++ {
		huge[i] = 0xff
	}
	f.Add(resum(huge))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, in := range [][]byte{b, resum(b)} {
			got, err := Decode(in, Entry, "default/app/dev")
			if err != nil {
				continue
			}
			if again := encode(t, got); !bytes.Equal(again, in) {
				t.Errorf("decoded and encoded again, %d bytes became %d others", len(in), len(again))
			}
		}
	})
}

// resum replaces the last 32 bytes with the right checksum, so that what is behind the check is tested too.
func resum(b []byte) []byte {
	if len(b) < sumSize {
		return b
	}
	b = bytes.Clone(b[:len(b)-sumSize])
	return append(b, sumOf(b)...)
}

func sumOf(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
