package bucket_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/bucketdouble"
	"github.com/panka-io/panka/lockstate/testservers"
)

// proxied gives a bucket of a real S3 server behind a proxy, which hands each request to fault first. What fault answers
// itself (true) does not get through.
func proxied(t *testing.T, fault func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool) *bucket.Bucket {
	server := testservers.S3(t)
	name := "objects"
	if _, err := testservers.S3Client(server).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	// The host that the client signed stays in the request.
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host }}
	address := testservers.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !fault(w, r, forward) {
			forward.ServeHTTP(w, r)
		}
	}))
	return bucket.New(testservers.S3Client(address), name, "p/")
}

func none(http.ResponseWriter, *http.Request, http.Handler) bool { return false }

func TestConditions(t *testing.T) {
	b, ctx := proxied(t, none), t.Context()
	if _, err := b.Get(ctx, "x"); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("read what does not exist: %v", err)
	}
	if _, err := b.Replace(ctx, "x", `"00000000000000000000000000000000"`, bucket.Object{}); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("replace what does not exist: %v", err)
	}
	first, err := b.Create(ctx, "x", bucket.Object{Data: []byte("one"), Meta: map[string]string{"a": "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Create(ctx, "x", bucket.Object{}); !errors.Is(err, bucket.ErrExists) {
		t.Errorf("create what exists: %v", err)
	}
	second, err := b.Replace(ctx, "x", first, bucket.Object{Data: []byte("two")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Replace(ctx, "x", first, bucket.Object{Data: []byte("three")}); !errors.Is(err, bucket.ErrChanged) {
		t.Errorf("replace what has changed: %v", err)
	}
	o, err := b.Get(ctx, "x")
	if err != nil || string(o.Data) != "two" || o.Version != second {
		t.Errorf("got %q, version %s (want %s), %v", o.Data, o.Version, second, err)
	}
	if _, err := bucket.New(testservers.S3Client(testservers.S3(t)), "missing", "").Get(ctx, "x"); err == nil || errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("a missing bucket is %v, which looks like a missing object", err)
	}
}

// TestPassing has S3 refuse the first calls, also more of them than the SDK makes by itself.
func TestPassing(t *testing.T) {
	for _, status := range []int{http.StatusConflict, http.StatusInternalServerError, http.StatusServiceUnavailable} {
		var calls atomic.Int32
		b := proxied(t, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
			if calls.Add(1) > 4 {
				return false
			}
			w.WriteHeader(status)
			return true
		})
		if _, err := b.Create(t.Context(), "x", bucket.Object{Data: []byte("x")}); err != nil {
			t.Errorf("%d: %v after %d calls", status, err, calls.Load())
		}
	}
}

// TestLostAnswer: the first write is carried out, its answer never comes, and the SDK's second try is refused because of
// the first. The caller is told and can compare.
func TestLostAnswer(t *testing.T) {
	var calls atomic.Int32
	b := proxied(t, func(_ http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if r.Method != http.MethodPut || calls.Add(1) > 1 {
			return false
		}
		forward.ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler) // cuts the connection
	})
	_, err := b.Create(t.Context(), "x", bucket.Object{Data: []byte("mine")})
	if !errors.Is(err, bucket.ErrExists) || calls.Load() < 2 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
	if o, err := b.Get(t.Context(), "x"); err != nil || string(o.Data) != "mine" {
		t.Errorf("got %q, %v", o.Data, err)
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// TestCutBody: half an object must not be taken for one.
func TestCutBody(t *testing.T) {
	data := strings.Repeat("0123456789", 1<<15)
	var cuts atomic.Int32
	b := proxied(t, func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodGet || cuts.Add(1) > 3 {
			return false
		}
		w.Header().Set("Content-Length", "327680")
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, data[:1000])
		panic(http.ErrAbortHandler)
	})
	if _, err := b.Create(t.Context(), "x", bucket.Object{Data: []byte(data)}); err != nil {
		t.Fatal(err)
	}
	if o, err := b.Get(t.Context(), "x"); err != nil || string(o.Data) != data {
		t.Errorf("got %d bytes, %v after %d cuts", len(o.Data), err, cuts.Load())
	}
}

func TestListAndDelete(t *testing.T) {
	ctx := t.Context()
	for what, b := range map[string]*bucket.Bucket{"server": proxied(t, none), "double": bucket.New(&bucketdouble.Double{}, "b", "p/")} {
		for _, name := range []string{"a/1", "a/2", "a/3", "a/4", "a/5", "b/1"} {
			if _, err := b.Create(ctx, name, bucket.Object{Data: []byte(name)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Delete(ctx, "a/2", "a/missing"); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		names, err := b.List(ctx, "a/")
		if got := strings.Join(names, " "); err != nil || got != "a/1 a/3 a/4 a/5" {
			t.Errorf("%s: got %s, %v", what, got, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	b := proxied(t, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Get(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
