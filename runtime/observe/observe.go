// Package observe is how panka looks at what is running: one small interface that the sandbox and, later, the AWS SDK
// fulfil.
package observe

import "context"

// Health of a resource or component.
type Health string

// The healths, best first.
const (
	Healthy   Health = "healthy"
	Pending   Health = "pending" // being created or changed
	Unhealthy Health = "unhealthy"
	Missing   Health = "missing" // in the state, not in the cloud
	Unknown   Health = "unknown" // nobody can tell
)

// Worse gives the worse of two healths; Unknown is worst only against nothing else being wrong.
func Worse(a, b Health) Health {
	rank := map[Health]int{"": 0, Healthy: 1, Unknown: 2, Pending: 3, Unhealthy: 4, Missing: 5}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// Resource names one deployed resource.
type Resource struct {
	Type string // Pulumi type token, aws:ecs/service:Service
	ID   string // provider ID
	// Server is the address of the API server of the Kubernetes cluster that the resource is in; "" if it is in none.
	Server string
}

// Status is what the cloud says of a resource.
type Status struct {
	Health Health
	Detail string // "2/2 tasks running", for people
}

// Cloud tells the health of resources. The answer has one Status for each resource, in order.
type Cloud interface {
	Health(ctx context.Context, resources []Resource) ([]Status, error)
}
