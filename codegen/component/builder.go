package component

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Builder collects the code and the resources of one component. Use New or NewFoundation.
type Builder struct {
	ctx  Context
	comp *ir.Component
	kind Kind
	file File
	// returns stands before the error in the function's return statements.
	returns []jen.Code
	body    []jen.Code
	outputs Fields
	result  Fields
	version ir.Text
	tagged  bool
	// labelled tells that a Kubernetes object has been registered.
	labelled bool
	found    diag.List
	// main tells that the component's main resource has been registered.
	main bool
}

// New starts the file of a component.
func New(ctx Context, comp *ir.Component, kind Kind) *Builder {
	b := &Builder{ctx: ctx, comp: comp, kind: kind}
	b.file.Name = names.File(comp.Service, comp.Name)
	b.start(comp.ID())
	for _, edge := range comp.DependsOn {
		b.file.Component.DependsOn = append(b.file.Component.DependsOn, edge.Component)
	}
	b.file.Component.DependsOn = append(b.file.Component.DependsOn, ir.Foundation)
	slices.Sort(b.file.Component.DependsOn)
	b.file.Component.DependsOn = slices.Compact(b.file.Component.DependsOn)
	return b
}

// NewFoundation starts the file of the stack's foundation, whose function returns a value beside the error.
func NewFoundation(ctx Context, kind Kind) *Builder {
	comp := &ir.Component{
		Name: ir.Foundation, Kind: kind.Name(), Spec: ctx.Stack.Network, Tags: ctx.Stack.Tags, Source: ctx.Stack.Source,
	}
	if comp.Spec != nil && comp.Spec.Source.IsValid() {
		comp.Source = comp.Spec.Source
	}
	b := &Builder{ctx: ctx, comp: comp, kind: kind, returns: []jen.Code{jen.Nil()}}
	b.file.Name = "foundation.go"
	b.start(ir.Foundation)
	return b
}

func (b *Builder) start(id string) {
	typ := "panka:component:" + b.kind.Name()
	b.file.Component = bundle.Component{
		ID: id, Kind: b.kind.Name(), Wave: b.comp.Wave, URN: b.urn(typ, b.base()), Source: place(b.comp.Source),
	}
	if s, ok := b.kind.(Stateful); ok {
		b.file.Component.Stateful = s.Stateful()
	}
	b.record(typ, b.base(), b.comp.Source, false)
}

// Stack is the stack that is being generated.
func (b *Builder) Stack() *ir.Stack { return b.ctx.Stack }

// Component is the component that is being generated.
func (b *Builder) Component() *ir.Component { return b.comp }

// ID is the component's ID.
func (b *Builder) ID() string { return b.file.Component.ID }

// Place is where the value at a path of the spec was written, or the component's document if there is none.
func (b *Builder) Place(path ...string) diag.Position {
	if v := b.comp.Spec.Get(path...); v != nil && v.Source.IsValid() {
		return v.Source
	}
	return b.comp.Source
}

// Fail reports that the component cannot be generated.
func (b *Builder) Fail(ds ...diag.Diagnostic) { b.found.Add(ds...) }

// Warn reports what the component will lack although it can be generated.
func (b *Builder) Warn(d diag.Diagnostic) {
	d.Severity = diag.Warning
	b.found.Add(d)
}

// base is the resource name of the component itself.
func (b *Builder) base() string { return names.Resource(b.comp.Service, b.comp.Name) }

// Physical is a name for AWS of at most limit characters that is unique for stack, environment, component and part.
func (b *Builder) Physical(limit int, part string) jen.Code {
	return Str(PhysicalName(limit, b.ctx.Stack, b.comp, part))
}

// PhysicalName is the text of Physical, for any component.
func PhysicalName(limit int, stack *ir.Stack, c *ir.Component, part string) string {
	return names.Physical(limit, stack.Name, stack.Environment, c.Service, c.Name, part)
}

// Salted is a name for AWS that begins with the component's and ends with a hash of stack, environment, component, part
// and what forces a replacement, see names.Salted.
func (b *Builder) Salted(limit int, part string, salt ...string) jen.Code {
	salt = append([]string{b.ctx.Stack.Name, b.ctx.Stack.Environment}, salt...)
	return Str(names.Salted(limit, salt, b.comp.Service, b.comp.Name, part))
}

// Path is the component's place in names that allow slashes, where no two can be alike.
func (b *Builder) Path() string {
	return "/panka/" + b.ctx.Stack.Name + "/" + b.ctx.Stack.Environment + "/" + b.comp.Service + "/" + b.comp.Name
}

// NetworkSalt is what, when it changes, moves security groups and target groups to another VPC, which replaces them.
func (b *Builder) NetworkSalt() string { return NetworkSalt(b.ctx.Stack) }

// NetworkSalt is that of a stack.
func NetworkSalt(stack *ir.Stack) string {
	vpc := stack.Network.Get("vpc")
	salt := "default"
	if use := vpc.Get("use"); use != nil && use.Text.String() != salt {
		salt = use.Text.String()
		field := "cidr"
		if salt == "existing" {
			field = "id"
		}
		if v := vpc.Get(field); v != nil {
			salt += " " + v.Text.String()
		}
	}
	return salt
}

// SecurityGroup registers a security group without rules; each rule is a resource of its own.
func (b *Builder) SecurityGroup(local, part, description string, source diag.Position) {
	b.Resource(Resource{
		Var: local, Type: "aws:ec2/securityGroup:SecurityGroup", Part: part, What: "security group " + part, Source: source,
		Args: Fields{
			{"Name", b.Salted(255, part, b.NetworkSalt())},
			{"Description", Str(description)},
			{"VpcId", jen.Id("base").Dot("vpcID")},
		},
		Options: []jen.Code{CreateFirst()},
	})
}

