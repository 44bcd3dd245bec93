package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Names in a state's folder.
const (
	documentFile = "lock.json"
	liveFile     = "lock.flock"
	gateFile     = "write.flock"
	snapshotFile = "snapshot"
	journalDir   = "journal"
	historyDir   = "history"
	bundleDir    = "bundles"
	tempPrefix   = ".tmp-"
)

// disk makes durable changes in one folder. No name leads out of it.
type disk struct {
	root *os.Root
	step func(string)
}

func (d disk) at(step string) {
	if d.step != nil {
		d.step(step)
	}
}

// stage writes data durably to a new temporary file in the folder dir and returns its name.
func (d disk) stage(dir string, data []byte) (string, error) {
	temp := path.Join(dir, tempPrefix+rand.Text())
	d.at("stage " + dir)
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		d.discard(temp)
		return "", err
	}
	d.at("staged " + dir)
	return temp, nil
}

// discard removes a staged file that was not published. A failure only leaves a file for the next run to remove.
func (d disk) discard(temp string) { _ = d.root.RemoveAll(temp) }

// publish gives a staged file its name, replacing what had it. It is durable once syncDir has been called.
func (d disk) publish(temp, name string) error {
	d.at("publish " + name)
	if err := d.root.Rename(temp, name); err != nil {
		return err
	}
	d.at("published " + name)
	return nil
}

// replace writes a file so that it is whole, old or new, whatever happens.
func (d disk) replace(name string, data []byte) error {
	temp, err := d.stage(path.Dir(name), data)
	if err != nil {
		return err
	}
	if err := d.publish(temp, name); err != nil {
		d.discard(temp)
		return err
	}
	return d.syncDir(path.Dir(name))
}

// syncDir makes the names in a folder durable.
func (d disk) syncDir(dir string) error {
	d.at("sync " + dir)
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("make the folder %s durable: %w", dir, err)
	}
	return nil
}

// ensureDir makes a folder and those above it, durably.
func (d disk) ensureDir(dir string) error {
	if dir == "." {
		return nil
	}
	d.at("mkdir " + dir)
	err := d.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.ensureDir(path.Dir(dir)); err != nil {
			return err
		}
		err = d.root.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.syncDir(path.Dir(dir))
}

// list gives the names in a folder, sorted, without temporary ones; nothing if there is no folder.
func (d disk) list(dir string) ([]string, error) {
	names, err := d.names(dir)
	return slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, tempPrefix) }), err
}

// subfolders gives the names of the folders in a folder, sorted.
func (d disk) subfolders(dir string) ([]string, error) {
	names, err := d.list(dir)
	return slices.DeleteFunc(names, func(n string) bool {
		info, err := d.root.Lstat(path.Join(dir, n))
		return err != nil || !info.IsDir()
	}), err
}

func (d disk) names(dir string) ([]string, error) {
	f, err := d.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("list the folder %s: %w", dir, err)
	}
	slices.Sort(names)
	return names, nil
}

// removeTemporary removes what crashed runs left behind in the folders that hold temporary files.
func (d disk) removeTemporary() error {
	dirs := []string{".", historyDir, bundleDir}
	tokens, err := d.list(journalDir)
	if err != nil {
		return err
	}
	for _, token := range tokens {
		dirs = append(dirs, path.Join(journalDir, token))
	}
	for _, dir := range dirs {
		names, err := d.names(dir)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !strings.HasPrefix(name, tempPrefix) {
				continue
			}
			if err := d.root.RemoveAll(path.Join(dir, name)); err != nil {
				return fmt.Errorf("remove what a crashed run left: %w", err)
			}
		}
	}
	return nil
}
