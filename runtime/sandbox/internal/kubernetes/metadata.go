package kubernetes

import (
	"maps"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Namespaced tells whether a type's objects are in namespaces.
func Namespaced(k *aws.Kind) bool {
	return k.Clustered && (slices.Contains(k.Replace, "metadata.namespace") || slices.Contains(k.Replace, "namespace"))
}

// NamespaceOr gives a namespace or, where none is named, the default one.
func NamespaceOr(name string) string {
	if name == "" {
		return "default"
	}
	return name
}

// standing are the namespaces that every cluster has.
var standing = []string{"default", "kube-system", "kube-public", "kube-node-lease"}

// inNamespace is the reference to the namespace with which an object vanishes.
func inNamespace(path string) aws.Ref {
	return aws.Ref{Path: path, To: namespaceType, Owned: true,
		Missing: func(name string) error { return notFound("namespaces", name) },
		Builtin: func(name string) bool { return slices.Contains(standing, name) }}
}

func name(in store.Values) string { return in.Object("metadata").String("name") }

func namespaceOf(in store.Values) string { return in.Object("metadata").String("namespace") }

func labels(in store.Values) store.Values { return in.Object("metadata").Object("labels") }

func annotation(in store.Values, key string) string {
	return in.Object("metadata").Object("annotations").String(key)
}

// identity gives an object's ID: its name, after its namespace if it is in one.
func identity(in store.Values) string {
	if namespace := namespaceOf(in); namespace != "" {
		return namespace + "/" + name(in)
	}
	return name(in)
}

// awaited tells whether a program waits for an object, as it does unless told not to.
func awaited(in store.Values) bool { return annotation(in, "pulumi.com/skipAwait") != "true" }

// awaitedByWish tells whether a program waits for an object of a type that it does not wait for by itself.
func awaitedByWish(in store.Values) bool {
	return awaited(in) && annotation(in, "pulumi.com/waitFor") != ""
}

// metadata checks a name, which panka always gives, a namespace, labels and annotations.
func (n node) metadata(valid func(string) string) {
	m := n.object("metadata")
	m.required("name")
	m.form("name", valid)
	m.form("namespace", dnsLabel)
	m.labelled()
}

// labelled checks labels and annotations.
func (n node) labelled() {
	n.labelMap("labels")
	size := 0
	annotations := n.in.Object("annotations")
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		size += len(key) + len(annotations.String(key))
		if why := qualifiedName(key); why != "" {
			n.report("annotations", "Invalid value: %q: %s", key, why)
		}
	}
	if size > 256<<10 {
		n.report("annotations", "Too long: may not be more than 262144 bytes")
	}
}

// labelMap checks the keys and values of labels.
func (n node) labelMap(key string) {
	values := n.in.Object(key)
	for _, label := range slices.Sorted(maps.Keys(values)) {
		if why := qualifiedName(label); why != "" {
			n.report(key, "Invalid value: %q: %s", label, why)
		}
		if why := labelValue(values.String(label)); why != "" {
			n.report(key, "Invalid value: %q: %s", values.String(label), why)
		}
	}
}

// labelSelector checks a selector.
func (n node) labelSelector(key string) {
	s := n.object(key)
	s.labelMap("matchLabels")
	for _, e := range s.list("matchExpressions") {
		e.required("key", "operator")
		e.form("key", qualifiedName)
		e.oneOf("operator", "In", "NotIn", "Exists", "DoesNotExist")
		list, _ := e.in["values"].([]any)
		operator, _ := e.text("operator")
		switch operator {
		case "In", "NotIn":
			if len(list) == 0 {
				e.report("values", "Required value: must be specified when `operator` is 'In' or 'NotIn'")
			}
		case "Exists", "DoesNotExist":
			if len(list) > 0 {
				e.report("values", "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
			}
		}
	}
}

// selects tells whether a label selector matches labels. One that says nothing matches all.
func selects(selector, labels store.Values) bool {
	if !matches(selector.Object("matchLabels"), labels) {
		return false
	}
	for _, e := range selector.Objects("matchExpressions") {
		value, has := labels[e.String("key")].(string)
		listed := slices.Contains(e.Strings("values"), value)
		ok := map[string]bool{"In": has && listed, "NotIn": !has || !listed, "Exists": has, "DoesNotExist": !has}
		if !ok[e.String("operator")] {
			return false
		}
	}
	return true
}

// matches tells whether labels hold all that are asked for.
func matches(asked, labels store.Values) bool {
	for key, v := range asked {
		if labels[key] != v {
			return false
		}
	}
	return true
}

// find gives the object of a type with a name in a namespace, or nil. One that is being made counts.
func find(c *aws.Call, typ, namespace, name string) *store.Resource {
	for _, r := range c.All(typ) {
		if r.State != store.Deleting && namespaceOf(r.Inputs) == namespace && nameOf(r) == name {
			return r
		}
	}
	return nil
}

func nameOf(r *store.Resource) string { return name(r.Inputs) }
