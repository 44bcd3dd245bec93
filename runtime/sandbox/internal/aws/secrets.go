package aws

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// ParameterPrefix marks the values of SecureString parameters among the account's secrets.
const ParameterPrefix = "ssm:"

// secretARN gives the ARN of a secret, which ends with six characters of its own.
func (c *Call) secretARN(name string) string {
	return c.ARN("secretsmanager", "secret:"+name+"-"+spell("secret|"+name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 6))
}

// secretByID gives the secret that a name or ARN, with or without its last six characters, identifies in the call's
// region. The name is "" if there is none.
func (c *Call) secretByID(nameOrARN string) (secret *store.Secret, name string) {
	for key, s := range c.Tx.Document().Secrets {
		n := key
		if rest, owned := strings.CutPrefix(key, "@"); owned {
			region, ownName, _ := strings.Cut(rest, "/")
			if n = ownName; region != c.Region || s.DeleteAfter != nil || !c.ownsSecret(s, n) {
				continue
			}
		}
		if strings.HasPrefix(n, ParameterPrefix) {
			continue
		}
		if arn := c.secretARN(n); nameOrARN == n || nameOrARN == arn || nameOrARN == arn[:len(arn)-7] {
			return s, n
		}
	}
	return nil, ""
}

// ownsSecret tells whether what made a secret is still there.
func (c *Call) ownsSecret(s *store.Secret, name string) bool {
	if s.Owner == c.secretARN(name) {
		return c.Find(managedSecretType, s.Owner) != nil
	}
	return true
}

// secretKey is where the account keeps a secret of this region that a resource made.
func (c *Call) secretKey(name string) string { return "@" + c.Region + "/" + name }

func (c *Call) keepSecret(name string, s *store.Secret) {
	c.Tx.Edit(func(d *store.Document) {
		if d.Secrets == nil {
			d.Secrets = map[string]*store.Secret{}
		}
		d.Secrets[c.secretKey(name)] = s
	})
}

func (c *Call) forgetSecret(name string) {
	c.Tx.Edit(func(d *store.Document) { delete(d.Secrets, c.secretKey(name)) })
}

// masterSecret keeps the password that a database service made up for a new database, and gives what the database
// tells of it. owner is the database's ARN; kind is what its secret's name begins with.
func (c *Call) masterSecret(kind, owner, user string) []map[string]any {
	name := kind + "-" + c.UUID("master secret")
	value, err := json.Marshal(map[string]string{"username": user, "password": c.Hex("master password", 28)})
	if err != nil {
		panic(err) // two texts always have a JSON form
	}
	c.keepSecret(name, &store.Secret{VersionID: c.UUID("master secret version"), CreatedAt: c.Now.UTC().Truncate(time.Millisecond), Owner: owner,
		Value: string(value)})
	return []map[string]any{{"secretArn": c.secretARN(name), "secretStatus": "active", "kmsKeyId": c.ARN("kms", "key/"+c.regionKey("secretsmanager"))}}
}

// forgetMasterSecrets takes away what masterSecret kept.
func (c *Call) forgetMasterSecrets(owner string) {
	c.Tx.Edit(func(d *store.Document) {
		for key, s := range d.Secrets {
			if s.Owner == owner {
				delete(d.Secrets, key)
			}
		}
	})
}

// regionKey gives the ID of the key that AWS keeps for one of its services in the call's region.
func (c *Call) regionKey(service string) string {
	h := digest(c.Region+"|aws/"+service, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
