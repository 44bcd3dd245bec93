package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/plan"
)

// inputsOf tells what a resource is to be, leaf by leaf, in a form that can be compared and keeps no value.
func inputsOf(properties resource.PropertyMap) plan.Inputs {
	out := plan.Inputs{}
	for k, v := range properties {
		if name := string(k); !strings.HasPrefix(name, "__") {
			addInputs(out, name, plainValue(v))
		}
	}
	return out
}

func addInputs(out plan.Inputs, path string, value any) {
	switch v := value.(type) {
	case unknown:
		out[path] = plan.UnknownInput
	case hidden:
		out[path] = plan.SecretInput
	case map[string]any:
		for k, item := range v {
			addInputs(out, path+"."+k, item)
		}
	case []any:
		for i, item := range v {
			addInputs(out, path+"["+strconv.Itoa(i)+"]", item)
		}
	case nil: // as if it were not there
	default:
		sum := sha256.Sum256([]byte(encode(v)))
		out[path] = hex.EncodeToString(sum[:12])
	}
}
