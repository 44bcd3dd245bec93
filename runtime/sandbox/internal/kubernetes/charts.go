package kubernetes

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// The charts whose releases define custom types and run the controllers for them.
const (
	balancerChart = "aws-load-balancer-controller"
	secretsChart  = "external-secrets"
	kedaChart     = "keda"
	rolloutsChart = "argo-rollouts"
)

// definedBy demands that what defines a custom type is in the cluster: a release of the chart that does.
func definedBy(chart, typ string) func(c *aws.Call) error {
	return func(c *aws.Call) error {
		if released(c, chart) {
			return nil
		}
		version, kind, _ := strings.Cut(strings.TrimPrefix(typ, "kubernetes:"), ":")
		return errorf("creation failed: no matches for kind %q in version %q: no release of chart %s is in the cluster, which defines it", kind, version, chart)
	}
}

// controllerUnwell says why the controller that a chart installs does nothing for the objects that it is for.
func controllerUnwell(c *aws.Call, chart string) string {
	controller := releaseOf(c, chart)
	if controller == nil {
		return fmt.Sprintf("no controller takes care of it: the cluster has no release of chart %s", chart)
	}
	if why := releaseUnwell(c, controller); why != "" {
		return "its controller does not run: " + why
	}
	return ""
}

// finalized is for the deletion of objects that stay until a chart's controller has cleaned up after them.
func finalized(chart, finalizer string) func(c *aws.Call, r *store.Resource) error {
	return func(c *aws.Call, r *store.Resource) error {
		if why := controllerUnwell(c, chart); why != "" {
			return errorf("timed out waiting for deletion: finalizer %s of %s stays: %s", finalizer, r.ID, why)
		}
		return nil
	}
}

// released tells whether the cluster holds a release of a chart.
func released(c *aws.Call, chart string) bool { return releaseOf(c, chart) != nil }

func releaseOf(c *aws.Call, chart string) *store.Resource {
	for _, r := range c.All(ReleaseType) {
		if r.Ready(c.Now) && chartName(r.Inputs) == chart {
			return r
		}
	}
	return nil
}

// chartName gives the name of a release's chart without the repository that it may be given with, as in
// oci://public.ecr.aws/karpenter/karpenter.
func chartName(in store.Values) string {
	chart := in.String("chart")
	return chart[strings.LastIndex(chart, "/")+1:]
}
