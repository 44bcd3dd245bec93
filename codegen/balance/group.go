package balance

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// TargetType is what a target group holds.
type TargetType string

// The types of targets.
const (
	IP       TargetType = "ip"       // network interfaces, such as those of containers
	Instance TargetType = "instance" // EC2 machines
	Function TargetType = "lambda"   // a Lambda function, behind an ALB
	Balancer TargetType = "alb"      // an ALB, behind an NLB
)

// Group is a target group.
type Group struct {
	// Var is the local variable that holds it, Part the last part of its name.
	Var, Part string
	Type      TargetType
	// Protocol is HTTP behind an ALB, else TCP, UDP or TCP_UDP; Version is HTTP2 or GRPC, "" for HTTP/1.1. A function has
	// none of these and no Port.
	Protocol, Version string
	Port              int
	// Health is the health check, nil for AWS's own.
	Health jen.Code
	// Settings are further arguments of lb.TargetGroupArgs.
	Settings component.Fields
	// Salt is what replaces the load balancer, see ReplacedBy.
	Salt   []string
	Source diag.Position
}

// AddGroup registers a target group.
func AddGroup(b *component.Builder, g Group) {
	salt := append([]string{string(g.Type), g.Protocol, g.Version, strconv.Itoa(g.Port)}, g.Salt...)
	args := component.Fields{
		{Name: "Name", Value: b.Salted(32, g.Part, salt...)},
		{Name: "TargetType", Value: component.Str(string(g.Type))},
	}
	if g.Type != Function {
		args = append(args, component.Fields{
			{Name: "VpcId", Value: jen.Id("base").Dot("vpcID")},
			{Name: "Protocol", Value: component.Str(g.Protocol)},
			{Name: "ProtocolVersion", Value: component.If(g.Version != "", component.Str(g.Version))},
			{Name: "Port", Value: component.Int(g.Port)},
		}...)
	}
	args = append(args, g.Settings...)
	b.Resource(component.Resource{
		Var: g.Var, Type: "aws:lb/targetGroup:TargetGroup", Part: g.Part, What: "target group", Source: g.Source,
		Args:    append(args, component.Field{Name: "HealthCheck", Value: g.Health}),
		Options: []jen.Code{component.CreateFirst()},
	})
}
