//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package file

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const flockSupported = true

// tryFlock locks f, for itself alone or shared, and tells whether it got the lock. It does not wait. The lock ends with
// unflock or with the process, however that dies.
func tryFlock(f *os.File, shared bool) (bool, error) {
	how := unix.LOCK_EX
	if shared {
		how = unix.LOCK_SH
	}
	err := flock(f, how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// unflock gives the lock back at once, even if a process that is just being started still has f.
func unflock(f *os.File) error { return flock(f, unix.LOCK_UN) }

func flock(f *os.File, how int) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	var result error
	err = conn.Control(func(fd uintptr) {
		for result = unix.Flock(int(fd), how); errors.Is(result, unix.EINTR); {
			result = unix.Flock(int(fd), how)
		}
	})
	if err = errors.Join(err, result); err != nil {
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	return nil
}
