package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	memoryClusterType        = "aws:memorydb/cluster:Cluster"
	memoryACLType            = "aws:memorydb/acl:Acl"
	memoryUserType           = "aws:memorydb/user:User"
	memoryParameterGroupType = "aws:memorydb/parameterGroup:ParameterGroup"
	memorySubnetGroupType    = "aws:memorydb/subnetGroup:SubnetGroup"

	memoryNames  = `^[a-z](-?[0-9a-z]){0,39}$`
	memoryNameIs = "up to 40 lower-case letters, digits and single hyphens, first a letter"
	openAccess   = "open-access"
)

func memoryCluster() *Kind {
	return &Kind{
		Type: memoryClusterType, Label: "MemoryDB Cluster", Regional: true,
		Name: "name", MaxName: 40,
		Conflict: func(name string) error {
			return errorf("ClusterAlreadyExistsFault", "Cluster with name %s already exists.", name)
		},
		Replace: []string{"name", "namePrefix", "autoMinorVersionUpgrade", "dataTiering", "kmsKeyArn", "multiRegionClusterName", "port", "snapshotArns",
			"snapshotName", "subnetGroupName", "tlsEnabled"},
		Checks: []Check{
			matching("name", memoryNames, memoryNameIs), matching("nodeType", `^db\.[a-z0-9-]+\.[0-9a-z]+$`, "a MemoryDB node type is db.<family>.<size>"),
			oneOf("engine", "redis", "valkey"), within("numShards", 1, 500), within("numReplicasPerShard", 0, 5), within("snapshotRetentionLimit", 0, 35),
			dailyWindow("snapshotWindow"), weeklyWindow("maintenanceWindow"), within("port", 1, 65535), atMostOne("name", "namePrefix"),
			atMostOne("snapshotArns", "snapshotName"), matching("engineVersion", `^\d+\.\d+$`, "must be <major>.<minor>"),
		},
		Defaults: memoryDefaults,
		Refs: []Ref{
			{Path: "aclName", To: memoryACLType, Builtin: func(name string) bool { return name == openAccess }, Missing: missing("ACLNotFoundFault", "ACL %s not found.")},
			{Path: "subnetGroupName", To: memorySubnetGroupType, Builtin: isDefaultGroup, Missing: missing("SubnetGroupNotFoundFault", "Subnet group %s not found.")},
			{Path: "parameterGroupName", To: memoryParameterGroupType, Builtin: isDefaultGroup, Missing: missing("ParameterGroupNotFoundFault", "Parameter group %s not found.")},
			{Path: "securityGroupIds[]", To: securityGroupType, Missing: missing("InvalidParameterValueException", "Security group %s does not exist.")},
			keyRef("kmsKeyArn"),
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: c.memoryOutputs(name)}, memoryFits(c)
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			from, to := prior.Property("engineVersion"), c.In.String("engineVersion")
			if to != "" && compareVersions(to, from) < 0 {
				return nil, errorf("InvalidParameterValueException", "Cannot downgrade the engine version from %s to %s.", from, to)
			}
			if prior.Property("engine") == "valkey" && c.In.String("engine") == "redis" {
				return nil, errorf("InvalidParameterValueException", "Cannot change the engine from valkey to redis.")
			}
			if len(prior.Inputs.Strings("securityGroupIds")) > 0 && len(c.In.Strings("securityGroupIds")) == 0 {
				return nil, errorf("InvalidParameterValueException", "Removing all security groups is not possible.")
			}
			return &Made{Outputs: c.memoryOutputs(prior.ID)}, memoryFits(c)
		},
		Delete: func(c *Call, r *store.Resource) error {
			if name := r.Inputs.String("finalSnapshotName"); name != "" && !c.keepSnapshot("memorydb:"+name, r.ID) {
				return errorf("SnapshotAlreadyExistsFault", "Snapshot with name %s already exists.", name)
			}
			return nil
		},
		Detail: func(_ *Call, r *store.Resource) string {
			return fmt.Sprintf("available, %d shards", len(r.Outputs.Objects("shards")))
		},
		Usual: Usual{900, 300, 300},
	}
}

