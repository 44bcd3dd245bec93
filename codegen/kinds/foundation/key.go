package foundation

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/ir"
)

// encryption is what the Security document says of the stack's key.
type encryption struct {
	Key            string `yaml:"key"`
	KeyARN         string `yaml:"keyArn"`
	RotationDays   int    `yaml:"rotationDays"`
	DeletionWindow int    `yaml:"deletionWindowDays"`
}

// encryptionKey is the KMS key for what names none of its own: one that panka makes, one that exists, or none.
func encryptionKey(b *component.Builder) Fields {
	if !component.StackHasKey(b.Stack()) {
		return nil
	}
	var e encryption
	if ds := spec.Decode(b.Stack().Security.Get("encryption"), &e); ds.HasErrors() {
		b.Fail(ds...)
		return nil
	}
	if e.Key == "existing" {
		return Fields{{Name: "kmsKeyARN", Value: component.Str(e.KeyARN).Dot("ToStringOutput").Call()}}
	}
	source := b.Stack().Security.Get("encryption").Source
	b.Resource(component.Resource{
		Var: "key", Type: "aws:kms/key:Key", Part: "key", What: "encryption key", Source: source, Stateful: true,
		Args: Fields{
			{Name: "Description", Value: component.Str("Data at rest of the stack " + b.Stack().Name + " in " + b.Stack().Environment)},
			{Name: "EnableKeyRotation", Value: component.Bool(true)},
			{Name: "RotationPeriodInDays", Value: component.Int(e.RotationDays)},
			{Name: "DeletionWindowInDays", Value: component.Int(e.DeletionWindow)},
			{Name: "Policy", Value: keyPolicy(b)},
		},
	})
	b.Resource(component.Resource{
		Type: "aws:kms/alias:Alias", Part: "key", What: "alias of the encryption key", Source: source,
		Args: Fields{
			{Name: "Name", Value: component.Str("alias/" + names.Physical(250, b.Stack().Name, b.Stack().Environment))},
			{Name: "TargetKeyId", Value: jen.Id("key").Dot("KeyId")},
		},
	})
	return Fields{{Name: "kmsKeyARN", Value: jen.Id("key").Dot("Arn")}}
}

// keyPolicy leaves the key to the account's own policies, as AWS does by default, and lets the services use it that
// encrypt and send in their own name: logs, alarms, topics and events.
func keyPolicy(b *component.Builder) jen.Code {
	account := jen.Id("base").Dot("accountID")
	partition, region := component.Partition(b.Stack().Region), b.Stack().Region
	root := component.Pulumi("Sprintf").Call(jen.Lit("arn:"+partition+":iam::%s:root"), account)
	everywhere := []jen.Code{jen.Lit("*")} // in a key's policy, * is the key itself
	use := []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
	statements := []iam.Statement{
		{
			Sid: "Account", Actions: []string{"kms:*"}, Resources: everywhere, Principal: &iam.Principal{AWS: []jen.Code{root}},
		},
		{
			Sid: "Logs", Actions: use, Resources: everywhere, Principal: &iam.Principal{Services: []string{"logs." + region + ".amazonaws.com"}},
			Conditions: []iam.Condition{{Operator: "ArnLike", Key: "kms:EncryptionContext:aws:logs:arn",
				Values: []jen.Code{b.AccountARN("logs", "*")}}},
		},
		{
			Sid: "Senders", Actions: []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"}, Resources: everywhere,
			Principal: &iam.Principal{Services: []string{
				"cloudwatch.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com",
			}},
			Conditions: []iam.Condition{{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []jen.Code{account}}},
		},
	}
	if hasDistributions(b) { // which read buckets that are encrypted with it
		statements = append(statements, iam.Statement{
			Sid: "Distributions", Actions: []string{"kms:Decrypt"}, Resources: everywhere,
			Principal: &iam.Principal{Services: []string{"cloudfront.amazonaws.com"}},
			Conditions: []iam.Condition{{Operator: "ArnLike", Key: "aws:SourceArn",
				Values: []jen.Code{b.AccountARN("cloudfront", "distribution/*")}}},
		})
	}
	return iam.Document(statements...)
}

func hasDistributions(b *component.Builder) bool {
	return slices.ContainsFunc(b.Stack().Components, func(c *ir.Component) bool {
		_, ok := b.KindOf(c).(bucketpolicy.Distribution)
		return ok
	})
}
