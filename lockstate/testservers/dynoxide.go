package testservers

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Dynoxide starts a DynamoDB server that others wrote and gives its address. It comes from npm; where there is no npm, or no
// build of it for the machine, the test is skipped.
func Dynoxide(t testing.TB) string {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skipf("dynoxide is pinned for linux/amd64 only, this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skipf("dynoxide comes from npm: %v", err)
	}
	binary, err := dynoxide()
	if err != nil {
		t.Fatalf("install dynoxide: %v", err)
	}
	port := freePort(t)
	_, number, _ := net.SplitHostPort(port)
	start(t, port, exec.Command(binary, "--port", number))
	return "http://" + port
}

// dynoxide installs the server at the version, and with the checksum, that the lock file names, unless it is there.
var dynoxide = sync.OnceValues(func() (string, error) {
	dir, module, unlock, err := place()
	if err != nil {
		return "", err
	}
	defer unlock()
	const binary = "node_modules/@dynoxide/linux-x64/dynoxide"
	dir = filepath.Join(dir, "npm")
	wanted, err := os.ReadFile(filepath.Join(module, "package-lock.json"))
	if err != nil {
		return "", err
	}
	// The copy called installed is written after the installation, so it tells that what is there is whole.
	if got, err := os.ReadFile(filepath.Join(dir, "installed")); err == nil && string(got) == string(wanted) {
		return filepath.Join(dir, binary), nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if message, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, message)
	}
	return filepath.Join(dir, binary), os.WriteFile(filepath.Join(dir, "installed"), wanted, 0o600)
})
