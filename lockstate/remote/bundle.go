package remote

import (
	"context"
	"errors"
	"fmt"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

func bundleName(key lockstate.Key, digest string) string {
	return bundleFolder + key.String() + "/" + digest
}

// Bundle implements lockstate.Backend.
func (b *Backend) Bundle(ctx context.Context, key lockstate.Key, digest string) ([]byte, error) {
	data, err := b.bundle(ctx, key, digest)
	if err != nil {
		return nil, fmt.Errorf("read bundle %.12s of %s: %w", digest, key, err)
	}
	return data, nil
}

func (b *Backend) bundle(ctx context.Context, key lockstate.Key, digest string) ([]byte, error) {
	if err := errors.Join(key.Validate(), lockstate.CheckDigest(digest)); err != nil {
		return nil, err
	}
	name := bundleName(key, digest)
	o, err := b.objects.Get(ctx, name)
	if errors.Is(err, bucket.ErrNotFound) {
		return nil, lockstate.ErrNoBundle
	}
	if err != nil {
		return nil, err
	}
	f, err := frame.Decode(o.Data, frame.Bundle, name)
	return f.Data, err
}

// PutBundle implements lockstate.Lease.
func (l *lease) PutBundle(ctx context.Context, digest string, data []byte) error {
	if err := l.putBundle(ctx, digest, data); err != nil {
		return fmt.Errorf("write bundle %.12s of %s: %w", digest, l.key, err)
	}
	return nil
}

func (l *lease) putBundle(ctx context.Context, digest string, data []byte) error {
	if err := errors.Join(l.Usable(), lockstate.CheckDigest(digest)); err != nil {
		return err
	}
	name := bundleName(l.key, digest)
	framed, err := frame.Frame{Kind: frame.Bundle, Place: name, Writer: l.Lock().ID, Token: l.Lock().Token, Data: data}.Encode()
	if err != nil {
		return err
	}
	if _, err = l.b.objects.Create(ctx, name, bucket.Object{Data: framed}); errors.Is(err, bucket.ErrExists) {
		return nil
	}
	return err
}
