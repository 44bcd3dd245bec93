package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const replicationGroupType = "aws:elasticache/replicationGroup:ReplicationGroup"

const (
	cacheNodes  = `^cache\.[a-z0-9-]+\.[0-9a-z]+$`
	cacheNodeIs = "a cache node type is cache.<family>.<size>"
)

// redisDefault and valkeyDefault are the versions that ElastiCache chooses.
const (
	redisDefault  = "7.1"
	valkeyDefault = "8.0"
)

func replicationGroup() *Kind {
	return &Kind{
		Type: replicationGroupType, Label: "ElastiCache Replication Group", Regional: true,
		Name: "replicationGroupId", MaxName: 40,
		Conflict: func(id string) error {
			return errorf("ReplicationGroupAlreadyExists", "Replication group with id %s already exists", id)
		},
		Replace: []string{"replicationGroupId", "atRestEncryptionEnabled", "dataTieringEnabled", "globalReplicationGroupId", "kmsKeyId", "networkType", "port",
			"securityGroupNames", "snapshotArns", "snapshotName", "subnetGroupName"},
		ReplaceIf: func(old, new store.Values) []string {
			out := cacheDowngrade(old, new)
			// A group that runs a Redis before 7 is encrypted in transit for life or never.
			if version := old.String("engineVersion"); version != "" && compareVersions(version, "7.0") < 0 && !unsure(new["transitEncryptionEnabled"]) &&
				old.Bool("transitEncryptionEnabled") != new.Bool("transitEncryptionEnabled") {
				out = append(out, "transitEncryptionEnabled")
			}
			return out
		},
		Sets: []string{"logDeliveryConfigurations"},
		Checks: []Check{
			matching("replicationGroupId", `^[a-zA-Z](-?[0-9a-zA-Z]){0,39}$`, "up to 40 letters, digits and single hyphens, first a letter"),
			matching("description", `^[\s\S]+$`, "must not be empty"), oneOf("engine", "redis", "valkey"), matching("nodeType", cacheNodes, cacheNodeIs),
			oneOf("clusterMode", "enabled", "disabled", "compatible"), oneOf("networkType", "ipv4", "ipv6", "dual_stack"), oneOf("ipDiscovery", "ipv4", "ipv6"),
			oneOf("transitEncryptionMode", "preferred", "required"), oneOf("authTokenUpdateStrategy", "SET", "ROTATE", "DELETE"),
			within("snapshotRetentionLimit", 0, 35), dailyWindow("snapshotWindow"), weeklyWindow("maintenanceWindow"), within("replicasPerNodeGroup", 0, 5),
			within("numNodeGroups", 1, 500), within("numCacheClusters", 1, 6), within("port", 1, 65535), cacheVersion,
			atMostOne("numCacheClusters", "numNodeGroups"), atMostOne("numCacheClusters", "replicasPerNodeGroup"), atMostOne("authToken", "userGroupIds"),
			matching("authToken", `^[!#-.0-?A-~]{16,128}$`, "16 to 128 printable characters besides @, \", / and space"),
			countWithin("logDeliveryConfigurations", 0, 2), eachObject("logDeliveryConfigurations", cacheLogs()...),
		},
		Defaults: groupDefaults,
		Refs: append(cacheRefs(), keyRef("kmsKeyId"),
			Ref{Path: "userGroupIds[]", To: cacheUserGroupType, Missing: missing("UserGroupNotFound", "User group %s not found.")}),
		Create: func(c *Call) (*Made, error) {
			if err := groupAgrees(c); err != nil {
				return nil, err
			}
			id := strings.ToLower(c.In.String("replicationGroupId"))
			return &Made{ID: id, Outputs: c.groupOutputs(id)}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			if err := groupAgrees(c); err != nil {
				return nil, err
			}
			was := prior.Inputs.Has("transitEncryptionEnabled") && prior.Inputs.Bool("transitEncryptionEnabled")
			if !was && c.In.Bool("transitEncryptionEnabled") && c.In.String("transitEncryptionMode") != "preferred" {
				return nil, errorf("InvalidParameterCombination", "To enable transit encryption on a replication group, its mode must first be set to preferred.")
			}
			return &Made{Outputs: c.groupOutputs(prior.ID)}, nil
		},
		Delete: keepCacheSnapshot,
		Detail: func(_ *Call, r *store.Resource) string {
			return fmt.Sprintf("available, %d nodes", len(r.Outputs.Strings("memberClusters")))
		},
		Usual: Usual{600, 300, 300},
	}
}

// cacheLogs are the checks of one log delivery.
func cacheLogs() []Check {
	return []Check{oneOf("destinationType", "cloudwatch-logs", "kinesis-firehose"), oneOf("logFormat", "text", "json"), oneOf("logType", "slow-log", "engine-log")}
}

