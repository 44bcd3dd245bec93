package engine

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// TestCauseInsideAProperty: what forces a replacement may be a part of a property, and only that part is told to.
func TestCauseInsideAProperty(t *testing.T) {
	old := resource.NewPropertyMapFromMap(map[string]any{"spec": map[string]any{"replicas": 1.0, "selector": map[string]any{"app": "a"}, "selectors": "a"}})
	new := resource.NewPropertyMapFromMap(map[string]any{"spec": map[string]any{"replicas": 2.0, "selector": map[string]any{"app": "b"}, "selectors": "b"}})
	want := map[string]bool{"spec.replicas": false, "spec.selector.app": true, "spec.selectors": false}
	got := propertyChanges(old, new, []string{"spec"}, []string{"spec.selector"})
	if len(got) != len(want) {
		t.Errorf("changes %+v", got)
	}
	for _, c := range got {
		if forces, known := want[c.Path]; !known || forces != c.ForcesReplace {
			t.Errorf("%s forces a replacement: %v", c.Path, c.ForcesReplace)
		}
	}
	if got := propertyChanges(resource.PropertyMap{}, new, []string{"spec"}, []string{"spec.selector"}); len(got) != 1 || !got[0].ForcesReplace {
		t.Errorf("a new object with a part that forces a replacement gives %+v", got)
	}
}
