package sandbox

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// configuration is what sandbox.yaml says.
type configuration struct {
	Secrets      map[string]secretConfig      `yaml:"secrets"`
	Parameters   map[string]parameterConfig   `yaml:"parameters"`
	Certificates map[string]certificateConfig `yaml:"certificates"` // by domain
	Zones        map[string]zoneConfig        `yaml:"zones"`        // by name
	Vpcs         map[string]vpcConfig         `yaml:"vpcs"`
	Latency      latencyConfig                `yaml:"latency"`
	Faults       []faultConfig                `yaml:"faults"` // the first that matches counts
	Random       randomConfig                 `yaml:"random"`
}

// secretConfig is one secret of Secrets Manager.
type secretConfig struct {
	Value string `yaml:"value"`
}

// parameterConfig is one SSM parameter.
type parameterConfig struct {
	Type  string `yaml:"type"` // String (default), StringList or SecureString
	Value string `yaml:"value"`
}

// certificateConfig is one issued certificate.
type certificateConfig struct {
	ARN string `yaml:"arn"`
}

// zoneConfig is one hosted zone of Route 53.
type zoneConfig struct {
	ID      string `yaml:"id"`
	Private bool   `yaml:"private"` // answers in the account's networks only
}

// vpcConfig is one network that panka did not make.
type vpcConfig struct {
	Region  string                  `yaml:"region"`
	Cidr    string                  `yaml:"cidr"`
	Default bool                    `yaml:"default"` // instead of the region's usual default network
	Tags    map[string]string       `yaml:"tags"`
	Subnets map[string]subnetConfig `yaml:"subnets"`
}

// subnetConfig is one subnet of a network.
type subnetConfig struct {
	Cidr   string `yaml:"cidr"`
	Zone   string `yaml:"zone"` // us-east-1a
	Public bool   `yaml:"public"`
}

// latencyConfig says how slow the account is.
type latencyConfig struct {
	Profile string   `yaml:"profile"` // none (default) or aws
	Scale   *float64 `yaml:"scale"`   // times AWS's usual times; default 1
}

// faultConfig is one failure to inject.
type faultConfig struct {
	Type      string `yaml:"type"`      // resource type; empty means any; * is a wildcard
	Name      string `yaml:"name"`      // Pulumi resource name, with wildcards; empty means any
	Operation string `yaml:"operation"` // create, update, delete, read; empty means any
	After     int    `yaml:"after"`     // matches that pass before the first failure
	Times     int    `yaml:"times"`     // failures; 0 means always
	Error     string `yaml:"error"`
	Partial   bool   `yaml:"partial"` // done, but reported failed
	Silent    bool   `yaml:"silent"`  // done and reported well, but the resource is not
}

