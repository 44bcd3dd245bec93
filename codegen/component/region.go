package component

import (
	"strings"

	"github.com/panka-io/panka/compiler/diag"
)

// CheckRegion reports an ARN of a region other than the one in which AWS looks for it. What says what the ARN is of, such
// as "the certificate".
func (b *Builder) CheckRegion(what, arn, region string, at diag.Position) {
	parts := strings.SplitN(arn, ":", 5)
	if len(parts) == 5 && parts[3] != "" && parts[3] != region {
		b.Fail(diag.Errorf(at, Code, "%s is in region %s, and must be in %s", what, parts[3], region).
			WithHint("name one of %s", region))
	}
}
