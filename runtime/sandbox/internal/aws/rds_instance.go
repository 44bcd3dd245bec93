package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const instanceType = "aws:rds/instance:Instance"

func dbInstance() *Kind {
	return &Kind{
		// The ID is the instance's resource ID: it survives a change of the identifier.
		Type: instanceType, Label: "RDS DB Instance", Random: true,
		Name: "identifier", MaxName: 63,
		Conflict: func(string) error { return errorf("DBInstanceAlreadyExists", "DB instance already exists") },
		Replace: []string{"engine", "username", "dbName", "name", "storageEncrypted", "kmsKeyId", "availabilityZone",
			"characterSetName", "ncharCharacterSetName", "timezone", "snapshotIdentifier", "restoreToPointInTime", "s3Import",
			"customIamInstanceProfile", "backupTarget"},
		Checks: []Check{
			oneOf("engine", dbEngines()...),
			matching("instanceClass", `^db\.[a-z0-9-]+\.[0-9a-z-]+$`, "a DB instance class is db.<family>.<size>"),
			matching("identifier", `^[a-z](-?[a-z0-9])*$`, "lower-case letters, digits and single hyphens, first a letter"),
			matching("finalSnapshotIdentifier", `^[A-Za-z](-?[A-Za-z0-9])*$`, "letters, digits and single hyphens, first a letter"),
			dailyWindow("backupWindow"), weeklyWindow("maintenanceWindow"),
			oneOf("storageType", "standard", "gp2", "gp3", "io1", "io2"),
			oneOf("networkType", "IPV4", "DUAL"),
			within("allocatedStorage", 5, 65536), within("maxAllocatedStorage", 5, 65536), within("backupRetentionPeriod", 0, 35),
			within("port", 1, 65535), among("monitoringInterval", 0, 1, 5, 10, 15, 30, 60),
			among("performanceInsightsRetentionPeriod", 7, 31, 62, 93, 124, 155, 186, 217, 248, 279, 310, 341, 372, 403, 434, 465,
				496, 527, 558, 589, 620, 651, 682, 713, 731),
		},
		Defaults: dbDefaults,
		Refs: []Ref{
			{Path: "dbSubnetGroupName", To: subnetGroupType, Builtin: isDefaultGroup,
				Missing: missing("DBSubnetGroupNotFoundFault", "DB subnet group '%s' does not exist.")},
			{Path: "parameterGroupName", To: parameterGroupType, Builtin: isDefaultGroup,
				Missing: missing("DBParameterGroupNotFound", "DBParameterGroup not found: %s")},
			{Path: "vpcSecurityGroupIds[]", To: securityGroupType,
				Missing: missing("InvalidParameterValue", "Invalid security group , groupId= %s, groupName=.")},
			{Path: "monitoringRoleArn", To: roleType, Loose: true, Missing: missing("InvalidParameterValue", "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING (%s)")},
		},
		Create: createInstance,
		Update: updateInstance,
		Delete: deleteInstance,
		Detail: func(*Call, *store.Resource) string { return "available" },
		Usual:  Usual{300, 120, 180},
	}
}

func isDefaultGroup(name string) bool {
	return name == "default" || strings.HasPrefix(name, "default.")
}

// engine is what the sandbox knows of a database engine.
type engine struct {
	port     int
	license  string
	version  string // the default
	reserved []string
}

func engines() map[string]engine {
	postgres := engine{5432, "postgresql-license", "17.4", []string{"admin", "rdsadmin", "postgres_fdw", "user", "public"}}
	mysql := engine{3306, "general-public-license", "8.0.40", []string{"rdsadmin", "rdsrepladmin"}}
	maria := engine{3306, "general-public-license", "11.4.4", []string{"rdsadmin", "rdsrepladmin"}}
	return map[string]engine{"postgres": postgres, "mysql": mysql, "mariadb": maria}
}

func dbEngines() []string { return []string{"postgres", "mysql", "mariadb"} }

