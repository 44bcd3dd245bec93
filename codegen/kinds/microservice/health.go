package microservice

import (
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
)

// containerHealth is what ECS asks inside the container.
func (m *service) containerHealth() *container.Health {
	p := m.HealthCheck.Liveness
	if r := m.HealthCheck.Readiness; p == nil && r != nil && (!m.balanced() || r.Command != nil) {
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
		return append([]string{"CMD"}, p.Command...)
	}
}
