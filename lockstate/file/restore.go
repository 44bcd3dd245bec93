package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// damagedDir holds what a repair took out of the way.
const damagedDir = "damaged"

// Restore implements lockstate.Lease.
func (l *lease) Restore(ctx context.Context, serial uint64, data []byte) (lockstate.Snapshot, error) {
	next := lockstate.Snapshot{Serial: serial, Token: l.lock.Token, Writer: l.lock.ID, Data: data}
	if err := l.restore(ctx, next); err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("restore the state of %s: %w", l.key, err)
	}
	return next, nil
}

func (l *lease) restore(ctx context.Context, next lockstate.Snapshot) error {
	if err := l.usable(); err != nil {
		return err
	}
	framed, err := frame.Frame{
		Kind: frame.Snapshot, Place: l.key.String(), Writer: next.Writer, Serial: next.Serial, Token: next.Token, Data: next.Data,
	}.Encode()
	if err != nil {
		return err
	}
	temp, err := l.d.stage(".", framed)
	if err != nil {
		return err
	}
	defer l.d.discard(temp)
	return l.whileOurs(ctx, func(doc document) error {
		written := l.highWater(doc)
		if stored, err := readSnapshot(l.d, l.key, 0); err == nil {
			written = max(written, stored.Serial)
		}
		if next.Serial <= written {
			return fmt.Errorf("%w: serial %d was written, so %d cannot be", lockstate.ErrConflict, written, next.Serial)
		}
		// What is damaged may be all there is of something: it is kept until somebody deletes it.
		suffix := "-" + newID()
		if err := l.d.ensureDir(damagedDir); err != nil {
			return err
		}
		if err := l.d.root.Link(snapshotFile, path.Join(damagedDir, snapshotFile+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			if err := l.copyAside(snapshotFile, suffix); err != nil {
				return err
			}
		}
		if err := errors.Join(l.d.publish(temp, snapshotFile), l.d.syncDir(".")); err != nil {
			return err
		}
		l.advance(next.Serial)
		err := l.d.publish(journalDir, path.Join(damagedDir, journalDir+suffix))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return errors.Join(err, l.d.syncDir("."))
	})
}

// copyAside is for file systems without hard links.
func (l *lease) copyAside(name, suffix string) error {
	data, err := l.d.root.ReadFile(name)
	if err != nil {
		return err
	}
	return l.d.replace(path.Join(damagedDir, name+suffix), data)
}

// SetAside implements lockstate.Lease: the file moves into the folder "damaged".
func (l *lease) SetAside(ctx context.Context, object string) error {
	if err := l.setAside(ctx, object); err != nil {
		return fmt.Errorf("set %s of %s aside: %w", strconv.Quote(object), l.key, err)
	}
	return nil
}

func (l *lease) setAside(ctx context.Context, object string) error {
	if err := l.usable(); err != nil {
		return err
	}
	top, rest, _ := strings.Cut(object, "/")
	if !filepath.IsLocal(object) || rest == "" || top != historyDir && top != journalDir {
		return errors.New("it is no journal entry and no history record")
	}
	return l.whileOurs(ctx, func(document) error { return l.moveAside(object) })
}

func (l *lease) moveAside(object string) error {
	if _, err := l.d.root.Lstat(object); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := l.d.ensureDir(damagedDir); err != nil {
		return err
	}
	name := strings.ReplaceAll(object, "/", "-") + "-" + newID()
	if err := l.d.publish(object, path.Join(damagedDir, name)); err != nil {
		return err
	}
	return errors.Join(l.d.syncDir(path.Dir(object)), l.d.syncDir(damagedDir))
}
