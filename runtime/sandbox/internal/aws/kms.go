package aws

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	keyType      = "aws:kms/key:Key"
	keyAliasType = "aws:kms/alias:Alias"
)

// defaultKeyWindow is how many days KMS keeps a deleted key when nothing is said.
const defaultKeyWindow = 30

func kmsKey() *Kind {
	return &Kind{
		Type: keyType, Label: "KMS Key", Random: true,
		Replace: []string{"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"},
		JSON:    []string{"policy"},
		Checks: []Check{
			oneOf("keyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
			oneOf("customerMasterKeySpec", "SYMMETRIC_DEFAULT", "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521",
				"ECC_SECG_P256K1", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"),
			within("deletionWindowInDays", 7, 30), within("rotationPeriodInDays", 90, 2560), needs("rotationPeriodInDays", "enableKeyRotation"),
			atMostLong("description", 8192), checkPolicy("policy"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"keyUsage": "ENCRYPT_DECRYPT", "customerMasterKeySpec": "SYMMETRIC_DEFAULT", "description": "",
				"enableKeyRotation": false, "isEnabled": true, "multiRegion": false, "bypassPolicyLockoutSafetyCheck": false,
				"policy": fmt.Sprintf(`{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":"%s"},"Resource":"*",`+
					`"Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`, c.GlobalARN("iam", "root"))}
			if c.In.Bool("enableKeyRotation") {
				out["rotationPeriodInDays"] = 365
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			if err := keyFits(c); err != nil {
				return nil, err
			}
			id := c.UUID("key")
			if c.In.Bool("multiRegion") {
				id = "mrk-" + c.Hex("key", 32)
			}
			return &Made{ID: id, Outputs: store.Values{"keyId": id, "arn": c.ARN("kms", "key/"+id)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, keyFits(c) },
		Delete: scheduleKeyDeletion,
		Unwell: func(_ *Call, r *store.Resource) string {
			if r.Inputs.Has("isEnabled") && !r.Inputs.Bool("isEnabled") {
				return "the key is disabled"
			}
			return ""
		},
		Usual: Usual{8, 5, 2},
	}
}

// keyFits demands that usage, kind of key, rotation and policy go together.
func keyFits(c *Call) error {
	usage, spec := c.In.String("keyUsage"), c.In.String("customerMasterKeySpec")
	if usage == "" {
		usage = "ENCRYPT_DECRYPT"
	}
	if spec == "" {
		spec = "SYMMETRIC_DEFAULT"
	}
	fits := map[string][]string{"SIGN_VERIFY": {"RSA", "ECC", "SM2", "ML_DSA"}, "ENCRYPT_DECRYPT": {"SYMMETRIC", "RSA", "SM2"},
		"GENERATE_VERIFY_MAC": {"HMAC"}, "KEY_AGREEMENT": {"ECC_NIST", "SM2"}}[usage]
	if !slices.ContainsFunc(fits, func(prefix string) bool { return strings.HasPrefix(spec, prefix) }) {
		return errorf("ValidationException", "KeyUsage %s is not compatible with KeySpec %s", usage, spec)
	}
	if c.In.Bool("enableKeyRotation") && (spec != "SYMMETRIC_DEFAULT" || c.In.Has("customKeyStoreId")) {
		return errorf("UnsupportedOperationException", "You cannot enable rotation of a key that is asymmetric or in a custom key store.")
	}
	return c.keyPolicyFits()
}

// keyPolicyFits refuses a key policy that would shut out everybody who may mend it.
func (c *Call) keyPolicyFits() error {
	text := c.In.String("policy")
	if text == "" || c.In.Bool("bypassPolicyLockoutSafetyCheck") {
		return nil
	}
	list, err := parsePolicy(text)
	if err != nil {
		return errorf("MalformedPolicyDocumentException", "The policy is not well-formed: %v", err)
	}
	keepers := []string{"*", c.Account, c.GlobalARN("iam", "root"), c.GlobalARN("iam", "user/sandbox")}
	for _, s := range list {
		if s.Effect == "Allow" && anyMatches(s.Action, "kms:PutKeyPolicy") && s.Principal.names(keepers) {
			return nil
		}
	}
	return errorf("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
}

func scheduleKeyDeletion(c *Call, r *store.Resource) error {
	days := defaultKeyWindow
	if n := r.Inputs.Int("deletionWindowInDays"); n > 0 {
		days = n
	}
	arn, gone := r.Outputs.String("arn"), c.Now.UTC().Truncate(time.Millisecond).AddDate(0, 0, days)
	c.Tx.Edit(func(d *store.Document) {
		if d.Leaving == nil {
			d.Leaving = map[string]time.Time{}
		}
		d.Leaving[arn] = gone
	})
	return nil
}

// keyRef is a reference to a KMS key by ID, ARN or alias. KMS lets a key be deleted while others need it.
func keyRef(path string) Ref {
	return Ref{Path: path, To: keyType, Loose: true, Check: (*Call).keyUsable}
}

// keyUsable demands a key that can be used. An ARN of a key that the account does not hold, and never did, is that of
// one that was there before.
func (c *Call) keyUsable(value string) error {
	if strings.HasPrefix(value, "alias/aws/") || strings.Contains(value, ":alias/aws/") {
		return nil
	}
	parts := strings.SplitN(value, ":", 6)
	isARN := len(parts) == 6 && parts[2] == "kms"
	if isARN && parts[3] != c.Region {
		return errorf("NotFoundException", "Invalid arn %s", parts[3])
	}
	r := c.key(value)
	switch {
	case r != nil && r.Inputs.Has("isEnabled") && !r.Inputs.Bool("isEnabled"):
		return errorf("DisabledException", "%s is disabled.", r.Outputs.String("arn"))
	case r != nil:
		return nil
	case c.keyLeaving(value):
		return errorf("KMSInvalidStateException", "%s is pending deletion.", value)
	case isARN:
		return nil
	case strings.HasPrefix(value, "alias/"):
		return errorf("NotFoundException", "Alias %s is not found.", c.ARN("kms", value))
	}
	return errorf("NotFoundException", "Key '%s' does not exist", c.ARN("kms", "key/"+value))
}

// key gives the key that an ID, ARN or alias means, or nil.
func (c *Call) key(value string) *store.Resource {
	if alias := c.Find(keyAliasType, value); alias != nil {
		value = alias.Inputs.String("targetKeyId")
	}
	return c.Find(keyType, value)
}

func (c *Call) keyLeaving(value string) bool {
	gone, leaving := c.Tx.Document().Leaving[value]
	if !leaving {
		gone, leaving = c.Tx.Document().Leaving[c.ARN("kms", "key/"+value)]
	}
	return leaving && c.Now.Before(gone)
}

func kmsAlias() *Kind {
	return &Kind{
		Type: keyAliasType, Label: "KMS Alias", Regional: true,
		Name: "name",
		Conflict: func(name string) error {
			return errorf("AlreadyExistsException", "An alias with the name %s already exists", name)
		},
		Replace: []string{"name", "namePrefix"},
		Checks: []Check{
			matching("name", `^alias/[0-9A-Za-z_/-]{1,250}$`, "must begin with alias/, followed by up to 250 letters, digits and -_/"),
			notBeginning("name", "alias/aws/"), atMostOne("name", "namePrefix"),
		},
		Refs: []Ref{{Path: "targetKeyId", To: keyType, Owned: true, Check: (*Call).keyUsable}},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			if name == "" {
				name = "alias/" + c.Hex("alias", 26)
			}
			return &Made{ID: name, Outputs: store.Values{"name": name, "arn": c.ARN("kms", name), "targetKeyArn": c.keyARN(c.In.String("targetKeyId"))}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return &Made{Outputs: store.Values{"targetKeyArn": c.keyARN(c.In.String("targetKeyId"))}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func (c *Call) keyARN(idOrARN string) string {
	if strings.HasPrefix(idOrARN, "arn:") {
		return idOrARN
	}
	return c.ARN("kms", "key/"+idOrARN)
}

func kmsKeyPolicy() *Kind {
	return &Kind{
		Type: "aws:kms/keyPolicy:KeyPolicy", Label: "KMS Key Policy", Regional: true, Idempotent: true,
		Replace: []string{"keyId"}, JSON: []string{"policy"},
		Checks: []Check{checkPolicy("policy")},
		Refs:   []Ref{{Path: "keyId", To: keyType, Owned: true, Check: (*Call).keyUsable}},
		Create: func(c *Call) (*Made, error) { return &Made{ID: c.In.String("keyId")}, c.keyPolicyFits() },
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, c.keyPolicyFits() },
		Usual:  Usual{3, 3, 2},
	}
}
