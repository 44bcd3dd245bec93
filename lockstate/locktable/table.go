package locktable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/panka-io/panka/lockstate"
)

// callLimit is how long one call of DynamoDB may take, the SDK's repetitions included.
const callLimit = 5 * time.Second

// API is what is needed of DynamoDB.
type API interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// Options of a Table; the zero value is right for use.
type Options struct {
	// Lease is how long a lock outlives the last sign of life of its holder. 0 means 60 s.
	Lease time.Duration
	// Heartbeat is the time between two signs of life. 0 means a quarter of Lease; it must be less than half of it.
	Heartbeat time.Duration
	// Space stands before the keys of all locks, as "sandbox/", so that one table can hold several worlds.
	Space string
	// Clock is nil for the system's.
	Clock Clock
}

// Table is a table of locks. It is safe for concurrent use.
type Table struct {
	api  API
	name string
	opts Options

	mu        sync.Mutex
	sightings map[lockstate.Key]sighting
}

// New uses the table with that name, which must exist.
func New(api API, name string, opts Options) (*Table, error) {
	if opts.Lease == 0 {
		opts.Lease = time.Minute
	}
	if opts.Heartbeat == 0 {
		opts.Heartbeat = opts.Lease / 4
	}
	if opts.Lease < 0 || opts.Heartbeat <= 0 || 2*opts.Heartbeat >= opts.Lease {
		return nil, fmt.Errorf("a lease of %s with a heartbeat every %s: the heartbeat must be less than half the lease", opts.Lease, opts.Heartbeat)
	}
	if opts.Clock == nil {
		opts.Clock = systemClock
	}
	return &Table{api: api, name: name, opts: opts, sightings: map[lockstate.Key]sighting{}}, nil
}

// sighting is when this process first saw a version of a lock, on its own clock.
type sighting struct {
	run     string
	version uint64
	since   time.Duration
}

// unchangedFor tells how long the item had been seen as it is when the call that read it was sent.
func (t *Table) unchangedFor(key lockstate.Key, i item, sent time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen, ok := t.sightings[key]
	if !ok || seen.run != i.run || seen.version != i.version {
		t.sightings[key] = sighting{run: i.run, version: i.version, since: t.opts.Clock()}
		return 0
	}
	return sent - seen.since
}

// stale tells whether a held lock's holder has shown no sign of life for its whole lease.
func (t *Table) stale(key lockstate.Key, i item, sent time.Duration) bool {
	lease := i.lease
	if lease == 0 {
		lease = t.opts.Lease
	}
	return t.unchangedFor(key, i, sent) >= lease
}

// read gives the item, an empty one if there is none.
func (t *Table) read(ctx context.Context, key lockstate.Key) (item, error) {
	if err := key.Validate(); err != nil {
		return item{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	consistent := true
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: t.keyOf(key), ConsistentRead: &consistent,
	})
	if err != nil {
		return item{}, err
	}
	return parse(out.Item)
}

func (t *Table) keyOf(key lockstate.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{KeyAttribute: text(t.opts.Space + key.String())}
}

// Holder is the lock in force, nil if nobody holds it.
func (t *Table) Holder(ctx context.Context, key lockstate.Key) (*lockstate.Lock, error) {
	sent := t.opts.Clock()
	i, err := t.read(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read the lock of %s: %w", key, err)
	}
	if !i.held() || t.stale(key, i, sent) {
		return nil, nil
	}
	lock := i.lock()
	return &lock, nil
}

// Serial is that of the snapshot last written under a lock, 0 if none was.
func (t *Table) Serial(ctx context.Context, key lockstate.Key) (uint64, error) {
	i, err := t.read(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("read the lock of %s: %w", key, err)
	}
	return i.serial, nil
}

// Unlock ends the lock with that ID, whoever holds it, and raises the token. Another lock is a *lockstate.HeldError, none
// an error.
func (t *Table) Unlock(ctx context.Context, key lockstate.Key, lockID string) error {
	if err := t.unlock(ctx, key, lockID); err != nil {
		return fmt.Errorf("unlock %s: %w", key, err)
	}
	return nil
}

func (t *Table) unlock(ctx context.Context, key lockstate.Key, lockID string) error {
	before, err := t.read(ctx, key)
	switch {
	case err != nil:
		return err
	case !before.held():
		return errors.New("it is not locked")
	case before.run != lockID:
		return &lockstate.HeldError{Key: key, Lock: before.lock()}
	}
	_, err = t.update(ctx, key, change{
		set:       "SET #token = #token + :one, #version = #version + :one, #clean = :clean REMOVE #run, #owner, #acquired, #renewed",
		condition: "#run = :run AND #token = :token",
		values: map[string]types.AttributeValue{
			":one": number(1), ":clean": flag(false), ":run": text(lockID), ":token": number(before.token),
		},
	})
	var refused *refusal
	if err == nil || !errors.As(err, &refused) && !t.ambiguous(err) {
		return err
	}
	// Whether by us or by somebody else at the same moment, the lock is broken if its token was raised and nobody has it.
	after, readErr := t.read(context.WithoutCancel(ctx), key)
	switch {
	case readErr != nil:
		return errors.Join(err, readErr)
	case after.run == lockID:
		return err
	case after.token > before.token:
		return nil
	default:
		return errors.New("its holder gave it back in the meantime")
	}
}

// change is one conditional update.
type change struct {
	set, condition string
	values         map[string]types.AttributeValue
}

// refusal says that a condition did not hold, and what the item was.
type refusal struct{ found item }

func (r *refusal) Error() string { return "the lock was changed by somebody else" }

// names are the placeholders for attributes: some of their names are words of DynamoDB's own.
var names = map[string]string{
	"#run": attrRun, "#version": attrVersion, "#token": attrToken, "#serial": attrSerial, "#lease": attrLease,
	"#owner": attrOwner, "#acquired": attrAcquired, "#renewed": attrRenewed, "#clean": attrClean,
}

// update makes a change and gives the item as it was before. A condition that does not hold is a *refusal.
func (t *Table) update(ctx context.Context, key lockstate.Key, c change) (item, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	out, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: t.keyOf(key), UpdateExpression: &c.set, ConditionExpression: &c.condition,
		ExpressionAttributeNames: c.names(), ExpressionAttributeValues: c.values,
		ReturnValues: types.ReturnValueAllOld, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		found, err := parse(failed.Item)
		if err != nil {
			return item{}, err
		}
		return item{}, &refusal{found: found}
	}
	if err != nil {
		return item{}, err
	}
	return parse(out.Attributes)
}

// ambiguous tells whether a call that failed may have made its change: all may but those that DynamoDB refused.
func (t *Table) ambiguous(err error) bool {
	var refused interface{ ErrorCode() string }
	if !errors.As(err, &refused) {
		return true
	}
	switch refused.ErrorCode() {
	case "ValidationException", "ResourceNotFoundException", "AccessDeniedException", "UnrecognizedClientException":
		return false
	default:
		return true
	}
}

func ownerText(o lockstate.Owner) (string, error) {
	data, err := json.Marshal(o)
	return string(data), err
}

// names are the placeholders that the expressions use: DynamoDB refuses those that they do not.
func (c change) names() map[string]string {
	used := map[string]string{}
	for placeholder, name := range names {
		if strings.Contains(c.set+" "+c.condition+" ", placeholder) {
			used[placeholder] = name
		}
	}
	return used
}
