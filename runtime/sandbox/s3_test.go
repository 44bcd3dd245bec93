package sandbox

import (
	"strings"
	"testing"
)

const (
	tBucket       = "aws:s3/bucketV2:BucketV2"
	tObject       = "aws:s3/bucketObjectv2:BucketObjectv2"
	tVersioning   = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	tObjectLock   = "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"
	tReplication  = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
	tLifecycle    = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	tNotification = "aws:s3/bucketNotification:BucketNotification"
	tBucketPolicy = "aws:s3/bucketPolicy:BucketPolicy"
	tPublicAccess = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	tOwnership    = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	tEncryption   = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	tCORS         = "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2"
	tWebsite      = "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2"
	tLogging      = "aws:s3/bucketLoggingV2:BucketLoggingV2"
	tAcceleration = "aws:s3/bucketAccelerateConfigurationV2:BucketAccelerateConfigurationV2"
	tTiering      = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
	tBucketMetric = "aws:s3/bucketMetric:BucketMetric"

	publicPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop-files/*"}]}`
)

func versions(bucket, status string) props {
	return props{"bucket": bucket, "versioningConfiguration": props{"status": status}}
}

func replicates(bucket, role string, rule props) props {
	return props{"bucket": bucket, "role": role, "rules": []any{with(props{"id": "all", "status": "Enabled", "priority": 1, "filter": props{},
		"deleteMarkerReplication": props{"status": "Enabled"}, "destination": props{"bucket": "arn:aws:s3:::shop-copies"}}, rule)}}
}

func encrypts(bucket string, byDefault props) props {
	return props{"bucket": bucket, "rules": []any{props{"bucketKeyEnabled": true, "applyServerSideEncryptionByDefault": byDefault}}}
}

func expires(bucket string, rule props) props {
	return props{"bucket": bucket, "rules": []any{with(props{"id": "old", "status": "Enabled", "expiration": props{"days": 365}}, rule)}}
}

func TestS3(t *testing.T) {
	w := newWorld(t, "")
	files := w.create(tBucket, "files", props{"bucket": "shop-files", "tags": tagsFor("files")})
	for key, want := range map[string]string{"arn": "arn:aws:s3:::shop-files", "bucketRegionalDomainName": "shop-files.s3.us-east-1.amazonaws.com",
		"bucketDomainName": "shop-files.s3.amazonaws.com", "region": "us-east-1"} {
		if files.out(key) != want {
			t.Errorf("%s is %s, want %s", key, files.out(key), want)
		}
	}
	copies := w.create(tBucket, "copies", props{"bucket": "shop-copies"})
	role := w.create(tRole, "role", props{"name": "copy", "assumeRolePolicy": trust})
	_, err := w.tryCreate(tReplication, "early", replicates("shop-files", role.out("arn"), nil))
	wantError(t, err, "InvalidRequest: Versioning must be 'Enabled' on the bucket")
	versioning := w.create(tVersioning, "versioning", versions(files.id, "Enabled"))
	_, err = w.tryCreate(tReplication, "early", replicates("shop-files", role.out("arn"), nil))
	wantError(t, err, "InvalidRequest: Destination bucket must have versioning enabled.")
	second := w.create(tVersioning, "second", versions(copies.id, "Enabled"))
	replication := w.create(tReplication, "replication", replicates("shop-files", role.out("arn"), nil))
	_, err = w.tryCreate(tBucketPolicy, "early", props{"bucket": files.id, "policy": publicPolicy})
	wantError(t, err, "because public policies are prevented by the BlockPublicPolicy setting")
	access := w.create(tPublicAccess, "access", props{"bucket": files.id, "blockPublicAcls": true})
	policy := w.create(tBucketPolicy, "policy", props{"bucket": files.id, "policy": publicPolicy})
	key := w.create(tKey, "key", props{})
	encryption := w.create(tEncryption, "encryption", encrypts(files.id, props{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key.out("arn")}))
	website := w.create(tWebsite, "website", props{"bucket": files.id, "indexDocument": props{"suffix": "index.html"}})
	if got := website.out("websiteEndpoint"); got != "shop-files.s3-website-us-east-1.amazonaws.com" {
		t.Errorf("website is at %s", got)
	}
	life := w.create(tLifecycle, "life", expires(files.id, nil))
	tiering := w.create(tTiering, "tiering", props{"bucket": files.id, "name": "cold", "tierings": []any{props{"accessTier": "ARCHIVE_ACCESS", "days": 90}}})
	object := w.create(tObject, "object", props{"bucket": files.id, "key": "a/b.txt", "content": "hello"})
	if object.id != "a/b.txt" || object.out("arn") != "arn:aws:s3:::shop-files/a/b.txt" || object.out("etag") != "5d41402abc4b2a76b9719d911017c592" || object.out("versionId") == "" {
		t.Errorf("object %s has ARN %s, etag %s, version %s", object.id, object.out("arn"), object.out("etag"), object.out("versionId"))
	}
	twin := w.create(tObject, "twin", props{"bucket": copies.id, "key": "a/b.txt", "content": "hello"})
	rest := []*thing{
		w.create(tOwnership, "ownership", props{"bucket": files.id, "rule": props{"objectOwnership": "BucketOwnerEnforced"}}),
		w.create(tCORS, "cors", props{"bucket": files.id, "corsRules": []any{props{"allowedMethods": []any{"GET"}, "allowedOrigins": []any{"https://*.example.com"}}}}),
		w.create(tLogging, "logging", props{"bucket": files.id, "targetBucket": copies.id, "targetPrefix": "log/"}),
		w.create(tAcceleration, "acceleration", props{"bucket": files.id, "status": "Enabled"}),
		w.create(tBucketMetric, "metric", props{"bucket": files.id, "name": "all"}),
	}
	w.alters(t, map[string]alteration{
		"bucket name":            {files, props{"bucket": "other-files"}, "bucket", "bucket"},
		"bucket tags":            {files, props{"tags": props{"a": "b"}}, "tags", ""},
		"bucket lock":            {files, props{"objectLockEnabled": true}, "objectLockEnabled", "objectLockEnabled"},
		"policy in another form": {policy, props{"policy": strings.ReplaceAll(publicPolicy, ",", ", ")}, "", ""},
		"policy's bucket":        {policy, props{"bucket": copies.id}, "bucket", "bucket"},
		"lifecycle":              {life, expires(files.id, props{"expiration": props{"days": 30}}), "rules", ""},
		"versioning":             {versioning, versions(files.id, "Suspended"), "versioningConfiguration", ""},
		"versioning's owner":     {versioning, props{"expectedBucketOwner": "123456789012"}, "expectedBucketOwner", "expectedBucketOwner"},
		"tiering name":           {tiering, props{"name": "colder"}, "name", "name"},
		"object content":         {object, props{"content": "bye"}, "content", ""},
		"object key":             {object, props{"key": "c"}, "key", "key"},
	})
	wantError(t, w.update(versioning, versions(files.id, "Suspended")), "InvalidBucketState: A replication configuration is present on this bucket")
	wantError(t, w.delete(files), "BucketNotEmpty: The bucket you tried to delete is not empty")
	w.lives(t, append([]*thing{files, copies, role, versioning, second, replication, access, policy, key, encryption, website, life, tiering, object, twin}, rest...)...)
}

func TestS3Refusals(t *testing.T) {
	w := newWorld(t, "")
	b := w.create(tBucket, "b", props{"bucket": "shop-files"}).id
	policy := func(statement string) props {
		return props{"bucket": b, "policy": `{"Version":"2012-10-17","Statement":[` + statement + `]}`}
	}
	rule := func(rule props) []any { return []any{rule} }
	w.refuses(t, map[string]refusal{
		"capitals":             {tBucket, props{"bucket": "Shop"}, "invalid value for bucket"},
		"an address":           {tBucket, props{"bucket": "10.0.0.1"}, "nor an IP address"},
		"reserved ending":      {tBucket, props{"bucket": "files-s3alias"}, `cannot end with "-s3alias"`},
		"name and prefix":      {tBucket, props{"bucket": "one", "bucketPrefix": "two"}, "bucketPrefix conflicts with bucket"},
		"name taken":           {tBucket, props{"bucket": b}, "BucketAlreadyOwnedByYou"},
		"no such bucket":       {tOwnership, props{"bucket": "none", "rule": props{"objectOwnership": "ObjectWriter"}}, "NoSuchBucket: The specified bucket does not exist"},
		"versioning status":    {tVersioning, versions(b, "On"), "expected versioningConfiguration.status to be one of Enabled, Suspended, Disabled"},
		"lock unversioned":     {tObjectLock, props{"bucket": b, "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 1}}}, "InvalidBucketState: Versioning must be 'Enabled'"},
		"lock for two times":   {tObjectLock, props{"bucket": b, "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 1, "years": 1}}}, "exactly one of days, years"},
		"key of AES256":        {tEncryption, encrypts(b, props{"sseAlgorithm": "AES256", "kmsMasterKeyId": "alias/aws/s3"}), "a KMSMasterKeyID is not applicable"},
		"no such key":          {tEncryption, encrypts(b, props{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/none"}), "NotFoundException"},
		"policy elsewhere":     {tBucketPolicy, policy(`{"Effect":"Allow","Principal":{"AWS":"1"},"Action":"s3:*","Resource":"arn:aws:s3:::other/*"}`), "MalformedPolicy: Policy has invalid resource"},
		"policy for nobody":    {tBucketPolicy, policy(`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::shop-files"}`), "MalformedPolicy: Missing required field Principal"},
		"rule without action":  {tLifecycle, expires(b, props{"expiration": nil}), "At least one action needs to be specified in a rule"},
		"rules share an ID":    {tLifecycle, props{"bucket": b, "rules": append(expires(b, nil)["rules"].([]any), expires(b, nil)["rules"].([]any)...)}, "Rule ID must be unique"},
		"too early to cold":    {tLifecycle, expires(b, props{"transitions": rule(props{"days": 7, "storageClass": "STANDARD_IA"})}), "must be greater than or equal to 30 for storageClass 'STANDARD_IA'"},
		"expires before":       {tLifecycle, expires(b, props{"transitions": rule(props{"days": 400, "storageClass": "GLACIER"})}), "'Days' in the Expiration action"},
		"filter of two":        {tLifecycle, expires(b, props{"filter": props{"prefix": "a", "objectSizeLessThan": 5}}), "conflicts with"},
		"no such class":        {tLifecycle, expires(b, props{"transitions": rule(props{"days": 40, "storageClass": "ICE"})}), "expected storageClass to be one of"},
		"CORS method":          {tCORS, props{"bucket": b, "corsRules": rule(props{"allowedMethods": []any{"OPTIONS"}, "allowedOrigins": []any{"*"}})}, "expected allowedMethods[0] to be one of"},
		"CORS origin":          {tCORS, props{"bucket": b, "corsRules": rule(props{"allowedMethods": []any{"GET"}, "allowedOrigins": []any{"*.*"}})}, "can not have more than one wildcard"},
		"website of two kinds": {tWebsite, props{"bucket": b, "indexDocument": props{"suffix": "a"}, "redirectAllRequestsTo": props{"hostName": "b"}}, "exactly one of"},
		"tier too early":       {tTiering, props{"bucket": b, "tierings": rule(props{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 100})}, "must be at least 180"},
		"notification target":  {tNotification, props{"bucket": b, "queues": rule(props{"events": []any{"s3:ObjectCreated:*"}, "queueArn": "arn:aws:sqs:us-east-1:123456789012:none"})}, "Unable to validate the following destination configurations"},
		"notification event":   {tNotification, props{"bucket": b, "queues": rule(props{"events": []any{"ObjectCreated"}, "queueArn": "arn:aws:sqs:us-east-1:1:q"})}, "is not an event of S3"},
		"object twice":         {tObject, props{"bucket": b, "key": "k", "content": "a", "contentBase64": "YQ=="}, "contentBase64 conflicts with content"},
		"object nowhere":       {tObject, props{"bucket": "none", "key": "k"}, "NoSuchBucket"},
		"acceleration status":  {tAcceleration, props{"bucket": b, "status": "On"}, "expected status to be one of"},
		"replication role":     {tReplication, replicates(b, "arn:aws:iam::123456789012:role/none", nil), "Invalid role specified in replication configuration"},
	})
}

func TestS3Notifications(t *testing.T) {
	w := newWorld(t, "")
	b := w.create(tBucket, "b", props{"bucket": "shop-files"})
	in := props{"name": "jobs"}
	queue := w.create(tQueue, "jobs", in)
	tells := func(events ...props) props {
		list := []any{}
		for _, e := range events {
			list = append(list, with(props{"events": []any{"s3:ObjectCreated:*"}, "queueArn": queue.out("arn")}, e))
		}
		return props{"bucket": b.id, "queues": list}
	}
	_, err := w.tryCreate(tNotification, "n", tells(props{}))
	wantError(t, err, "Unable to validate the following destination configurations")
	in["policy"] = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue.out("arn") + `"}]}`
	if err := w.update(queue, in); err != nil {
		t.Fatal(err)
	}
	_, err = w.tryCreate(tNotification, "n", tells(props{"filterPrefix": "a"}, props{"filterPrefix": "a/b"}))
	wantError(t, err, "Configurations overlap")
	n := w.create(tNotification, "n", tells(props{"filterPrefix": "a/"}, props{"filterPrefix": "b/"}))
	w.lives(t, b, queue, n)
}

// TestFullBucket: what a bucket with objects in it needs to be deleted.
func TestFullBucket(t *testing.T) {
	w := newWorld(t, "")
	in := props{"bucket": "shop-files"}
	b := w.create(tBucket, "b", in)
	w.create(tObject, "o", props{"bucket": b.id, "key": "k", "content": "c"})
	w.create(tVersioning, "v", versions(b.id, "Enabled"))
	wantError(t, w.delete(b), "BucketNotEmpty")
	in["forceDestroy"] = true
	if err := w.update(b, in); err != nil {
		t.Fatal(err)
	}
	if err := w.delete(b); err != nil {
		t.Fatal(err)
	}
	w.holdsNothing(t)

	full := w.create(tBucket, "full", props{"bucket": "full-of-others"})
	w.edit(`"region": "us-east-1"`, `"region": "us-east-1"`+"\n },\n \"derived\": {\n \"objects\": 3")
	wantError(t, w.delete(full), "BucketNotEmpty")
}

func TestLockedBucket(t *testing.T) {
	w := newWorld(t, "")
	b := w.create(tBucket, "b", props{"bucket": "locked", "objectLockEnabled": true})
	_, err := w.tryCreate(tVersioning, "v", versions(b.id, "Suspended"))
	wantError(t, err, "InvalidBucketState: An Object Lock configuration is present on this bucket")
	lock := w.create(tObjectLock, "lock", props{"bucket": b.id, "rule": props{"defaultRetention": props{"mode": "COMPLIANCE", "days": 30}}})
	w.lives(t, b, lock)
}
