package kubernetes

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// release is a Helm release. It has its name and namespace outside metadata, and is no object of the API server's: Helm
// refuses a name that is in use.
func release() *aws.Kind {
	namespace := inNamespace("namespace")
	namespace.Check = func(c *aws.Call, value string) error {
		if c.In.Bool("createNamespace") || namespace.Builtin(value) || c.Find(namespaceType, value) != nil {
			return nil
		}
		return errorf("create: failed to create: namespaces %q not found", value)
	}
	return &aws.Kind{
		Type: ReleaseType, Label: "Helm Release", Clustered: true, Ordered: []string{"values", "valueYamlFiles"}, Identity: releaseID,
		Replace: []string{"name", "namespace"},
		Checks:  []aws.Check{checked(checkRelease)},
		Refs:    []aws.Ref{namespace},
		Conflict: func(string) error {
			return errorf("cannot re-use a name that is still in use")
		},
		Create: func(c *aws.Call) (*aws.Made, error) {
			return &aws.Made{ID: releaseID(c.In), Outputs: store.Values{"status": releaseStatus(c, 1), "resourceNames": map[string]any{}}}, nil
		},
		Update: func(c *aws.Call, prior *store.Resource) (*aws.Made, error) {
			return &aws.Made{Outputs: store.Values{"status": releaseStatus(c, 1+prior.Outputs.Object("status").Int("revision"))}}, nil
		},
		Delete: releaseGone,
		Unwell: releaseUnwell, Coming: onTheWay,
		Steady: func(in store.Values) bool { return !in.Bool("skipAwait") },
		Usual:  aws.Usual{Create: 45, Update: 30, Delete: 10},
	}
}

// releaseID gives a release's ID, <namespace>/<name>.
func releaseID(in store.Values) string {
	return NamespaceOr(in.String("namespace")) + "/" + in.String("name")
}

func checkRelease(n node) {
	n.required("chart", "name")
	n.form("name", func(name string) string {
		if len(name) > 53 {
			return "invalid release name, must be no more than 53 characters"
		}
		return dnsSubdomain(name)
	})
	n.form("namespace", dnsLabel)
	n.atLeast("timeout", 0)
	chart, _ := n.text("chart")
	if known := n.has("repositoryOpts") || strings.Contains(chart, "/") || strings.HasPrefix(chart, "."); chart != "" && !known {
		n.report("repositoryOpts", "chart %q not found: a chart is a path, has a repository before its name, or needs repositoryOpts.repo", chart)
	}
	n.object("repositoryOpts").form("repo", func(repository string) string {
		if !strings.HasPrefix(repository, "https://") && !strings.HasPrefix(repository, "http://") {
			return "could not find protocol handler: the address of a chart repository begins with https://"
		}
		return ""
	})
}

func releaseStatus(c *aws.Call, revision int) map[string]any {
	return map[string]any{"status": "deployed", "name": c.In.String("name"), "namespace": c.In.String("namespace"),
		"chart": chartName(c.In), "version": cmp.Or(c.In.String("version"), "latest"), "revision": revision}
}

// releaseUnwell says why what a chart installs does not run: its pods need nodes, and those of some charts a setting.
func releaseUnwell(c *aws.Call, r *store.Resource) string {
	values := r.Inputs.Object("values")
	p := pods{namespace: NamespaceOr(r.Inputs.String("namespace")), spec: store.Values{"nodeSelector": map[string]any(values.Object("nodeSelector")),
		"tolerations": values["tolerations"]}}
	if why := p.unschedulable(c); why != "" {
		return why
	}
	if chartName(r.Inputs) == balancerChart {
		if named := values.String("clusterName"); named != c.Cluster.ID {
			return fmt.Sprintf("CrashLoopBackOff: the value clusterName must be the name of the cluster, %s, and is %q", c.Cluster.ID, named)
		}
	}
	return releaseIdentity(c, r)
}

// releaseIdentity says why AWS would not let a chart's controller do its work. Charts have the service account either at
// serviceAccount or in a part of their own.
func releaseIdentity(c *aws.Call, r *store.Resource) string {
	account := r.Inputs.Object("values").Object("serviceAccount")
	role := account.Object("annotations").String(roleAnnotation)
	if role == "" {
		return ""
	}
	name := cmp.Or(account.String("name"), r.Inputs.String("name"))
	if why := c.NoWebIdentity(role, NamespaceOr(r.Inputs.String("namespace")), name); why != "" {
		return "its pods get no credentials: WebIdentityErr: failed to retrieve credentials: " + why
	}
	return ""
}

// releaseGone takes away with a release what Kubernetes takes away with the types that it defines. Only the chart of the
// External Secrets Operator has its definitions among what Helm removes.
func releaseGone(c *aws.Call, r *store.Resource) error {
	if chartName(r.Inputs) != secretsChart {
		return nil
	}
	for _, typ := range []string{secretStoreType, externalSecretType} {
		for _, o := range c.All(typ) {
			c.Tx.Remove(o)
		}
	}
	return nil
}
