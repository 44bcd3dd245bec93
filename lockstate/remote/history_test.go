package remote_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/bucketdouble"
	"github.com/panka-io/panka/lockstate/internal/tabledouble"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/lockstate/testservers"
)

// histories is how many short histories are checked, unless PANKA_HISTORIES says another number.
const histories = 10_000

// TestHistories lets clients compete for a state whose services fail in every way that a network allows, and has
// porcupine check that what they saw is what a lock with a fenced register gives: tokens grow, a state that is read is the
// last one written, and no write succeeds that is based on an older one or comes from a holder who was replaced.
func TestHistories(t *testing.T) {
	n := histories
	if text := os.Getenv("PANKA_HISTORIES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatalf("PANKA_HISTORIES: %v", err)
		}
	}
	abreast := 128 * runtime.GOMAXPROCS(0)
	if testing.Short() {
		// The race detector makes every step dearer: with as many abreast, leases would run out before anybody writes.
		n, abreast = n/20, abreast/8
	}
	checkHistories(t, directTable(t), n, abreast)
}

// TestHistoriesDynoxide is the same on a DynamoDB that others wrote, over the network, so with fewer histories.
func TestHistoriesDynoxide(t *testing.T) {
	table := testservers.DynamoDBClient(testservers.Dynoxide(t))
	(&world{table: table}).makeTable(t, historyTable)
	checkHistories(t, table, histories/50, 8*runtime.GOMAXPROCS(0))
}

const historyTable = "histories"

// directTable is a table in a DynamoDB in process, called without a network.
func directTable(t *testing.T) tabledouble.Direct {
	server := &tabledouble.Double{}
	(&world{table: testservers.DynamoDBClient(testservers.Serve(t, server))}).makeTable(t, historyTable)
	return tabledouble.Direct{Double: server}
}

// checkHistories makes n histories, so many abreast, with their locks in a table.
func checkHistories(t *testing.T, table locktable.API, n, abreast int) {
	var seeds, acquired, written, took atomic.Uint64
	var wg sync.WaitGroup
	for range abreast {
		wg.Go(func() {
			for seed := seeds.Add(1); seed <= uint64(n) && !t.Failed(); seed = seeds.Add(1) {
				h := runHistory(t, seed, table)
				for _, op := range h {
					out := op.Output.(outcome)
					switch in := op.Input.(input); {
					case out.unknown:
					case in.kind == acquiring:
						acquired.Add(1)
						if in.client > 0 && out.token > 1 {
							took.Add(1)
						}
					case in.kind == writing:
						written.Add(1)
					}
				}
				if r := porcupine.CheckOperationsTimeout(register.ToModel(), h, 20*time.Second); r != porcupine.Ok {
					t.Errorf("history %d is %s: %s", seed, r, describe(h))
				}
			}
		})
	}
	wg.Wait()
	if acquired.Load() < uint64(n) || written.Load() < uint64(n) {
		t.Errorf("%d histories have only %d acquisitions and %d writes: they show too little", n, acquired.Load(), written.Load())
	}
	t.Logf("%d histories, %d acquisitions, %d by another than the first, %d writes", n, acquired.Load(), took.Load(), written.Load())
}

type kind int

const (
	acquiring kind = iota
	reading
	writing
)

// input is what a client asks for, outcome what it learns. Of what failed with an error, nobody knows whether it was done.
type input struct {
	kind   kind
	client int
	token  uint64 // of a write: the writer's
	serial uint64 // of a write: the base
	value  string
}

type outcome struct {
	token, serial uint64
	value         string
	unknown       bool
}

// cell is the state of the model: the highest token that was given out, and what is stored.
type cell struct {
	token, serial uint64
	value         string
}

