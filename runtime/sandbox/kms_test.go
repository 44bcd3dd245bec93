package sandbox

import (
	"regexp"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
)

const (
	tKey       = "aws:kms/key:Key"
	tKeyAlias  = "aws:kms/alias:Alias"
	tKeyPolicy = "aws:kms/keyPolicy:KeyPolicy"
	tSecret    = "aws:secretsmanager/secret:Secret"
	tVersion   = "aws:secretsmanager/secretVersion:SecretVersion"

	keyPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}`
)

func TestKMS(t *testing.T) {
	w := newWorld(t, "")
	key := w.create(tKey, "key", props{"description": "data", "enableKeyRotation": true, "policy": keyPolicy, "deletionWindowInDays": 7})
	if !regexp.MustCompile(`^arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}$`).MatchString(key.out("arn")) || key.out("keyId") != key.id {
		t.Errorf("ARN is %s, ID %s", key.out("arn"), key.id)
	}
	if key.number("rotationPeriodInDays") != 365 {
		t.Errorf("rotation period is %v", key.number("rotationPeriodInDays"))
	}
	spread := w.create(tKey, "spread", props{"multiRegion": true})
	if !regexp.MustCompile(`^mrk-[0-9a-f]{32}$`).MatchString(spread.id) {
		t.Errorf("the multi-region key's ID is %s", spread.id)
	}
	alias := w.create(tKeyAlias, "alias", props{"name": "alias/shop", "targetKeyId": key.id})
	if alias.out("targetKeyArn") != key.out("arn") || alias.out("arn") != "arn:aws:kms:us-east-1:123456789012:alias/shop" {
		t.Errorf("the alias points to %s and is %s", alias.out("targetKeyArn"), alias.out("arn"))
	}
	policy := w.create(tKeyPolicy, "policy", props{"keyId": spread.id, "policy": keyPolicy})
	w.refuses(t, map[string]refusal{
		"window":              {tKey, props{"deletionWindowInDays": 3}, "range 7 to 30"},
		"usage":               {tKey, props{"keyUsage": "SIGN"}, "expected keyUsage to be one of"},
		"usage of spec":       {tKey, props{"keyUsage": "SIGN_VERIFY"}, "ValidationException: KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT"},
		"rotating asymmetric": {tKey, props{"keyUsage": "SIGN_VERIFY", "customerMasterKeySpec": "RSA_2048", "enableKeyRotation": true}, "UnsupportedOperationException"},
		"period alone":        {tKey, props{"rotationPeriodInDays": 100}, "rotationPeriodInDays needs enableKeyRotation"},
		"locking policy":      {tKey, props{"policy": strings.ReplaceAll(keyPolicy, "kms:*", "kms:Decrypt")}, "will not allow you to update the key policy in the future"},
		"alias form":          {tKeyAlias, props{"name": "shop", "targetKeyId": key.id}, "must begin with alias/"},
		"alias of AWS":        {tKeyAlias, props{"name": "alias/aws/s3", "targetKeyId": key.id}, `cannot begin with "alias/aws/"`},
		"alias taken":         {tKeyAlias, props{"name": "alias/shop", "targetKeyId": key.id}, "AlreadyExistsException: An alias with the name alias/shop already exists"},
		"alias of nothing":    {tKeyAlias, props{"name": "alias/x", "targetKeyId": "0000"}, "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/0000' does not exist"},
		"unknown alias":       {tSecret, props{"name": "x", "kmsKeyId": "alias/none"}, "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found"},
		"another region":      {tSecret, props{"name": "x", "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"}, "NotFoundException: Invalid arn eu-west-1"},
	})
	w.alters(t, map[string]alteration{
		"description":            {key, props{"description": "other"}, "description", ""},
		"policy in another form": {key, props{"policy": strings.ReplaceAll(keyPolicy, ",", ", ")}, "", ""},
		"regions":                {key, props{"multiRegion": true}, "multiRegion", "multiRegion"},
		"alias target":           {alias, props{"targetKeyId": spread.id}, "targetKeyId", ""},
		"alias name":             {alias, props{"name": "alias/b"}, "name", "name"},
		"policy's key":           {policy, props{"keyId": key.id}, "keyId", "keyId"},
	})
	// What was there before, of this account or another, can be used; so can an alias and what AWS keeps.
	for i, id := range []string{"arn:aws:kms:us-east-1:999999999999:key/1", "alias/shop", "alias/aws/secretsmanager", key.out("arn")} {
		s := w.create(tSecret, "s"+string(rune('a'+i)), props{"kmsKeyId": id, "recoveryWindowInDays": 0})
		if err := w.delete(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.update(spread, props{"multiRegion": true, "isEnabled": false}); err != nil {
		t.Fatal(err)
	}
	if h := w.health(spread); h.Health != observe.Unhealthy {
		t.Errorf("a disabled key is %s", h.Health)
	}
	_, err := w.tryCreate(tSecret, "x", props{"kmsKeyId": spread.id})
	wantError(t, err, "DisabledException")
	if err := w.update(spread, props{"multiRegion": true}); err != nil {
		t.Fatal(err)
	}
	w.lives(t, key, spread, alias, policy)
	_, err = w.tryCreate(tSecret, "x", props{"kmsKeyId": key.out("arn")})
	wantError(t, err, "KMSInvalidStateException: "+key.out("arn")+" is pending deletion.")
}

// TestKeyTakesItsAliasesAlong: what is left when a key is deleted first.
func TestKeyTakesItsAliasesAlong(t *testing.T) {
	w := newWorld(t, "")
	key := w.create(tKey, "key", props{})
	w.create(tKeyAlias, "alias", props{"name": "alias/shop", "targetKeyId": key.id})
	if err := w.delete(key); err != nil {
		t.Fatal(err)
	}
	w.holdsNothing(t)
}

func TestSecrets(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := w.create(tSecret, "password", props{"name": "shop/db", "description": "the database's"})
	if !regexp.MustCompile(`^arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-[0-9A-Za-z]{6}$`).MatchString(s.id) {
		t.Errorf("ID is %s", s.id)
	}
	look := func() (string, error) {
		v, err := w.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", props{"secretId": "shop/db"})
		if err != nil {
			return "", err
		}
		return unwrap(v["secretString"]).StringValue(), nil
	}
	if _, err := look(); err == nil {
		t.Error("a secret without a version has a value")
	}
	v := w.create(tVersion, "value", props{"secretId": s.id, "secretString": secret("first-canary")})
	if got, err := look(); got != "first-canary" {
		t.Errorf("the value is %q, %v", got, err)
	}
	if n := strings.Count(w.file(), "first-canary"); n != 1 {
		t.Errorf("the value is in cloud.json %d times, want once, among the secrets", n)
	}
	w.refuses(t, map[string]refusal{
		"taken":         {tSecret, props{"name": "shop/db"}, "ResourceExistsException: The operation failed because the secret shop/db already exists."},
		"taken before":  {tSecret, props{"name": secretName}, "ResourceExistsException"},
		"name":          {tSecret, props{"name": "a b"}, "invalid value for name"},
		"recovery":      {tSecret, props{"name": "x", "recoveryWindowInDays": 3}, "range 7 to 30"},
		"own replica":   {tSecret, props{"name": "x", "replicas": []any{props{"region": "us-east-1"}}}, "InvalidParameterException: Invalid replica region."},
		"no value":      {tVersion, props{"secretId": s.id}, "You must provide either SecretString or SecretBinary"},
		"two values":    {tVersion, props{"secretId": s.id, "secretString": "a", "secretBinary": "b"}, "conflicts with secretString"},
		"unknown":       {tVersion, props{"secretId": "none", "secretString": "a"}, "ResourceNotFoundException"},
		"another's key": {tSecret, props{"name": "x", "kmsKeyId": "none"}, "NotFoundException"},
	})
	w.alters(t, map[string]alteration{
		"description": {s, props{"description": "x"}, "description", ""},
		"name":        {s, props{"name": "x"}, "name", "name"},
		"value":       {v, props{"secretString": secret("second-canary")}, "secretString", "secretString"},
		"stages":      {v, props{"versionStages": []any{"AWSCURRENT", "blue"}}, "versionStages", ""},
	})
	second := w.create(tVersion, "value", props{"secretId": s.id, "secretString": secret("second-canary")})
	if err := w.delete(v); err != nil {
		t.Fatal(err)
	}
	if got, err := look(); got != "second-canary" {
		t.Errorf("after the old version is gone the value is %q, %v", got, err)
	}
	w.lives(t, s, second)
	if _, err := look(); err == nil {
		t.Error("a deleted secret can be read")
	}
	_, err := w.tryCreate(tSecret, "again", props{"name": "shop/db"})
	wantError(t, err, "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.")
	brief := w.create(tSecret, "brief", props{"name": "brief", "recoveryWindowInDays": 0})
	w.lives(t, brief)
	w.lives(t, w.create(tSecret, "brief", props{"name": "brief", "recoveryWindowInDays": 0}))
}
