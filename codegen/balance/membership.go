package balance

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// Membership is a target group that the copies of the component that is being generated are in.
type Membership struct {
	// Group is the local variable that holds the target group.
	Group string
	// Alternate and Rule are the local variables of a second group and of the rule that ECS turns between the two, for
	// deployments that shift requests; else "".
	Alternate, Rule string
	// Port is the copies' port that gets the traffic.
	Port int
	// LoadBalancer is the code of the last part of the load balancer's ARN, as CloudWatch names it; of an NLB if not
	// Application.
	LoadBalancer jen.Code
	Application  bool
	// Own tells that the load balancer is the component's own, so that its errors are the component's.
	Own bool
	// Part tells the load balancer's alarms apart; "" for its own.
	Part   string
	Source diag.Position
}

// Counted is the target group whose requests a workload is scaled by: what scales counts in one, so there must be just one
// that an ALB sends to. If there is not, that is reported where the YAML asks for it.
func Counted(b *component.Builder, memberships []Membership) (Membership, bool) {
	source := b.Place("scaling", "autoscaling", "targetRequestsPerReplica")
	var found []Membership
	for _, m := range memberships {
		if m.Application {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		b.Fail(diag.Errorf(source, component.Code, "%s gets no requests from a load balancer that could be counted", b.ID()).
			WithHint("set networking.loadBalancer.enabled, name it in a route of an ALB, or leave targetRequestsPerReplica out"))
	default:
		b.Fail(diag.Errorf(source, component.Code, "requests are counted for one route, and %s gets them by %d", b.ID(), len(found)).
			WithHint("scale by CPU use instead, or join the routes").
			WithRelated(found[1].Source, "another one is here"))
	}
	return Membership{}, false
}

// GroupPart is the part of the target group's own name.
func (m Membership) GroupPart() string {
	if m.Part == "" {
		return "targets"
	}
	return m.Part
}

// AlarmPart is the part of the group's alarm of that name.
func (m Membership) AlarmPart(name string) string { return strings.TrimPrefix(m.Part+"-"+name, "-") }
