package build

import (
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The cache keeps what was used within keepFor, but no more than keepMost of it: a program is tens of megabytes.
const (
	keepFor  = 30 * 24 * time.Hour
	keepMost = 20
)

// touch marks a folder of programs as used.
func touch(dir string) {
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // if it fails, the folder is only pruned earlier
}

// prune removes programs that were not used for long. A program that runs is not harmed, and what cannot be removed is
// left to the next build.
func prune(cache string) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return
	}
	type folder struct {
		path string
		used time.Time
	}
	var folders []folder
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && len(e.Name()) == keyLength {
			folders = append(folders, folder{filepath.Join(cache, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(folders, func(a, b folder) int { return b.used.Compare(a.used) })
	for i, f := range folders {
		if i >= keepMost || time.Since(f.used) > keepFor {
			_ = os.RemoveAll(f.path)
		}
	}
}
