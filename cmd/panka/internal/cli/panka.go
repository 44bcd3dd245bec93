package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/file"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/lockstate/seal"
	"github.com/panka-io/panka/runtime/build"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/sandbox"
)

// Panka is the real thing: the operations of the packages that the binary is made of.
func Panka() Operations {
	return Operations{
		Compile:      compiler.Compile,
		Explain:      compiler.Explain,
		Check:        codegen.Check,
		Generate:     codegen.Generate,
		Build:        build.Build,
		CheckForeign: deploy.CheckForeign,
		Plan:         deploy.Plan,
		PlanToSave:   deploy.PlanToSave,
		Apply:        deploy.Apply,
		Destroy:      deploy.Destroy, Rollback: deploy.Rollback,
		ReadState:   deploy.ReadState,
		ReadHistory: deploy.ReadHistory,
		ReadCode:    deploy.ReadCode,
		Export:      deploy.Export,
		Import:      deploy.Import,
		Repair:      deploy.Repair,
		Migrate:     deploy.Migrate,
		OpenBackend: openBackend,
		SetUp:       setUp,
		OpenCloud:   openCloud,
	}
}

// openBackend opens the store of states, encrypted.
func openBackend(ctx context.Context, s settings.Settings, env settings.Env) (lockstate.Backend, error) {
	keys, err := seal.FromEnvironment(func(name string) string { return env[name] })
	if err != nil {
		return nil, err
	}
	if at, err := settings.ParseAddress(s.Backend); err == nil && (!s.Sandbox || at.Sandbox) {
		return openRemote(ctx, at, s, keys)
	}
	if err := ignore(s.Root, s.StateDir()); err != nil {
		return nil, err
	}
	files, err := file.Open(s.StateDir(), file.Options{})
	if err != nil {
		return nil, err
	}
	return seal.Open(files, keys...)
}

// openRemote opens a team's backend. What is recorded of a simulated account stands apart there.
func openRemote(ctx context.Context, at settings.Address, s settings.Settings, keys []seal.KeySource) (lockstate.Backend, error) {
	c := remoteConfig(at, s.Profile)
	if s.Sandbox {
		c.Prefix += "sandbox/"
	}
	clients, err := remote.Connect(ctx, c)
	if err != nil {
		return nil, err
	}
	backend, err := remote.Open(clients, c)
	if err != nil {
		return nil, err
	}
	kms := seal.NewKMS(clients.KMS, at.Key)
	if at.Key != "" {
		return seal.Open(backend, append([]seal.KeySource{kms}, keys...)...)
	}
	return seal.Open(backend, append(keys, kms)...)
}

func remoteConfig(at settings.Address, profile string) remote.Config {
	return remote.Config{Bucket: at.Bucket, Prefix: at.Prefix, Region: at.Region, Table: at.Table, PathStyle: at.PathStyle, Profile: profile,
		Locks: locktable.Options{Lease: at.Lease}}
}

// setUp makes or checks the bucket and the table of a team's backend.
func setUp(ctx context.Context, at settings.Address, profile string, make bool) ([]remote.Finding, error) {
	c := remoteConfig(at, profile)
	clients, err := remote.Connect(ctx, c)
	if err != nil {
		return nil, err
	}
	if make {
		return remote.Create(ctx, clients, c, at.Key)
	}
	return remote.Check(ctx, clients, c, at.Key)
}

// ignore has git ignore panka's own folder in a repository, if dir lies in it.
func ignore(root, dir string) error {
	own := filepath.Join(root, ".panka")
	if !strings.HasPrefix(dir, own+string(filepath.Separator)) {
		return nil
	}
	if err := os.MkdirAll(own, 0o700); err != nil {
		return fmt.Errorf("make panka's folder: %w", err)
	}
	path := filepath.Join(own, ".gitignore")
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := os.WriteFile(path, []byte("*\n"), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// openCloud opens the sandbox, or stands for the real AWS, which the provider plugin reaches by itself.
func openCloud(s settings.Settings, region string) (*Cloud, error) {
	if !s.Sandbox {
		return &Cloud{Closer: nothing{}}, useProfile(s.Profile)
	}
	if err := ignore(s.Root, s.SandboxDir); err != nil {
		return nil, err
	}
	account, err := sandbox.Open(s.SandboxDir, s.SandboxConfig)
	if err != nil {
		return nil, err
	}
	return &Cloud{Provider: account.Provider(region), Observe: account.Cloud(), Closer: account}, nil
}

// useProfile has the AWS SDK, here and in the provider plugin, use the profile of the user's configuration, unless the
// environment names one.
func useProfile(profile string) error {
	if profile == "" || os.Getenv("AWS_PROFILE") != "" {
		return nil
	}
	return os.Setenv("AWS_PROFILE", profile)
}

type nothing struct{}

var _ io.Closer = nothing{}

// Close does nothing.
func (nothing) Close() error { return nil }
