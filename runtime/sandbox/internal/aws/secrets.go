package aws

import (
	"strings"

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
	for n, s := range c.Tx.Document().Secrets {
		if strings.HasPrefix(n, ParameterPrefix) {
			continue
		}
		if arn := c.secretARN(n); nameOrARN == n || nameOrARN == arn || nameOrARN == arn[:len(arn)-7] {
			return s, n
		}
	}
	return nil, ""
}
