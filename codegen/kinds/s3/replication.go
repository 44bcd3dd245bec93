package s3

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

type replication struct {
	Name          string        `yaml:"name"`
	Component     string        `yaml:"component"`
	BucketARN     string        `yaml:"bucketArn"`
	Account       string        `yaml:"account"`
	Prefix        string        `yaml:"prefix"`
	StorageClass  string        `yaml:"storageClass"`
	KeyARN        ir.Text       `yaml:"kmsKeyArn"`
	DeleteMarkers bool          `yaml:"deleteMarkers"`
	Source        diag.Position `yaml:"-"`
}

// replicate registers the role in whose name S3 copies, and the rules.
func (k *bucket) replicate() {
	if len(k.Replication) == 0 {
		return
	}
	source := k.Place("replication")
	// S3 does not say on whose behalf it takes this role.
	k.Statement(jen.Id("replicationTrust").Op(":=").Add(iam.TrustPlain("s3.amazonaws.com")), jen.Line())
	iam.AddRole(k.Builder, iam.Role{
		Var: "replicationRole", Part: "replication", What: "role for copying", Trust: jen.Id("replicationTrust"), Source: source,
	})
	wait := iam.AddPolicy(k.Builder, iam.Policy{
		Var: "replicationPolicy", Part: "replication", What: "policy for copying", Role: "replicationRole",
		Statements: k.replicationStatements(), Source: source,
	})
	var rules []jen.Code
	for i, r := range k.Replication {
		if k.key != nil && len(r.KeyARN) == 0 {
			k.Fail(diag.Errorf(r.Source, component.Code,
				"objects of %s are encrypted with a key of KMS, and their copies need one too", k.ID()).
				WithHint("give %s a kmsKeyArn of the region that it copies to, or set encryption.algorithm: %s", r.Name, ownAlgorithm))
		}
		rules = append(rules, k.replicationRule(r, len(k.Replication)-i))
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig", Part: "replication", What: "copying", Source: source,
		Options: []jen.Code{component.DependsOn(append([]string{versioned}, wait...)...)},
	},
		component.Field{Name: "Role", Value: jen.Id("replicationRole").Dot("Arn")},
		component.Field{Name: "Rules", Value: component.List(replicationType("Array"), rules...)})
}

func replicationType(rest string) *jen.Statement {
	return component.AWS("s3", "BucketReplicationConfigRule"+rest)
}

// destination is the code of the ARN of the bucket that is copied to.
func (k *bucket) destination(r replication) jen.Code {
	if r.BucketARN != "" {
		return component.Str(r.BucketARN)
	}
	arn, _ := k.Use(r.Component, "arn", r.Source)
	return arn
}

// replicationStatements let S3 read versions here and write copies there.
func (k *bucket) replicationStatements() []iam.Statement {
	arn := jen.Id("bucket").Dot("Arn")
	all := []iam.Statement{
		{Actions: []string{"s3:GetReplicationConfiguration", "s3:ListBucket"}, Resources: []jen.Code{arn}},
		{
			Actions:   []string{"s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"},
			Resources: []jen.Code{bucketpolicy.Objects(arn)},
		},
	}
	if k.key != nil {
		all = append(all, iam.Statement{
			Actions: []string{"kms:Decrypt"}, Resources: []jen.Code{k.key},
			Conditions: []iam.Condition{{
				Operator: "StringEquals", Key: "kms:ViaService", Values: []jen.Code{jen.Lit("s3." + k.Stack().Region + ".amazonaws.com")},
			}},
		})
	}
	for _, r := range k.Replication {
		actions := []string{"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"}
		if r.Account != "" {
			actions = append([]string{"s3:ObjectOwnerOverrideToBucketOwner"}, actions...)
		}
		all = append(all, iam.Statement{Actions: actions, Resources: []jen.Code{bucketpolicy.Objects(k.destination(r))}})
		if len(r.KeyARN) > 0 {
			all = append(all, iam.Statement{Actions: []string{"kms:Encrypt"}, Resources: []jen.Code{k.Text(r.KeyARN)}})
		}
	}
	return all
}

// replicationRule is one rule. Of several to the same bucket S3 takes that with the highest priority.
func (k *bucket) replicationRule(r replication, priority int) jen.Code {
	markers := "Disabled"
	if r.DeleteMarkers {
		markers = "Enabled"
	}
	status := func(typ, value string) jen.Code {
		return component.Struct(replicationType(typ+"Args"), component.Fields{{Name: "Status", Value: component.Str(value)}})
	}
	destination := component.Fields{
		{Name: "Bucket", Value: k.destination(r)},
		{Name: "StorageClass", Value: component.If(r.StorageClass != "", component.Str(r.StorageClass))},
	}
	if r.Account != "" {
		destination = append(destination,
			component.Field{Name: "Account", Value: component.Str(r.Account)},
			component.Field{Name: "AccessControlTranslation", Value: component.Struct(
				replicationType("DestinationAccessControlTranslationArgs"),
				component.Fields{{Name: "Owner", Value: component.Str("Destination")}})})
	}
	fields := component.Fields{
		{Name: "Id", Value: component.Str(r.Name)},
		{Name: "Priority", Value: component.Int(priority)},
		{Name: "Status", Value: component.Str("Enabled")},
		{Name: "Filter", Value: component.Struct(replicationType("FilterArgs"), component.Fields{
			{Name: "Prefix", Value: component.Str(r.Prefix)},
		})},
		{Name: "DeleteMarkerReplication", Value: status("DeleteMarkerReplication", markers)},
	}
	if len(r.KeyARN) > 0 {
		destination = append(destination, component.Field{Name: "EncryptionConfiguration", Value: component.Struct(
			replicationType("DestinationEncryptionConfigurationArgs"),
			component.Fields{{Name: "ReplicaKmsKeyId", Value: k.Text(r.KeyARN)}})})
		fields = append(fields, component.Field{Name: "SourceSelectionCriteria", Value: component.Struct(
			replicationType("SourceSelectionCriteriaArgs"),
			component.Fields{{Name: "SseKmsEncryptedObjects", Value: status("SourceSelectionCriteriaSseKmsEncryptedObjects", "Enabled")}})})
	}
	return component.Struct(replicationType("Args"), append(fields,
		component.Field{Name: "Destination", Value: component.Struct(replicationType("DestinationArgs"), destination)}))
}
