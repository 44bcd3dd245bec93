package aws

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Identifiers are digests of what a resource is and of how often its like was made, never of the time, so that the same
// actions in a new account give the same identifiers.

// Hex gives n hexadecimal digits. purpose tells apart several identifiers of one resource.
func (c *Call) Hex(purpose string, n int) string { return digest(c.Entropy+"|"+purpose, n) }

// Digits gives n decimal digits, the first not zero.
func (c *Call) Digits(purpose string, n int) string {
	return spell(c.Entropy+"|"+purpose, "0123456789", n)
}

// Upper gives n upper-case letters and digits.
func (c *Call) Upper(purpose string, n int) string {
	return spell(c.Entropy+"|"+purpose, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", n)
}

// UUID gives a UUID.
func (c *Call) UUID(purpose string) string {
	h := c.Hex(purpose, 32)
	return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:])
}

func digest(text string, n int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:n]
}

func spell(text, alphabet string, n int) string {
	sum := sha256.Sum256([]byte(text))
	var b strings.Builder
	for i := range n {
		at := int(sum[i%len(sum)])
		if i == 0 && alphabet[0] == '0' {
			b.WriteByte(alphabet[1+at%(len(alphabet)-1)])
			continue
		}
		b.WriteByte(alphabet[at%len(alphabet)])
	}
	return b.String()
}

// nameSuffix is the number of random digits after a generated name.
const nameSuffix = 7

// AutoName gives the generated name for a resource called name: it, cut to fit, and seven hexadecimal digits.
func AutoName(name string, longest int, entropy string) string {
	if room := longest - nameSuffix - 1; len(name) > room {
		name = strings.TrimRight(name[:room], "-")
	}
	return name + "-" + digest(entropy+"|name", nameSuffix)
}

var generated = regexp.MustCompile(`^(.*)-[0-9a-f]{7}$`)

// IsAutoName tells whether value may have been generated for a resource called name.
func IsAutoName(value, name string) bool {
	m := generated.FindStringSubmatch(value)
	return m != nil && m[1] != "" && strings.HasPrefix(name, m[1])
}
