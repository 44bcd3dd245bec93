// Package testservers starts, for tests, the servers that stand for S3 and DynamoDB: versitygw, a real S3 server, as a
// process, and for DynamoDB a double in process and dynoxide, a server of its own, as a process.
package testservers

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sys/unix"

	"github.com/panka-io/panka/lockstate/internal/tabledouble"
)

// Region, AccessKey and SecretKey are what clients of the servers use.
const (
	Region    = "us-east-1"
	AccessKey = "test"
	SecretKey = "testsecret"
)

// S3 starts an S3 server, with versions, and gives its address.
func S3(t testing.TB) string {
	t.Helper()
	binary, err := versitygw()
	if err != nil {
		t.Fatalf("build the S3 server: %v", err)
	}
	port := freePort(t)
	data, versions := t.TempDir(), t.TempDir()
	start(t, port, exec.Command(binary, "--access", AccessKey, "--secret", SecretKey, "--region", Region, "--quiet",
		"--port", port, "posix", "--versioning-dir", versions, data))
	return "http://" + port
}

// DynamoDB starts the double of DynamoDB and gives its address.
func DynamoDB(t testing.TB) string { return Serve(t, &tabledouble.Double{}) }

// Serve answers requests by a handler until the test ends and gives its address.
func Serve(t testing.TB, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// Credentials are those of all servers.
func Credentials() aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(AccessKey, SecretKey, "")
}

// S3Client is a client of the server at an address.
func S3Client(address string, options ...func(*s3.Options)) *s3.Client {
	return s3.New(s3.Options{Region: Region, Credentials: Credentials(), BaseEndpoint: &address, UsePathStyle: true}, options...)
}

// DynamoDBClient is a client of the server at an address.
func DynamoDBClient(address string, options ...func(*dynamodb.Options)) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{Region: Region, Credentials: Credentials(), BaseEndpoint: &address}, options...)
}

// start runs a server until the test ends and waits until it takes connections.
func start(t testing.TB, address string, cmd *exec.Cmd) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s takes no connections at %s: %v\n%s", cmd.Path, address, err, text)
		}
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// versitygw builds the server, in a module of its own, once: go build does nothing when it is there already.
var versitygw = sync.OnceValues(func() (string, error) {
	dir, module, unlock, err := place()
	if err != nil {
		return "", err
	}
	defer unlock()
	binary := filepath.Join(dir, "versitygw")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/versity/versitygw/cmd/versitygw")
	build.Dir = module
	if message, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, message)
	}
	return binary, nil
})

// place gives the folder that servers are put in, locked against other test processes until unlock is called, and the folder
// that says which versions they have.
func place() (dir, module string, unlock func(), err error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", "", nil, fmt.Errorf("find panka's module: %w", err)
	}
	dir = filepath.Join(os.TempDir(), fmt.Sprintf("panka-test-servers-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", "", nil, err
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		_ = lock.Close()
		return "", "", nil, err
	}
	return dir, filepath.Join(string(out[:len(out)-1]), "testdata", "servers"), func() { _ = lock.Close() }, nil
}
