package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const kubeconfigYAML = `
current-context: one
contexts:
  - {name: one, context: {cluster: a, namespace: shop}}
  - {name: two, context: {cluster: b}}
  - {name: lost, context: {cluster: c}}
clusters:
  - {name: a, cluster: {server: "https://a", certificate-authority-data: Y2E=}}
  - {name: b, cluster: {server: "https://b"}}
`

func TestReadClusterAccess(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewProperty(""))
	for name, c := range map[string]struct {
		config resource.PropertyMap
		want   ClusterAccess
		err    string
	}{
		"current context": {resource.PropertyMap{}, ClusterAccess{Server: "https://a", Authority: "Y2E=", Namespace: "shop"}, ""},
		"context":         {resource.PropertyMap{"context": resource.NewProperty("two")}, ClusterAccess{Server: "https://b"}, ""},
		"cluster":         {resource.PropertyMap{"cluster": resource.NewProperty("b")}, ClusterAccess{Server: "https://b", Namespace: "shop"}, ""},
		"options": {resource.PropertyMap{"namespace": resource.NewProperty("x"), "deleteUnreachable": resource.NewProperty("true"),
			"enableConfigMapMutable": resource.NewProperty(true)},
			ClusterAccess{Server: "https://a", Authority: "Y2E=", Namespace: "x", DeleteUnreachable: true, MutableConfigMaps: true}, ""},
		"secret":          {resource.PropertyMap{"kubeconfig": resource.MakeSecret(resource.NewProperty(kubeconfigYAML))}, ClusterAccess{Server: "https://a", Authority: "Y2E=", Namespace: "shop"}, ""},
		"no such context": {resource.PropertyMap{"context": resource.NewProperty("three")}, ClusterAccess{}, `no context "three"`},
		"no such cluster": {resource.PropertyMap{"context": resource.NewProperty("lost")}, ClusterAccess{}, `no cluster "c"`},
		"no kubeconfig":   {resource.PropertyMap{"kubeconfig": resource.NewProperty("")}, ClusterAccess{}, `no context ""`},
		"no YAML":         {resource.PropertyMap{"kubeconfig": resource.NewProperty("~/.kube/config")}, ClusterAccess{}, "must be the text of a kubeconfig"},
		"unknown":         {resource.PropertyMap{"kubeconfig": unknown}, ClusterAccess{}, ErrUnknownAccess.Error()},
	} {
		config := resource.PropertyMap{"kubeconfig": resource.NewProperty(kubeconfigYAML)}
		for k, v := range c.config {
			config[k] = v
		}
		got, err := ReadClusterAccess(config)
		switch {
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%s: %+v, %v", name, got, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: error %v, want one about %s", name, err, c.err)
		}
		if (name == "unknown") != errors.Is(err, ErrUnknownAccess) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestKubeconfigAsObject: the property may be the object instead of its text.
func TestKubeconfigAsObject(t *testing.T) {
	object := resource.NewPropertyMapFromMap(map[string]any{"current-context": "c",
		"contexts": []any{map[string]any{"name": "c", "context": map[string]any{"cluster": "k"}}},
		"clusters": []any{map[string]any{"name": "k", "cluster": map[string]any{"server": "https://k"}}}})
	got, err := ReadClusterAccess(resource.PropertyMap{"kubeconfig": resource.NewProperty(object)})
	if err != nil || got.Server != "https://k" {
		t.Errorf("%+v, %v", got, err)
	}
}
