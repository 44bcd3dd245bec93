package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// seed brings the account up to what sandbox.yaml lists. It touches nothing when all is as listed.
func (a *Account) seed(tx *store.Tx) error {
	secrets := map[string]string{}
	for name, s := range a.config.Secrets {
		secrets[name] = s.Value
	}
	for name, p := range a.config.Parameters {
		typ, value := p.Type, p.Value
		if typ == "" {
			typ = "String"
		}
		if typ == "SecureString" {
			secrets[aws.ParameterPrefix+name] = value
			value = ""
		}
		put(tx, tx.Document().Parameters, name, &store.Parameter{Type: typ, Value: value},
			func(d *store.Document) *map[string]*store.Parameter { return &d.Parameters })
	}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		a.seedSecret(tx, name, secrets[name])
	}
	for domain, c := range a.config.Certificates {
		put(tx, tx.Document().Certificates, c.ARN, &store.Certificate{Domain: domain},
			func(d *store.Document) *map[string]*store.Certificate { return &d.Certificates })
	}
	for name, z := range a.config.Zones {
		put(tx, tx.Document().Zones, z.ID, &store.Zone{Name: strings.ToLower(name), Private: z.Private},
			func(d *store.Document) *map[string]*store.Zone { return &d.Zones })
	}
	for name, v := range a.config.Vpcs {
		network := &store.Vpc{Region: v.Region, Cidr: v.Cidr, Default: v.Default, Tags: v.Tags}
		for n, s := range v.Subnets {
			if network.Subnets == nil {
				network.Subnets = map[string]*store.Subnet{}
			}
			network.Subnets[n] = &store.Subnet{Cidr: s.Cidr, Zone: s.Zone, Public: s.Public}
		}
		put(tx, tx.Document().Vpcs, name, network, func(d *store.Document) *map[string]*store.Vpc { return &d.Vpcs })
	}
	return nil
}

// put adds or replaces an entry unless it is there already.
func put[T any](tx *store.Tx, has map[string]*T, name string, want *T, in func(*store.Document) *map[string]*T) {
	if reflect.DeepEqual(has[name], want) {
		return
	}
	tx.Edit(func(d *store.Document) {
		m := in(d)
		if *m == nil {
			*m = map[string]*T{}
		}
		(*m)[name] = want
	})
}

func (a *Account) seedSecret(tx *store.Tx, name, value string) {
	if has := tx.Document().Secrets[name]; has != nil && has.Value == value {
		return
	}
	sum := sha256.Sum256([]byte(name + "|" + value))
	version := hex.EncodeToString(sum[:16])
	now := a.now().UTC().Truncate(time.Millisecond)
	tx.Edit(func(d *store.Document) {
		d.Secrets[name] = &store.Secret{Value: value, CreatedAt: now,
			VersionID: version[:8] + "-" + version[8:12] + "-" + version[12:16] + "-" + version[16:20] + "-" + version[20:]}
	})
}
