package foundation

import (
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/tracing"
)

// Rules of a service come before the stack's, and both before X-Ray's own, which has 10000.
const (
	servicePriority = 5000
	stackPriority   = 6000
)

// sampling tells X-Ray which share of the requests to follow, with a rule for the stack and one for each service that is
// to be sampled otherwise. The share holds from the first request on: X-Ray's own rule would add one in each second.
func sampling(b *component.Builder) {
	groups, ds := tracing.Groups(b.Stack())
	b.Fail(ds...)
	for _, g := range groups {
		priority := stackPriority
		if g.Service != "" {
			priority = servicePriority
		}
		all := component.Str("*")
		b.Resource(component.Resource{
			Type: "aws:xray/samplingRule:SamplingRule", Part: names.Resource("sampling", g.Service), Source: g.Settings.Source,
			What: strings.TrimSuffix("sampling rule of "+g.Service, " of "),
			Args: Fields{
				{Name: "RuleName", Value: component.Str(g.RuleName)},
				{Name: "Version", Value: component.Int(1)},
				{Name: "Priority", Value: component.Int(priority)},
				{Name: "ServiceName", Value: component.Str(g.ServiceName)},
				{Name: "FixedRate", Value: component.Float(g.Settings.Share())},
				{Name: "ReservoirSize", Value: component.Int(0)},
				{Name: "ServiceType", Value: all},
				{Name: "Host", Value: all},
				{Name: "HttpMethod", Value: all},
				{Name: "UrlPath", Value: all},
				{Name: "ResourceArn", Value: all},
			},
		})
	}
}
