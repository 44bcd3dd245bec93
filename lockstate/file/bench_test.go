package file

import (
	"bytes"
	"sync/atomic"
	"testing"
)

func BenchmarkAppend(b *testing.B) {
	l := acquire(b, open(b, b.TempDir(), Options{}), dev)
	data := bytes.Repeat([]byte("x"), 1500)
	for seq := uint64(1); b.Loop(); seq++ {
		check(b, l.Append(b.Context(), 0, seq, data))
	}
	check(b, l.Release(b.Context()))
}

// BenchmarkAppend16 is 16 operations at a time, as a deployment has.
func BenchmarkAppend16(b *testing.B) {
	l := acquire(b, open(b, b.TempDir(), Options{}), dev)
	data := bytes.Repeat([]byte("x"), 1500)
	var seq atomic.Uint64
	b.SetParallelism(8) // times two processors or more
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := l.Append(b.Context(), 0, seq.Add(1), data); err != nil {
				b.Error(err)
				return
			}
		}
	})
	check(b, l.Release(b.Context()))
}

func BenchmarkWriteSnapshot1MB(b *testing.B) {
	l := acquire(b, open(b, b.TempDir(), Options{}), dev)
	data := bytes.Repeat([]byte("x"), 1<<20)
	b.SetBytes(int64(len(data)))
	for base := uint64(0); b.Loop(); base++ {
		_, err := l.WriteSnapshot(b.Context(), base, data)
		check(b, err)
	}
	check(b, l.Release(b.Context()))
}

func BenchmarkAcquireRelease(b *testing.B) {
	backend := open(b, b.TempDir(), Options{})
	for b.Loop() {
		check(b, acquire(b, backend, dev).Release(b.Context()))
	}
}
