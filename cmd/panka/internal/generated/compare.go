// Package generated keeps the folder of generated projects on disk: it writes it as a whole or not at all, and tells
// what in it is stale and what was edited by hand.
//
// It refuses to replace or delete a folder that panka did not make: one that is not empty and holds no bundle.json of
// this stack and environment.
package generated

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/panka-io/panka/codegen/bundle"
)

// State says how a file on disk differs from what would be generated.
type State string

// The states of a file that is not as generated.
const (
	Stale   State = "stale"          // generated from an older source
	Edited  State = "edited by hand" // not what panka wrote
	Missing State = "missing"
	Extra   State = "not generated" // somebody put it there
)

// Finding is one file that is not as it would be generated. Diff is a unified diff from disk to generated.
type Finding struct {
	Path  string // slash-separated, relative to the folder
	State State
	Diff  []byte
}

// Compare tells how the folder dir differs from the files that would be generated, sorted by path.
func Compare(dir string, files map[string][]byte) ([]Finding, error) {
	disk, err := Read(dir)
	if err != nil {
		return nil, err
	}
	var found []Finding
	recorded := recordedDigests(disk)
	for _, path := range slices.Sorted(maps.Keys(union(disk, files))) {
		have, onDisk := disk[path]
		want, wanted := files[path]
		if onDisk && wanted && string(have) == string(want) {
			continue
		}
		found = append(found, Finding{
			Path:  path,
			State: state(path, disk, files, recorded),
			Diff:  difference(path, have, want),
		})
	}
	return found, nil
}

// difference is that of two texts; of other files it says only that there is one.
func difference(path string, have, want []byte) []byte {
	if bytes.IndexByte(have, 0) >= 0 || bytes.IndexByte(want, 0) >= 0 {
		return []byte("the binary file " + path + " differs\n")
	}
	return diff.Diff(path, have, path+" (generated)", want)
}

// state explains a difference. What was recorded when the folder was written tells an old file from an edited one.
func state(path string, disk, files map[string][]byte, recorded map[string]string) State {
	have, onDisk := disk[path]
	_, wanted := files[path]
	digest, known := recorded[path]
	switch {
	case !onDisk:
		return Missing
	case path == bundle.FileName:
		return bundleState(have, files[path])
	case known && digest == Digest(have):
		return Stale
	case known || wanted:
		return Edited
	default:
		return Extra
	}
}

// bundleState tells a bundle of another source from one that was changed after it was written.
func bundleState(have, want []byte) State {
	old, err := bundle.Parse(have)
	if err != nil {
		return Edited
	}
	again, err := old.Marshal()
	if err != nil || string(again) != string(have) {
		return Edited
	}
	fresh, err := bundle.Parse(want)
	if err == nil && fresh.SourceDigest == old.SourceDigest && maps.Equal(fresh.Files, old.Files) {
		return Edited
	}
	return Stale
}

func recordedDigests(disk map[string][]byte) map[string]string {
	b, err := bundle.Parse(disk[bundle.FileName])
	if err != nil {
		return nil
	}
	return b.Files
}

func union(a, b map[string][]byte) map[string][]byte {
	out := maps.Clone(b)
	if out == nil {
		out = map[string][]byte{}
	}
	maps.Copy(out, a)
	return out
}

// Digest is the SHA-256 of data in hex, as bundle.json records it.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Read returns the files below dir by their slash-separated paths; none if dir does not exist. Links and devices are
// refused.
func Read(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			if path == dir && errors.Is(err, fs.ErrNotExist) {
				return filepath.SkipAll
			}
			return err
		}
		if e.IsDir() {
			return nil
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s is not a regular file", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)] = data
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read generated projects: %w", err)
	}
	return files, nil
}
