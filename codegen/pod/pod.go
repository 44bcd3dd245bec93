package pod

import (
	"cmp"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/tracing"
)

// Pod is the pods of a component that is being generated.
type Pod struct {
	*component.Builder
	Spec container.Spec
	// Purpose is what the pods are for, a part of the name of their security group; "" for a service.
	Purpose string
	// Ports are those that the process listens on.
	Ports []container.Port
	// Probes are what the kubelet asks.
	Probes Probes
	// Drain is for how many seconds a pod that goes still works, so that load balancers can notice; 0 for not at all.
	Drain int
	// Most is how many copies there can be; they are spread over zones and nodes if that is more than one.
	Most int
	// Restart is the pods' restart policy; "" for Kubernetes's own, which is always.
	Restart string
	// Variables are environment variables beside those of the spec.
	Variables []container.EnvVar
	// Statements are what the process may do beside what its references need.
	Statements []iam.Statement
	// Untraced tells that the process takes no part in requests that are followed.
	Untraced bool
	// Labels tell pods of one template from the component's others, where it has several.
	Labels component.Fields
	// Annotations are those of pods beside their own.
	Annotations component.Fields
	// First are containers that run to their end before the process starts.
	First []jen.Code
	// Volumes are beside those of file systems and files; Mounts say where the process finds them.
	Volumes, Mounts []jen.Code
	// WaitFor are local variables of what the pods need without their template referring to it: grants and network paths.
	WaitFor []string
	// systems are the file systems that are mounted into the container.
	systems []filesystem.Mount
	// folders are those of the component's files.
	folders []configfile.Folder
	// tracing is how requests are followed.
	tracing tracing.Settings
}

// Prepare registers everything that the pods need. The security group is the local variable securityGroup, the log group
// logs, the service account account and its role taskRole.
func (p *Pod) Prepare() {
	container.LookUpSecrets(p.Builder, p.Spec.Secrets)
	if !p.Untraced {
		p.tracing = container.TracingOf(p.Builder)
		p.Variables = append(p.Variables, p.Spec.Tracing(p.Builder, p.tracing)...)
	}
	p.systems = filesystem.Mounts(p.Builder)
	p.folders = configfile.Folders(p.Component().ConfigFiles)
	container.LogGroup(p.Builder, p.Spec)
	p.identity()
	p.guard(cmp.Or(p.Purpose, "service"))
	p.secrets()
	p.configMap()
	p.volumes()
}

// identity is the service account with the role that the process has: what its references need.
func (p *Pod) identity() {
	waitFor := iam.AddRole(p.Builder, iam.Role{
		Var: "taskRole", Part: "task", What: "task role", Trust: p.trust(Name(p.Component(), "")), Managed: p.Spec.Policies,
	})
	p.await(append(waitFor, container.Grants(p.Builder, p.Statements, p.tracing)...)...)
	p.serviceAccount("account", "account", Name(p.Component(), ""), "taskRole")
	p.await("account")
}

// serviceAccount registers a service account that has a role. Its own token for Kubernetes nobody needs: that for AWS is
// another, which EKS puts into each pod.
func (p *Pod) serviceAccount(local, part, name, role string) {
	p.object(component.Manifest{
		Var: local, API: "core/v1", Kind: "ServiceAccount", Part: part, What: "service account " + part, Name: component.Str(name),
		Annotations: component.Fields{{Name: "eks.amazonaws.com/role-arn", Value: jen.Id(role).Dot("Arn")}},
		Fields:      component.Fields{{Name: "AutomountServiceAccountToken", Value: component.Bool(false)}},
	})
}
