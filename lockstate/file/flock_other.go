//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package file

import (
	"errors"
	"os"
)

// flockSupported is false: Open refuses, so the functions below are never reached.
const flockSupported = false

func tryFlock(*os.File, bool) (bool, error) { return false, errors.ErrUnsupported }

func unflock(*os.File) error { return errors.ErrUnsupported }
