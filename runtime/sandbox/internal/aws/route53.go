package aws

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Hosted zones are there before panka: sandbox.yaml lists them.

const (
	recordType = "aws:route53/record:Record"
	// distributionZone is the zone of all names of CloudFront.
	distributionZone = "Z2FDTNDATAQYW2"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func record() *Kind {
	return &Kind{
		Type: recordType, Label: "Route53 Record", Global: true, Idempotent: true,
		Replace: []string{"name", "zoneId"},
		Checks: []Check{
			oneOf("type", "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"),
			exactlyOne("aliases", "records"), within("ttl", 0, 2147483647), checkRecordRouting,
			eachObject("failoverRoutingPolicies", oneOf("type", "PRIMARY", "SECONDARY")),
			eachObject("weightedRoutingPolicies", within("weight", 0, 255)),
		},
		Create: func(c *Call) (*Made, error) {
			if err := recordFits(c, nil); err != nil {
				return nil, err
			}
			parts := []string{c.In.String("zoneId"), strings.ToLower(strings.TrimSuffix(c.In.String("name"), ".")), c.In.String("type")}
			if set := c.In.String("setIdentifier"); set != "" {
				parts = append(parts, set)
			}
			return &Made{ID: strings.Join(parts, "_"), Outputs: store.Values{"fqdn": fullName(c.In.String("name"), c.zone(c.In.String("zoneId")))}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, recordFits(c, prior) },
		Usual:  Usual{35, 35, 35},
	}
}

// checkRecordRouting demands a lifetime for plain records, and one policy with an identifier for routed ones.
func checkRecordRouting(in store.Values) []Problem {
	switch {
	case in.Has("records") && !in.Has("ttl"):
		return []Problem{{"ttl", "ttl is required with records"}}
	case in.Has("aliases") && in.Has("ttl"):
		return []Problem{{"ttl", "ttl conflicts with aliases"}}
	case in.Known("aliases") && len(in.Objects("aliases")) > 1:
		return []Problem{{"aliases", "a record takes one alias"}}
	}
	var policies []string
	for _, p := range []string{"cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy",
		"latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies"} {
		if in.Has(p) {
			policies = append(policies, p)
		}
	}
	switch {
	case len(policies) > 1:
		return []Problem{{policies[1], fmt.Sprintf("%s conflicts with %s", policies[1], policies[0])}}
	case len(policies) == 1 && !in.Has("setIdentifier"):
		return []Problem{{"setIdentifier", fmt.Sprintf("setIdentifier is required with %s", policies[0])}}
	}
	return nil
}

// hostedZone is a hosted zone of the account.
type hostedZone struct {
	id, name string
	private  bool
}

func (c *Call) zones() []hostedZone {
	var out []hostedZone
	for _, id := range sortedKeys(c.Tx.Document().Zones) {
		z := c.Tx.Document().Zones[id]
		out = append(out, hostedZone{id, z.Name, z.Private})
	}
	return out
}

func (c *Call) zone(id string) *hostedZone {
	for _, z := range c.zones() {
		if z.id == strings.TrimPrefix(id, "/hostedzone/") {
			return &z
		}
	}
	return nil
}

// fullName completes a record's name with its zone's.
func fullName(name string, z *hostedZone) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "" {
		return z.name
	}
	if name == z.name || strings.HasSuffix(name, "."+z.name) {
		return name
	}
	return name + "." + z.name
}

func changeBatch(format string, args ...any) error {
	return errorf("InvalidChangeBatch", "["+format+"]", args...)
}

// recordFits demands a zone, a name that is free for the record, and values of its type.
func recordFits(c *Call, prior *store.Resource) error {
	z := c.zone(c.In.String("zoneId"))
	if z == nil {
		return errorf("NoSuchHostedZone", "No hosted zone found with ID: %s", c.In.String("zoneId"))
	}
	name, typ := fullName(c.In.String("name"), z), c.In.String("type")
	if typ == "CNAME" && name == z.name {
		return changeBatch("RRSet of type CNAME with DNS name %s. is not permitted at apex in zone %s.", name, z.name)
	}
	for _, r := range c.all(recordType) {
		if (prior != nil && r.Key == prior.Key) || r.Inputs.String("zoneId") != z.id || r.Outputs.String("fqdn") != name {
			continue
		}
		has := r.Inputs.String("type")
		if has == typ && r.Inputs.String("setIdentifier") == c.In.String("setIdentifier") && !c.In.Bool("allowOverwrite") {
			return changeBatch("Tried to create resource record set [name='%s.', type='%s'] but it already exists", name, typ)
		}
		if has != typ && (has == "CNAME" || typ == "CNAME") {
			return changeBatch("RRSet of type %s with DNS name %s. is not permitted as it conflicts with other records with the same DNS name in zone %s.", typ, name, z.name)
		}
	}
	for _, v := range c.In.Strings("records") {
		address, err := netip.ParseAddr(v)
		if (typ == "A" && (err != nil || !address.Is4())) || (typ == "AAAA" && (err != nil || !address.Is6())) {
			return changeBatch("Invalid Resource Record: 'FATAL problem: %sRRDATAIllegalAddress (Value is not a valid address) encountered with '%s''", typ, v)
		}
	}
	return c.aliasFits()
}

// aliasFits demands an alias's target: a load balancer or distribution that exists.
func (c *Call) aliasFits() error {
	for _, a := range c.In.Objects("aliases") {
		target, zone := strings.ToLower(strings.TrimSuffix(a.String("name"), ".")), a.String("zoneId")
		if zone == distributionZone && !strings.HasSuffix(target, ".cloudfront.net") {
			return changeBatch("Tried to create an alias that targets %s., type %s in zone %s, but the alias target name does not lie within the target zone", target, c.In.String("type"), zone)
		}
		balancer := strings.HasSuffix(target, ".amazonaws.com") && strings.Contains(target, ".elb.")
		if balancer && !c.answers(loadBalancerType, "dnsName", strings.TrimPrefix(target, "dualstack.")) {
			return changeBatch("Tried to create an alias that targets %s., type %s in zone %s, but that target was not found", target, c.In.String("type"), zone)
		}
	}
	return nil
}

// answers tells whether a resource of a type has a DNS name, in any region.
func (c *Call) answers(typ, output, name string) bool {
	return slices.ContainsFunc(c.Tx.All(typ), func(r *store.Resource) bool { return strings.EqualFold(r.Outputs.String(output), name) })
}

// resolves tells whether a zone of the account has a record with a value.
func (c *Call) resolves(name, typ, value string) bool {
	return slices.ContainsFunc(c.Tx.All(recordType), func(r *store.Resource) bool {
		return r.Outputs.String("fqdn") == strings.TrimSuffix(name, ".") && r.Inputs.String("type") == typ &&
			slices.ContainsFunc(r.Inputs.Strings("records"), func(v string) bool {
				return strings.TrimSuffix(v, ".") == strings.TrimSuffix(value, ".")
			})
	})
}

func getZone(c *Call) (*Answer, error) {
	id, name := c.In.String("zoneId"), strings.ToLower(strings.TrimSuffix(c.In.String("name"), "."))
	if (id == "") == (name == "") {
		return nil, fmt.Errorf("exactly one of zoneId, name must be given")
	}
	var found []hostedZone
	for _, z := range c.zones() {
		if (id != "" && z.id == id) || (id == "" && z.name == name && z.private == (c.In.Bool("privateZone") || c.In.Has("vpcId"))) {
			found = append(found, z)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("no matching Route 53 Hosted Zone found (%s)", cmp.Or(name, id))
	case 1:
	default:
		return nil, fmt.Errorf("multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone")
	}
	z := found[0]
	count := 2 // the zone's own NS and SOA records
	for _, r := range c.Tx.All(recordType) {
		if r.Inputs.String("zoneId") == z.id {
			count++
		}
	}
	servers := []string{"ns-1.awsdns-00.com", "ns-513.awsdns-01.net", "ns-1025.awsdns-02.org", "ns-1537.awsdns-03.co.uk"}
	return answer(store.Values{"id": z.id, "zoneId": z.id, "name": z.name, "arn": "arn:aws:route53:::hostedzone/" + z.id, "privateZone": z.private,
		"nameServers": servers, "primaryNameServer": servers[0], "callerReference": digest(z.id, 26), "comment": "", "tags": map[string]any{},
		"linkedServiceDescription": "", "linkedServicePrincipal": "", "resourceRecordSetCount": count, "vpcId": c.In.String("vpcId")})
}
