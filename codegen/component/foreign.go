package component

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// SharesNetwork tells whether this stack and another one that it refers to are in one VPC: the default one of their
// region, or the same one that exists.
func (b *Builder) SharesNetwork(stack string) bool {
	own, other := b.ctx.Stack, b.ctx.Stack.Foreign[stack]
	if other == nil || own.Region != other.Region {
		return false
	}
	use := setting(own.Network, "use", "default")
	switch {
	case use != setting(other.Network, "use", "default"):
		return false
	case use == "existing":
		return setting(own.Network, "id", "") == setting(other.Network, "id", "")
	}
	return use == "default"
}

// setting is a text of a Networking document's vpc.
func setting(network *ir.Value, name, fallback string) string {
	if v := network.Get("vpc", name); v != nil {
		return v.Text.String()
	}
	return fallback
}

// KeyOfReferred is KeyOf the component that a reference leads to, of this stack or another. The key of another stack is
// an export of its foundation.
func (b *Builder) KeyOfReferred(ref ir.Reference) jen.Code {
	target, kind := b.Referred(ref)
	if target == nil {
		return nil
	}
	if ref.Stack == "" {
		return b.KeyOf(target)
	}
	if encrypted, ok := kind.(Encrypted); ok {
		if own := encrypted.OwnKey(target); len(own) > 0 {
			return b.keyOfForeign(ref, own)
		}
	}
	if !StackHasKey(b.ctx.Stack.Foreign[ref.Stack]) {
		return nil
	}
	return b.take(Use{
		Stack: ref.Stack, Component: &ir.Component{Name: ir.Foundation, Kind: "Foundation"},
		Output: Output{Name: "kmsKeyArn", Type: StringOutput, Internal: true}, Source: ref.Source,
	})
}

// keyOfForeign is the ARN of a key that a component of another stack names. A variable of that stack has no value here.
func (b *Builder) keyOfForeign(ref ir.Reference, arn ir.Text) jen.Code {
	text, ok := arn.Static()
	if !ok {
		b.Fail(diag.Errorf(ref.Source, Code, "the key that encrypts %s of stack %s is given by a variable of that stack, so its use cannot be granted here",
			ref.Component, ref.Stack).WithHint("write the key's ARN there, or let the stack's Security document give it one"))
		return jen.Lit("")
	}
	return jen.Lit(text)
}
