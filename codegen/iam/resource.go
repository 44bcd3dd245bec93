package iam

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Written is a statement of a resource's policy that the YAML writes.
type Written struct {
	Name       string                         `yaml:"name"`
	Effect     string                         `yaml:"effect"` // Allow or Deny; "" is Allow
	Principals Principals                     `yaml:"principals"`
	Actions    []string                       `yaml:"actions"`
	Conditions map[string]map[string][]string `yaml:"conditions"`
}

// Principals are who such a statement is about.
type Principals struct {
	AWS          []string `yaml:"aws"`
	Services     []string `yaml:"services"`
	Organization string   `yaml:"organization"`
}

// Statements are the statement as the policy of the resource has it. An organization is a condition on everyone, so it
// becomes a statement of its own.
func (w Written) Statements(resource jen.Code) []Statement {
	plain := Statement{Sid: w.Name, Deny: w.Effect == "Deny", Actions: w.Actions, Resources: []jen.Code{resource}}
	for _, operator := range slices.Sorted(maps.Keys(w.Conditions)) {
		for _, key := range slices.Sorted(maps.Keys(w.Conditions[operator])) {
			plain.Conditions = append(plain.Conditions, Condition{operator, key, literals(w.Conditions[operator][key])})
		}
	}
	var all []Statement
	if len(w.Principals.AWS)+len(w.Principals.Services) > 0 {
		s := plain
		s.Principal = &Principal{AWS: literals(w.Principals.AWS), Services: w.Principals.Services}
		all = append(all, s)
	}
	if id := w.Principals.Organization; id != "" {
		s := plain
		if len(all) > 0 {
			s.Sid += "-organization"
		}
		s.Principal = &Principal{Everyone: true}
		s.Conditions = append(slices.Clone(plain.Conditions),
			Condition{"StringEquals", "aws:PrincipalOrgID", []jen.Code{jen.Lit(id)}})
		all = append(all, s)
	}
	return all
}

// Senders are the statements of the policy of a queue or topic that let AWS's services send to it on behalf of the
// components that use it (component.Sender). Each names the ARN on behalf of which the service may send. That of a bucket
// says nothing of the account, so that one is asked for too.
func Senders(b *component.Builder, resource jen.Code, action string) []Statement {
	var all []Statement
	for i, sending := range b.Senders() {
		operator := "ArnEquals"
		if strings.Contains(sending.Resource, "*") {
			operator = "ArnLike"
		}
		s := Statement{
			Sid: "Sender" + strconv.Itoa(i+1), Actions: []string{action}, Resources: []jen.Code{resource},
			Principal:  &Principal{Services: []string{sending.Principal}},
			Conditions: []Condition{{operator, "aws:SourceArn", []jen.Code{b.AccountARN(sending.Service, sending.Resource)}}},
		}
		if sending.Service == "s3" {
			s.Conditions = append(s.Conditions,
				Condition{"StringEquals", "aws:SourceAccount", []jen.Code{jen.Id("base").Dot("accountID")}})
		}
		all = append(all, s)
	}
	return all
}

// RefusePlain is the statement that refuses what does not come over TLS.
func RefusePlain(resource jen.Code, actions ...string) Statement {
	return Statement{
		Sid: "TransportSecurity", Deny: true, Principal: &Principal{Everyone: true}, Actions: actions,
		Resources:  []jen.Code{resource},
		Conditions: []Condition{{"Bool", "aws:SecureTransport", literals([]string{"false"})}},
	}
}
