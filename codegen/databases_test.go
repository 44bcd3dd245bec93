package codegen_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/ir"
)

// database is a stack with one component called store.
func database(t *testing.T, kind, spec string) *ir.Stack {
	t.Helper()
	text := "apiVersion: components.panka.io/v1\nkind: " + kind + "\nmetadata: {name: store}\nspec:\n" + spec
	c := kindCase{kind: kind, file: t.Name(), archive: &txtar.Archive{Files: []txtar.File{{Name: "in/store.yaml", Data: []byte(text)}}}}
	return c.compiled(t)
}

// TestDatabasesThatCannotBeGenerated: what contradicts itself only in the engine's own words is refused at its place.
func TestDatabasesThatCannotBeGenerated(t *testing.T) {
	for _, c := range []struct{ name, kind, spec, want string }{
		{"an exported log that is off", "DocumentDB", `
  instances: {class: db.t4g.medium}
  database: {username: owner, passwordSecret: {ref: /shop/db}}
  logExports: [profiler, audit]
  parameters: {audit_logs: disabled}
`, `9:28: error: the parameter audit_logs is disabled, so that the log audit of logExports would stay empty`},
		{"cluster mode by a parameter", "ElastiCacheRedis", `
  engine: {version: "7.1"}
  nodeType: cache.t4g.small
  parameters: {cluster-enabled: "yes"}
`, `8:33: error: clusterMode says whether the parameter cluster-enabled is on`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ds := codegen.Generate(database(t, c.kind, c.spec))
			if p != nil || len(ds) != 1 || !strings.Contains(ds.Error(), "store.yaml:"+c.want) {
				t.Errorf("got %v, want %s", ds, c.want)
			}
		})
	}
}

var finalSnapshot = regexp.MustCompile(`FinalSnapshot(?:Identifier|Name): +pulumi\.Sprintf\("%s-%s", "([a-z0-9-]+)", securityGroup\.ID\(\)\)`)

// TestFinalSnapshotsNeverClash: a replacement's last snapshot has another name than that of what it replaces, and a change
// in place keeps the name.
func TestFinalSnapshotsNeverClash(t *testing.T) {
	const (
		rds    = "\n  engine: {type: postgres, version: \"16\"}\n  instance: {class: db.t4g.small, storage: {allocatedGB: 20}}\n  database: {name: app, username: app, passwordSecret: {ref: /shop/db}}\n"
		docdb  = "\n  instances: {class: db.t4g.medium}\n  database: {username: owner, port: 27017, passwordSecret: {ref: /shop/db}}\n"
		redis  = "\n  engine: {version: \"7.1\"}\n  nodeType: cache.t4g.small\n  port: 6379\n  snapshots: {final: true}\n"
		memory = "\n  engine: {version: \"7.1\"}\n  nodeType: db.t4g.small\n  port: 6379\n  users: [{name: app, authentication: iam}]\n  snapshots: {final: true}\n"
		key    = "  kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/1234abcd\n"
	)
	name := func(kind, spec string) string {
		p := generated(t, database(t, kind, spec))
		found := finalSnapshot.FindSubmatch(p.Files["wave-0/app_store.go"])
		if found == nil {
			t.Fatalf("%s has no last snapshot", kind)
		}
		return string(found[1])
	}
	for _, c := range []struct{ kind, spec, from, to string }{
		{"RDS", rds, "username: app", "username: boss"},
		{"RDS", rds, "name: app", "name: other"},
		{"DocumentDB", docdb, "27017", "27018"},
		{"ElastiCacheRedis", redis, "6379", "6380"},
		{"ElastiCacheRedis", redis, "  port", "  clusterMode: true\n  port"},
		{"AWSMemoryDB", memory, "6379", "6380"},
	} {
		before := name(c.kind, c.spec)
		if after := name(c.kind, strings.Replace(c.spec, c.from, c.to, 1)); after == before {
			t.Errorf("%s: %s for %s keeps the name %s", c.kind, c.to, c.from, before)
		}
		if after := name(c.kind, c.spec+key); after == before {
			t.Errorf("%s: another key keeps the name %s", c.kind, before)
		}
		if after := name(c.kind, strings.ReplaceAll(c.spec, "small", "medium")); after != before {
			t.Errorf("%s: another machine changes the name from %s to %s", c.kind, before, after)
		}
	}
}
