package file

import (
	"errors"
	"io/fs"
	"path"
)

// What was there before the stored snapshot is kept for repairs: the snapshot before it, and the journal between the two.
const previousDir = "previous"

// keepPrevious keeps the stored snapshot beside the one that is about to take its place. It is no part of what makes a
// state durable: where it cannot be kept, as on a file system without hard links, a repair has less to work with.
func keepPrevious(d disk) {
	old := tempPrefix + previousDir + "-" + newID()
	if err := d.publish(previousDir, old); err == nil {
		defer d.discard(old)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if d.root.Mkdir(previousDir, 0o700) == nil {
		_ = d.root.Link(snapshotFile, path.Join(previousDir, snapshotFile))
	}
}

// retireJournal makes all entries disappear in one step: into what is kept for repairs, or for good, when there has been no
// snapshot to which they applied.
func retireJournal(d disk) error {
	kept := path.Join(previousDir, journalDir)
	if _, err := d.root.Lstat(path.Join(previousDir, snapshotFile)); err == nil {
		if err := d.publish(journalDir, kept); err == nil {
			return d.syncDir(".")
		}
	}
	aside := tempPrefix + journalDir + "-" + newID()
	err := d.publish(journalDir, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = d.syncDir(".")
		d.discard(aside)
	}
	return err
}
