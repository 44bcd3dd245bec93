package microservice

import "github.com/panka-io/panka/codegen/pod"

// runOnKubernetes makes the copies pods of a Deployment; it is false if they cannot be.
func (m *service) runOnKubernetes() bool {
	if !pod.Runnable(m.Builder, m.Spec) {
		return false
	}
	pods := &pod.Pod{
		Builder: m.Builder, Spec: m.Spec, Ports: m.Ports, Probes: m.probes(), Most: pod.MostCopies(m.Scaling),
	}
	if m.reached() {
		pods.Drain = deregistrationDelay
	}
	pods.Prepare()
	m.reach()
	pods.WaitFor = append(pods.WaitFor, m.waitFor...)
	running := pod.Deployment{Pod: pods, Rollout: m.Deployment, Scaling: m.Scaling, Targets: m.targets}
	running.Run()
	return true
}

// probes are what the kubelet asks. A process that has started is asked at once whether it can take requests, as one that
// cannot gets none.
func (m *service) probes() pod.Probes {
	probes := pod.Probes{
		Startup: m.HealthCheck.Startup.ofPod(), Liveness: m.HealthCheck.Liveness.ofPod(), Readiness: m.HealthCheck.Readiness.ofPod(),
	}
	if p := m.HealthCheck.Startup; p != nil && p.StartPeriod != nil {
		probes.Startup.Grace(int(*p.StartPeriod))
	}
	if p := m.HealthCheck.Liveness; p != nil && p.StartPeriod != nil {
		probes.Liveness.Delay = int(*p.StartPeriod)
	}
	return probes
}

func (p *probe) ofPod() *pod.Probe {
	if p == nil {
		return nil
	}
	question := &pod.Probe{Interval: int(p.Interval), Timeout: int(p.Timeout), Failures: p.Retries}
	switch {
	case p.HTTP != nil:
		question.Path, question.Port = p.HTTP.Path, p.HTTP.Port
	case p.TCP != nil:
		question.Port = p.TCP.Port
	default:
		question.Command = pod.Command(p.Command)
	}
	return question
}