// cacheRefs are what caches of both kinds refer to.
func cacheRefs() []Ref {
	return []Ref{
		{Path: "subnetGroupName", To: cacheSubnetGroupType, Builtin: isDefaultGroup,
			Missing: missing("CacheSubnetGroupNotFoundFault", "Cache Subnet Group %s does not exist.")},
		{Path: "parameterGroupName", To: cacheParameterGroupType, Builtin: isDefaultGroup,
			Missing: missing("CacheParameterGroupNotFound", "CacheParameterGroup %s not found.")},
		{Path: "securityGroupIds[]", To: securityGroupType,
			Missing: missing("InvalidParameterValue", "Some security group Ids do not exist: %s")},
	}
}

// cacheVersion: versions below 6 are written whole, 6 as 6.x or 6.2, later ones in two parts.
func cacheVersion(in store.Values) []Problem {
	return matching("engineVersion", `^([1-5]\.\d+\.\d+|6\.(x|\d+)|[7-9]\.\d+)$`,
		"must be <major>.<minor>.<patch> below version 6, 6.x, or <major>.<minor>")(in)
}

// cacheDowngrade replaces what cannot go back: to an older version, or from Valkey to Redis.
func cacheDowngrade(old, new store.Values) []string {
	if old.String("engine") == "valkey" && new.String("engine") != "valkey" {
		return []string{"engine"}
	}
	from, to := old.String("engineVersion"), new.String("engineVersion")
	if from != "" && to != "" && old.String("engine") == new.String("engine") && compareVersions(to, from) < 0 {
		return []string{"engineVersion"}
	}
	return nil
}

func groupDefaults(c *Call) store.Values {
	engine, version := c.In.String("engine"), c.In.String("engineVersion")
	if engine == "" {
		engine = "redis"
	}
	if version == "" {
		version = map[string]string{"redis": redisDefault, "valkey": valkeyDefault}[engine]
	}
	out := store.Values{"engine": engine, "engineVersion": version, "port": 6379, "automaticFailoverEnabled": false, "multiAzEnabled": false,
		"atRestEncryptionEnabled": engine == "valkey", "transitEncryptionEnabled": false, "autoMinorVersionUpgrade": true,
		"dataTieringEnabled": false, "networkType": "ipv4", "ipDiscovery": "ipv4", "snapshotRetentionLimit": 0, "snapshotWindow": "05:00-06:00",
		"maintenanceWindow": "sun:07:00-sun:08:00", "subnetGroupName": "default", "clusterMode": "disabled"}
	out["parameterGroupName"] = "default." + cacheFamily(engine, version)
	if c.groupIsSharded() {
		out["clusterMode"] = "enabled"
		out["parameterGroupName"] = out.String("parameterGroupName") + ".cluster.on"
	}
	if c.In.Bool("transitEncryptionEnabled") {
		out["transitEncryptionMode"] = "required"
	}
	shards, replicas := c.groupSize()
	out["numNodeGroups"], out["replicasPerNodeGroup"], out["numCacheClusters"] = shards, replicas, shards*(replicas+1)
	return out
}

func cacheFamily(engine, version string) string {
	major, rest, _ := strings.Cut(version, ".")
	switch {
	case major == "6":
		return engine + "6.x"
	case len(major) == 1 && major < "6":
		minor, _, _ := strings.Cut(rest, ".")
		return engine + major + "." + minor
	}
	return engine + major
}

// groupIsSharded tells whether cluster mode is on: asked for, by its parameters or by the number of shards.
func (c *Call) groupIsSharded() bool {
	if c.In.Has("clusterMode") {
		return c.In.String("clusterMode") != "disabled"
	}
	group := c.In.String("parameterGroupName")
	if r := c.Find(cacheParameterGroupType, group); r != nil {
		return slices.ContainsFunc(r.Inputs.Objects("parameters"), func(p store.Values) bool {
			return p.String("name") == "cluster-enabled" && p.String("value") == "yes"
		})
	}
	return strings.HasSuffix(group, ".cluster.on") || c.In.Int("numNodeGroups") > 1
}

// groupSize gives the number of shards and of replicas in each.
func (c *Call) groupSize() (shards, replicas int) {
	if n := c.In.Int("numCacheClusters"); n > 0 {
		return 1, n - 1
	}
	return max(1, c.In.Int("numNodeGroups")), c.In.Int("replicasPerNodeGroup")
}

