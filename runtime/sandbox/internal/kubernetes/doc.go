// Package kubernetes knows how Kubernetes behaves inside EKS clusters, and how Pulumi's provider treats it: for each
// type of object what the API server refuses, what cannot change in place, what a program waits for, and why pods do not
// run, with the words of the API server, the kubelet and the controllers. One file a type or a group of types holds the
// rules; kinds.go lists them.
//
// Its types are aws.Kinds, as those of package aws, in the same account: an object may refer to roles, security groups,
// target groups and secrets there. A cluster has nothing in it at first but its namespaces; what defines custom types is
// a Helm release of a chart that charts.go lists.
//
// Objects are applied by the server, as Pulumi does it: to create what is there already with the same fields is no
// error, and with others a conflict.
//
// To rehearse trouble, name an image whose repository begins with missing/, crashing/ or unhealthy/: one that cannot be
// pulled, one that ends at once, and one that never becomes ready.
//
// It runs no controllers in the background: what they would find is worked out when somebody asks how an object is. It
// refuses types that it does not know.
package kubernetes
