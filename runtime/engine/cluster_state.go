package engine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/panka-io/panka/runtime/provider"
)

// clusterProviderType is the type of the provider resources that lead to Kubernetes clusters.
const clusterProviderType = providerTypePrefix + kubernetesPlugin

// reference is how resources name their provider.
func reference(p apitype.ResourceV3) string { return string(p.URN) + urn.NameDelimiter + string(p.ID) }

// clusterAccess reads which cluster a recorded provider of package kubernetes is for.
func clusterAccess(p apitype.ResourceV3) (provider.ClusterAccess, error) {
	config, err := stack.DeserializeProperties(p.Inputs, b64.NewBase64SecretsManager().Decrypter())
	if err != nil {
		return provider.ClusterAccess{}, fmt.Errorf("decode the configuration of %s: %w", p.URN, err)
	}
	access, err := provider.ReadClusterAccess(config)
	if err != nil {
		return provider.ClusterAccess{}, fmt.Errorf("read the configuration of %s: %w", p.URN, err)
	}
	return access, nil
}

// servers gives the API servers of the Kubernetes clusters that recorded providers are for, by references to these.
func (s *State) servers() map[string]string {
	out := map[string]string{}
	for _, p := range s.deployment.Resources {
		if p.Type != clusterProviderType {
			continue
		}
		if access, err := clusterAccess(p); err == nil { // the run that wrote it has told of an error
			out[reference(p)] = access.Server
		}
	}
	return out
}

// cloudOf gives the cloud that is asked of a recorded resource: that of its cluster if it is one of package kubernetes,
// and else cloud itself.
func cloudOf(d *apitype.DeploymentV3, r apitype.ResourceV3, cloud provider.Provider) (provider.Provider, error) {
	u := providerURN(r.Provider)
	if u == "" || u.Type() != clusterProviderType {
		return cloud, nil
	}
	clusters, ok := cloud.(provider.Kubernetes)
	if !ok {
		return nil, errNoClusters
	}
	i := slices.IndexFunc(d.Resources, func(p apitype.ResourceV3) bool { return p.URN == u && reference(p) == r.Provider })
	if i < 0 {
		return nil, fmt.Errorf("its provider %s is not recorded", u)
	}
	access, err := clusterAccess(d.Resources[i])
	if err != nil {
		return nil, err
	}
	return clusters.Cluster(access), nil
}

var errNoClusters = errors.New("the cloud that takes the place of AWS here has no Kubernetes clusters")
