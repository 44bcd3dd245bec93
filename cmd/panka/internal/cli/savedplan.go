package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/compiler/variable"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// planForm names the form of the files that plan --out writes.
const planForm = "panka plan 1"

// maxPlanFile is larger than the plan of ten thousand resources, in bytes.
const maxPlanFile = 256 << 20

// planFile is a saved plan as it lies on disk: which one it is, for people, and the plan itself, encrypted and bound to
// the stack and environment.
type planFile struct {
	Form        string    `json:"form"`
	Tenant      string    `json:"tenant"`
	Stack       string    `json:"stack"`
	Environment string    `json:"environment"`
	CreatedAt   time.Time `json:"createdAt"`
	By          string    `json:"by"`
	Plan        []byte    `json:"plan"`
}

// planSealer is a backend that keeps plans secret.
type planSealer interface {
	SealPlan(ctx context.Context, key lockstate.Key, data []byte) ([]byte, error)
	OpenPlan(ctx context.Context, key lockstate.Key, sealed []byte) ([]byte, error)
}

// save plans, and writes the plan to a file that apply takes.
func (d *deployment) save(ctx context.Context, request deploy.Request, file string) (*plan.Plan, error) {
	p, saved, err := d.app.ops.PlanToSave(ctx, request)
	if err != nil {
		return nil, err
	}
	saved.CreatedAt, saved.By, saved.Commit, saved.Variables = d.app.Now().UTC().Truncate(time.Second), d.app.who(), request.Commit, d.given.values
	data, err := json.Marshal(saved)
	if err != nil {
		return nil, err
	}
	sealer, ok := request.Backend.(planSealer)
	if !ok {
		return nil, errors.New("the backend cannot keep a plan secret")
	}
	sealed, err := sealer.SealPlan(ctx, d.key(), data)
	if err != nil {
		return nil, err
	}
	return p, writePlan(d.app.path(file), planFile{Form: planForm, Tenant: d.settings.Tenant, Stack: d.stack, Environment: d.environment,
		CreatedAt: saved.CreatedAt, By: saved.By, Plan: sealed})
}

// writePlan writes the file at once or not at all, for its owner only.
func writePlan(path string, f planFile) error {
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".panka-plan-*")
	if err != nil {
		return usagef("give a file in a folder that can be written to --out", "cannot save the plan: %v", settings.WithoutPath(err))
	}
	_, err = temp.Write(append(data, '\n'))
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return usagef("give a file in a folder that can be written to --out", "cannot save the plan: %v", settings.WithoutPath(err))
	}
	return nil
}

// saved makes the request of an apply that runs a saved plan: what was compiled must be what would be compiled now.
func (d *deployment) saved(ctx context.Context, file string) (deploy.Request, error) {
	if err := d.checkLimits(); err != nil {
		return deploy.Request{}, err
	}
	approved, err := d.openPlan(ctx, file)
	if err != nil {
		return deploy.Request{}, err
	}
	if err := d.takeVariables(approved); err != nil {
		return deploy.Request{}, err
	}
	if err := d.compile(ctx, true); err != nil {
		return deploy.Request{}, err
	}
	if err := d.sameSource(approved); err != nil {
		return deploy.Request{}, err
	}
	request, err := d.request(ctx, nil)
	if err != nil {
		return request, err
	}
	request.Select, request.Approved = approved.Select, approved
	if err := d.app.ops.CheckForeign(ctx, request); err != nil {
		return request, err
	}
	d.progress.Note("applying the plan of " + approved.CreatedAt.Format("2006-01-02 15:04:05") + " by " + approved.By)
	return request, d.programs(ctx, &request)
}

// openPlan reads a saved plan, and takes the target from it.
func (d *deployment) openPlan(ctx context.Context, file string) (*plan.Saved, error) {
	f, err := readPlan(d.app.path(file))
	if err != nil {
		return nil, usagef("give a file that panka plan --out made", "cannot read the plan %s: %v", file, err)
	}
	for _, part := range []struct {
		flag, has string
		given     *string
	}{{"--stack", f.Stack, &d.stack}, {"--environment", f.Environment, &d.environment}} {
		if *part.given != "" && *part.given != part.has {
			return nil, usagef("leave "+part.flag+" out", "the plan is for %s/%s", f.Stack, f.Environment)
		}
		*part.given = part.has
	}
	if err := d.app.resolve(&d.target); err != nil {
		return nil, err
	}
	if f.Tenant != d.settings.Tenant {
		return nil, usagef("panka whoami tells which tenant you are", "the plan is of tenant %s", f.Tenant)
	}
	backend, err := d.app.ops.OpenBackend(ctx, d.settings, d.app.Env)
	if err != nil {
		return nil, err
	}
	sealer, ok := backend.(planSealer)
	if !ok {
		return nil, errors.New("the backend cannot read a saved plan")
	}
	data, err := sealer.OpenPlan(ctx, d.key(), f.Plan)
	if errors.Is(err, lockstate.ErrCorrupt) {
		return nil, usagef("make it anew with panka plan --out", "the plan %s was altered, or is another stack's", file)
	}
	if err != nil {
		return nil, err
	}
	approved, err := plan.DecodeSaved(data)
	if err != nil {
		return nil, usagef("make it anew with panka plan --out", "%v", err)
	}
	return approved, nil
}

func readPlan(path string) (*planFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, settings.WithoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, settings.WithoutPath(err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxPlanFile))
	if err != nil {
		return nil, settings.WithoutPath(err)
	}
	f := &planFile{}
	if err := json.Unmarshal(data, f); err != nil || f.Form != planForm {
		return nil, errors.New("it is not a plan that this version of panka made")
	}
	return f, nil
}

// takeVariables takes the values that the plan was made with. Others that are given now, and undeclared ones, are refused.
func (d *deployment) takeVariables(approved *plan.Saved) error {
	now, err := d.app.variables(d.variableFlags, d.outline.Variables)
	if err != nil {
		return err
	}
	var differing []string
	for _, name := range slices.Sorted(maps.Keys(now.values)) {
		if then, ok := approved.Variables[name]; !ok || then != now.values[name] {
			differing = append(differing, name)
		}
	}
	if len(differing) > 0 {
		return &deploy.StaleError{Reasons: []string{"it was made with other values of " + strings.Join(differing, ", ")}}
	}
	d.given = givenVariables{values: map[string]string{}, origins: map[string]variable.Origin{}}
	for name, value := range approved.Variables {
		d.given.set(name, value, variable.Origin{By: "the saved plan"})
	}
	return nil
}

// sameSource makes sure that the plan was made from what was compiled.
func (d *deployment) sameSource(approved *plan.Saved) error {
	if approved.SourceDigest != d.compiled.project.Bundle.SourceDigest {
		return &deploy.StaleError{Reasons: []string{"the YAML has changed since"}}
	}
	code, err := deploy.CodeDigest(d.compiled.project.Files)
	if err != nil {
		return err
	}
	if code != approved.Code {
		return &deploy.StaleError{Reasons: []string{"the same YAML gives other programs: it was made by another version of panka"}}
	}
	return nil
}
