package agreement

import "github.com/panka-io/panka/compiler/diag"

// bucketRules are about buckets that others are copied to.
var bucketRules = []rule{
	{"S3", "replication.*.component", copies},
}

// copies judges a bucket and the one that it is copied to.
func copies(w wire) diag.List {
	versions := w.to.Spec.Get("versioning", "enabled")
	if w.to.Kind != "S3" || !off(versions) {
		return nil
	}
	return diag.List{refuse(w.name, "%s does not keep versions, so that nothing can be copied to it", w.to.ID()).
		WithHint("set versioning.enabled: true in %s", w.to.ID()).
		WithRelated(versions.Source, "%s turns them off here", w.to.ID())}
}
