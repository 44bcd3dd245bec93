package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// attached lists the files beside the waves' code that the programs read when they run, such as the code of functions,
// sorted. They are no part of the programs: a change of one builds nothing.
func (r Request) attached() []string {
	var names []string
	for name := range r.Files {
		if slices.Contains(r.Waves, path.Dir(name)) && path.Ext(name) != ".go" && path.Base(name) != "Pulumi.yaml" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// layOutAttached writes the attached files to a folder of the cache, once for the same contents, and gives the waves'
// folders in it; nil if there are no such files.
func (r Request) layOutAttached() (folders []string, err error) {
	names := r.attached()
	if len(names) == 0 {
		return nil, nil
	}
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(r.Files[name]))
	}
	to := filepath.Join(r.CacheDir, hex.EncodeToString(h.Sum(nil))[:keyLength])
	for _, wave := range r.Waves {
		folders = append(folders, filepath.Join(to, wave))
	}
	if _, err := os.Stat(to); err == nil {
		touch(to)
		return folders, nil
	}
	if err := os.MkdirAll(r.CacheDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the build cache: %w", err)
	}
	dir, err := os.MkdirTemp(r.CacheDir, "attached-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for what the programs read: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, wave := range r.Waves {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(wave)), 0o700); err != nil {
			return nil, fmt.Errorf("lay out %s: %w", wave, err)
		}
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), r.Files[name], 0o600); err != nil {
			return nil, fmt.Errorf("lay out %s: %w", name, err)
		}
	}
	return folders, install(dir, to)
}
