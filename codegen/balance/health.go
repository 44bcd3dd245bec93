package balance

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Health is how a load balancer finds out which targets are well. Times are in seconds.
type Health struct {
	// Protocol is HTTP, HTTPS or TCP. An ALB asks by HTTP where it says TCP.
	Protocol string
	// Port is asked; 0 is the one that gets the traffic.
	Port int
	// Path is what HTTP gets, / if empty; Statuses are those of good answers. Both only for HTTP and HTTPS.
	Path, Statuses    string
	Interval, Timeout int
	// Healthy and Unhealthy are how many answers in a row change what is thought of a target.
	Healthy, Unhealthy int
}

// Default asks whether anything but a server error is answered: by HTTP for an ALB, for an NLB by connecting.
func Default() Health {
	return Health{Protocol: "TCP", Interval: 30, Timeout: 5, Healthy: 2, Unhealthy: 3}
}

// overridden is the health check that a route gives, or else h.
func (h Health) overridden(r *routeHealth) Health {
	if r == nil {
		return h
	}
	protocol := r.Protocol
	switch {
	case protocol != "":
	case r.Path != "" || r.Statuses != "":
		protocol = "HTTP"
	default:
		protocol = "TCP"
	}
	h = Health{
		Protocol: protocol, Path: r.Path, Statuses: r.Statuses, Interval: int(r.Interval), Timeout: int(r.Timeout),
		Healthy: r.HealthyThreshold, Unhealthy: r.UnhealthyThreshold,
	}
	if h.Protocol != "TCP" && h.Path == "" {
		h.Path = "/"
	}
	if r.Port != nil {
		h.Port = *r.Port
	}
	return h
}

// ByRequest turns h into what an ALB can ask. Of what only accepts connections any answer but a server's error is good.
func (h Health) ByRequest() Health {
	if h.Protocol == "TCP" {
		h.Protocol = "HTTP"
		if h.Statuses == "" {
			h.Statuses = "200-499"
		}
	}
	if h.Path == "" {
		h.Path = "/"
	}
	if h.Statuses == "" {
		h.Statuses = "200-399"
	}
	return h
}

// Code is the health check of a target group.
func (h Health) Code() jen.Code {
	port := "traffic-port"
	if h.Port > 0 {
		port = strconv.Itoa(h.Port)
	}
	return healthCheck(component.Fields{
		{Name: "Protocol", Value: component.Str(h.Protocol)},
		{Name: "Path", Value: component.If(h.Path != "", component.Str(h.Path))},
		{Name: "Port", Value: component.Str(port)},
		{Name: "Matcher", Value: component.If(h.Statuses != "", component.Str(h.Statuses))},
		{Name: "Interval", Value: component.Int(h.Interval)},
		{Name: "Timeout", Value: component.Int(h.Timeout)},
		{Name: "HealthyThreshold", Value: component.Int(h.Healthy)},
		{Name: "UnhealthyThreshold", Value: component.Int(h.Unhealthy)},
	})
}

// function is the health check of a target group of a function, which has no port and protocol.
func (r *routeHealth) function() jen.Code {
	if r == nil {
		return nil // AWS then does not call the function to ask
	}
	h := Health{}.overridden(r).ByRequest()
	return healthCheck(component.Fields{
		{Name: "Enabled", Value: component.Bool(true)},
		{Name: "Path", Value: component.Str(h.Path)},
		{Name: "Matcher", Value: component.Str(h.Statuses)},
		{Name: "Interval", Value: component.Int(h.Interval)},
		{Name: "Timeout", Value: component.Int(h.Timeout)},
		{Name: "HealthyThreshold", Value: component.Int(h.Healthy)},
		{Name: "UnhealthyThreshold", Value: component.Int(h.Unhealthy)},
	})
}

func healthCheck(fields component.Fields) jen.Code {
	return component.Struct(component.AWS("lb", "TargetGroupHealthCheckArgs"), fields)
}
