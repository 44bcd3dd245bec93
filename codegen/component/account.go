package component

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Partition is the part of AWS that a region belongs to, as ARNs name it.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// AWSPolicy is the ARN of a policy that AWS keeps, by its path and name.
func (b *Builder) AWSPolicy(name string) string {
	return "arn:" + Partition(b.ctx.Stack.Region) + ":iam::aws:policy/" + name
}

// Account stands for the account's number in a text that is finished when the program runs, see WithAccount.
const Account = "<account>"

// WithAccount is the code of a text of panka's own in which the first Account is replaced by the account's number.
func WithAccount(text string) jen.Code {
	before, after, holds := strings.Cut(text, Account)
	if !holds {
		return Str(text)
	}
	account := jen.Id("base").Dot("accountID")
	if after == "" {
		return Pulumi("Sprintf").Call(jen.Lit("%s%s"), jen.Lit(before), account)
	}
	return Pulumi("Sprintf").Call(jen.Lit("%s%s%s"), jen.Lit(before), account, jen.Lit(after))
}

// AccountARN is the code of an ARN in the stack's region and account, whose resource part is a literal. The resource may
// hold a * in a policy's condition; a bucket's name may hold Account.
func (b *Builder) AccountARN(service, resource string) jen.Code {
	region := b.ctx.Stack.Region
	account := jen.Code(jen.Id("base").Dot("accountID"))
	switch service {
	case "s3": // buckets' ARNs hold neither region nor account
		return WithAccount("arn:" + Partition(region) + ":s3:::" + resource)
	case "iam", "cloudfront":
		region = ""
	}
	return Pulumi("Sprintf").Call(jen.Lit("arn:"+Partition(b.ctx.Stack.Region)+":"+service+":"+region+":%s:%s"),
		account, jen.Lit(resource))
}

// ARNOf is the code of the ARN of a component of a Named kind, which need not exist yet.
func (b *Builder) ARNOf(c *ir.Component) (arn jen.Code, ok bool) {
	kind, ok := b.ctx.Kind(c.Kind).(Named)
	if !ok {
		return nil, false
	}
	service, resource := kind.ARN(b.ctx.Stack, c)
	return b.AccountARN(service, resource), true
}

// Target gives a component of the stack by its ID, with its generator; both are nil if there is none.
func (b *Builder) Target(id string) (*ir.Component, Kind) {
	c := b.ctx.Component(id)
	if c == nil {
		return nil, nil
	}
	return c, b.ctx.Kind(c.Kind)
}

// Users are the uses of this component by others.
func (b *Builder) Users() []User { return b.UsersOf(b.ID()) }

// UsersOf are the uses of any component by others.
func (b *Builder) UsersOf(id string) []User { return b.ctx.Users(id) }

// KindOf is the generator of a component, nil if its kind has none.
func (b *Builder) KindOf(c *ir.Component) Kind { return b.ctx.Kind(c.Kind) }

// Senders are the ways in which AWS sends to this component on behalf of others, each once.
func (b *Builder) Senders() []Sending {
	var all []Sending
	seen := map[Sending]bool{}
	for _, user := range b.Users() {
		kind, ok := b.ctx.Kind(user.Component.Kind).(Sender)
		if !ok {
			continue
		}
		for _, s := range kind.Sends(b.ctx.Stack, user.Component, b.ID()) {
			if !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
		}
	}
	return all
}

// StackHasKey tells whether the stack has a KMS key for what names none of its own.
func StackHasKey(stack *ir.Stack) bool {
	key := stack.Security.Get("encryption", "key")
	return key != nil && key.Text.String() != "aws"
}

// Key is the code of the ARN of the KMS key that encrypts this component, nil if AWS keeps the key.
func (b *Builder) Key() jen.Code { return b.KeyOf(b.comp) }

// KeyOf is Key of any component.
func (b *Builder) KeyOf(c *ir.Component) jen.Code {
	if kind, ok := b.ctx.Kind(c.Kind).(Encrypted); ok {
		if own := kind.OwnKey(c); len(own) > 0 {
			return b.Text(own)
		}
	}
	if StackHasKey(b.ctx.Stack) {
		return jen.Id("base").Dot("kmsKeyARN")
	}
	return nil
}

// Internal reports a mistake in panka.
func (b *Builder) Internal(source diag.Position, format string, args ...any) {
	b.Fail(diag.Errorf(source, "internal", format+"; this is a mistake in panka", args...))
}