// CreateFirst is the option that makes a replacement before the old resource goes. It is safe for resources whose name
// is Salted with what replaces them, and needed where AWS refuses to delete what is in use.
func CreateFirst() jen.Code { return Pulumi("DeleteBeforeReplace").Call(jen.False()) }

// DependsOn is the option that makes a resource wait for those that local variables hold, to which it does not refer.
func DependsOn(locals ...string) jen.Code {
	return Pulumi("DependsOn").Call(jen.Index().Add(Pulumi("Resource")).ValuesFunc(func(g *jen.Group) {
		for _, local := range locals {
			g.Id(local)
		}
	}))
}

// Resource is one AWS resource to register.
type Resource struct {
	// Var is the local variable that holds it, empty if the code needs none.
	Var string
	// Type is the Pulumi type token.
	Type string
	// Part is the last part of the resource's name, empty for the component's main resource.
	Part string
	// Main tells that the resource is the main one although it has a Part, as one that must be made under another name
	// before it is replaced.
	Main bool
	// What the resource is called in an error.
	What string
	Args Fields
	// Tags are those of the resource, where it has others than tags(name) gives; nil else.
	Tags jen.Code
	// Options are further resource options beside the parent.
	Options []jen.Code
	// Source is the place in the YAML that most causes the resource; the component's document if not valid.
	Source diag.Position
	// Stateful is true if losing the resource loses data.
	Stateful bool
}

// Resource registers a resource: it writes the code and records the resource for the bundle. Tags are added to every
// type that has them.
func (b *Builder) Resource(r Resource) {
	name := names.Part(b.comp.Service, b.comp.Name, r.Part)
	b.record(r.Type, name, r.Source, r.Stateful)
	if r.Part == "" || r.Main {
		b.main = true
		r = b.hatched(r)
	}
	if Taggable(r.Type) {
		b.tagged = true
		if r.Tags == nil {
			r.Tags = jen.Id("tags").Call(jen.Lit(name))
		}
		r.Args = append(slices.Clone(r.Args), Field{"Tags", r.Tags})
	}
	t := parseToken(r.Type)
	args := []jen.Code{jen.Id("ctx"), jen.Lit(name), jen.Op("&").Add(Struct(AWS(t.module, t.name+"Args"), r.Args)), jen.Id("parent")}
	for _, option := range r.Options {
		if len(r.Options) > 1 { // each on a line of its own
			option = jen.Line().Add(option)
		}
		args = append(args, option)
	}
	call := AWS(t.module, "New"+t.name).Call(args...)
	if r.Var == "" {
		b.Statement(jen.List(jen.Id("_"), jen.Err()).Op("=").Add(call))
	} else {
		b.Statement(jen.List(jen.Id(r.Var), jen.Err()).Op(":=").Add(call))
	}
	b.Statement(b.Check(r.What), jen.Line())
}

// Statement adds code as it is.
func (b *Builder) Statement(code ...jen.Code) { b.body = append(b.body, code...) }

// Check is the statement that returns from the component's function if err is set, wrapped with what was being done, see
// Wrapped.
func (b *Builder) Check(doing string, args ...string) jen.Code {
	return jen.If(jen.Err().Op("!=").Nil()).Block(b.Return(Wrapped(doing, args...)))
}

// Return is the statement that returns an error from the component's function.
func (b *Builder) Return(err jen.Code) jen.Code {
	return jen.Return(append(slices.Clone(b.returns), err)...)
}

// Output sets the value of an output; every one of the kind's Outputs for this component must be set once.
func (b *Builder) Output(name string, value jen.Code) {
	b.outputs = append(b.outputs, Field{name, value})
}

// Version says what is deployed, for people.
func (b *Builder) Version(t ir.Text) { b.version, b.file.Component.Version = t, t.String() }

// Result are the fields of the foundation that its function returns.
func (b *Builder) Result(fields Fields) { b.result = fields }

// Secret notes that a secret must exist before anything is deployed.
func (b *Builder) Secret(ref string, source diag.Position) {
	b.file.Secrets = append(b.file.Secrets, bundle.Secret{Ref: ref, Component: b.ID(), Source: place(source)})
}

// LookUpSecrets tells that the code calls secretARNs.
func (b *Builder) LookUpSecrets() { b.file.LooksUpSecrets = true }

// Attach puts a file beside the code, named after the component, which finds it in the folder that it runs in. A change of
// the file alone changes no code. The extension begins with a dot; no two files of a component may have the same.
func (b *Builder) Attach(extension string, content []byte) (name string) {
	name = strings.TrimSuffix(b.file.Name, ".go") + extension
	if b.file.Attached == nil {
		b.file.Attached = map[string][]byte{}
	}
	b.file.Attached[name] = content
	return name
}

func (b *Builder) record(typ, name string, source diag.Position, stateful bool) {
	if !source.IsValid() {
		source = b.comp.Source
	}
	urn := b.urn("panka:component:"+b.kind.Name()+"$"+typ, name)
	if strings.HasPrefix(typ, "panka:component:") {
		urn = b.urn(typ, name)
	}
	b.file.Resources = append(b.file.Resources, bundle.Resource{
		URN: urn, Type: typ, Name: name, Component: b.file.Component.ID, Stateful: stateful, Source: place(source),
	})
}

func (b *Builder) urn(qualifiedType, name string) string {
	return "urn:pulumi:" + b.ctx.Stack.Environment + "::" + b.ctx.Stack.Name + "::" + qualifiedType + "::" + name
}
