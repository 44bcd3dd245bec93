package aws

import (
	"encoding/json"
	"reflect"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const cloudControlType = "aws:cloudcontrol/resource:Resource"

const ecsServiceName = "AWS::ECS::Service"

// cloudControl makes resources of CloudFormation's types. The sandbox knows one of them, the service of ECS.
func cloudControl() *Kind {
	return &Kind{
		Type: cloudControlType, Label: "Cloud Control API (" + ecsServiceName + ") Resource",
		Replace: []string{"typeName"}, ReplaceIf: createOnly,
		JSON: []string{"desiredState", "schema"}, Tried: true,
		Checks: []Check{
			oneOf("typeName", ecsServiceName),
			matching("roleArn", `^arn:aws:iam::\d{12}:role/.+$`, "must be the ARN of a role"),
			checkDesired,
		},
		Defaults: func(*Call) store.Values { return store.Values{"schema": `{"typeName":"` + ecsServiceName + `"}`} },
		Create: func(c *Call) (*Made, error) {
			s, err := c.controlledFits(nil)
			if err != nil {
				return nil, err
			}
			arn := c.ARN("ecs", "service/"+clusterName(s.String("cluster"))+"/"+s.String("name"))
			return &Made{ID: arn + "|" + s.String("cluster"), Outputs: properties(c.In, arn)}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			_, err := c.controlledFits(prior)
			return &Made{Outputs: properties(c.In, serviceARN(prior.ID))}, err
		},
		Unwell: func(c *Call, r *store.Resource) string { return serviceUnwell(c, controlled(r)) },
		Detail: func(c *Call, r *store.Resource) string { return serviceDetail(c, controlled(r)) },
		Steady: func(store.Values) bool { return true },
		Usual:  Usual{180, 300, 45},
	}
}

// checkDesired demands what CloudFormation's schema of the type does, and what it says in words.
func checkDesired(in store.Values) []Problem {
	if !in.Known("desiredState") || in.String("typeName") != ecsServiceName {
		return nil
	}
	state, err := desiredState(in)
	if err != nil {
		return []Problem{{"desiredState", "is not the JSON text of an object: " + err.Error()}}
	}
	var out []Problem
	for _, fault := range ecsServiceModel.Check("", state) {
		out = append(out, Problem{"desiredState", fault})
	}
	if len(out) > 0 {
		return out
	}
	for _, p := range append(ecsService().Check(serviceOf(in)), checkShift(serviceOf(in))...) {
		out = append(out, Problem{"desiredState", p.Property + ": " + p.Reason})
	}
	return out
}

// createOnly are the properties of the type that no update can change.
func createOnly(old, now store.Values) []string {
	if unsure(now["desiredState"]) {
		return nil // AWS's provider compares when it knows both
	}
	was, err1 := desiredState(old)
	is, err2 := desiredState(now)
	if err1 != nil || err2 != nil {
		return nil
	}
	for _, name := range []string{"Cluster", "LaunchType", "Role", "SchedulingStrategy", "ServiceName"} {
		if !reflect.DeepEqual(was[name], is[name]) {
			return []string{"desiredState"}
		}
	}
	return nil
}

// properties is the output with what the resource is now, as JSON.
func properties(in store.Values, arn string) store.Values {
	state, err := desiredState(in)
	if err != nil {
		return nil
	}
	state["ServiceArn"], state["Name"] = arn, state["ServiceName"]
	data, err := json.Marshal(state)
	if err != nil {
		return nil
	}
	return store.Values{"properties": string(data)}
}

// controlledFits demands of a service that Cloud Control makes what ECS demands of each, and gives it as the SDK's.
func (c *Call) controlledFits(prior *store.Resource) (store.Values, error) {
	k := ecsService()
	as := *c
	as.In = serviceOf(c.In)
	as.In = as.In.Over(k.DefaultsFor(&as))
	if as.In.String("name") == "" {
		return nil, errorf("InvalidRequest", "the sandbox gives no service a name of its own: ServiceName is required")
	}
	if prior != nil {
		prior = controlled(prior)
	}
	if err := k.CheckRefs(&as); err != nil {
		return nil, err
	}
	if err := k.CheckName(&as, prior); err != nil {
		return nil, err
	}
	if c.Find(clusterType, clusterName(as.In.String("cluster"))) == nil {
		return nil, errorf("ClusterNotFoundException", "Cluster not found.")
	}
	if err := serviceFits(&as); err != nil {
		return nil, err
	}
	return as.In, as.shiftFits()
}

// controlled gives a service that Cloud Control made as if the SDK's had made it.
func controlled(r *store.Resource) *store.Resource {
	s := r.Clone()
	s.Type, s.ID, s.Inputs = serviceType, serviceARN(r.ID), serviceOf(r.Inputs)
	s.Key = s.ID
	return s
}

// controlledServices are the services that Cloud Control made in the call's region.
func (c *Call) controlledServices() []*store.Resource {
	var out []*store.Resource
	for _, r := range c.all(cloudControlType) {
		out = append(out, controlled(r))
	}
	return out
}
