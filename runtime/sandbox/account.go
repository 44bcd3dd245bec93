package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/kubernetes"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// AccountID is the simulated account's number.
const AccountID = "123456789012"

// FileName is the name of the account's file in its folder.
const FileName = store.FileName

// Account is an open simulated account. It serves providers for any number of regions at the same time.
type Account struct {
	store     *store.Store
	config    *configuration
	kinds     map[string]*aws.Kind
	functions map[string]aws.Function
	types     *sdktypes.Table
	now       func() time.Time
}

// Option changes how an account is opened.
type Option func(*Account)

// WithClock gives the account another clock, for tests.
func WithClock(now func() time.Time) Option { return func(a *Account) { a.now = now } }

// Open opens the account kept in dir, making it when it is new, and applies the sandbox.yaml at configPath, which may
// be "" for none: what that lists is added to the account or brought up to date, and nothing is taken away. The
// configuration's errors name file, line and column.
func Open(dir, configPath string, options ...Option) (*Account, error) {
	config, err := readConfig(configPath)
	if err != nil {
		return nil, err
	}
	types, err := sdktypes.Load()
	if err != nil {
		return nil, err
	}
	kinds := aws.Kinds()
	maps.Copy(kinds, kubernetes.Kinds())
	a := &Account{config: config, kinds: kinds, functions: aws.Functions(), types: types, now: time.Now}
	for _, o := range options {
		o(a)
	}
	ctx := context.Background()
	if a.store, err = store.Open(ctx, dir, blank); err != nil {
		return nil, fmt.Errorf("open the sandbox in %s: %w", dir, err)
	}
	if err := a.store.Update(ctx, a.seed); err != nil {
		a.store.Close()
		return nil, fmt.Errorf("open the sandbox in %s: %w", dir, err)
	}
	return a, nil
}

// blank is a new account.
func blank() (*store.Document, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return nil, fmt.Errorf("make the account's salt: %w", err)
	}
	return &store.Document{Version: store.FormatVersion, Account: AccountID, Seed: 1, Salt: hex.EncodeToString(salt)}, nil
}

// Close releases the account. Providers made from it must not be used any more.
func (a *Account) Close() error { return a.store.Close() }

// Provider gives the provider for a region of the account, such as us-east-1.
func (a *Account) Provider(region string) provider.Provider {
	return &regional{account: a, region: region, cancelled: make(chan struct{}), once: &sync.Once{}}
}

// Cloud tells how the account's resources are.
func (a *Account) Cloud() observe.Cloud { return cloud{a} }

// call makes the AWS side's view of an operation.
func (a *Account) call(tx *store.Tx, region string, in store.Values) *aws.Call {
	return &aws.Call{Tx: tx, Region: region, Account: tx.Document().Account, Now: a.now(), In: in}
}
