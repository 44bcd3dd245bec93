// Package sandbox is a simulated AWS account: it stands in for the aws provider, so that the same engine runs the same
// generated programs with no account and no network.
//
// The account is one readable file, cloud.json, which several processes may use at once and which people may edit: a
// changed property is drift, a removed resource is gone. Inputs are checked against the types of pulumi-aws v6 and
// pulumi-kubernetes v4, then against AWS's rules (package aws inside): what must exist, what must be unique, what cannot
// change in place, what must be gone first. sandbox.yaml says what the account holds before panka and how it behaves:
// slow as AWS, failing where told to, failing at random.
//
// A resource is recorded as soon as AWS would have made it and becomes available when its usual time has passed, so a
// run that is killed in between leaves what AWS would be left with, and the next run can find it.
//
// A service is well when its tasks could start: the task definition, log group, secrets and the grant to read them are
// there. To rehearse an image that cannot be pulled, name one whose repository begins with missing/; to rehearse a
// bucket that is not empty, write derived: {objects: 1} into its entry in cloud.json.
//
// A service that Cloud Control makes, for deployments that shift requests, is recorded once it is well: a version that does
// not become so fails, and the account holds what it held before. The weights of the listener's rule stay as they are.
//
// What hands events on (rules, schedules, topics, log filters, event source mappings) is well when its receiver exists and
// policies, permissions and roles let the events through; AWS takes the wiring and drops the events. An Auto Scaling
// group is well when it can launch instances from its template.
//
// An EKS cluster holds Kubernetes objects (package kubernetes inside), of which the provider for the cluster's server
// keeps account: the API server's rules, what Pulumi waits for, and health as of tasks. What is in a cluster goes with it.
//
// Files and archives, such as a function's code, are kept as their hashes.
//
// Values of secrets are kept only among the account's own secrets; a secret input of a resource is a digest.
//
// It refuses resource types and functions that it does not know, and it is no tool for load or security tests.
package sandbox
