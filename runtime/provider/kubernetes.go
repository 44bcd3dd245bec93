package provider

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"
)

// Kubernetes is what a Provider implements as well that serves the resources of package kubernetes: those inside the
// clusters of its cloud.
type Kubernetes interface {
	// Cluster gives the provider for what is in one cluster. It does not look whether the cluster is there: operations
	// on one that cannot be reached fail as access says.
	Cluster(access ClusterAccess) Provider
}

// ClusterAccess is how a program says which cluster it means: the configuration of a provider of package kubernetes.
type ClusterAccess struct {
	// Server is the address of the cluster's API server, https://….
	Server string
	// Authority is the certificate authority that vouches for the server, in base64; "" if the configuration has none.
	Authority string
	// Namespace is that of resources that name none; "" means default.
	Namespace string
	// DeleteUnreachable says that what was in a cluster that cannot be reached counts as gone.
	DeleteUnreachable bool
	// MutableConfigMaps says that a ConfigMap's data change in place.
	MutableConfigMaps bool
}

// ErrUnknownAccess says that a configuration is not known yet, as in a preview of a cluster that does not exist.
var ErrUnknownAccess = errors.New("which cluster is meant is not known yet")

// ReadClusterAccess reads the configuration of a provider of package kubernetes: kubeconfig, which must be the text of
// a kubeconfig in JSON or YAML, and the properties that choose among its entries. The error is ErrUnknownAccess if
// these are not known.
func ReadClusterAccess(config resource.PropertyMap) (ClusterAccess, error) {
	for _, key := range []resource.PropertyKey{"kubeconfig", "context", "cluster"} {
		if config[key].ContainsUnknowns() {
			return ClusterAccess{}, ErrUnknownAccess
		}
	}
	var parsed kubeconfig
	if err := yaml.Unmarshal([]byte(text(config, "kubeconfig")), &parsed); err != nil {
		return ClusterAccess{}, fmt.Errorf("kubeconfig must be the text of a kubeconfig, in JSON or YAML: %w", err)
	}
	access, err := parsed.access(text(config, "context"), text(config, "cluster"))
	if err != nil {
		return ClusterAccess{}, fmt.Errorf("kubeconfig: %w", err)
	}
	if namespace := text(config, "namespace"); namespace != "" {
		access.Namespace = namespace
	}
	access.DeleteUnreachable, access.MutableConfigMaps = truth(config, "deleteUnreachable"), truth(config, "enableConfigMapMutable")
	return access, nil
}

// kubeconfig is what matters here of a kubeconfig: how to authenticate does not.
type kubeconfig struct {
	Current  string `yaml:"current-context"`
	Contexts []struct {
		Name    string `yaml:"name"`
		Context struct {
			Cluster   string `yaml:"cluster"`
			Namespace string `yaml:"namespace"`
		} `yaml:"context"`
	} `yaml:"contexts"`
	Clusters []struct {
		Name    string `yaml:"name"`
		Cluster struct {
			Server    string `yaml:"server"`
			Authority string `yaml:"certificate-authority-data"`
		} `yaml:"cluster"`
	} `yaml:"clusters"`
}

// access follows the context, or the current one, to its cluster, or to the one that is given.
func (k kubeconfig) access(context, cluster string) (ClusterAccess, error) {
	if context == "" {
		context = k.Current
	}
	var a ClusterAccess
	found := false
	for _, c := range k.Contexts {
		if c.Name != context {
			continue
		}
		found, a.Namespace = true, c.Context.Namespace
		if cluster == "" {
			cluster = c.Context.Cluster
		}
	}
	if !found {
		return a, fmt.Errorf("there is no context %q", context)
	}
	for _, c := range k.Clusters {
		if c.Name == cluster && c.Cluster.Server != "" {
			a.Server, a.Authority = c.Cluster.Server, c.Cluster.Authority
			return a, nil
		}
	}
	return a, fmt.Errorf("there is no cluster %q with a server", cluster)
}

// text gives a property's text, in clear if it is secret. An object counts as its JSON.
func text(config resource.PropertyMap, key resource.PropertyKey) string {
	v := config[key]
	for v.IsSecret() || v.IsOutput() {
		if v.IsSecret() {
			v = v.SecretValue().Element
			continue
		}
		v = v.OutputValue().Element
	}
	switch {
	case v.IsString():
		return v.StringValue()
	case v.IsObject():
		if b, err := json.Marshal(v.ObjectValue().Mappable()); err == nil {
			return string(b)
		}
	}
	return ""
}

// truth gives a property that programs may also write as text, as providers' configurations are.
func truth(config resource.PropertyMap, key resource.PropertyKey) bool {
	v := config[key]
	return v.IsBool() && v.BoolValue() || v.IsString() && v.StringValue() == "true"
}
