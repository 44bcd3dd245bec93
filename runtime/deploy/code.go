package deploy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/panka-io/panka/lockstate"
)

// maxCode is the size of the largest programs that are read back, in bytes: those of ten thousand components are smaller.
const maxCode = 256 << 20

// packCode makes an archive of generated programs: the same files give the same bytes.
func packCode(files map[string][]byte) (data []byte, digest string, err error) {
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err = errors.Join(err, archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(files[name]))}))
		_, writeErr := archive.Write(files[name])
		err = errors.Join(err, writeErr)
	}
	if err = errors.Join(err, archive.Close(), zipped.Close()); err != nil {
		return nil, "", fmt.Errorf("pack the programs: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return b.Bytes(), hex.EncodeToString(sum[:]), nil
}

// unpackCode reads what packCode made.
func unpackCode(data []byte, digest string) (map[string][]byte, error) {
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != digest {
		return nil, fmt.Errorf("%w: its digest is another one", lockstate.ErrCorrupt)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	archive := tar.NewReader(io.LimitReader(zipped, maxCode))
	files := map[string][]byte{}
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if !filepath.IsLocal(h.Name) || h.Typeflag != tar.TypeReg {
			return nil, fmt.Errorf("%w: it holds %q", lockstate.ErrCorrupt, h.Name)
		}
		if files[h.Name], err = io.ReadAll(archive); err != nil {
			return nil, err
		}
	}
}

// keepCode stores the programs of a run before it begins, unless the last one had the same.
func (s *session) keepCode(ctx context.Context) error {
	if s.req.Code == nil || s.code != "" {
		return nil
	}
	data, digest, err := packCode(s.req.Code)
	if err != nil {
		return err
	}
	if s.last == nil || s.last.Code != digest {
		if err := s.lease.PutBundle(ctx, digest, data); err != nil {
			return fmt.Errorf("keep the programs: %w", err)
		}
	}
	s.code = digest
	return nil
}

// ReadCode gives the programs that a deployment ran, by their paths below generated/<stack>/<environment>/. For one that
// left none, as a destroy or an import, it is lockstate.ErrNoBundle.
func ReadCode(ctx context.Context, backend lockstate.Backend, key lockstate.Key, d *Deployment) (map[string][]byte, error) {
	if d.Code == "" {
		return nil, fmt.Errorf("read the programs of %s: %w", d.ID, lockstate.ErrNoBundle)
	}
	data, err := backend.Bundle(ctx, key, d.Code)
	if err != nil {
		return nil, err
	}
	files, err := unpackCode(data, d.Code)
	if err != nil {
		return nil, fmt.Errorf("read the programs of %s: %w", d.ID, err)
	}
	return files, nil
}
