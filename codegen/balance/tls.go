package balance

import (
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// TLSPolicy is the policy of an encrypted listener: the one that the YAML gives, or else the usual one for the oldest
// version of TLS that the Security document accepts. One that accepts older versions is reported at its place.
func TLSPolicy(b *component.Builder, given string, at diag.Position) string {
	strict := false
	oldest := b.Stack().Security.Get("tls", "minimumVersion")
	if oldest != nil {
		strict = oldest.Text.String() == "1.3"
	}
	switch {
	case given == "" && strict:
		return "ELBSecurityPolicy-TLS13-1-3-2021-06"
	case given == "":
		return "ELBSecurityPolicy-TLS13-1-2-2021-06"
	case strict && !strings.Contains(given, "-1-3-"):
		b.Fail(diag.Errorf(at, component.Code, "%s accepts TLS 1.2, and the Security document only TLS 1.3", given).
			WithHint("leave tlsPolicy out, or choose one for TLS 1.3 only").
			WithRelated(oldest.Source, "the oldest version is given here"))
	}
	return given
}
