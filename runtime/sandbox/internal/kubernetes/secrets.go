package kubernetes

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// A SecretStore says where secrets are and as whom to ask for them, an ExternalSecret which of them become a Secret of
// the cluster. The values are never kept among the cluster's objects.

func secretStore() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: secretStoreType, Label: "SecretStore.external-secrets.io", Untyped: true, Unwell: storeUnwell, Steady: awaitedByWish,
			Usual: aws.Usual{Create: 2, Update: 2, Delete: 1}},
		defined: definedBy(secretsChart, secretStoreType),
		check: func(n node) {
			spec := n.object("spec")
			spec.only("provider", "controller", "conditions", "retrySettings", "refreshInterval")
			provider := spec.object("provider")
			if !spec.unknown && !provider.unknown && len(provider.in) != 1 {
				spec.report("provider", "Invalid value: must have exactly one provider, got %d", len(provider.in))
			}
			if !provider.in.Has("aws") {
				return
			}
			a := provider.object("aws")
			a.only("service", "region", "auth", "role", "additionalRoles", "externalID", "sessionTags", "transitiveTagKeys", "secretsManager", "prefix")
			a.required("service", "region")
			a.oneOf("service", "SecretsManager", "ParameterStore")
			if jwt := a.object("auth").object("jwt"); a.object("auth").in.Has("jwt") {
				jwt.object("serviceAccountRef").required("name")
			}
		},
	})
}

func externalSecret() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: externalSecretType, Label: "ExternalSecret.external-secrets.io", Untyped: true, Unwell: externalUnwell, Steady: awaitedByWish,
			Usual: aws.Usual{Create: 3, Update: 3, Delete: 1}},
		defined: definedBy(secretsChart, externalSecretType),
		check:   checkExternalSecret,
		admit: func(c *aws.Call, _ *store.Resource) error {
			for _, other := range c.All(externalSecretType) {
				same := namespaceOf(other.Inputs) == namespaceOf(c.In) && targetOf(other.Inputs) == targetOf(c.In)
				if same && other.ID != identity(c.In) && other.State != store.Deleting {
					return denied("validate.externalsecret.external-secrets.io", "Secret %s is owned by ExternalSecret %s already", targetOf(c.In), other.ID)
				}
			}
			return nil
		},
	})
}

func checkExternalSecret(n node) {
	spec := n.object("spec")
	spec.only("secretStoreRef", "target", "refreshInterval", "refreshPolicy", "data", "dataFrom")
	if !spec.unknown && !spec.in.Has("data") && !spec.in.Has("dataFrom") {
		spec.report("data", "Required value: either data or dataFrom should be specified")
	}
	spec.form("refreshInterval", func(text string) string {
		if _, err := time.ParseDuration(text); err != nil {
			return "must be a duration such as 1h"
		}
		return ""
	})
	spec.oneOf("refreshPolicy", "CreatedOnce", "Periodic", "OnChange")
	spec.object("secretStoreRef").required("name")
	spec.object("secretStoreRef").oneOf("kind", "SecretStore", "ClusterSecretStore")
	target := spec.object("target")
	target.form("name", dnsSubdomain)
	target.oneOf("creationPolicy", "Owner", "Orphan", "Merge", "None")
	target.oneOf("deletionPolicy", "Delete", "Merge", "Retain")
	data := spec.list("data")
	unique(data, textOf("secretKey"), "secretKey")
	for _, d := range data {
		d.only("secretKey", "remoteRef", "sourceRef")
		d.object("remoteRef").only("key", "property", "version", "conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy")
		d.required("secretKey", "remoteRef")
		d.form("secretKey", dataKey)
		d.object("remoteRef").required("key")
	}
	for _, d := range spec.list("dataFrom") {
		d.exactlyOne("", "Required value: must specify extract, find or sourceRef", "Forbidden: only one of extract, find and sourceRef", "extract", "find", "sourceRef")
	}
}

// targetOf gives the name of the Secret that an ExternalSecret makes.
func targetOf(in store.Values) string {
	if target := in.Object("spec").Object("target").String("name"); target != "" {
		return target
	}
	return name(in)
}

