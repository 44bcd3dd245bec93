package aws

import (
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const managedSecretType = "aws:secretsmanager/secret:Secret"

// defaultRecovery is how many days a deleted secret keeps its name when nothing is said.
const defaultRecovery = 30

func managedSecret() *Kind {
	return &Kind{
		Type: managedSecretType, Label: "Secrets Manager Secret",
		Name: "name", MaxName: 512,
		Conflict: func(name string) error {
			return errorf("ResourceExistsException", "The operation failed because the secret %s already exists.", name)
		},
		Replace: []string{"name", "namePrefix"},
		JSON:    []string{"policy"},
		Sets:    []string{"replicas"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z/_+=.@-]{1,512}$`, "up to 512 letters, digits and /_+=.@-"),
			atMostOne("name", "namePrefix"), checkRecovery, checkPolicy("policy"),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"description": "", "forceOverwriteReplicaSecret": false, "recoveryWindowInDays": defaultRecovery}
		},
		Refs:   []Ref{keyRef("kmsKeyId")},
		Create: createSecret,
		Delete: deleteSecret,
		Usual:  Usual{1, 1, 1},
	}
}

// checkRecovery: 0 deletes at once.
func checkRecovery(in store.Values) []Problem {
	if n, ok := at(in, "recoveryWindowInDays").(float64); ok && n != 0 {
		return within("recoveryWindowInDays", 7, 30)(in)
	}
	return nil
}

func createSecret(c *Call) (*Made, error) {
	name := c.In.String("name")
	arn := c.secretARN(name)
	if s, _ := c.secretByID(arn); s != nil && s.Owner == "" {
		return nil, errorf("ResourceExistsException", "The operation failed because the secret %s already exists.", name)
	}
	if s := c.Tx.Document().Secrets[c.secretKey(name)]; s != nil && s.DeleteAfter != nil && c.Now.Before(*s.DeleteAfter) {
		return nil, errorf("InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.")
	}
	for _, replica := range c.In.Objects("replicas") {
		if replica.String("region") == c.Region {
			return nil, errorf("InvalidParameterException", "Invalid replica region.")
		}
	}
	c.keepSecret(name, &store.Secret{CreatedAt: c.Now.UTC().Truncate(time.Millisecond), Owner: arn})
	return &Made{ID: arn, Outputs: store.Values{"arn": arn}}, nil
}

func deleteSecret(c *Call, r *store.Resource) error {
	days := defaultRecovery
	if n, given := r.Inputs.Number("recoveryWindowInDays"); given {
		days = int(n)
	}
	if days == 0 {
		c.forgetSecret(r.Property("name"))
		return nil
	}
	s := c.Tx.Document().Secrets[c.secretKey(r.Property("name"))]
	if s == nil {
		return nil
	}
	leaving, after := *s, c.Now.UTC().Truncate(time.Millisecond).AddDate(0, 0, days)
	leaving.DeleteAfter = &after
	c.keepSecret(r.Property("name"), &leaving)
	return nil
}

func secretVersion() *Kind {
	return &Kind{
		Type: "aws:secretsmanager/secretVersion:SecretVersion", Label: "Secrets Manager Secret Version", Random: true,
		Replace: []string{"secretId", "secretString", "secretBinary"},
		Checks:  []Check{atMostOne("secretString", "secretBinary")},
		Defaults: func(*Call) store.Values {
			return store.Values{"versionStages": []string{"AWSCURRENT"}}
		},
		Refs:   []Ref{{Path: "secretId", To: managedSecretType, Owned: true, Check: (*Call).secretExists}},
		Create: createSecretVersion,
		Usual:  Usual{1, 1, 1},
	}
}

func (c *Call) secretExists(id string) error {
	if s, _ := c.secretByID(id); s == nil {
		return errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
	}
	return nil
}

// createSecretVersion makes a version the current one, unless it is given other stages. Deleting a version leaves the
// secret's value as it is, as in AWS, where the current version cannot be deleted.
func createSecretVersion(c *Call) (*Made, error) {
	value := c.In.String("secretString") + c.In.String("secretBinary")
	if value == "" {
		return nil, errorf("InvalidParameterException", "You must provide either SecretString or SecretBinary.")
	}
	if len(value) > 65536 {
		return nil, errorf("ValidationException", "The secret value must have at most 65536 bytes.")
	}
	s, name := c.secretByID(c.In.String("secretId"))
	version, stages := c.UUID("version"), c.In.Strings("versionStages")
	if len(stages) == 0 || strings.Contains(strings.Join(stages, " "), "AWSCURRENT") {
		current := *s
		current.Value, current.VersionID = value, version
		key := name
		if s.Owner != "" {
			key = c.secretKey(name)
		}
		c.Tx.Edit(func(d *store.Document) { d.Secrets[key] = &current })
	}
	arn := c.secretARN(name)
	return &Made{ID: arn + "|" + version, Outputs: store.Values{"arn": arn, "versionId": version}}, nil
}
