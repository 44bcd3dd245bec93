package agreement

import "github.com/panka-io/panka/compiler/diag"

// bucketRules are about buckets that others are copied to or that AWS writes logs into.
var bucketRules = []rule{
	{"S3", "replication.*.component", copies},
	{"S3", "accessLogs.component", takesLogs},
	{"ALB", "accessLogs.component", takesLogs},
	{"NLB", "accessLogs.component", takesLogs},
	{"CloudFront", "accessLogs.component", takesLogs},
	{"CloudFront", "accessLogs.component", takesListedLogs},
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

// takesLogs judges a bucket that AWS writes logs into, which it does not where they could not be deleted for a time.
func takesLogs(w wire) diag.List {
	lock := w.to.Spec.Get("objectLock")
	if w.to.Kind != "S3" || lock == nil {
		return nil
	}
	return diag.List{refuse(w.name, "%s keeps its objects for a time, and AWS writes no logs into such a bucket", w.to.ID()).
		WithHint("name a bucket without objectLock").
		WithRelated(lock.Source, "%s locks them here", w.to.ID())}
}

// takesListedLogs judges a bucket that CloudFront writes logs into, for which it must be on the bucket's access list.
func takesListedLogs(w wire) diag.List {
	owner := w.to.Spec.Get("objectOwnership")
	if w.to.Kind != "S3" || text(owner) != "BucketOwnerEnforced" {
		return nil
	}
	return diag.List{refuse(w.name, "%s has no access list, by which CloudFront is let in to write logs", w.to.ID()).
		WithHint("set objectOwnership: BucketOwnerPreferred in %s", w.to.ID()).
		WithRelated(w.to.Source, "%s is defined here", w.to.ID())}
}
