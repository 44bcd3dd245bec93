// Package pod writes what all workloads in the stack's EKS cluster have in common, as package container does for ECS: a
// service account whose role has the least grants, the log group, a security group of the pods' own with the paths to what
// the workload uses, its secrets and files, and the template of its pods. Deployment is what keeps copies of them running.
//
// A kind embeds container.Spec in its specification and Pod in what generates it, calls Pod.Prepare, and then Pod.Template
// in the object that runs the pods.
//
// The process gets secrets from a Secret of Kubernetes, which External Secrets makes of the one in Secrets Manager with a
// role that may read just those; their values never pass through panka. Its AWS role it gets by IRSA.
//
// The namespace is the service and an object's name is the component's. Names of further objects have a part behind a dot,
// which no component's name holds, so that none of them can be another component's. What does not belong to one workload
// (the cluster, its namespaces and what is installed in it) the foundation makes.
//
// A container may use as much CPU and memory as it asks for and no more. That is what Fargate does, whose sizes these are;
// so a workload behaves in the same way on either, whatever else its node runs, and CloudWatch can tell how much of it is
// used, which it does in percent of limits.
package pod
