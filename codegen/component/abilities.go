package component

import "github.com/panka-io/panka/compiler/ir"

// Reachable is a Kind that others connect to over the network.
type Reachable interface {
	Kind
	// Entry tells how to reach the component; ok is false if there is nothing to connect to.
	Entry(c *ir.Component) (entry Entry, ok bool)
}

// Entry is a network entrance: a security group and the TCP ports behind it.
type Entry struct {
	// SecurityGroup is the name of the output that holds the group's ID.
	SecurityGroup string
	Ports         []int
}

// Guarded is a Kind whose use IAM must allow.
type Guarded interface {
	Kind
	// Grants are what a component may do that uses c with that access: read, write or readwrite.
	Grants(c *ir.Component, access string) []Grant
}

// Mountable is a Guarded Kind that others mount: what a mount may do follows from its entry in the YAML.
type Mountable interface {
	Guarded
	// MountGrants are what a component may do that c is mounted into; mount is the entry that names it.
	MountGrants(c *ir.Component, mount *ir.Value) []Grant
}

// Grant is one statement of a policy that allows something.
type Grant struct {
	Actions []string
	On      []Target
	// Taking are the outputs one of which a component must take for the grant; none for any use.
	Taking []string
	// Conditions of the statement, such as {"StringEquals", "kms:ViaService", ...}.
	Conditions []Condition
	// WithKey tells that the actions are KMS's, on the key that encrypts the component. The statement is left out if AWS
	// keeps that key, which then needs no grant.
	WithKey bool
}

// Target is what a Grant applies to: an ARN that the granting component exports, and what follows it.
type Target struct {
	Output string
	// Suffix is put behind the ARN, such as /index/*; "" for the ARN itself.
	Suffix string
}

// Condition is one condition of a statement.
type Condition struct {
	Operator, Key string
	Values        []string
	// Output is an output of the granting component that is the value in place of Values; "" for none.
	Output string
}

// Encrypted is a Kind whose components can have a key of their own.
type Encrypted interface {
	Kind
	// OwnKey is the ARN of the KMS key that the component's YAML names, nil if it names none.
	OwnKey(c *ir.Component) ir.Text
}

// Named is a Kind whose components have ARNs that follow from their names, so that what they use can name them in its
// policies before they exist.
type Named interface {
	Kind
	// ARN is the service and the resource part of the component's ARN: sns and the topic's name.
	ARN(stack *ir.Stack, c *ir.Component) (service, resource string)
}

// Sender is a Kind on behalf of which AWS sends to components that it uses, such as a topic to its queues. Those whose
// policies are one document each (queues and topics) ask for all their senders.
type Sender interface {
	Kind
	// Sends lists the senders to the component with the ID to.
	Sends(stack *ir.Stack, c *ir.Component, to string) []Sending
}

// Sending is one way in which AWS sends.
type Sending struct {
	// Principal is the AWS service that sends, such as sns.amazonaws.com.
	Principal string
	// Service and Resource are the parts of the ARN on behalf of which it does.
	Service, Resource string
}

// User is a use of a component by another one.
type User struct {
	Component *ir.Component
	Reference ir.Reference
}

// IsRoute tells whether a reference is a route of a load balancer to the component that has the reference. What is mounted
// into a component it may use; a route lets it use nothing.
func IsRoute(ref ir.Reference) bool { return ref.Mount != nil && ref.Access == "" && ref.Stack == "" }
