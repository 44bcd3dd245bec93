package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// A holder's sign of life on its own machine is lock.flock, on which it holds an operating system lock until its
// process ends. Every holder makes the file anew, because an earlier one whose lock was broken may still hold the old
// file.

// newLive makes and locks the file under a temporary name, which it returns too.
func newLive(d disk) (*os.File, string, error) {
	temp := tempPrefix + rand.Text()
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, "", err
	}
	if err := lockLive(d, f, temp); err != nil {
		dropLive(f)
		d.discard(temp)
		return nil, "", err
	}
	return f, temp, nil
}

// ensureLiveFile makes a file that nobody holds if there is none, so that a crash of the first holder before it has
// published its own leaves one to look at.
func ensureLiveFile(d disk) error {
	f, err := d.root.OpenFile(liveFile, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// lockLive also checks that a second lock is refused: some network and user-space file systems grant every lock.
func lockLive(d disk, f *os.File, name string) error {
	if got, err := tryFlock(f, false); err != nil || !got {
		return errors.Join(err, errors.New("the file system does not lock files"))
	}
	alive, _, err := probeLive(d, name)
	if err != nil {
		return err
	}
	if !alive {
		return fmt.Errorf("the file system of %s grants one lock twice: keep the state on another one", d.root.Name())
	}
	return nil
}

// probeLive tells whether a process holds the file, and whether there is such a file at all.
func probeLive(d disk, name string) (alive, exists bool, err error) {
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	defer f.Close()
	// Shared, so that two who look at the same time do not take each other for the holder.
	got, err := tryFlock(f, true)
	if err != nil {
		return false, true, err
	}
	if got {
		_ = unflock(f)
	}
	return !got, true, nil
}

// dropLive ends the sign of life. Nothing can be done about errors, and the process's end does the same.
func dropLive(f *os.File) {
	_ = unflock(f)
	_ = f.Close()
}