// randomConfig makes any operation fail now and then.
type randomConfig struct {
	Rate float64 `yaml:"rate"` // 0 to 1
	Seed uint64  `yaml:"seed"`
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s)(.*)$`)

var zoneID = regexp.MustCompile(`^Z[A-Z0-9]{1,31}$`)

func parseConfig(file string, data []byte) (*configuration, error) {
	var root yaml.Node
	d := configReader{file: file}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
		return &configuration{}, nil
	} else if err != nil {
		d.undecodable(err)
		return nil, d.err()
	}
	var more yaml.Node
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		d.errorf(&more, "only one document is allowed")
	}
	d.known(&root, reflect.TypeFor[configuration]())
	if len(d.problems) > 0 {
		return nil, d.err()
	}
	var c configuration
	if err := root.Decode(&c); err != nil {
		d.undecodable(err)
		return nil, d.err()
	}
	d.check(&c, &root)
	return &c, d.err()
}

// configReader collects what is wrong, each with its line and column.
type configReader struct {
	file     string
	problems []ConfigProblem
}

func (d *configReader) errorf(n *yaml.Node, format string, args ...any) {
	d.problems = append(d.problems, problemf(n.Line, n.Column, format, args...))
}

// undecodable takes over an error of the YAML library, which tells the line at most.
func (d *configReader) undecodable(err error) {
	line, message := 1, err.Error()
	if m := yamlError.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	d.problems = append(d.problems, problemf(line, 1, "not valid YAML: %s", message))
}

// err is nil if nothing is wrong.
func (d *configReader) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	return &ConfigError{File: d.file, Problems: d.problems}
}

// known walks the document beside the type it is decoded into and reports keys and values that do not fit.
func (d *configReader) known(n *yaml.Node, t reflect.Type) {
	if n.Kind == yaml.DocumentNode {
		d.known(n.Content[0], t)
		return
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.errorf(n, "anchors and aliases are not allowed")
		return
	}
	if n.Tag == "!!null" {
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		d.knownMapping(n, t)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.errorf(n, "expected a list")
			return
		}
		for _, item := range n.Content {
			d.known(item, t.Elem())
		}
	default:
		d.knownScalar(n, t)
	}
}

func (d *configReader) knownMapping(n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.MappingNode {
		d.errorf(n, "expected a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			d.errorf(key, "%q is given twice", key.Value)
		}
		seen[key.Value] = true
		if t.Kind() == reflect.Map {
			d.known(value, t.Elem())
			continue
		}
		field, names := fieldFor(t, key.Value)
		if field == nil {
			d.errorf(key, "unknown key %q, expected one of %s", key.Value, strings.Join(names, ", "))
			continue
		}
		d.known(value, field)
	}
}

func (d *configReader) knownScalar(n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.ScalarNode {
		d.errorf(n, "expected a %s", kindName(t))
		return
	}
	fits := true
	switch t.Kind() {
	case reflect.Bool:
		fits = n.Tag == "!!bool"
	case reflect.Int, reflect.Uint64:
		_, err := strconv.ParseUint(n.Value, 0, t.Bits()-1)
		fits = n.Tag == "!!int" && err == nil
	case reflect.Float64:
		fits = n.Tag == "!!int" || n.Tag == "!!float"
	}
	if !fits {
		d.errorf(n, "expected a %s, got %q", kindName(t), n.Value)
	}
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Uint64:
		return "whole number, 0 or more"
	case reflect.Float64:
		return "number"
	}
	return "text"
}

func fieldFor(t reflect.Type, key string) (reflect.Type, []string) {
	var names []string
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("yaml")
		if name == key {
			return t.Field(i).Type, nil
		}
		names = append(names, name)
	}
	return nil, names
}

// check looks at the values' meaning.
func (d *configReader) check(c *configuration, root *yaml.Node) {
	n := root.Content[0]
	if !slices.Contains([]string{"", "none", "aws"}, c.Latency.Profile) {
		d.errorf(find(n, "latency", "profile"), "unknown profile %q, expected none or aws", c.Latency.Profile)
	}
	if s := c.Latency.Scale; s != nil && !(*s >= 0 && *s <= math.MaxInt16) { // also not NaN
		d.errorf(find(n, "latency", "scale"), "the scale must be between 0 and %d", math.MaxInt16)
	}
	if !(c.Random.Rate >= 0 && c.Random.Rate <= 1) {
		d.errorf(find(n, "random", "rate"), "the rate must be between 0 and 1")
	}
	for i, f := range c.Faults {
		item := find(n, "faults").Content[i]
		if !slices.Contains([]string{"", "create", "update", "delete", "read"}, f.Operation) {
			d.errorf(find(item, "operation"), "unknown operation %q, expected create, update, delete or read", f.Operation)
		}
		if f.Error == "" {
			d.errorf(item, "a fault needs the text of its error")
		}
	}
	for name, s := range c.Secrets {
		if s.Value == "" {
			d.errorf(find(n, "secrets", name, "value"), "a secret needs a value")
		}
	}
	for name, p := range c.Parameters {
		if p.Value == "" {
			d.errorf(find(n, "parameters", name, "value"), "a parameter needs a value")
		}
		if !slices.Contains([]string{"", "String", "StringList", "SecureString"}, p.Type) {
			d.errorf(find(n, "parameters", name, "type"), "unknown type %q, expected String, StringList or SecureString", p.Type)
		}
	}
	for domain, cert := range c.Certificates {
		if !strings.HasPrefix(cert.ARN, "arn:aws:acm:") {
			d.errorf(find(n, "certificates", domain), "a certificate needs its arn, arn:aws:acm:<region>:<account>:certificate/<id>")
		}
	}
	for name, z := range c.Zones {
		if !zoneID.MatchString(z.ID) || strings.HasSuffix(name, ".") {
			d.errorf(find(n, "zones", name), "a zone needs its id, Z and upper-case letters and digits, and a name without the final dot")
		}
	}
	d.checkNetworks(c, n)
}

func (d *configReader) checkNetworks(c *configuration, n *yaml.Node) {
	for name, v := range c.Vpcs {
		at := find(n, "vpcs", name)
		if v.Region == "" || v.Cidr == "" {
			d.errorf(at, "a network needs a region and a cidr")
		}
		for subnet, s := range v.Subnets {
			if s.Cidr == "" || !strings.HasPrefix(s.Zone, v.Region) || len(s.Zone) != len(v.Region)+1 {
				d.errorf(find(at, "subnets", subnet), "a subnet needs a cidr and a zone of the network's region, such as %sa", v.Region)
			}
		}
	}
}

// find gives the node at a path of keys, or the last one there is.
func find(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		i := 0
		for ; i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				break
			}
		}
		if n.Kind != yaml.MappingNode || i >= len(n.Content) {
			return n
		}
		n = n.Content[i+1]
	}
	return n
}
