package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// marker stands in the account's file where a secret input was.
const marker = "(secret)"

// plain is a property map taken apart.
type plain struct {
	values store.Values
	// secrets are the paths of what was marked secret, with the values, outermost only.
	secrets map[string]resource.PropertyValue
	unknown bool // something is not known yet
}

// open turns properties into plain values, secrets in clear. always names properties that are secret even unmarked.
func open(props resource.PropertyMap, always ...string) plain {
	p := plain{values: store.Values{}, secrets: map[string]resource.PropertyValue{}}
	for key, v := range props {
		if resource.IsInternalPropertyKey(key) {
			continue
		}
		if x := p.value(resource.PropertyPath{string(key)}, v, false); x != nil {
			p.values[string(key)] = x
		}
	}
	for _, key := range always {
		if v, ok := props[resource.PropertyKey(key)]; ok && !v.IsNull() && !v.ContainsUnknowns() {
			p.secrets[key] = unwrap(v)
		}
	}
	return p
}

func (p *plain) value(path resource.PropertyPath, v resource.PropertyValue, inSecret bool) any {
	switch {
	case v.IsSecret():
		if !inSecret {
			p.secrets[path.String()] = unwrap(v)
		}
		return p.value(path, v.SecretValue().Element, true)
	case v.IsComputed():
		p.unknown = true
		return store.Unknown{}
	case v.IsOutput():
		o := v.OutputValue()
		if !o.Known {
			p.unknown = true
			return store.Unknown{}
		}
		if o.Secret && !inSecret {
			p.secrets[path.String()] = unwrap(o.Element)
		}
		return p.value(path, o.Element, inSecret || o.Secret)
	case v.IsArray():
		list := make([]any, 0, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			list = append(list, p.value(child(path, i), e, inSecret))
		}
		return list
	case v.IsObject():
		object := map[string]any{}
		for key, e := range v.ObjectValue() {
			if x := p.value(child(path, string(key)), e, inSecret); x != nil {
				object[string(key)] = x
			}
		}
		return object
	case v.IsNull():
		return nil
	case v.IsString(), v.IsNumber(), v.IsBool():
		return v.V
	}
	if packed, ok := packaged(v); ok {
		return packed
	}
	return fmt.Sprintf("(%s)", v.TypeString()) // a reference to a resource, which no simulated type takes
}

// packaged gives the text that stands for a file or an archive of files: its hash, which the engine has computed.
func packaged(v resource.PropertyValue) (string, bool) {
	switch {
	case v.IsArchive():
		return "(archive " + v.ArchiveValue().Hash + ")", true
	case v.IsAsset():
		return "(file " + v.AssetValue().Hash + ")", true
	}
	return "", false
}

func child(path resource.PropertyPath, step any) resource.PropertyPath {
	return append(append(resource.PropertyPath{}, path...), step)
}

// unwrap takes all secret and output wrappers off a value.
func unwrap(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsSecret():
		return unwrap(v.SecretValue().Element)
	case v.IsOutput() && v.OutputValue().Known:
		return unwrap(v.OutputValue().Element)
	case v.IsArray():
		list := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			list[i] = unwrap(e)
		}
		return resource.NewProperty(list)
	case v.IsObject():
		object := resource.PropertyMap{}
		for k, e := range v.ObjectValue() {
			object[k] = unwrap(e)
		}
		return resource.NewProperty(object)
	}
	return v
}

// redacted gives the values with markers in place of secrets, and the secrets' digests.
func (p plain) redacted(salt string) (store.Values, map[string]string) {
	if len(p.secrets) == 0 {
		return p.values.Clone(), nil
	}
	values := resource.NewProperty(resource.NewPropertyMapFromMap(p.values.Clone()))
	digests := map[string]string{}
	for text, v := range p.secrets {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			continue // the path was made by PropertyPath.String
		}
		digests[text] = digestOf(salt, v)
		path.Set(values, resource.NewProperty(marker))
	}
	return values.ObjectValue().Mappable(), digests
}

// digestOf tells secrets apart without telling what they are.
func digestOf(salt string, v resource.PropertyValue) string {
	mac := hmac.New(sha256.New, []byte(salt))
	fmt.Fprint(mac, v.String())
	return "sha256:" + hex.EncodeToString(mac.Sum(nil))[:32]
}

// properties turns values into properties.
func properties(values store.Values) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(values.Clone())
}

// repack puts files and archives from the last known inputs into what was read, where their hashes agree: AWS keeps
// what was uploaded, but does not give it back.
func repack(read, last resource.PropertyMap) {
	for key, v := range last {
		if text, ok := packaged(unwrap(v)); ok && read[key].IsString() && read[key].StringValue() == text {
			read[key] = v
		}
	}
}

// restore puts secrets, which the account does not give back, from the last known inputs into what was read.
func restore(read resource.PropertyMap, secretInputs map[string]string, last resource.PropertyMap) {
	into, from := resource.NewProperty(read), resource.NewProperty(last)
	for text := range secretInputs {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			continue
		}
		v, ok := path.Get(from)
		if !ok {
			path.Delete(into)
			continue
		}
		path.Set(into, resource.MakeSecret(unwrap(v)))
	}
}
