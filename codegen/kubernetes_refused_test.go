package codegen_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
)

// publicEndpointWarning is what every stack on eks is told whose Networking document says nothing of it.
const publicEndpointWarning = "is reached from within the VPC only, so panka must run there"

// beside leaves out what says that.
func beside(ds diag.List, said string) diag.List {
	return slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return strings.Contains(d.Message, said) })
}

// kubernetesRefusals are about the cluster that platform eks needs.
var kubernetesRefusals = []refusal{
	{
		"an image that no machine can run", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {nodes: {instanceTypes: [m7g.large]}, publicEndpoint: {enabled: false}}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks}}
`, "error: the image of app/api is for x86_64, which none of the nodes' instanceTypes can run",
	}, {
		"a machine without work", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {nodes: {instanceTypes: [m7i.large, m7g.large]}, publicEndpoint: {enabled: false}}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks}}
`, "error: no component has an image that m7g.large could run",
	}, {
		"a public endpoint for nobody", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {publicEndpoint: {enabled: true}}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks}}
`, "error: nothing says which addresses may connect to the public endpoint of the cluster's API",
	}, {
		"a public endpoint where none may be", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {publicEndpoint: {enabled: true, allowFrom: [203.0.113.0/24]}}}}
-- in/infra/security.yaml --
kind: Security
spec: {ingress: {internetFacing: deny}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks}}
`, "error: the cluster's API would be reached from the internet, which the Security document denies",
	}, {
		"an endpoint that panka may not reach", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks}}
`, "warning: the API of the EKS cluster that app/api needs " + publicEndpointWarning,
	}, {
		"a label that no node has", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {publicEndpoint: {enabled: false}}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks, nodeSelector: {disk: fast}}}
`, `warning: no node that panka makes has the label "disk", so that the pods of app/api would wait for one`,
	}, {
		"the architecture by a label", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {kubernetes: {publicEndpoint: {enabled: false}}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: eks, nodeSelector: {kubernetes.io/arch: arm64}}}
`, "error: the label kubernetes.io/arch of the nodes of app/api follows from its architecture",
	},
}

func TestKubernetesRefusals(t *testing.T) { refuse(t, kubernetesRefusals) }
