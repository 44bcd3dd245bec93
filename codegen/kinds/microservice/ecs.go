package microservice

import (
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
)

// runOnECS makes the copies tasks of an ECS service; it is false if they cannot be.
func (m *service) runOnECS() bool {
	if !container.Shiftable(m.Builder, m.Deployment, m.reached()) {
		return false
	}
	configfile.Check(m.Builder, m.Spec.Runtime.User)
	task := &container.Task{Builder: m.Builder, Spec: m.Spec, Ports: m.Ports, Health: m.containerHealth()}
	task.Prepare()
	m.reach()
	task.WaitFor = append(task.WaitFor, m.waitFor...)
	task.Definition()
	running := container.Service{
		Task: task, Deployment: m.Deployment, Scaling: m.Scaling, Targets: m.targets, Grace: m.grace(),
	}
	running.Run()
	return true
}
