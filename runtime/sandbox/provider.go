package sandbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
	"github.com/panka-io/panka/runtime/sandbox/internal/typecheck"
)

// regional is the provider for one region of the account or, with access, for one of its Kubernetes clusters.
type regional struct {
	account   *Account
	region    string
	access    *provider.ClusterAccess
	cancelled chan struct{}
	once      *sync.Once // guards the closing of cancelled
}

var _ provider.Provider = (*regional)(nil)

// Cancel implements provider.Provider: waiting ends, what was begun stays as it is.
func (p *regional) Cancel() { p.once.Do(func() { close(p.cancelled) }) }

// kind gives the behaviour and the properties of a resource's type.
func (p *regional) kind(urn resource.URN) (*aws.Kind, sdktypes.Resource, error) {
	typ := string(urn.Type())
	k := p.account.kinds[typ]
	if k == nil || k.Clustered != (p.access != nil) {
		return nil, sdktypes.Resource{}, fmt.Errorf("the sandbox does not simulate %s", typ)
	}
	return k, p.account.types.Resources[typ], nil
}

// Check implements provider.Provider.
func (p *regional) Check(_ context.Context, r provider.CheckRequest) (resource.PropertyMap, []provider.CheckFailure, error) {
	k, shape, err := p.kind(r.URN)
	if err != nil {
		return nil, nil, err
	}
	news := r.News.Copy()
	for key := range news {
		if resource.IsInternalPropertyKey(key) || news[key].IsNull() {
			delete(news, key)
		}
	}
	if err := p.name(k, r.URN, r.Olds, news); err != nil {
		return nil, nil, err
	}
	p.place(k, news)
	in := open(news)
	var failures []provider.CheckFailure
	for _, problem := range p.mistyped(k, shape, in.values) {
		failures = append(failures, provider.CheckFailure{Property: problem.Property, Reason: problem.Reason})
	}
	if len(failures) > 0 {
		return news, failures, nil
	}
	for _, problem := range k.Check(in.values) {
		failures = append(failures, provider.CheckFailure{Property: problem.Property, Reason: problem.Reason})
	}
	return news, failures, nil
}

// mistyped gives what in inputs is not of the type that the SDK declares.
func (p *regional) mistyped(k *aws.Kind, shape sdktypes.Resource, in store.Values) []typecheck.Problem {
	if !k.Untyped {
		return typecheck.Check(p.account.types, shape.Inputs, in)
	}
	var out []typecheck.Problem
	for _, path := range slices.Sorted(maps.Keys(k.Parts)) {
		outer, inner, _ := strings.Cut(path, ".")
		part := in.Object(outer).Object(inner)
		out = append(out, typecheck.CheckAt(p.account.types, path, p.account.types.Objects[k.Parts[path]], part)...)
	}
	return out
}

// name fills in a generated name: the one the resource has, or a new one that is not taken.
func (p *regional) name(k *aws.Kind, urn resource.URN, olds, news resource.PropertyMap) error {
	key := resource.PropertyKey(k.Name)
	if k.MaxName == 0 || !news[key].IsNull() || news.HasValue(key+"Prefix") {
		return nil
	}
	if old := unwrap(olds[key]); old.IsString() && aws.IsAutoName(old.StringValue(), urn.Name()) {
		news[key] = old
		return nil
	}
	return p.account.store.View(func(tx *store.Tx) error {
		taken := map[string]bool{}
		for _, r := range tx.All(k.Type) {
			taken[r.Property(k.Name)] = true
		}
		for attempt := 0; ; attempt++ {
			name := aws.AutoName(urn.Name(), k.MaxName, entropy(tx, k, urn, p.region, attempt))
			if !taken[name] {
				news[key] = resource.NewProperty(name)
				return nil
			}
		}
	})
}

// entropy is what identifiers are made from: never the time, so that they repeat in a new account, and the number of
// deletions, so that they do not repeat in this one.
func entropy(tx *store.Tx, k *aws.Kind, urn resource.URN, region string, attempt int) string {
	return fmt.Sprintf("%d|%s|%s|%d|%d", tx.Document().Seed, region, urn, tx.Count(deletions(k.Type)), attempt)
}

func deletions(typ string) string { return "deleted/" + typ }

// Invoke implements provider.Provider.
func (p *regional) Invoke(_ context.Context, token string, args resource.PropertyMap) (resource.PropertyMap, []provider.CheckFailure, error) {
	f, shape := p.account.functions[token], p.account.types.Functions[token]
	if f == nil {
		return nil, nil, fmt.Errorf("the sandbox does not simulate %s", token)
	}
	in := open(args)
	var failures []provider.CheckFailure
	for _, problem := range typecheck.Check(p.account.types, shape.Args, in.values) {
		failures = append(failures, provider.CheckFailure{Property: problem.Property, Reason: problem.Reason})
	}
	if len(failures) > 0 {
		return nil, failures, nil
	}
	if in.unknown {
		return nil, nil, fmt.Errorf("%s was called before its arguments are known", token)
	}
	var out resource.PropertyMap
	err := p.account.store.View(func(tx *store.Tx) error {
		a, err := f(p.call(tx, in.values))
		if err != nil {
			return err
		}
		out = properties(in.values.Over(a.Values))
		for _, key := range a.Secret {
			if v, ok := out[resource.PropertyKey(key)]; ok {
				out[resource.PropertyKey(key)] = resource.MakeSecret(v)
			}
		}
		return nil
	})
	return out, nil, err
}
