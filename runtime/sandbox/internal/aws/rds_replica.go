package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// replicaSource gives the database that a read replica copies, of this region by identifier or of any by ARN, or nil.
func (c *Call) replicaSource() *store.Resource {
	id := c.In.String("replicateSourceDb")
	if id == "" {
		return nil
	}
	for _, r := range c.Tx.All(instanceType) {
		if r.Outputs.String("arn") == id || (r.Region == c.Region && identifies(id, r)) {
			return r
		}
	}
	return nil
}

// newReplica demands what a read replica needs.
func newReplica(c *Call) error {
	source := c.replicaSource()
	if source == nil {
		return errorf("DBInstanceNotFound", "DBInstance %s not found.", c.In.String("replicateSourceDb"))
	}
	if source.Inputs.Int("backupRetentionPeriod") == 0 {
		return errorf("InvalidDBInstanceState", "Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.")
	}
	if c.In.Has("username") || c.In.Has("password") || c.In.Has("dbName") {
		return errorf("InvalidParameterCombination", "A read replica has the database name, user and password of its source: they cannot be given.")
	}
	remote := strings.HasPrefix(c.In.String("replicateSourceDb"), "arn:") && source.Region != c.Region
	if remote && source.Inputs.Bool("storageEncrypted") && !c.In.Has("kmsKeyId") {
		return errorf("InvalidParameterCombination", "Cannot create a cross region unencrypted read replica from encrypted source DB instance")
	}
	return nil
}

// replicaDefaults are a source's properties, but for what makes it a database of its own.
func replicaDefaults(c *Call, source *store.Resource) store.Values {
	own := *c
	own.In = source.Inputs.Over(c.In)
	delete(own.In, "replicateSourceDb")
	out := dbDefaults(&own)
	for _, key := range []string{"engine", "engineVersion", "username", "dbName", "allocatedStorage", "port", "storageEncrypted", "storageType", "kmsKeyId",
		"parameterGroupName"} {
		if v := source.Inputs[key]; v != nil {
			out[key] = v
		}
	}
	out["backupRetentionPeriod"] = 0
	return out
}