var register = porcupine.NondeterministicModel{
	Init: func() []any { return []any{cell{}} },
	Step: func(state, in, out any) []any {
		c, i, o := state.(cell), in.(input), out.(outcome)
		switch i.kind {
		case acquiring:
			if o.unknown {
				return []any{c}
			}
			if o.token <= c.token {
				return nil
			}
			return []any{cell{token: o.token, serial: c.serial, value: c.value}}
		case reading:
			if o.unknown || o.serial == c.serial && o.value == c.value {
				return []any{c}
			}
			return nil
		default:
			done := cell{token: c.token, serial: c.serial + 1, value: i.value}
			legal := i.serial == c.serial && i.token >= c.token
			switch {
			case legal && o.unknown:
				return []any{c, done}
			case legal:
				return []any{done}
			case o.unknown:
				return []any{c}
			default:
				return nil
			}
		}
	},
	Equal: func(a, b any) bool { return a == b },
}

func describe(h []porcupine.Operation) string {
	text := ""
	for _, op := range h {
		text += fmt.Sprintf("\n  %8d..%-8d %+v -> %+v", op.Call/1000, op.Return/1000, op.Input, op.Output)
	}
	return text
}

// runHistory lets three clients work on one state for a moment.
func runHistory(t *testing.T, seed uint64, table locktable.API) []porcupine.Operation {
	key := lockstate.Key{Tenant: "default", Stack: fmt.Sprintf("s%d", seed), Environment: "dev"}
	var mu sync.Mutex
	var all []porcupine.Operation
	began := time.Now()
	end := int64(1) << 60
	record := func(client int, call time.Duration, in input, out outcome) {
		op := porcupine.Operation{ClientId: client, Input: in, Output: out, Call: int64(call), Return: int64(time.Since(began))}
		if out.unknown {
			op.Return = end // it may take effect at any time
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, op)
	}
	store := &bucketdouble.Double{}
	var wg sync.WaitGroup
	for client := range 3 {
		rnd := rand.New(rand.NewPCG(seed, uint64(client)))
		f := &faults{table: table, objects: store, rnd: rnd}
		locks, err := locktable.New(f, historyTable, locktable.Options{Lease: 200 * time.Millisecond, Heartbeat: 30 * time.Millisecond, Clock: f.clock})
		if err != nil {
			t.Error(err)
			return nil
		}
		b := remote.New(bucket.New(f, "states", ""), locks)
		wg.Go(func() {
			for range 3 {
				competing{b: b, key: key, client: client, rnd: rnd, faults: f, began: began, record: record}.turn(t)
			}
		})
	}
	wg.Wait()
	return all
}

// competing is one client in a history.
type competing struct {
	b      *remote.Backend
	key    lockstate.Key
	client int
	rnd    *rand.Rand
	faults *faults
	began  time.Time
	record func(client int, call time.Duration, in input, out outcome)
}

// turn acquires the lock, reads, thinks for a while, perhaps for longer than the lease, and writes.
func (c competing) turn(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var l lockstate.Lease
	for tries := 0; l == nil && tries < 150; tries++ {
		call := time.Since(c.began)
		got, err := c.b.Acquire(ctx, c.key, lockstate.Owner{Who: "ada", PID: c.client})
		if err != nil {
			c.faults.sleep(5 * time.Millisecond)
			continue
		}
		l = got
		c.record(c.client, call, input{kind: acquiring, client: c.client}, outcome{token: l.Lock().Token})
	}
	if l == nil {
		return
	}
	call := time.Since(c.began)
	s, err := c.b.Snapshot(ctx, c.key)
	c.record(c.client, call, input{kind: reading, client: c.client}, outcome{serial: s.Serial, value: string(s.Data), unknown: err != nil})
	if err == nil {
		if c.faults.chance(4) {
			c.faults.sleep(time.Duration(c.faults.number(400)) * time.Millisecond)
		}
		if c.faults.chance(10) {
			c.faults.jump(time.Duration(c.faults.number(400)) * time.Millisecond)
		}
		in := input{kind: writing, client: c.client, token: l.Lock().Token, serial: s.Serial, value: fmt.Sprintf("%d/%d/%d", c.client, l.Lock().Token, call)}
		call = time.Since(c.began)
		_, err = l.WriteSnapshot(ctx, s.Serial, []byte(in.value))
		c.record(c.client, call, in, outcome{unknown: err != nil})
	}
	if c.faults.chance(5) {
		c.faults.die() // and never gives the lock back
	}
	_ = l.Release(ctx)
	c.faults.revive()
}

