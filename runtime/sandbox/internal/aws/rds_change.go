package aws

import (
	"strconv"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// instanceFits demands that storage, parameter group and version go together.
func instanceFits(c *Call) error {
	storage, size := c.In.String("storageType"), c.In.Int("allocatedStorage")
	if (storage == "gp3" || storage == "gp2") && c.In.Has("allocatedStorage") && size < 20 {
		return errorf("InvalidParameterValue", "Invalid storage size for engine name %s and storage type %s: %d", c.In.String("engine"), storage, size)
	}
	if storage == "gp3" && size < 400 && (c.In.Has("iops") || c.In.Has("storageThroughput")) {
		return errorf("InvalidParameterCombination", "You can't specify IOPS or storage throughput for engine %s and a storage size less than 400.", c.In.String("engine"))
	}
	if highest := c.In.Int("maxAllocatedStorage"); highest != 0 && highest < size {
		return errorf("InvalidParameterCombination", "Max storage size must be greater than storage size")
	}
	group := c.Find(parameterGroupType, c.In.String("parameterGroupName"))
	version := c.In.String("engineVersion")
	if group == nil || version == "" {
		return nil
	}
	has, needs := group.Inputs.String("family"), Family(c.In.String("engine"), version)
	if has != needs {
		return errorf("InvalidParameterCombination", "The parameter group %s with DBParameterGroupFamily %s cannot be used for "+
			"this instance. Please use a Parameter Group with DBParameterGroupFamily %s", group.ID, has, needs)
	}
	return nil
}

func updateInstance(c *Call, prior *store.Resource) (*Made, error) {
	engine := c.In.String("engine")
	from, to := prior.Property("engineVersion"), c.In.String("engineVersion")
	if to != "" && from != to {
		switch compareVersions(to, from) {
		case -1:
			return nil, errorf("InvalidParameterCombination", "Cannot upgrade %s from %s to %s", engine, from, to)
		case 1:
			if majorOf(engine, from) != majorOf(engine, to) && !c.In.Bool("allowMajorVersionUpgrade") {
				return nil, errorf("InvalidParameterCombination", "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
			}
		}
	}
	if now, was := c.In.Int("allocatedStorage"), prior.Inputs.Int("allocatedStorage"); now < was {
		return nil, errorf("InvalidParameterCombination", "Storage size cannot be reduced: the requested %d GiB are less than the allocated %d GiB.", now, was)
	}
	if c.In.Known("password") {
		if err := checkPassword(c.In.String("password")); err != nil {
			return nil, err
		}
	}
	if err := instanceFits(c); err != nil {
		return nil, err
	}
	identifier := c.In.String("identifier")
	if identifier == "" {
		identifier = prior.Property("identifier")
	}
	return &Made{Outputs: c.instanceOutputs(identifier)}, nil
}

func deleteInstance(c *Call, r *store.Resource) error {
	if r.Inputs.Bool("deletionProtection") {
		return errorf("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}
	c.forgetMasterSecrets(r.Outputs.String("arn"))
	if r.Inputs.Bool("skipFinalSnapshot") {
		return nil
	}
	name := r.Inputs.String("finalSnapshotIdentifier")
	if name == "" {
		return errorf("InvalidParameterCombination", "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.")
	}
	if !c.keepSnapshot(name, r.Property("identifier")) {
		return errorf("DBSnapshotAlreadyExists", "Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
	}
	return nil
}

// keepSnapshot leaves a final snapshot of a database behind, or gives false when its name is taken.
func (c *Call) keepSnapshot(name, database string) bool {
	if c.Tx.Document().Snapshots[name] != nil {
		return false
	}
	region, now := c.Region, c.Now
	c.Tx.Edit(func(d *store.Document) {
		if d.Snapshots == nil {
			d.Snapshots = map[string]*store.Snapshot{}
		}
		d.Snapshots[name] = &store.Snapshot{Database: database, Region: region, CreatedAt: now}
	})
	return true
}

// Family gives the parameter group family of an engine and version: postgres15, mysql8.0.
func Family(engine, version string) string { return engine + majorOf(engine, version) }

// majorOf gives the part of a version that an upgrade must not change by itself.
func majorOf(engine, version string) string {
	parts := strings.Split(version, ".")
	if engine == "postgres" || engine == "aurora-postgresql" || len(parts) == 1 {
		return parts[0]
	}
	return parts[0] + "." + parts[1]
}

// compareVersions orders dotted versions; a missing part counts as any.
func compareVersions(a, b string) int {
	p, q := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(p), len(q)) {
		x, err1 := strconv.Atoi(p[i])
		y, err2 := strconv.Atoi(q[i])
		switch {
		case err1 != nil || err2 != nil || x == y:
		case x < y:
			return -1
		default:
			return 1
		}
	}
	return 0
}
