package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/kubernetes"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

var _ provider.Kubernetes = (*regional)(nil)

// Cluster implements provider.Kubernetes: the provider for what is in the account's EKS cluster with that server.
func (p *regional) Cluster(access provider.ClusterAccess) provider.Provider {
	return &regional{account: p.account, region: p.region, access: &access, cancelled: p.cancelled, once: p.once}
}

// call makes the cloud's view of an operation: in the provider's region or its cluster.
func (p *regional) call(tx *store.Tx, in store.Values) *aws.Call {
	c := p.account.call(tx, p.region, in)
	if p.access == nil {
		return c
	}
	c.Namespace = p.access.Namespace
	if c.Cluster = aws.ClusterAt(tx, p.access.Server); c.Cluster != nil {
		c.Region = c.Cluster.Region
	}
	return c
}

// unreachable says that a cluster does not answer.
type unreachable struct{ reason string }

func (e *unreachable) Error() string {
	return "configured Kubernetes cluster is unreachable: " + e.reason
}

// answers demands, of a provider for a cluster, that the cluster can be talked to.
func (p *regional) answers(c *aws.Call) error {
	if p.access == nil {
		return nil
	}
	server := p.access.Server
	switch {
	case c.Cluster == nil:
		host, _, _ := strings.Cut(strings.TrimPrefix(server, "https://"), "/")
		return &unreachable{fmt.Sprintf("Get %q: dial tcp: lookup %s: no such host", server+"/api", host)}
	case c.Cluster.Outputs.Object("certificateAuthority").String("data") != p.access.Authority:
		return &unreachable{fmt.Sprintf("Get %q: tls: failed to verify certificate: x509: certificate signed by unknown authority", server+"/api")}
	}
	return nil
}

// lost tells whether an error means that what a provider's cluster held counts as gone, as its configuration may say of
// a cluster that does not answer.
func (p *regional) lost(err error) bool {
	_, is := err.(*unreachable)
	return is && p.access.DeleteUnreachable
}

// place fills in the namespace of what names none.
func (p *regional) place(k *aws.Kind, news resource.PropertyMap) {
	if p.access == nil || !kubernetes.Namespaced(k) {
		return
	}
	namespace := resource.NewProperty(kubernetes.NamespaceOr(p.access.Namespace))
	if k.Type == kubernetes.ReleaseType {
		if !news.HasValue("namespace") {
			news["namespace"] = namespace
		}
		return
	}
	if metadata := news["metadata"]; metadata.IsObject() && !metadata.ObjectValue().HasValue("namespace") {
		object := metadata.ObjectValue().Copy()
		object["namespace"] = namespace
		news["metadata"] = resource.NewProperty(object)
	}
}

// fixedPaths are the properties of a type that this provider does not change in place.
func (p *regional) fixedPaths(k *aws.Kind) []string {
	if k.Type != kubernetes.ConfigMapType || p.access == nil || !p.access.MutableConfigMaps {
		return k.Replace
	}
	return slices.DeleteFunc(slices.Clone(k.Replace), func(path string) bool { return !strings.HasPrefix(path, "metadata.") })
}

// waiting says what a resource that a program waits for is still waiting for, or "", and how long it is worth waiting.
func waiting(k *aws.Kind, c *aws.Call, r *store.Resource, deadline time.Time) (string, time.Time) {
	why := k.Unwell
	if k.Pending != nil {
		why = k.Pending
	}
	if k.Coming != nil {
		if until := k.Coming(c, r).Add(steadyPatience); until.After(deadline) {
			deadline = until
		}
	}
	return why(c, r), deadline
}

// notSteady is what a program is told of a resource that it waited for in vain.
func notSteady(k *aws.Kind, r *store.Resource, why string) string {
	if k.Clustered {
		return fmt.Sprintf("'%s' timed out waiting to be Ready: %s", r.ID, why)
	}
	name := r.Property(k.Name)
	if name == "" {
		name = r.ID
	}
	return fmt.Sprintf("%s did not stabilize: %s", name, why)
}