// faults stands between a client and its services. Each call may fail before it is made or after, be made twice, be slow, or
// be answered by the service's own bad moods.
type faults struct {
	table   locktable.API
	objects bucket.API

	mu   sync.Mutex
	rnd  *rand.Rand
	off  time.Duration
	dead bool
}

var errCut = errors.New("the connection was cut")

func (f *faults) number(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rnd.IntN(n)
}

func (f *faults) chance(oneIn int) bool { return f.number(oneIn) == 0 }

func (f *faults) sleep(d time.Duration) { time.Sleep(d) }

// clock is the client's own, which can jump.
func (f *faults) clock() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Since(zero) + f.off
}

var zero = time.Now()

func (f *faults) jump(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.off += d
}

func (f *faults) die()    { f.setDead(true) }
func (f *faults) revive() { f.setDead(false) }

func (f *faults) setDead(dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = dead
}

// call makes a call with faults. mood is what the service itself may answer instead, nil for nothing.
func call[T any](f *faults, mood func(n int) error, do func() (T, error)) (T, error) {
	var none T
	f.mu.Lock()
	dead := f.dead
	f.mu.Unlock()
	if dead {
		return none, errCut
	}
	switch n := f.number(60); {
	case n == 0:
		return none, errCut // the request was lost
	case n == 1:
		_, _ = do() // the answer was lost
		return none, errCut
	case n == 2, n == 3:
		_, _ = do() // and the SDK makes the call again
	case n == 4: // the request is under way for longer than many a lease
		time.Sleep(time.Duration(f.number(700)) * time.Millisecond)
	case n < 8 && mood != nil:
		if err := mood(n); err != nil {
			return none, err
		}
	}
	return do()
}

// moods are S3's answers when it cannot do something just then.
func moods(n int) error {
	return bucketdouble.Answer([]int{http.StatusConflict, http.StatusInternalServerError, http.StatusServiceUnavailable}[n%3])
}

func (f *faults) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return call(f, nil, func() (*dynamodb.GetItemOutput, error) { return f.table.GetItem(ctx, in, o...) })
}

func (f *faults) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return call(f, nil, func() (*dynamodb.UpdateItemOutput, error) { return f.table.UpdateItem(ctx, in, o...) })
}

func (f *faults) GetObject(ctx context.Context, in *s3.GetObjectInput, o ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return call(f, moods, func() (*s3.GetObjectOutput, error) { return f.objects.GetObject(ctx, in, o...) })
}

func (f *faults) HeadObject(ctx context.Context, in *s3.HeadObjectInput, o ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	return call(f, moods, func() (*s3.HeadObjectOutput, error) { return f.objects.HeadObject(ctx, in, o...) })
}

func (f *faults) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return call(f, moods, func() (*s3.PutObjectOutput, error) {
		if body, ok := in.Body.(io.Seeker); ok {
			if _, err := body.Seek(0, io.SeekStart); err != nil {
				return nil, err
			}
		}
		return f.objects.PutObject(ctx, in, o...)
	})
}

func (f *faults) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput, o ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	return call(f, moods, func() (*s3.DeleteObjectsOutput, error) { return f.objects.DeleteObjects(ctx, in, o...) })
}

func (f *faults) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, o ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	return call(f, moods, func() (*s3.ListObjectsV2Output, error) { return f.objects.ListObjectsV2(ctx, in, o...) })
}

func (f *faults) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, o ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	return call(f, moods, func() (*s3.ListObjectVersionsOutput, error) { return f.objects.ListObjectVersions(ctx, in, o...) })
}