func dbDefaults(c *Call) store.Values {
	if source := c.replicaSource(); source != nil {
		return replicaDefaults(c, source)
	}
	e := engines()[c.In.String("engine")]
	version := c.In.String("engineVersion")
	if version == "" {
		version = e.version
	}
	out := store.Values{
		"engineVersion": version, "port": e.port, "licenseModel": e.license, "storageType": "gp2", "multiAz": false,
		"publiclyAccessible": false, "autoMinorVersionUpgrade": true, "copyTagsToSnapshot": false, "deletionProtection": false,
		"backupRetentionPeriod": 0, "backupWindow": "03:30-04:00", "maintenanceWindow": "sun:06:00-sun:06:30", "backupTarget": "region",
		"caCertIdentifier": "rds-ca-rsa2048-g1", "networkType": "IPV4", "dbSubnetGroupName": "default",
		"parameterGroupName": "default." + Family(c.In.String("engine"), version), "storageEncrypted": false,
		"optionGroupName":    "default:" + strings.ReplaceAll(c.In.String("engine")+"-"+majorOf(c.In.String("engine"), version), ".", "-"),
		"monitoringInterval": 0, "performanceInsightsEnabled": false, "skipFinalSnapshot": false, "deleteAutomatedBackups": true,
		"applyImmediately": false, "iamDatabaseAuthenticationEnabled": false, "engineLifecycleSupport": "open-source-rds-extended-support",
		"databaseInsightsMode": "standard", "dedicatedLogVolume": false, "customerOwnedIpEnabled": false,
	}
	if c.In.String("storageType") == "gp3" {
		out["iops"], out["storageThroughput"] = 3000, 125
	}
	if c.In.Bool("performanceInsightsEnabled") {
		out["performanceInsightsRetentionPeriod"] = 7
	}
	if !c.In.Bool("multiAz") {
		out["availabilityZone"] = Zones(c.Region)[0]
	}
	if v := c.defaultVpc(); v != nil {
		out["vpcSecurityGroupIds"] = []string{v.Outputs.String("defaultSecurityGroupId")}
	}
	return out
}

func createInstance(c *Call) (*Made, error) {
	switch {
	case c.In.Has("replicateSourceDb"):
		if err := newReplica(c); err != nil {
			return nil, err
		}
	case !c.In.Has("snapshotIdentifier"):
		if err := newInstance(c); err != nil {
			return nil, err
		}
	}
	if err := instanceFits(c); err != nil {
		return nil, err
	}
	id := "db-" + c.Upper("db", 26)
	out := c.instanceOutputs(c.In.String("identifier"))
	out["resourceId"], out["replicas"] = id, []any{}
	if c.In.Bool("manageMasterUserPassword") {
		out["masterUserSecrets"] = c.masterSecret("rds!db", out.String("arn"), c.In.String("username"))
	}
	return &Made{ID: id, Outputs: out}, nil
}

// instanceOutputs follow from the identifier and the settings.
func (c *Call) instanceOutputs(identifier string) store.Values {
	in := c.In
	if source := c.replicaSource(); source != nil {
		in = source.Outputs.Over(source.Inputs).Over(c.In)
	}
	port := in.Int("port")
	if port == 0 {
		port = engines()[in.String("engine")].port
	}
	version := in.String("engineVersion")
	if version == "" {
		version = engines()[in.String("engine")].version
	}
	// The middle part is the same for all databases of an account and region.
	address := fmt.Sprintf("%s.c%s.%s.rds.amazonaws.com", identifier, digest(fmt.Sprint(c.Tx.Document().Seed, c.Region), 11), c.Region)
	return store.Values{"arn": c.ARN("rds", "db:"+identifier), "address": address, "endpoint": fmt.Sprintf("%s:%d", address, port),
		"hostedZoneId": databaseZone(c.Region), "status": "available", "engineVersionActual": version}
}

func databaseZone(region string) string {
	if id := map[string]string{"us-east-1": "Z2R2ITUGPM61AM", "us-east-2": "Z2XHWR1WZ565X2", "us-west-2": "Z1PVIF0B656C1W",
		"eu-west-1": "Z29XKXDKYMONMX", "eu-central-1": "Z1RLNUO7B9Q6NB"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("rds|"+region, 13))
}

// newInstance demands what a database that is not a copy needs.
func newInstance(c *Call) error {
	e, ok := engines()[c.In.String("engine")]
	if !ok {
		return errorf("InvalidParameterValue", "Invalid DB engine")
	}
	for _, required := range []string{"username", "allocatedStorage"} {
		if !c.In.Has(required) {
			return errorf("InvalidParameterValue", "The parameter %s must be provided and must not be blank.", awsName(required))
		}
	}
	if !c.In.Bool("manageMasterUserPassword") {
		if err := checkPassword(c.In.String("password")); err != nil {
			return err
		}
	}
	for _, word := range e.reserved {
		if c.In.String("username") == word {
			return errorf("InvalidParameterValue", "MasterUsername %s cannot be used as it is a reserved word used by the engine", word)
		}
	}
	return nil
}

func awsName(property string) string {
	if property == "username" {
		return "MasterUsername"
	}
	return strings.ToUpper(property[:1]) + property[1:]
}

// checkPassword applies the rules for master passwords; its errors never hold the password.
func checkPassword(password string) error {
	switch {
	case password == "":
		return errorf("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
	case len(password) < 8:
		return errorf("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.")
	case len(password) > 128:
		return errorf("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password because it is longer than 128 characters.")
	}
	for _, r := range password {
		if r <= ' ' || r > '~' || strings.ContainsRune(`/@"`, r) {
			return errorf("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password. Only printable ASCII "+
				"characters besides '/', '@', '\"', ' ' may be used.")
		}
	}
	return nil
}
