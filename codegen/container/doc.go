// Package container writes what all workloads in containers have in common: roles with the least grants, the log group,
// the security group with the paths to what the workload uses, the definition of the container and the ECS task
// definition around it.
//
// A kind embeds Spec in its specification and Task in what generates it, calls Task.Prepare, and then Task.Definition;
// what runs the task, a service or a schedule, is the kind's own.
//
// The process gets secrets by ARN from ECS; their values never pass through panka.
package container
