package foundation

import (
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// networking is the spec of the Networking document.
type networking struct {
	VPC struct {
		Use     string        `yaml:"use"`
		ID      string        `yaml:"id"`
		Public  *subnetChoice `yaml:"publicSubnets"`
		Private *subnetChoice `yaml:"privateSubnets"`
		CIDR    string        `yaml:"cidr"`
		Zones   int           `yaml:"availabilityZones"`
		NAT     string        `yaml:"nat"`
	} `yaml:"vpc"`
	Endpoints struct {
		Gateway   []string `yaml:"gateway"`
		Interface []string `yaml:"interface"`
	} `yaml:"endpoints"`
	ServiceDiscovery *struct {
		Namespace string `yaml:"namespace"`
	} `yaml:"serviceDiscovery"`
	Cluster struct {
		Machines           machines          `yaml:"machines"`
		ExecuteCommandLogs bool              `yaml:"executeCommandLogs"`
		Kubernetes         kubernetesCluster `yaml:"kubernetes"`
	} `yaml:"cluster"`
}

// subnetChoice are subnets that exist, by IDs or by tags.
type subnetChoice struct {
	IDs  []string          `yaml:"ids"`
	Tags map[string]string `yaml:"tags"`
}

// machines are those of the cluster.
type machines struct {
	InstanceType   string `yaml:"instanceType"`
	MinSize        int    `yaml:"minSize"`
	MaxSize        int    `yaml:"maxSize"`
	TargetCapacity int    `yaml:"targetCapacityPercent"`
	DiskGB         int    `yaml:"diskGB"`
}

// kubernetesCluster is the EKS cluster.
type kubernetesCluster struct {
	Version        string   `yaml:"version"`
	Support        string   `yaml:"support"`
	Administrators []string `yaml:"administrators"`
	PublicEndpoint struct {
		Enabled   bool     `yaml:"enabled"`
		AllowFrom []string `yaml:"allowFrom"`
	} `yaml:"publicEndpoint"`
	Nodes struct {
		InstanceTypes []string `yaml:"instanceTypes"`
		CapacityType  string   `yaml:"capacityType"`
		MinSize       int      `yaml:"minSize"`
		MaxSize       int      `yaml:"maxSize"`
		DiskGB        int      `yaml:"diskGB"`
	} `yaml:"nodes"`
	AddonVersions map[string]string `yaml:"addonVersions"`
}

// Where the VPC comes from.
const (
	vpcDefault  = "default"
	vpcCreate   = "create"
	vpcExisting = "existing"
)

// How private subnets of a VPC of the stack's own reach the internet.
const (
	natNone    = "none"
	natSingle  = "single"
	natPerZone = "perZone"
)

// decode reads the stack's Networking; what is not there is as the schema has it.
func decode(stack *ir.Stack) (networking, diag.List) {
	var n networking
	n.VPC.Use, n.VPC.CIDR, n.VPC.Zones, n.VPC.NAT = vpcDefault, "10.0.0.0/16", network.Zones(stack), natSingle
	n.Cluster.Machines = machines{MaxSize: 10, TargetCapacity: 100, DiskGB: 30}
	k := &n.Cluster.Kubernetes
	k.Version, k.Support, k.Nodes.CapacityType = "1.35", "standard", onDemandNodes
	k.Nodes.MinSize, k.Nodes.MaxSize, k.Nodes.DiskGB = 2, 6, 30
	ds := spec.Decode(stack.Network, &n)
	return n, ds
}

// publicOnly tells whether workloads are in subnets with a route to the internet, where they need public addresses.
func (n networking) publicOnly() bool {
	switch n.VPC.Use {
	case vpcCreate:
		return n.VPC.NAT == natNone
	case vpcExisting:
		return n.VPC.Private == nil
	default:
		return true
	}
}