// groupAgrees demands what failover, zones, encryption and access need of one another.
func groupAgrees(c *Call) error {
	shards, replicas := c.groupSize()
	nodes, failover := shards*(replicas+1), c.In.Bool("automaticFailoverEnabled")
	combination := func(message string) error { return errorf("InvalidParameterCombination", "%s", message) }
	switch {
	case c.In.Bool("multiAzEnabled") && !failover:
		return combination("Must enable automatic failover to use Multi-AZ.")
	case failover && replicas < 1 && !c.groupIsSharded():
		return combination("Automatic failover is not supported for replication groups with a single node: it needs at least 2 cache clusters.")
	case c.groupIsSharded() && !failover:
		return combination("Redis with cluster mode enabled cannot be created with auto failover turned off.")
	case shards > 1 && !c.groupIsSharded():
		return combination("More than one node group needs cluster mode enabled.")
	case (c.In.Has("authToken") || len(c.In.Strings("userGroupIds")) > 0) && !c.In.Bool("transitEncryptionEnabled"):
		return combination("The AUTH token and user groups are only supported when encryption-in-transit is enabled (TransitEncryptionEnabled=true).")
	case c.In.Has("kmsKeyId") && !c.In.Bool("atRestEncryptionEnabled"):
		return combination("KmsKeyId cannot be specified without enabling encryption at rest.")
	case len(c.In.Strings("preferredCacheClusterAzs")) > 0 && len(c.In.Strings("preferredCacheClusterAzs")) != nodes:
		return combination("The number of preferred availability zones must be that of the cache clusters.")
	case !c.In.Has("nodeType") && !c.In.Has("globalReplicationGroupId"):
		return errorf("InvalidParameterValue", "The parameter CacheNodeType must be provided and must not be blank.")
	}
	return c.cacheFamilyFits()
}

// cacheFamilyFits demands a parameter group for the engine's version.
func (c *Call) cacheFamilyFits() error {
	group, version := c.Find(cacheParameterGroupType, c.In.String("parameterGroupName")), c.In.String("engineVersion")
	if group == nil || version == "" {
		return nil
	}
	engine := c.In.String("engine")
	if engine == "" {
		engine = "redis"
	}
	needed := cacheFamily(engine, version)
	if engine == "memcached" {
		needed = memcachedFamily(version)
	}
	if has := group.Inputs.String("family"); has != needed {
		return errorf("InvalidParameterCombination", "Expected a parameter group of family %s but found one of family %s", needed, has)
	}
	return nil
}

// groupOutputs are where a group's nodes are: one address that knows the shards, or one to write and one to read.
func (c *Call) groupOutputs(id string) store.Values {
	version := c.In.String("engineVersion")
	if version == "" {
		version = map[bool]string{true: valkeyDefault, false: redisDefault}[c.In.String("engine") == "valkey"]
	}
	shards, replicas := c.groupSize()
	sharded, hash, zone := c.groupIsSharded(), digest(fmt.Sprint(c.Tx.Document().Seed, c.Region, "cache"), 6), zoneLetters(c.Region)
	out := store.Values{"arn": c.ARN("elasticache", "replicationgroup:"+id), "clusterEnabled": sharded, "engineVersionActual": wholeVersion(version)}
	var members []string
	for s := range shards {
		for n := range replicas + 1 {
			if sharded {
				members = append(members, fmt.Sprintf("%s-%04d-%03d", id, s+1, n+1))
			} else {
				members = append(members, fmt.Sprintf("%s-%03d", id, n+1))
			}
		}
	}
	out["memberClusters"] = members
	switch encrypted := c.In.Bool("transitEncryptionEnabled"); {
	case sharded && encrypted:
		out["configurationEndpointAddress"] = fmt.Sprintf("clustercfg.%s.%s.%s.cache.amazonaws.com", id, hash, zone)
	case sharded:
		out["configurationEndpointAddress"] = fmt.Sprintf("%s.%s.clustercfg.%s.cache.amazonaws.com", id, hash, zone)
	case encrypted:
		out["primaryEndpointAddress"] = fmt.Sprintf("master.%s.%s.%s.cache.amazonaws.com", id, hash, zone)
		out["readerEndpointAddress"] = fmt.Sprintf("replica.%s.%s.%s.cache.amazonaws.com", id, hash, zone)
	default:
		out["primaryEndpointAddress"] = fmt.Sprintf("%s.%s.ng.0001.%s.cache.amazonaws.com", id, hash, zone)
		out["readerEndpointAddress"] = fmt.Sprintf("%s-ro.%s.ng.0001.%s.cache.amazonaws.com", id, hash, zone)
	}
	return out
}

// wholeVersion gives all three parts of a version.
func wholeVersion(version string) string {
	version = strings.Replace(version, ".x", ".2", 1)
	if strings.Count(version, ".") < 2 {
		version += ".0"
	}
	return version
}

// zoneLetters is a region's short name in the addresses of caches: use1 for us-east-1.
func zoneLetters(region string) string {
	parts := strings.Split(region, "-")
	if len(parts) != 3 || parts[1] == "" {
		return region
	}
	short := parts[1][:1]
	for _, both := range []string{"north", "south"} {
		if rest, ok := strings.CutPrefix(parts[1], both); ok && rest != "" {
			short = both[:1] + rest[:1]
		}
	}
	return parts[0] + short + parts[2]
}

// keepCacheSnapshot leaves the final snapshot that a program asks for.
func keepCacheSnapshot(c *Call, r *store.Resource) error {
	name := r.Inputs.String("finalSnapshotIdentifier")
	if name != "" && !c.keepSnapshot("elasticache:"+name, r.ID) {
		return errorf("SnapshotAlreadyExistsFault", "Snapshot with name %s already exists.", name)
	}
	return nil
}
