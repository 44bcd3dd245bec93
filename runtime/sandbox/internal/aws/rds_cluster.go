package aws

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// databaseFamily is what tells apart the services whose clusters work as RDS's do.
type databaseFamily struct {
	service string // rds or docdb, in the types' names and the databases' addresses
	label   string
	engines map[string]engine
	zone    func(region string) string
	// shared are the inputs that exist in this service only, by what becomes of a change.
	replace  []string
	checks   []Check
	defaults store.Values
	fits     func(c *Call) error
}

func (f *databaseFamily) token(path, name string) string {
	return fmt.Sprintf("aws:%s/%s:%s", f.service, path, name)
}

func (f *databaseFamily) clusterType() string  { return f.token("cluster", "Cluster") }
func (f *databaseFamily) instanceType() string { return f.token("clusterInstance", "ClusterInstance") }
func (f *databaseFamily) parametersType() string {
	return f.token("clusterParameterGroup", "ClusterParameterGroup")
}

func (f *databaseFamily) engineNames() []string {
	var names []string
	for name := range f.engines {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

const identifierForm = `^[a-z](-?[a-z0-9]){0,62}$`

func (f *databaseFamily) cluster() *Kind {
	return &Kind{
		Type: f.clusterType(), Label: f.label + " Cluster", Regional: true,
		Name: "clusterIdentifier", MaxName: 63,
		Conflict: func(string) error { return errorf("DBClusterAlreadyExistsFault", "DB Cluster already exists") },
		Replace: append([]string{"availabilityZones", "clusterIdentifier", "clusterIdentifierPrefix", "dbSubnetGroupName", "engine", "kmsKeyId",
			"masterUsername", "restoreToPointInTime", "snapshotIdentifier", "storageEncrypted"}, f.replace...),
		ReplaceIf: func(old, new store.Values) []string {
			// The storage of a Multi-AZ cluster cannot change its kind.
			if old.Has("dbClusterInstanceClass") && old.String("storageType") != new.String("storageType") {
				return []string{"storageType"}
			}
			return nil
		},
		Checks: append([]Check{
			oneOf("engine", f.engineNames()...),
			matching("clusterIdentifier", identifierForm, "up to 63 lower-case letters, digits and single hyphens, first a letter"),
			matching("finalSnapshotIdentifier", `^[A-Za-z](-?[A-Za-z0-9])*$`, "letters, digits and single hyphens, first a letter"),
			dailyWindow("preferredBackupWindow"), weeklyWindow("preferredMaintenanceWindow"), within("backupRetentionPeriod", 1, 35),
			atMostOne("manageMasterUserPassword", "masterPassword"), atMostOne("snapshotIdentifier", "restoreToPointInTime"),
			atMostOne("clusterIdentifier", "clusterIdentifierPrefix"),
		}, f.checks...),
		Defaults: f.clusterDefaults,
		Refs: []Ref{
			{Path: "dbSubnetGroupName", To: f.token("subnetGroup", "SubnetGroup"), Builtin: isDefaultGroup,
				Missing: missing("DBSubnetGroupNotFoundFault", "DB subnet group '%s' does not exist.")},
			{Path: "dbClusterParameterGroupName", To: f.parametersType(), Builtin: isDefaultGroup,
				Missing: missing("DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: %s")},
			{Path: "vpcSecurityGroupIds[]", To: securityGroupType,
				Missing: missing("InvalidParameterValue", "Invalid security group , groupId= %s, groupName=.")},
			keyRef("kmsKeyId"),
		},
		Create: f.createCluster, Update: f.updateCluster, Delete: f.deleteCluster,
		InUse: func(*store.Resource, *store.Resource) error {
			return errorf("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
		},
		Unwell: func(c *Call, r *store.Resource) string {
			if !r.Inputs.Has("dbClusterInstanceClass") && len(f.members(c, r.ID)) == 0 {
				return "the cluster has no instances: nothing answers at its endpoint"
			}
			return ""
		},
		Detail: func(c *Call, r *store.Resource) string {
			return fmt.Sprintf("available, %d instances", len(f.members(c, r.ID)))
		},
		Usual: Usual{60, 60, 60},
	}
}

func (f *databaseFamily) members(c *Call, cluster string) []*store.Resource {
	var out []*store.Resource
	for _, r := range c.all(f.instanceType()) {
		if r.Inputs.String("clusterIdentifier") == cluster {
			out = append(out, r)
		}
	}
	return out
}

// engineOf gives the engine that inputs ask for; a service with one engine need not be told.
func (f *databaseFamily) engineOf(in store.Values) (string, engine) {
	name := in.String("engine")
	if name == "" && len(f.engines) == 1 {
		name = f.engineNames()[0]
	}
	return name, f.engines[name]
}

func (f *databaseFamily) clusterDefaults(c *Call) store.Values {
	name, e := f.engineOf(c.In)
	version := c.In.String("engineVersion")
	if version == "" {
		version = e.version
	}
	out := store.Values{"engine": name, "engineVersion": version, "port": e.port, "backupRetentionPeriod": 1,
		"deletionProtection": false, "skipFinalSnapshot": false, "storageEncrypted": false, "preferredBackupWindow": "07:00-07:30",
		"preferredMaintenanceWindow": "sun:05:00-sun:05:30", "dbSubnetGroupName": "default", "availabilityZones": Zones(c.Region),
		"dbClusterParameterGroupName": "default." + Family(name, version)}
	if v := c.defaultVpc(); v != nil {
		out["vpcSecurityGroupIds"] = []string{v.Outputs.String("defaultSecurityGroupId")}
	}
	return out.Over(f.defaults)
}

func (f *databaseFamily) createCluster(c *Call) (*Made, error) {
	_, e := f.engineOf(c.In)
	user := c.In.String("masterUsername")
	if !c.In.Has("snapshotIdentifier") && !c.In.Has("replicationSourceIdentifier") && !c.In.Has("globalClusterIdentifier") && !c.In.Has("restoreToPointInTime") {
		switch {
		case user == "":
			return nil, errorf("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
		case slices.Contains(e.reserved, user):
			return nil, errorf("InvalidParameterValue", "MasterUsername %s cannot be used as it is a reserved word used by the engine", user)
		}
		if !c.In.Bool("manageMasterUserPassword") {
			if err := checkPassword(c.In.String("masterPassword")); err != nil {
				return nil, err
			}
		}
	}
	if err := f.clusterFits(c); err != nil {
		return nil, err
	}
	id := c.In.String("clusterIdentifier")
	arn := c.ARN("rds", "cluster:"+id)
	out := store.Values{"arn": arn, "clusterResourceId": "cluster-" + c.Upper("cluster", 26), "hostedZoneId": f.zone(c.Region), "clusterMembers": []any{},
		"endpoint": f.address(c, id, "cluster-"), "readerEndpoint": f.address(c, id, "cluster-ro-")}
	if c.In.Bool("manageMasterUserPassword") {
		out["masterUserSecrets"] = c.masterSecret("rds!cluster", arn, user)
	}
	return &Made{ID: id, Outputs: out.Over(f.actualVersion(c))}, nil
}

// actualVersion is an output that only RDS has.
func (f *databaseFamily) actualVersion(c *Call) store.Values {
	if f.service != "rds" {
		return nil
	}
	version := c.In.String("engineVersion")
	if version == "" {
		version = f.engines[c.In.String("engine")].version
	}
	return store.Values{"engineVersionActual": version}
}

// address gives a database's host name; its middle part is the same for all databases of an account and region.
func (f *databaseFamily) address(c *Call, id, kind string) string {
	return fmt.Sprintf("%s.%sc%s.%s.%s.amazonaws.com", id, kind, digest(fmt.Sprint(c.Tx.Document().Seed, c.Region), 11), c.Region, f.service)
}

// clusterFits demands that the parameter group is for the version.
func (f *databaseFamily) clusterFits(c *Call) error {
	name, _ := f.engineOf(c.In)
	group := c.Find(f.parametersType(), c.In.String("dbClusterParameterGroupName"))
	if version := c.In.String("engineVersion"); group != nil && version != "" {
		if has, needs := group.Inputs.String("family"), Family(name, version); has != needs {
			return errorf("InvalidParameterCombination", "The parameter group %s with DBParameterGroupFamily %s cannot be used for "+
				"this instance. Please use a Parameter Group with DBParameterGroupFamily %s", group.ID, has, needs)
		}
	}
	if f.fits != nil {
		return f.fits(c)
	}
	return nil
}

func (f *databaseFamily) updateCluster(c *Call, prior *store.Resource) (*Made, error) {
	name, _ := f.engineOf(c.In)
	from, to := prior.Property("engineVersion"), c.In.String("engineVersion")
	switch {
	case to == "" || from == to:
	case compareVersions(to, from) < 0:
		return nil, errorf("InvalidParameterCombination", "Cannot upgrade %s from %s to %s", name, from, to)
	case majorOf(name, from) != majorOf(name, to) && !c.In.Bool("allowMajorVersionUpgrade"):
		return nil, errorf("InvalidParameterCombination", "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	}
	if c.In.Known("masterPassword") {
		if err := checkPassword(c.In.String("masterPassword")); err != nil {
			return nil, err
		}
	}
	if err := f.clusterFits(c); err != nil {
		return nil, err
	}
	out := f.actualVersion(c)
	if managed := c.In.Bool("manageMasterUserPassword"); managed != prior.Inputs.Bool("manageMasterUserPassword") {
		arn := prior.Outputs.String("arn")
		c.forgetMasterSecrets(arn)
		out = out.Over(store.Values{"masterUserSecrets": []any{}})
		if managed {
			own := *c
			own.Entropy = arn + "|" + c.Now.String()
			out = out.Over(store.Values{"masterUserSecrets": own.masterSecret("rds!cluster", arn, prior.Property("masterUsername"))})
		}
	}
	return &Made{Outputs: out}, nil
}

func (f *databaseFamily) deleteCluster(c *Call, r *store.Resource) error {
	if r.Inputs.Bool("deletionProtection") {
		return errorf("InvalidParameterCombination", "Cannot delete protected Cluster, please disable deletion protection and try again.")
	}
	if !r.Inputs.Bool("skipFinalSnapshot") {
		name := r.Inputs.String("finalSnapshotIdentifier")
		if name == "" {
			return errorf("InvalidParameterCombination", "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.")
		}
		if !c.keepSnapshot("cluster:"+name, r.ID) {
			return errorf("DBClusterSnapshotAlreadyExistsFault", "Cannot create the cluster snapshot because one with the identifier %s already exists.", name)
		}
	}
	c.forgetMasterSecrets(r.Outputs.String("arn"))
	return nil
}

// checkServerless demands halves of a unit in a range, the least not above the most.
func checkServerless(path string, least float64) Check {
	return inObject(path, within("minCapacity", least, 256), within("maxCapacity", 1, 256), func(in store.Values) []Problem {
		low, ok1 := in.Number("minCapacity")
		high, ok2 := in.Number("maxCapacity")
		switch {
		case ok1 && ok2 && low > high:
			return []Problem{{"minCapacity", "the minimum capacity cannot be greater than the maximum capacity"}}
		case math.Mod(low*2, 1) != 0 || math.Mod(high*2, 1) != 0:
			return []Problem{{"minCapacity", "capacities are multiples of 0.5"}}
		}
		return nil
	})
}

func rdsFamily() *databaseFamily {
	mysql := []string{"rdsadmin", "rdsrepladmin"}
	postgres := []string{"admin", "rdsadmin", "postgres_fdw", "user", "public"}
	return &databaseFamily{
		service: "rds", label: "RDS", zone: databaseZone,
		engines: map[string]engine{"aurora-mysql": {3306, "", "8.0.mysql_aurora.3.08.2", mysql}, "aurora-postgresql": {5432, "", "16.6", postgres},
			"mysql": {3306, "", "8.0.40", mysql}, "postgres": {5432, "", "17.4", postgres}},
		replace: []string{"clusterScalabilityType", "databaseName", "dbSystemId", "engineMode", "s3Import", "sourceRegion"},
		checks: []Check{
			oneOf("engineMode", "provisioned", "serverless", "global", "parallelquery", "multimaster"), oneOf("networkType", "IPV4", "DUAL"),
			oneOf("storageType", "aurora", "aurora-iopt1", "io1", "io2", "gp3"), within("backtrackWindow", 0, 259200), within("port", 1150, 65535),
			oneOf("databaseInsightsMode", "standard", "advanced"), oneOf("clusterScalabilityType", "standard", "limitless"),
			eachOf("enabledCloudwatchLogsExports", "audit", "error", "general", "iam-db-auth-error", "instance", "postgresql", "slowquery", "upgrade"),
			checkServerless("serverlessv2ScalingConfiguration", 0), among("monitoringInterval", 0, 1, 5, 10, 15, 30, 60),
			matching("databaseName", `^[A-Za-z][0-9A-Za-z_]{0,63}$`, "up to 64 letters, digits and underscores, first a letter"),
		},
		defaults: store.Values{"engineMode": "provisioned", "networkType": "IPV4", "deleteAutomatedBackups": true, "copyTagsToSnapshot": false, "enableHttpEndpoint": false,
			"enableGlobalWriteForwarding": false, "enableLocalWriteForwarding": false, "iamDatabaseAuthenticationEnabled": false, "monitoringInterval": 0,
			"databaseInsightsMode": "standard", "engineLifecycleSupport": "open-source-rds-extended-support", "caCertificateIdentifier": "rds-ca-rsa2048-g1"},
		fits: multiZoneFits,
	}
}

// multiZoneFits tells clusters of Aurora, which have instances of their own, from Multi-AZ clusters, which do not.
func multiZoneFits(c *Call) error {
	name := c.In.String("engine")
	if strings.HasPrefix(name, "aurora-") {
		if c.In.Has("dbClusterInstanceClass") || c.In.Has("allocatedStorage") || c.In.Has("iops") {
			return errorf("InvalidParameterCombination", "DBClusterInstanceClass, AllocatedStorage and Iops cannot be given for engine %s", name)
		}
		return nil
	}
	for _, required := range []string{"dbClusterInstanceClass", "allocatedStorage"} {
		if !c.In.Has(required) {
			return errorf("InvalidParameterCombination", "The parameter %s must be provided for Multi-AZ DB clusters of engine %s.", awsName(required), name)
		}
	}
	return nil
}
