package cli

import (
	"context"
	"io"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/runtime/build"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/provider"
)

// Operations are the calls that the commands make into the rest of panka.
type Operations struct {
	Compile  func(context.Context, compiler.Options) (*ir.Stack, diag.List)
	Explain  func(context.Context, compiler.Options) (*compiler.Explanation, diag.List)
	Check    func(*ir.Stack) diag.List
	Generate func(*ir.Stack) (*codegen.Project, diag.List)
	Build    func(context.Context, build.Request) (*build.Result, error)
	Plan     func(context.Context, deploy.Request) (*plan.Plan, error)
	// PlanToSave plans what is to be run later.
	PlanToSave func(context.Context, deploy.Request) (*plan.Plan, *plan.Saved, error)
	Apply      func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error)
	// CheckForeign makes sure that what the request reads of other stacks is there.
	CheckForeign func(context.Context, deploy.Request) error
	Destroy      func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error)
	// Rollback runs again what an earlier deployment ran.
	Rollback    func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error)
	ReadState   func(context.Context, lockstate.Backend, lockstate.Key) (*deploy.State, error)
	ReadHistory func(context.Context, lockstate.Backend, lockstate.Key) ([]deploy.Deployment, error)
	// ReadCode reads the programs that a deployment ran.
	ReadCode func(context.Context, lockstate.Backend, lockstate.Key, *deploy.Deployment) (map[string][]byte, error)
	// Export and Import exchange states with pulumi.
	Export func(context.Context, lockstate.Backend, lockstate.Key, deploy.Protection) (*deploy.Exported, error)
	Import func(context.Context, deploy.Request, []byte, deploy.Protection, func(context.Context, deploy.ImportSummary) (bool, error)) (*deploy.Result, error)
	// Repair mends a damaged state.
	Repair func(context.Context, deploy.Request, func(context.Context, deploy.Repairs) (bool, error)) (*deploy.Result, error)
	// Migrate moves a state to another backend.
	Migrate func(context.Context, deploy.Migration, func(context.Context, deploy.MigrationSummary) (bool, error)) (*deploy.Result, error)
	// OpenBackend opens the backend that the settings name.
	OpenBackend func(context.Context, settings.Settings, settings.Env) (lockstate.Backend, error)
	// SetUp makes or checks what a team's backend needs, see remote.Create and remote.Check.
	SetUp func(ctx context.Context, at settings.Address, profile string, make bool) ([]remote.Finding, error)
	// OpenCloud opens the cloud that the settings name, for a region.
	OpenCloud func(s settings.Settings, region string) (*Cloud, error)
}

// Cloud is what is deployed into. Provider is nil for the real AWS, and Observe where nobody can tell the health of
// what runs. Close it after use.
type Cloud struct {
	Provider provider.Provider
	Observe  observe.Cloud
	io.Closer
}
