package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// partition is the part of AWS that a region belongs to, as ARNs name it.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// statement is one of a policy.
type statement struct {
	Sid       string                       `json:"Sid"`
	Effect    string                       `json:"Effect"`
	Principal string                       `json:"Principal,omitempty"`
	Action    []string                     `json:"Action"`
	Resource  []string                     `json:"Resource"`
	Condition map[string]map[string]string `json:"Condition,omitempty"`
}

type policy struct {
	Version   string      `json:"Version"`
	Statement []statement `json:"Statement"`
}

func (b bucketSetup) arn() string { return "arn:" + partition(b.region) + ":s3:::" + b.config.Bucket }

// denials are what the bucket refuses to everybody: what does not come by TLS, and writes of states without a condition,
// which could overwrite another run's. The condition keys are S3's own ("Enforce conditional writes on Amazon S3 buckets").
func (b bucketSetup) denials() []statement {
	objects := b.arn() + "/" + b.config.Prefix
	return []statement{
		{
			Sid: "PankaTLSOnly", Effect: "Deny", Principal: "*", Action: []string{"s3:*"}, Resource: []string{b.arn(), b.arn() + "/*"},
			Condition: map[string]map[string]string{"Bool": {"aws:SecureTransport": "false"}},
		},
		{
			Sid: "PankaConditionalWritesOnly", Effect: "Deny", Principal: "*", Action: []string{"s3:PutObject"},
			Resource: []string{objects + stateFolder + "*", objects + journalFolder + "*", objects + historyFolder + "*", objects + bundleFolder + "*"},
			Condition: map[string]map[string]string{
				"Null": {"s3:if-match": "true", "s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"},
			},
		},
	}
}

// document reads the bucket's policy, in which others may have statements.
func (b bucketSetup) document(ctx context.Context) (map[string]any, error) {
	out, err := b.api.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b.name()})
	if code(err) == "NoSuchBucketPolicy" {
		return map[string]any{"Version": "2012-10-17", "Statement": []any{}}, nil
	}
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(aws.ToString(out.Policy)), &doc); err != nil {
		return nil, fmt.Errorf("read the bucket's policy: %w", err)
	}
	return doc, nil
}

func (b bucketSetup) lookPolicy(ctx context.Context) (string, error) {
	if b.api.Options().BaseEndpoint != nil {
		return "", errUnsupported // stores other than S3 do not know all of the conditions
	}
	doc, err := b.document(ctx)
	if err != nil {
		return "", err
	}
	for _, want := range b.denials() {
		if !contains(doc, want) {
			return "the statement " + want.Sid + " is missing or another one", nil
		}
	}
	return "", nil
}

// plain is a value as it comes out of JSON.
func plain(v any) (out any) {
	data, _ := json.Marshal(v) // texts only: it cannot fail
	_ = json.Unmarshal(data, &out)
	return out
}

func contains(doc map[string]any, want statement) bool {
	statements, _ := doc["Statement"].([]any)
	for _, s := range statements {
		if reflect.DeepEqual(s, plain(want)) {
			return true
		}
	}
	return false
}

func (b bucketSetup) setPolicy(ctx context.Context) error {
	doc, err := b.document(ctx)
	if err != nil {
		return err
	}
	var kept []any
	statements, _ := doc["Statement"].([]any)
	for _, s := range statements {
		if m, _ := s.(map[string]any); m == nil || m["Sid"] != "PankaTLSOnly" && m["Sid"] != "PankaConditionalWritesOnly" {
			kept = append(kept, s)
		}
	}
	for _, s := range b.denials() {
		kept = append(kept, plain(s))
	}
	doc["Statement"] = kept
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = b.api.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b.name(), Policy: aws.String(string(data))})
	return err
}

// How long what was replaced or deleted is kept, in days, and how many older versions of a state at least.
const (
	keepStateDays     = 90
	keepStateVersions = 50
	keepJournalDays   = 7
)

// rules remove older versions. What is there, such as the journal of a run that crashed, they never touch.
func (b bucketSetup) rules() []types.LifecycleRule {
	rule := func(id, prefix string, days, versions int32) types.LifecycleRule {
		old := &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(days)}
		if versions > 0 {
			old.NewerNoncurrentVersions = aws.Int32(versions)
		}
		return types.LifecycleRule{
			ID: aws.String(id), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String(b.config.Prefix + prefix)},
			NoncurrentVersionExpiration: old, Expiration: &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)},
		}
	}
	return []types.LifecycleRule{
		rule("panka-states", stateFolder, keepStateDays, keepStateVersions),
		rule("panka-journals", journalFolder, keepJournalDays, 0),
	}
}

func (b bucketSetup) lifecycle(ctx context.Context) ([]types.LifecycleRule, error) {
	out, err := b.api.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: b.name()})
	if code(err) == "NoSuchLifecycleConfiguration" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out.Rules, nil
}

func (b bucketSetup) lookLifecycle(ctx context.Context) (string, error) {
	have, err := b.lifecycle(ctx)
	if err != nil {
		return "", err
	}
	for _, want := range b.rules() {
		found := false
		for _, r := range have {
			found = found || aws.ToString(r.ID) == aws.ToString(want.ID) && r.Status == want.Status
		}
		if !found {
			return "older versions of journals and states are kept for ever", nil
		}
	}
	return "", nil
}

func (b bucketSetup) setLifecycle(ctx context.Context) error {
	have, err := b.lifecycle(ctx)
	if err != nil {
		return err
	}
	rules := b.rules()
	for _, r := range have {
		if !strings.HasPrefix(aws.ToString(r.ID), "panka-") {
			rules = append(rules, r)
		}
	}
	_, err = b.api.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: b.name(), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	})
	return err
}
