package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// toolchainVersion asks the go command for its version, which takes it long enough to be worth remembering: by the
// command's path, size and time.
func toolchainVersion(ctx context.Context, goCommand, cacheDir string) (string, error) {
	real, err := filepath.EvalSymlinks(goCommand)
	if err != nil {
		return "", fmt.Errorf("find the go command: %w", err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return "", fmt.Errorf("find the go command: %w", err)
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %s", real, info.Size(), info.ModTime().UnixNano(), os.Getenv("GOTOOLCHAIN")))
	memo := filepath.Join(cacheDir, "toolchain-"+hex.EncodeToString(id[:8]))
	if b, err := os.ReadFile(memo); err == nil && len(b) > 0 {
		return string(b), nil
	}
	cmd := exec.CommandContext(ctx, goCommand, "version")
	cmd.Dir = os.TempDir() // no go.mod there may choose another toolchain
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			return "", fmt.Errorf("ask the go command for its version: %w\n%s", err, bytes.TrimSpace(exit.Stderr))
		}
		return "", fmt.Errorf("ask the go command for its version: %w", err)
	}
	version := bytes.TrimSpace(out)
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return "", fmt.Errorf("make the build cache: %w", err)
	}
	tmp, err := os.CreateTemp(cacheDir, "version-")
	if err != nil {
		return "", fmt.Errorf("write to the build cache: %w", err)
	}
	_, err = tmp.Write(version)
	if err := errors.Join(err, tmp.Close(), os.Rename(tmp.Name(), memo)); err != nil {
		return "", fmt.Errorf("write to the build cache: %w", err)
	}
	return string(version), nil
}
