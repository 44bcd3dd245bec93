// Package balance registers a component with the load balancers whose routes name it.
//
// A route of an ALB or NLB is written in the load balancer's document and makes the component that it names depend on the
// load balancer (a reference with the route as its Mount). So the load balancer's own file has what stands without any
// component: the load balancer, its security group with the rules for who may connect, an ALB's listeners. The component's
// file has the rest, made by Register: a target group for each route, what sends the route's requests there (a rule of
// each listener of an ALB, or a listener of an NLB) and the way through both security groups. A load balancer's group
// therefore needs no rule for outgoing connections of its own.
//
// A load balancer exports securityGroupId and arn; an ALB exports its listeners too, see Listeners. The listeners of an NLB
// the components behind it export, see ListenerOutputs. How an ALB's routes
// are ordered says Priorities, for routes to components as for those that the ALB answers itself, which its own file adds
// with AddRule.
//
// AWS lets a target group belong to one load balancer at a time. What replaces a load balancer (ReplacedBy) therefore
// stands in the names of its target groups as in its own, so that all of them are made anew beside the old ones.
package balance