// storeUnwell says why nobody can ask a store for secrets.
func storeUnwell(c *aws.Call, r *store.Resource) string {
	if why := controllerUnwell(c, secretsChart); why != "" {
		return why
	}
	ref := r.Inputs.Object("spec").Object("provider").Object("aws").Object("auth").Object("jwt").Object("serviceAccountRef")
	if ref == nil {
		return ""
	}
	account := find(c, serviceAccountType, namespaceOf(r.Inputs), ref.String("name"))
	if account == nil {
		return fmt.Sprintf("InvalidProviderConfig: unable to create client: ServiceAccount %q not found", ref.String("name"))
	}
	role := annotation(account.Inputs, roleAnnotation)
	if role == "" {
		return fmt.Sprintf("InvalidProviderConfig: an IAM role must be associated with service account %s", account.ID)
	}
	if why := c.NoWebIdentity(role, namespaceOf(account.Inputs), nameOf(account)); why != "" {
		return "InvalidProviderConfig: " + why
	}
	return ""
}

// storeRole gives the ARN of the role by which a store asks.
func storeRole(c *aws.Call, s *store.Resource) string {
	provider := s.Inputs.Object("spec").Object("provider").Object("aws")
	if role := provider.String("role"); role != "" {
		return role
	}
	if ref := provider.Object("auth").Object("jwt").Object("serviceAccountRef"); ref != nil {
		if account := find(c, serviceAccountType, namespaceOf(s.Inputs), ref.String("name")); account != nil {
			return annotation(account.Inputs, roleAnnotation)
		}
	}
	controller := releaseOf(c, secretsChart)
	return controller.Inputs.Object("values").Object("serviceAccount").Object("annotations").String(roleAnnotation)
}

// externalUnwell says why an ExternalSecret makes no Secret.
func externalUnwell(c *aws.Call, r *store.Resource) string {
	spec := r.Inputs.Object("spec")
	ref := spec.Object("secretStoreRef").String("name")
	s := find(c, secretStoreType, namespaceOf(r.Inputs), ref)
	if s == nil {
		return fmt.Sprintf("SecretSyncedError: could not get SecretStore %q, SecretStore.external-secrets.io %q not found", ref, ref)
	}
	if why := storeUnwell(c, s); why != "" {
		return "SecretSyncedError: SecretStore " + s.ID + " is not ready: " + why
	}
	provider := s.Inputs.Object("spec").Object("provider").Object("aws")
	if provider == nil {
		return "" // kept where the account cannot look
	}
	role := storeRole(c, s)
	if role == "" {
		return "SecretSyncedError: the SecretStore has no role by which it may ask AWS"
	}
	there := *c
	there.Region = provider.String("region")
	for _, d := range spec.Objects("data") {
		if why := unreadable(&there, provider, role, d.Object("remoteRef")); why != "" {
			return "SecretSyncedError: error processing spec.data key " + d.String("secretKey") + ": " + why
		}
	}
	for _, d := range spec.Objects("dataFrom") {
		if extract := d.Object("extract"); extract != nil {
			if why := unreadable(&there, provider, role, extract); why != "" {
				return "SecretSyncedError: error processing spec.dataFrom: " + why
			}
		}
	}
	return ""
}

// unreadable says why a remote secret, or a property of its JSON, cannot be had.
func unreadable(c *aws.Call, provider store.Values, role string, ref store.Values) string {
	value, why := c.RemoteSecret(provider.String("service") == "ParameterStore", ref.String("key"), role)
	if why != "" {
		return why
	}
	property := ref.String("property")
	if property == "" {
		return ""
	}
	var object map[string]any
	if json.Unmarshal([]byte(value), &object) != nil || object[property] == nil {
		return fmt.Sprintf("key %s does not exist in secret %s", property, ref.String("key"))
	}
	return ""
}

// secretMissing says why a namespace has no Secret of that name or, with a key, none with that key. Secrets are only
// made by ExternalSecrets.
func secretMissing(c *aws.Call, namespace, secret, key string) string {
	for _, r := range c.All(externalSecretType) {
		if namespaceOf(r.Inputs) != namespace || targetOf(r.Inputs) != secret || r.State == store.Deleting {
			continue
		}
		if why := externalUnwell(c, r); why != "" {
			return fmt.Sprintf("secret %q not found: %s", secret, why)
		}
		spec := r.Inputs.Object("spec")
		if key == "" || spec.Has("dataFrom") || spec.Object("target").Has("template") ||
			slices.ContainsFunc(spec.Objects("data"), func(d store.Values) bool { return d.String("secretKey") == key }) {
			return ""
		}
		return fmt.Sprintf("couldn't find key %s in Secret %s/%s", key, namespace, secret)
	}
	return fmt.Sprintf("secret %q not found", secret)
}
