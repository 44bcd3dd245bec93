package engine

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/panka-io/panka/runtime/provider"
)

// clusterProviderType is the type of the provider resources that lead to Kubernetes clusters.
const clusterProviderType = providerTypePrefix + kubernetesPlugin

// recordedProvider gives the provider resource that a reference names, <urn>::<id>, if it is recorded.
func recordedProvider(d *apitype.DeploymentV3, ref string) (apitype.ResourceV3, bool) {
	for _, p := range d.Resources {
		if p.URN == providerURN(ref) && string(p.URN)+"::"+string(p.ID) == ref {
			return p, true
		}
	}
	return apitype.ResourceV3{}, false
}

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

// server gives the API server of the cluster that a recorded resource is in, or "".
func (s *State) server(r apitype.ResourceV3) string {
	p, ok := recordedProvider(s.deployment, r.Provider)
	if !ok || p.Type != clusterProviderType {
		return ""
	}
	access, err := clusterAccess(p)
	if err != nil {
		return "" // an engine that read it would have said so
	}
	return access.Server
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
	p, ok := recordedProvider(d, r.Provider)
	if !ok {
		return nil, fmt.Errorf("its provider %s is not recorded", u)
	}
	access, err := clusterAccess(p)
	if err != nil {
		return nil, err
	}
	return clusters.Cluster(access), nil
}

var errNoClusters = errors.New("the cloud that takes the place of AWS here has no Kubernetes clusters")
