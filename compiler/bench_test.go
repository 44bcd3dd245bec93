package compiler_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/panka-io/panka/compiler"
)

const benchStack = `apiVersion: core.panka.io/v1
kind: Stack
metadata: {name: shop, labels: {team: platform}}
spec:
  provider: {name: aws, region: eu-west-1}
  variables:
    VERSION: {type: string, required: true}
  environments: [production]
`

const benchDefaults = `apiVersion: infra.panka.io/v1
kind: InfraDefaults
metadata: {name: defaults, stack: shop}
spec:
  resources: {cpu: 256, memory: 512}
  logging: {retentionDays: 30}
`

const benchService = `apiVersion: components.panka.io/v1
kind: MicroService
metadata: {name: api-%[2]d, service: service-%[1]d, stack: shop}
spec:
  image:
    repository: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/api-%[1]d-%[2]d
    tag: "${VERSION}"
  runtime: {platform: fargate}
  ports:
    - {name: http, port: %[3]d}
  environment:
    - name: DATABASE
      valueFrom: {component: database-%[2]d, output: endpoint}
    - {name: LEVEL, value: info}
  secrets:
    - {name: PASSWORD, secretRef: /shop/service-%[1]d/password-%[2]d}
  healthCheck:
    readiness:
      http: {path: /health, port: %[3]d}
---
apiVersion: infra.panka.io/v1
kind: ComponentInfra
metadata: {name: api-%[2]d, service: service-%[1]d, stack: shop}
spec:
  scaling:
    replicas: 2
    autoscaling: {enabled: true, minReplicas: 2, maxReplicas: %[4]d}
`

const benchDatabase = `apiVersion: components.panka.io/v1
kind: RDS
metadata: {name: database-%[2]d, service: service-%[1]d, stack: shop}
spec:
  engine: {type: postgres, version: "15.4"}
  instance:
    class: db.t3.medium
    storage: {allocatedGB: %[3]d}
  database:
    name: db%[2]d
    username: dbadmin
    passwordSecret: {ref: /shop/service-%[1]d/password-%[2]d}
`

// BenchmarkCompile1000 compiles 1,000 components in 50 services: half of them services, each with a ComponentInfra and
// a reference, half of them databases.
func BenchmarkCompile1000(b *testing.B) { benchmarkCompile(b, 50, 10) }

// BenchmarkCompile10000 is ten times that, in 500 services.
func BenchmarkCompile10000(b *testing.B) { benchmarkCompile(b, 500, 10) }

func benchmarkCompile(b *testing.B, services, pairs int) {
	options := benchOptions(b, services, pairs)
	b.ReportAllocs()
	for b.Loop() {
		compileBench(b, options, 2*services*pairs)
	}
}

// benchOptions compile a repository of so many services, each with pairs of a service and its database.
func benchOptions(t testing.TB, services, pairs int) compiler.Options {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", []byte(benchStack))
	write(t, root, "stacks/shop/infra/defaults.yaml", []byte(benchDefaults))
	for s := range services {
		dir := fmt.Sprintf("stacks/shop/services/service-%d/", s)
		for i := range pairs {
			write(t, root, fmt.Sprintf("%scomponents/api-%d/microservice.yaml", dir, i),
				fmt.Appendf(nil, benchService, s, i, 8000+s, 10+i))
			write(t, root, fmt.Sprintf("%scomponents/database-%d/rds.yaml", dir, i),
				fmt.Appendf(nil, benchDatabase, s, i, 20+s))
		}
	}
	return compiler.Options{Root: root, Stack: "shop", Environment: "production", RequireVariables: true,
		Variables: map[string]string{"VERSION": "v1.0.0"}}
}

func compileBench(t testing.TB, options compiler.Options, components int) {
	stack, ds := compiler.Compile(context.Background(), options)
	if ds.HasErrors() {
		t.Fatalf("%d errors, such as %v", len(ds), ds[0])
	}
	if len(stack.Components) != components || len(stack.Waves) != 2 {
		t.Fatalf("%d components in %d waves", len(stack.Components), len(stack.Waves))
	}
}

// TestCompilingGrowsWithTheStack counts allocations, which unlike time do not depend on what else the machine does.
func TestCompilingGrowsWithTheStack(t *testing.T) {
	allocations := func(services int) float64 {
		options := benchOptions(t, services, 10)
		return testing.AllocsPerRun(1, func() { compileBench(t, options, 20*services) })
	}
	if few, many := allocations(5), allocations(50); many > 12*few {
		t.Errorf("ten times the components take %.1f times the allocations", many/few)
	}
}

// BenchmarkCompileSeed compiles the example, the schema's loading included: what every command does first.
func BenchmarkCompileSeed(b *testing.B) {
	root := repository(b, "seed_production.txtar", inOrder)
	for b.Loop() {
		stack, ds := compiler.Compile(context.Background(), compiler.Options{
			Root: root, Stack: "user-platform", Environment: "production", Variables: map[string]string{"VERSION": "v1"}})
		if stack == nil {
			b.Fatal(ds)
		}
	}
}