func memoryDefaults(c *Call) store.Values {
	engine, version := c.In.String("engine"), c.In.String("engineVersion")
	if engine == "" {
		engine = "redis"
	}
	if version == "" {
		version = map[string]string{"redis": "7.1", "valkey": "7.3"}[engine]
	}
	return store.Values{"engine": engine, "engineVersion": version, "autoMinorVersionUpgrade": true, "dataTiering": false, "description": "Managed by Pulumi",
		"numReplicasPerShard": 1, "numShards": 1, "port": 6379, "tlsEnabled": true, "snapshotRetentionLimit": 0, "snapshotWindow": "05:00-06:00",
		"maintenanceWindow": "sun:07:00-sun:08:00", "subnetGroupName": "default", "parameterGroupName": "default." + strings.Replace(memoryFamily(engine, version), "_", "-", 1)}
}

func memoryFamily(engine, version string) string {
	major, _, _ := strings.Cut(version, ".")
	return "memorydb_" + engine + major
}

func memoryFits(c *Call) error {
	all := memoryDefaults(c).Over(c.In)
	if !all.Bool("tlsEnabled") && all.String("aclName") != openAccess {
		return errorf("InvalidParameterCombinationException", "TLS must be enabled to use an ACL other than %s.", openAccess)
	}
	if all.Bool("dataTiering") != strings.HasPrefix(all.String("nodeType"), "db.r6gd.") {
		return errorf("InvalidParameterCombinationException", "Data tiering must be enabled with nodes of the family db.r6gd, and with no others.")
	}
	group := c.Find(memoryParameterGroupType, all.String("parameterGroupName"))
	if needed := memoryFamily(all.String("engine"), all.String("engineVersion")); group != nil && group.Inputs.String("family") != needed {
		return errorf("InvalidParameterCombinationException", "Expected a parameter group of family %s but found one of family %s.", needed, group.Inputs.String("family"))
	}
	return nil
}

func (c *Call) memoryOutputs(name string) store.Values {
	all := memoryDefaults(c).Over(c.In)
	host, port := fmt.Sprintf("%s.%s.memorydb.%s.amazonaws.com", name, digest(fmt.Sprint(c.Tx.Document().Seed, c.Region, "memory"), 6), c.Region), all.Int("port")
	var shards []map[string]any
	count := all.Int("numShards")
	for s := range count {
		var nodes []any
		for n := range all.Int("numReplicasPerShard") + 1 {
			node := fmt.Sprintf("%s-%04d-%03d", name, s+1, n+1)
			nodes = append(nodes, map[string]any{"name": node, "availabilityZone": Zones(c.Region)[n%len(defaultZones)],
				"endpoints": []any{map[string]any{"address": node + "." + host, "port": port}}})
		}
		shards = append(shards, map[string]any{"name": fmt.Sprintf("%04d", s+1), "numNodes": len(nodes), "nodes": nodes,
			"slots": fmt.Sprintf("%d-%d", s*16384/count, (s+1)*16384/count-1)})
	}
	address := "clustercfg." + host
	return store.Values{"arn": c.ARN("memorydb", "cluster/"+name), "enginePatchVersion": all.String("engineVersion") + ".1", "shards": shards,
		"clusterEndpoints": []map[string]any{{"address": address, "port": port}}}
}

