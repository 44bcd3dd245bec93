package remote

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The roles that Policy knows.
const (
	Admin    = "admin"    // makes the bucket and the table
	Deployer = "deployer" // plans, applies and destroys
	Repairer = "repairer" // deploys, and mends damaged states
	Reader   = "reader"   // plans and looks
)

// Roles are all of them.
func Roles() []string { return []string{Admin, Deployer, Repairer, Reader} }

// Policy is the least that a role must be allowed in the backend, as an IAM policy. What it deploys needs more. A region or
// account that is not known is *.
func Policy(role string, c Config, kmsKey string) (string, error) {
	region := c.Region
	if region == "" {
		region = "*"
	}
	part := partition(region)
	bucketARN := "arn:" + part + ":s3:::" + c.Bucket
	objects := func(folders ...string) []string {
		var all []string
		for _, f := range folders {
			all = append(all, bucketARN+"/"+c.Prefix+f+"*")
		}
		return all
	}
	table := []string{"arn:" + part + ":dynamodb:" + region + ":*:table/" + c.Table}
	allow := func(sid string, resources []string, actions ...string) statement {
		return statement{Sid: sid, Effect: "Allow", Action: actions, Resource: resources}
	}
	everything := objects(stateFolder, journalFolder, historyFolder, bundleFolder)
	list := allow("List", []string{bucketARN}, "s3:ListBucket")
	list.Condition = map[string]map[string]string{"StringLike": {"s3:prefix": c.Prefix + "*"}}
	lock := func(sid string, actions ...string) statement {
		s := allow(sid, table, actions...)
		s.Condition = map[string]map[string]string{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": c.Bucket + "/" + c.Prefix + "*"}}
		return s
	}
	var all []statement
	switch role {
	case Reader:
		all = []statement{list, allow("Read", everything, "s3:GetObject"), lock("ReadLocks", "dynamodb:GetItem")}
	case Deployer, Repairer:
		all = []statement{
			list, allow("ReadAndWrite", everything, "s3:GetObject", "s3:PutObject"),
			allow("DropJournals", objects(journalFolder), "s3:DeleteObject"), lock("Lock", "dynamodb:GetItem", "dynamodb:UpdateItem"),
		}
		if role == Repairer {
			all = append(all, allow("ReadEarlier", everything, "s3:GetObjectVersion"),
				allow("SetAside", objects(damagedFolder), "s3:PutObject"), allow("DropRecords", objects(historyFolder), "s3:DeleteObject"))
			all[0].Action = append(all[0].Action, "s3:ListBucketVersions")
		}
	case Admin:
		all = []statement{
			allow("Bucket", []string{bucketARN}, "s3:CreateBucket", "s3:ListBucket", "s3:GetBucketVersioning", "s3:PutBucketVersioning",
				"s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration", "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock",
				"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration", "s3:PutBucketOwnershipControls"),
			allow("Probe", objects(probeFolder), "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
			allow("Table", table, "dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:UpdateTable",
				"dynamodb:DescribeContinuousBackups", "dynamodb:UpdateContinuousBackups"),
		}
	default:
		return "", fmt.Errorf("there is no role %q: there are %s", role, strings.Join(Roles(), ", "))
	}
	if strings.HasPrefix(kmsKey, "arn:") && strings.Contains(kmsKey, ":key/") && role != Admin {
		actions := []string{"kms:Decrypt"}
		if role == Deployer || role == Repairer {
			actions = append(actions, "kms:GenerateDataKey")
		}
		all = append(all, allow("Keys", []string{kmsKey}, actions...))
	}
	text, err := json.MarshalIndent(policy{Version: "2012-10-17", Statement: all}, "", "  ")
	return string(text), err
}
