package kubernetes

import (
	"testing"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

type fields = map[string]any

func TestSelectors(t *testing.T) {
	labels := store.Values{"app": "web", "tier": "front"}
	expression := func(key, operator string, values ...any) store.Values {
		return store.Values{"matchExpressions": []any{fields{"key": key, "operator": operator, "values": values}}}
	}
	for name, c := range map[string]struct {
		selector store.Values
		want     bool
	}{
		"empty":           {store.Values{}, true},
		"labels":          {store.Values{"matchLabels": fields{"app": "web"}}, true},
		"another":         {store.Values{"matchLabels": fields{"app": "web", "tier": "back"}}, false},
		"in":              {expression("app", "In", "api", "web"), true},
		"not among":       {expression("app", "In", "api"), false},
		"not in":          {expression("app", "NotIn", "api"), true},
		"absent, not in":  {expression("zone", "NotIn", "a"), true},
		"exists":          {expression("tier", "Exists"), true},
		"does not exist":  {expression("tier", "DoesNotExist"), false},
		"absent, in":      {expression("zone", "In", "a"), false},
		"nothing of that": {expression("app", "Like"), false},
	} {
		if got := selects(c.selector, labels); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTolerations(t *testing.T) {
	taint := store.Values{"key": "team", "value": "data", "effect": "NO_SCHEDULE"}
	for name, c := range map[string]struct {
		toleration fields
		want       bool
	}{
		"equal":          {fields{"key": "team", "operator": "Equal", "value": "data", "effect": "NoSchedule"}, true},
		"no operator":    {fields{"key": "team", "value": "data"}, true},
		"another value":  {fields{"key": "team", "value": "web"}, false},
		"another effect": {fields{"key": "team", "value": "data", "effect": "NoExecute"}, false},
		"exists":         {fields{"key": "team", "operator": "Exists"}, true},
		"all":            {fields{"operator": "Exists"}, true},
		"another key":    {fields{"key": "x", "operator": "Exists"}, false},
	} {
		p := pods{spec: store.Values{"tolerations": []any{c.toleration}}}
		if got := p.tolerate(taint); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAffinity(t *testing.T) {
	demand := func(terms ...any) pods {
		return pods{spec: store.Values{"affinity": fields{"nodeAffinity": fields{
			"requiredDuringSchedulingIgnoredDuringExecution": fields{"nodeSelectorTerms": terms}}}}}
	}
	term := func(key string, values ...any) fields {
		return fields{"matchExpressions": []any{fields{"key": key, "operator": "In", "values": values}}}
	}
	labels := store.Values{"kubernetes.io/arch": "arm64"}
	for name, c := range map[string]struct {
		p    pods
		want bool
	}{
		"nothing":           {pods{}, true},
		"arch":              {demand(term("kubernetes.io/arch", "arm64", "amd64")), true},
		"another":           {demand(term("kubernetes.io/arch", "amd64")), false},
		"one of two":        {demand(term("kubernetes.io/arch", "amd64"), term("kubernetes.io/arch", "arm64")), true},
		"zone of the nodes": {demand(term(zoneLabel, "us-east-1a")), true},
	} {
		if got := c.p.wants(labels); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
