package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

func bundlePlace(key lockstate.Key, digest string) string { return key.String() + "/" + digest }

// Bundle implements lockstate.Backend.
func (b *Backend) Bundle(ctx context.Context, key lockstate.Key, digest string) ([]byte, error) {
	data, err := readOr(ctx, b, key, func(d disk) ([]byte, error) {
		if err := lockstate.CheckDigest(digest); err != nil {
			return nil, err
		}
		stored, err := d.root.ReadFile(path.Join(bundleDir, digest))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, lockstate.ErrNoBundle
		}
		if err != nil {
			return nil, err
		}
		f, err := frame.Decode(stored, frame.Bundle, bundlePlace(key, digest))
		return append([]byte{}, f.Data...), err
	})
	if err == nil && data == nil { // there is no state
		err = lockstate.ErrNoBundle
	}
	if err != nil {
		return nil, fmt.Errorf("read bundle %.12s of %s: %w", digest, key, err)
	}
	return data, nil
}

// PutBundle implements lockstate.Lease.
func (l *lease) PutBundle(ctx context.Context, digest string, data []byte) error {
	if err := l.putBundle(ctx, digest, data); err != nil {
		return fmt.Errorf("write bundle %.12s of %s: %w", digest, l.key, err)
	}
	return nil
}

func (l *lease) putBundle(ctx context.Context, digest string, data []byte) error {
	if err := errors.Join(l.usable(), lockstate.CheckDigest(digest)); err != nil {
		return err
	}
	framed, err := frame.Frame{
		Kind: frame.Bundle, Place: bundlePlace(l.key, digest), Writer: l.lock.ID, Token: l.lock.Token, Data: data,
	}.Encode()
	if err != nil {
		return err
	}
	return l.whileOurs(ctx, func(document) error {
		name := path.Join(bundleDir, digest)
		if _, err := l.d.root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := l.d.ensureDir(bundleDir); err != nil {
			return err
		}
		return l.d.replace(name, framed)
	})
}
