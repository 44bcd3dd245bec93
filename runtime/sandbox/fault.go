package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// operation is what is done to a resource, in sandbox.yaml's words.
type operation string

const (
	creating operation = "create"
	updating operation = "update"
	deleting operation = "delete"
	reading  operation = "read"
)

// injected is a failure that sandbox.yaml asked for.
type injected struct {
	reason  string
	partial bool // the operation is done and only reported failed
	silent  bool // the operation is done and reported well, but its resource is not
}

// done tells whether the operation is carried out.
func (f *injected) done() bool { return f == nil || f.partial || f.silent }

func (f *injected) Error() string { return f.reason }

// inject decides whether an operation fails. What it counts is kept in the account, so that "times: 1" holds however
// many processes there are. Changing a fault in sandbox.yaml starts its counting anew.
func (a *Account) inject(tx *store.Tx, op operation, urn resource.URN) *injected {
	for _, f := range a.config.Faults {
		if !matches(f.Type, string(urn.Type())) || !matches(f.Name, urn.Name()) || !matches(f.Operation, string(op)) {
			continue
		}
		count := tx.Next("fault/" + f.key())
		if count <= uint64(f.After) || (f.Times > 0 && count > uint64(f.After+f.Times)) {
			return nil // the first entry that matches decides
		}
		return &injected{reason: f.Error, partial: f.Partial, silent: f.Silent}
	}
	return a.injectRandom(tx, op, urn)
}

func matches(pattern, value string) bool { return pattern == "" || aws.Wildcard(pattern, value) }

func (f faultConfig) key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %d %q %t", f.Type, f.Name, f.Operation, f.After, f.Times, f.Error, f.Partial))
	if f.Silent {
		return "silent/" + hex.EncodeToString(sum[:6])
	}
	return hex.EncodeToString(sum[:6])
}

// injectRandom fails a share of all operations. Which ones follows from the seed, the resource and how often the same
// was tried, so that a run can be repeated.
func (a *Account) injectRandom(tx *store.Tx, op operation, urn resource.URN) *injected {
	random := a.config.Random
	if random.Rate <= 0 {
		return nil
	}
	try := tx.Next(fmt.Sprintf("random/%s/%s/%s", op, urn.Type(), urn.Name()))
	sum := sha256.Sum256(fmt.Appendf(nil, "%d|%s|%s|%s|%d", random.Seed, op, urn.Type(), urn.Name(), try))
	if float64(binary.BigEndian.Uint32(sum[:4]))/(1<<32) >= random.Rate {
		return nil
	}
	if sum[4]%2 == 0 {
		return &injected{reason: "api error ThrottlingException: Rate exceeded"}
	}
	return &injected{reason: "api error InternalFailure: The request processing has failed because of an unknown error, exception or failure."}
}

// readsMayFail tells whether reading needs a transaction at all.
func (a *Account) readsMayFail() bool {
	if a.config.Random.Rate > 0 {
		return true
	}
	for _, f := range a.config.Faults {
		if matches(f.Operation, string(reading)) {
			return true
		}
	}
	return false
}
