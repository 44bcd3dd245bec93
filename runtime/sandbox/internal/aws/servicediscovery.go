package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	discoveryServiceType = "aws:servicediscovery/service:Service"
	privateNamespaceType = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
	httpNamespaceType    = "aws:servicediscovery/httpNamespace:HttpNamespace"
)

func namespaceInUse(_, by *store.Resource) error {
	return errorf("ResourceInUse", "Namespace has associated services: %s", by.ID)
}

// createNamespace gives a namespace its identity, once no other of the network has its name.
func createNamespace(c *Call) (*Made, error) {
	name, vpc := c.In.String("name"), c.In.String("vpc")
	for _, typ := range []string{privateNamespaceType, httpNamespaceType} {
		for _, r := range c.all(typ) {
			if r.Property("name") == name && r.Inputs.String("vpc") == vpc {
				return nil, errorf("NamespaceAlreadyExists", "A namespace with this name already exists: %s (%s)", name, r.ID)
			}
		}
	}
	id := "ns-" + c.gatewayID("namespace", 16)
	return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("servicediscovery", "namespace/"+id)}}, nil
}

func privateNamespace() *Kind {
	return &Kind{
		Type: privateNamespaceType, Label: "Service Discovery Private DNS Namespace", Random: true, Name: "name", MaxName: 253,
		Replace: []string{"name", "vpc"},
		Checks: []Check{characters("name", 1, 253), characters("description", 0, 1024),
			matching("name", `^[!-~]+$`, "must be a domain name")},
		Refs: []Ref{{Path: "vpc", To: vpcType, Missing: missing("InvalidInput", "The VPC that you specified, %s, does not exist.")}},
		Create: func(c *Call) (*Made, error) {
			made, err := createNamespace(c)
			if err == nil {
				made.Outputs["hostedZone"] = "Z" + c.Upper("zone", 20)
			}
			return made, err
		},
		InUse: namespaceInUse,
		Usual: Usual{60, 2, 40},
	}
}

func httpNamespace() *Kind {
	return &Kind{
		Type: httpNamespaceType, Label: "Service Discovery HTTP Namespace", Random: true, Name: "name", MaxName: 1024,
		Replace: []string{"name", "description"},
		Checks:  []Check{characters("name", 1, 1024), characters("description", 0, 1024)},
		Create: func(c *Call) (*Made, error) {
			made, err := createNamespace(c)
			if err == nil {
				made.Outputs["httpName"] = c.In.String("name")
			}
			return made, err
		},
		InUse: namespaceInUse,
		Usual: Usual{10, 2, 10},
	}
}

func discoveryService() *Kind {
	return &Kind{
		Type: discoveryServiceType, Label: "Service Discovery Service", Random: true, Name: "name", MaxName: 127,
		Replace: []string{"name", "namespaceId", "type", "healthCheckConfig.type", "healthCheckCustomConfig"},
		// Of the DNS settings only the records' lifetimes change in place.
		ReplaceIf: func(old, new store.Values) []string {
			was, now := old.Object("dnsConfig"), new.Object("dnsConfig")
			if unsure(new["dnsConfig"]) || (was.String("namespaceId") == now.String("namespaceId") && was.String("routingPolicy") == now.String("routingPolicy") &&
				strings.Join(was.At("dnsRecords[].type"), " ") == strings.Join(now.At("dnsRecords[].type"), " ")) {
				return nil
			}
			return []string{"dnsConfig"}
		},
		Checks: []Check{characters("name", 1, 127), oneOf("dnsConfig.routingPolicy", "MULTIVALUE", "WEIGHTED"), oneOf("type", "HTTP"),
			oneOf("healthCheckConfig.type", "HTTP", "HTTPS", "TCP"), within("healthCheckCustomConfig.failureThreshold", 1, 10), checkDiscovery},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"type": "HTTP"}
			if c.In.Has("dnsConfig") {
				out["type"], out["namespaceId"] = "DNS_HTTP", c.In.Object("dnsConfig").String("namespaceId")
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			if err := discoveryFits(c); err != nil {
				return nil, err
			}
			id := "srv-" + c.gatewayID("service", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("servicediscovery", "service/"+id)}}, nil
		},
		Refs: []Ref{
			{Path: "namespaceId", To: privateNamespaceType, Builtin: anyValue},
			{Path: "namespaceId", To: httpNamespaceType, Builtin: anyValue},
			{Path: "dnsConfig.namespaceId", To: privateNamespaceType, Missing: missing("NamespaceNotFound", "The namespace %s does not exist")},
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("ResourceInUse", "Service contains registered instances; delete the instances before deleting the service. (%s of %s)", r.ID, by.ID)
		},
		Usual: Usual{1, 2, 1},
	}
}

// checkDiscovery refuses two kinds of health checks, and checks by AWS of what only the network reaches.
func checkDiscovery(in store.Values) []Problem {
	if in.Has("healthCheckConfig") && in.Has("healthCheckCustomConfig") {
		return []Problem{{"healthCheckConfig", "healthCheckConfig conflicts with healthCheckCustomConfig"}}
	}
	var out []Problem
	for _, p := range eachObject("dnsRecords", oneOf("type", "SRV", "A", "AAAA", "CNAME"), within("ttl", 0, 2147483647))(in.Object("dnsConfig")) {
		out = append(out, Problem{"dnsConfig." + p.Property, p.Reason})
	}
	return out
}

// discoveryFits demands the service's namespace and a name that is free in it.
func discoveryFits(c *Call) error {
	id := c.In.String("namespaceId") + c.In.Object("dnsConfig").String("namespaceId")
	if c.In.String("namespaceId") == c.In.Object("dnsConfig").String("namespaceId") {
		id = c.In.String("namespaceId")
	}
	private := c.Find(privateNamespaceType, id)
	switch {
	case id == "":
		return errorf("InvalidInput", "A namespace must be specified")
	case private == nil && c.Find(httpNamespaceType, id) == nil:
		return errorf("NamespaceNotFound", "The namespace %s does not exist", id)
	case private != nil && c.In.Has("healthCheckConfig"):
		return errorf("InvalidInput", "Invalid input: health check configuration is not supported for services of private DNS namespaces")
	}
	for _, r := range c.all(discoveryServiceType) {
		if strings.EqualFold(r.Property("name"), c.In.String("name")) && (r.Property("namespaceId") == id) {
			return errorf("ServiceAlreadyExists", "Service %s already exists in the namespace %s", c.In.String("name"), id)
		}
	}
	return nil
}
