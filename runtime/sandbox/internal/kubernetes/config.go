package kubernetes

import (
	"encoding/base64"
	"maps"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func namespace() *aws.Kind {
	return of(object{
		kind:    aws.Kind{Type: namespaceType, Label: "Namespace", Usual: aws.Usual{Create: 1, Update: 1, Delete: 6}},
		cluster: true, name: dnsLabel,
		check: func(n node) {
			if m := n.object("metadata"); m.in.Has("namespace") {
				m.report("namespace", "Forbidden: not allowed on this type")
			}
		},
		adds: func(*aws.Call) store.Values {
			return store.Values{"status": map[string]any{"phase": "Active"}}
		},
	})
}

// roleAnnotation names the role that a service account's pods get by the account's token.
const roleAnnotation = "eks.amazonaws.com/role-arn"

func serviceAccount() *aws.Kind {
	return of(object{
		flat: true,
		kind: aws.Kind{Type: serviceAccountType, Label: "ServiceAccount", Ordered: []string{"imagePullSecrets"}, Usual: aws.Usual{Create: 1, Update: 1, Delete: 1},
			Unwell: func(c *aws.Call, r *store.Resource) string {
				role := annotation(r.Inputs, roleAnnotation)
				if role == "" {
					return ""
				}
				return c.NoWebIdentity(role, namespaceOf(r.Inputs), nameOf(r))
			}},
		check: func(n node) {
			unique(n.list("imagePullSecrets"), textOf("name"), "name")
		},
	})
}

func configMap() *aws.Kind {
	return of(object{
		flat: true,
		kind: aws.Kind{Type: ConfigMapType, Label: "ConfigMap", Replace: []string{"data", "binaryData"},
			Usual: aws.Usual{Create: 1, Update: 1, Delete: 1}},
		check: checkData,
		admit: func(c *aws.Call, prior *store.Resource) error {
			if prior != nil && prior.Inputs.Bool("immutable") && (len(conflicts("", c.In.Object("data"), prior.Inputs.Object("data"))) > 0) {
				return forbidden("ConfigMap", name(c.In), "data", "field is immutable when `immutable` is set")
			}
			return nil
		},
	})
}

// checkData checks the keys and the size of a ConfigMap's data.
func checkData(n node) {
	size := 0
	data, binary := n.in.Object("data"), n.in.Object("binaryData")
	for _, key := range slices.Sorted(maps.Keys(data)) {
		size += len(data.String(key))
		if why := dataKey(key); why != "" {
			n.report("data", "Invalid value: %q: %s", key, why)
		}
		if binary.Has(key) {
			n.report("data", "Invalid value: %q: duplicate of key present in binaryData", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(binary)) {
		decoded, err := base64.StdEncoding.DecodeString(binary.String(key))
		size += len(decoded)
		if why := dataKey(key); why != "" {
			n.report("binaryData", "Invalid value: %q: %s", key, why)
		}
		if _, known := n.object("binaryData").text(key); known && err != nil {
			n.report("binaryData", "Invalid value: %q: must be in base64", key)
		}
	}
	if size > 1<<20 {
		n.report("data", "Too long: may not be more than 1048576 bytes")
	}
}
