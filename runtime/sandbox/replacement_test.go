package sandbox

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
)

const replacementFile = "testdata/replacement.txt"

// TestReplacements changes each input of each type, and each field of those that are objects, and compares what replaces
// the resource with the table. What is not in the table must change in place. -update rewrites the table: what it then
// says must be what the provider's schema says.
func TestReplacements(t *testing.T) {
	w := newWorld(t, "")
	types, err := sdktypes.Load()
	if err != nil {
		t.Fatal(err)
	}
	header, want := readReplacements(t)
	var lines []string
	for _, typ := range sortedNames(aws.Kinds()) {
		s := sweep{t: t, w: w, types: types, typ: typ}
		for _, p := range sortedNames(types.Resources[typ].Inputs) {
			s.property(p, types.Resources[typ].Inputs[p], func(v any) any { return props{p: v} }, 0)
		}
		got := strings.Join(s.replace, " ")
		lines = append(lines, strings.TrimSpace(typ+" "+got))
		listed, ok := want[typ]
		switch {
		case *update:
		case !ok:
			t.Errorf("%s is not in %s", typ, replacementFile)
		case listed != got:
			t.Errorf("%s: replaced by a change of\n  %s\nand in the table by one of\n  %s", typ, got, listed)
		}
		delete(want, typ)
	}
	if *update {
		if err := os.WriteFile(replacementFile, []byte(header+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for typ := range want {
		t.Errorf("%s names %s, which the sandbox does not simulate", replacementFile, typ)
	}
}

// readReplacements gives the table's comment and, by type, its properties.
func readReplacements(t *testing.T) (header string, table map[string]string) {
	t.Helper()
	data, err := os.ReadFile(replacementFile)
	if err != nil {
		t.Fatal(err)
	}
	table = map[string]string{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			header += line
			continue
		}
		typ, properties, _ := strings.Cut(strings.TrimSpace(line), " ")
		if _, again := table[typ]; again {
			t.Errorf("%s has two lines for %s", replacementFile, typ)
		}
		table[typ] = properties
	}
	return header, table
}

// sweep collects the paths in one type's inputs whose change replaces the resource.
type sweep struct {
	t       *testing.T
	w       *world
	types   *sdktypes.Table
	typ     string
	replace []string
}

// property looks at the value at a path; in makes inputs around it.
func (s *sweep) property(path string, typ sdktypes.Type, in func(any) any, depth int) {
	if list, ok := typ.List(); ok {
		s.property(path+"[]", list, func(v any) any { return in([]any{v}) }, depth)
		return
	}
	fields := s.types.Fields(typ)
	if fields == nil || depth > 5 {
		if s.replaces(in(sample(typ, 0)), in(sample(typ, 1))) {
			s.replace = append(s.replace, path)
		}
		return
	}
	before := len(s.replace)
	count := 0
	for _, name := range sortedNames(fields) {
		at := len(s.replace)
		s.property(path+"."+name, fields[name], func(v any) any { return in(props{name: v}) }, depth+1)
		if slices.Contains(s.replace[at:], path+"."+name) || slices.Contains(s.replace[at:], path+"."+name+"[]") {
			count++
		}
	}
	if count > 0 && count == len(fields) { // the whole object
		s.replace = append(s.replace[:before], path)
	}
}

func (s *sweep) replaces(old, now any) bool {
	s.t.Helper()
	urn := urnOf(s.typ, "x")
	d, err := s.w.on(urn).Diff(context.Background(), provider.DiffRequest{URN: urn, ID: "x", OldInputs: toMap(old.(props)), NewInputs: toMap(now.(props))})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(d.Changed) != 1 {
		s.t.Errorf("%s: %v to %v changes %v", s.typ, old, now, d.Changed)
	}
	return len(d.Replace) > 0
}

// sample gives one of two values of a type that is no object.
func sample(typ sdktypes.Type, n int) any {
	if m, ok := typ.Map(); ok {
		return props{"key": sample(m, n)}
	}
	switch typ.Base() {
	case "boolean":
		return n == 1
	case "integer", "number":
		return float64(n + 1)
	}
	return fmt.Sprintf("value-%d", n)
}

func sortedNames[V any, M ~map[string]V](m M) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestReplacementsByValue: some changes replace or not by what the values are, or by others beside them.
func TestReplacementsByValue(t *testing.T) {
	w := newWorld(t, "")
	mapping := func(subnet, address string) any { return props{"subnetId": subnet, "allocationId": address} }
	balancer := func(kind string, mappings ...any) props {
		return props{"loadBalancerType": kind, "subnetMappings": mappings}
	}
	one, other, two := mapping("subnet-1", "eipalloc-1"), mapping("subnet-1", "eipalloc-9"), mapping("subnet-2", "eipalloc-2")
	const (
		vpc      = "aws:ec2/vpc:Vpc"
		lb       = "aws:lb/loadBalancer:LoadBalancer"
		instance = "aws:ec2/instance:Instance"
		cache    = "aws:elasticache/cluster:Cluster"
		group    = "aws:elasticache/replicationGroup:ReplicationGroup"
		aurora   = "aws:rds/cluster:Cluster"
		kafka    = "aws:msk/cluster:Cluster"
	)
	for name, c := range map[string]struct {
		typ      string
		old, now props
		replace  string
	}{
		"tenancy to dedicated":           {vpc, props{"instanceTenancy": "default"}, props{"instanceTenancy": "dedicated"}, "instanceTenancy"},
		"tenancy from nothing":           {vpc, props{}, props{"instanceTenancy": "dedicated"}, "instanceTenancy"},
		"tenancy to default":             {vpc, props{"instanceTenancy": "dedicated"}, props{"instanceTenancy": "default"}, ""},
		"tenancy to nothing":             {vpc, props{"instanceTenancy": "dedicated"}, props{}, ""},
		"network: another address":       {lb, balancer("network", one, two), balancer("network", other, two), "subnetMappings"},
		"network: one mapping more":      {lb, balancer("network", one), balancer("network", one, two), ""},
		"network: one mapping less":      {lb, balancer("network", one, two), balancer("network", one), "subnetMappings"},
		"network: more and changed":      {lb, balancer("network", one), balancer("network", other, two), "subnetMappings"},
		"application: one mapping more":  {lb, balancer("application", one), balancer("application", one, two), ""},
		"application: one mapping less":  {lb, balancer("application", one, two), balancer("application", one), ""},
		"application: another mapping":   {lb, balancer("application", one), balancer("application", two), "subnetMappings"},
		"application: less and changed":  {lb, balancer("application", one, two), balancer("application", other), "subnetMappings"},
		"script":                         {instance, props{"userData": "a"}, props{"userData": "b"}, ""},
		"script that replaces":           {instance, props{"userData": "a", "userDataReplaceOnChange": true}, props{"userData": "b", "userDataReplaceOnChange": true}, "userData"},
		"memcached on other nodes":       {cache, props{"engine": "memcached", "nodeType": "cache.t3.micro"}, props{"engine": "memcached", "nodeType": "cache.t3.small"}, "nodeType"},
		"redis on other nodes":           {cache, props{"engine": "redis", "nodeType": "cache.t3.micro"}, props{"engine": "redis", "nodeType": "cache.t3.small"}, ""},
		"cache goes back":                {cache, props{"engineVersion": "1.6.22"}, props{"engineVersion": "1.6.17"}, "engineVersion"},
		"cache goes on":                  {cache, props{"engineVersion": "1.6.17"}, props{"engineVersion": "1.6.22"}, ""},
		"Redis 6 becomes encrypted":      {group, props{"engineVersion": "6.2"}, props{"engineVersion": "6.2", "transitEncryptionEnabled": true}, "transitEncryptionEnabled"},
		"Redis 7 becomes encrypted":      {group, props{"engineVersion": "7.1"}, props{"engineVersion": "7.1", "transitEncryptionEnabled": true}, ""},
		"Redis 6 encrypted and upgraded": {group, props{"engineVersion": "6.2"}, props{"engineVersion": "7.1", "transitEncryptionEnabled": true}, "transitEncryptionEnabled"},
		"Aurora's storage":               {aurora, props{"storageType": "aurora"}, props{"storageType": "aurora-iopt1"}, ""},
		"Multi-AZ cluster's storage":     {aurora, props{"dbClusterInstanceClass": "db.r6gd.large", "storageType": "io1"}, props{"dbClusterInstanceClass": "db.r6gd.large", "storageType": "io2"}, "storageType"},
		"Kafka goes back":                {kafka, props{"kafkaVersion": "3.8.0"}, props{"kafkaVersion": "3.6.0"}, "kafkaVersion"},
		"Kafka goes on":                  {kafka, props{"kafkaVersion": "3.6.0"}, props{"kafkaVersion": "3.8.0"}, ""},
		"parameter gives up Advanced":    {"aws:ssm/parameter:Parameter", props{"tier": "Advanced"}, props{"tier": "Standard"}, "tier"},
		"parameter becomes Advanced":     {"aws:ssm/parameter:Parameter", props{"tier": "Standard"}, props{"tier": "Advanced"}, ""},
		"health check of another kind":   {"aws:servicediscovery/service:Service", props{"healthCheckConfig": props{"type": "HTTP"}}, props{"healthCheckConfig": props{"type": "TCP"}}, "healthCheckConfig.type"},
		"health check of the same kind":  {"aws:servicediscovery/service:Service", props{"healthCheckConfig": props{"type": "HTTP", "resourcePath": "/"}}, props{"healthCheckConfig": props{"type": "HTTP", "resourcePath": "/ok"}}, ""},
		"replica in another table class": {"aws:dynamodb/tableReplica:TableReplica", props{"tableClassOverride": "STANDARD"}, props{"tableClassOverride": "STANDARD_INFREQUENT_ACCESS"}, "tableClassOverride"},
	} {
		t.Run(name, func(t *testing.T) {
			urn := urnOf(c.typ, "x")
			d, err := w.on(urn).Diff(context.Background(), provider.DiffRequest{URN: urn, ID: "x", OldInputs: toMap(c.old), NewInputs: toMap(c.now)})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(d.Replace, " "); got != c.replace {
				t.Errorf("replaces because of %q, want %q", got, c.replace)
			}
		})
	}
}