func memoryACL() *Kind {
	return &Kind{
		Type: memoryACLType, Label: "MemoryDB ACL", Regional: true,
		Name: "name", MaxName: 40,
		Conflict: func(name string) error { return errorf("ACLAlreadyExistsFault", "ACL %s already exists.", name) },
		Replace:  []string{"name", "namePrefix"},
		Checks:   []Check{matching("name", memoryNames, memoryNameIs), atMostOne("name", "namePrefix")},
		Refs: []Ref{{Path: "userNames[]", To: memoryUserType, Builtin: func(name string) bool { return name == "default" },
			Missing: missing("UserNotFoundFault", "User %s not found.")}},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("memorydb", "acl/"+name), "minimumEngineVersion": "6.2"}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("InvalidACLStateFault", "ACL %s is in use by cluster %s.", r.ID, by.ID)
		},
		Usual: Usual{5, 30, 30},
	}
}

func memoryUser() *Kind {
	return &Kind{
		Type: memoryUserType, Label: "MemoryDB User", Regional: true,
		Name:     "userName",
		Conflict: func(name string) error { return errorf("UserAlreadyExistsFault", "User %s already exists.", name) },
		Replace:  []string{"userName"},
		Checks: []Check{
			matching("userName", memoryNames, memoryNameIs), oneOf("authenticationMode.type", "password", "iam"),
			inObject("authenticationMode", countWithin("passwords", 1, 2)),
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("userName")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("memorydb", "user/"+name), "minimumEngineVersion": "6.2"}}, memoryUserFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, memoryUserFits(c) },
		InUse: func(r, by *store.Resource) error {
			return errorf("InvalidUserStateFault", "User %s is a member of ACL %s.", r.ID, by.ID)
		},
		Usual: Usual{5, 5, 30},
	}
}

func memoryUserFits(c *Call) error {
	mode := c.In.Object("authenticationMode")
	passwords := mode.Strings("passwords")
	if (mode.String("type") == "password") != (len(passwords) > 0) {
		return errorf("InvalidParameterCombinationException", "Passwords must be given with password authentication, and with no other.")
	}
	for _, p := range passwords {
		if len(p) < 16 || len(p) > 128 {
			return errorf("InvalidParameterValueException", "Passwords length must be between 16-128 characters.")
		}
	}
	return nil
}

func memoryParameterGroup() *Kind {
	return &Kind{
		Type: memoryParameterGroupType, Label: "MemoryDB Parameter Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("ParameterGroupAlreadyExistsFault", "Parameter group %s already exists.", name)
		},
		Replace: []string{"name", "namePrefix", "family", "description"},
		Sets:    []string{"parameters"},
		Checks: []Check{
			matching("name", `^[a-z](-?[0-9a-z]){0,254}$`, "lower-case letters, digits and single hyphens, first a letter"),
			oneOf("family", "memorydb_redis6", "memorydb_redis7", "memorydb_valkey7", "memorydb_valkey8"),
		},
		Defaults: func(*Call) store.Values { return store.Values{"description": "Managed by Pulumi"} },
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("memorydb", "parametergroup/"+name)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("InvalidParameterGroupStateFault", "Parameter group %s is in use by cluster %s.", r.ID, by.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

func memorySubnetGroup() *Kind {
	return &Kind{
		Type: memorySubnetGroupType, Label: "MemoryDB Subnet Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("SubnetGroupAlreadyExistsFault", "Subnet group %s already exists.", name)
		},
		Replace:  []string{"name", "namePrefix"},
		Checks:   []Check{matching("name", `^[a-z](-?[0-9a-z]){0,254}$`, "lower-case letters, digits and single hyphens, first a letter"), countWithin("subnetIds", 1, 20)},
		Defaults: func(*Call) store.Values { return store.Values{"description": "Managed by Pulumi"} },
		Refs:     []Ref{{Path: "subnetIds[]", To: subnetType, Missing: missing("InvalidSubnet", "The subnet ID '%s' does not exist")}},
		Create: func(c *Call) (*Made, error) {
			network, err := c.oneNetwork()
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("memorydb", "subnetgroup/"+name), "vpcId": network}}, err
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			network, err := c.oneNetwork()
			return &Made{Outputs: store.Values{"vpcId": network}}, err
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("SubnetGroupInUseFault", "Subnet group %s is in use by cluster %s.", r.ID, by.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}
