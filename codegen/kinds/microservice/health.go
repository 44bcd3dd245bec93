package microservice

import (
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
)

// asked is how load balancers find out who can take requests. They run no command in a container: for a command, and
// without a readiness, they only connect.
func (m *service) asked() balance.Health {
	h, r := balance.Default(), m.HealthCheck.Readiness
	if r == nil {
		return h
	}
	h.Interval, h.Timeout, h.Unhealthy = int(r.Interval), int(r.Timeout), r.Retries
	switch {
	case r.HTTP != nil:
		h.Protocol, h.Path, h.Statuses, h.Port = "HTTP", r.HTTP.Path, "200-399", r.HTTP.Port
	case r.TCP != nil:
		h.Port = r.TCP.Port
	}
	return h
}

// containerHealth is what ECS asks inside the container.
func (m *service) containerHealth() *container.Health {
	p := m.HealthCheck.Liveness
	if r := m.HealthCheck.Readiness; p == nil && r != nil && (!m.reached() || r.Command != nil) {
		p = r
	}
	if p == nil {
		return nil
	}
	h := &container.Health{
		Command: p.containerCommand(), Interval: int(p.Interval), Timeout: int(p.Timeout), Retries: p.Retries,
		StartPeriod: int(m.grace()),
	}
	if p.StartPeriod != nil {
		h.StartPeriod = int(*p.StartPeriod)
	}
	return h
}

// grace is how long the startup probe would let the process take, 0 without one.
func (m *service) grace() spec.Seconds {
	p := m.HealthCheck.Startup
	if p == nil {
		return 0
	}
	grace := p.Interval * spec.Seconds(p.Retries)
	if p.StartPeriod != nil {
		grace += *p.StartPeriod
	}
	return grace
}

// containerCommand asks with what most images have.
func (p *probe) containerCommand() []string {
	switch {
	case p.HTTP != nil:
		return container.HTTPCommand(p.HTTP.Port, p.HTTP.Path)
	case p.TCP != nil:
		return container.TCPCommand(p.TCP.Port)
	default:
		return container.Command(p.Command)
	}
}
