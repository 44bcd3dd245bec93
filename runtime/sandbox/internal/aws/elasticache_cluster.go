package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	cacheClusterType = "aws:elasticache/cluster:Cluster"
	memcachedDefault = "1.6.22"
)

func cacheCluster() *Kind {
	return &Kind{
		Type: cacheClusterType, Label: "ElastiCache Cluster", Regional: true,
		Name: "clusterId", MaxName: 50,
		Conflict: func(string) error {
			return errorf("CacheClusterAlreadyExists", "Cache cluster already exists")
		},
		Replace: []string{"clusterId", "availabilityZone", "engine", "networkType", "outpostMode", "port", "preferredOutpostArn", "replicationGroupId",
			"snapshotArns", "snapshotName", "subnetGroupName", "transitEncryptionEnabled"},
		ReplaceIf: func(old, new store.Values) []string {
			out := cacheDowngrade(old, new)
			// Memcached cannot move its nodes to others of another kind.
			if old.String("engine") == "memcached" && old.String("nodeType") != new.String("nodeType") {
				out = append(out, "nodeType")
			}
			return out
		},
		Sets: []string{"logDeliveryConfigurations"},
		Checks: []Check{
			matching("clusterId", `^[a-z](-?[0-9a-z]){0,49}$`, "up to 50 lower-case letters, digits and single hyphens, first a letter"),
			exactlyOne("engine", "replicationGroupId"), oneOf("engine", "memcached", "redis", "valkey"), matching("nodeType", cacheNodes, cacheNodeIs),
			oneOf("azMode", "single-az", "cross-az"), oneOf("networkType", "ipv4", "ipv6", "dual_stack"), oneOf("ipDiscovery", "ipv4", "ipv6"),
			within("numCacheNodes", 1, 40), within("snapshotRetentionLimit", 0, 35), dailyWindow("snapshotWindow"), weeklyWindow("maintenanceWindow"),
			within("port", 1, 65535), checkCacheKind, eachObject("logDeliveryConfigurations", cacheLogs()...),
		},
		Defaults: cacheDefaults,
		Refs: append(cacheRefs(), Ref{Path: "replicationGroupId", To: replicationGroupType,
			Missing: missing("ReplicationGroupNotFoundFault", "Replication group %s not found.")}),
		Create: func(c *Call) (*Made, error) {
			if err := cacheFits(c); err != nil {
				return nil, err
			}
			id := c.In.String("clusterId")
			return &Made{ID: id, Outputs: c.cacheOutputs(id)}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			return &Made{Outputs: c.cacheOutputs(prior.ID)}, cacheFits(c)
		},
		Delete: keepCacheSnapshot,
		Detail: func(_ *Call, r *store.Resource) string {
			return fmt.Sprintf("available, %d nodes", len(r.Outputs.Objects("cacheNodes")))
		},
		Usual: Usual{300, 200, 200},
	}
}

// checkCacheKind tells Memcached, which has nodes and no snapshots, from Redis, which is the other way round here.
func checkCacheKind(in store.Values) []Problem {
	version, hasVersion := at(in, "engineVersion").(string)
	switch engine := in.String("engine"); {
	case engine == "memcached" && (in.Has("finalSnapshotIdentifier") || in.Has("snapshotRetentionLimit")):
		return []Problem{{"finalSnapshotIdentifier", "engine \"memcached\" does not support snapshots"}}
	case engine == "memcached" && hasVersion:
		return matching("engineVersion", `^\d+\.\d+\.\d+$`, "must be <major>.<minor>.<patch>")(in)
	case (engine == "redis" || engine == "valkey") && in.Int("numCacheNodes") > 1:
		return []Problem{{"numCacheNodes", fmt.Sprintf("engine %q does not support numCacheNodes > 1", engine)}}
	case engine != "" && engine != "memcached" && version != "":
		return cacheVersion(in)
	}
	if in.String("azMode") == "cross-az" && in.Known("numCacheNodes") && in.Int("numCacheNodes") == 1 {
		return []Problem{{"azMode", `azMode "cross-az" is not supported with numCacheNodes = 1`}}
	}
	return nil
}

func memcachedFamily(version string) string {
	parts := strings.Split(version, ".")
	return "memcached" + strings.Join(parts[:min(2, len(parts))], ".")
}

func cacheDefaults(c *Call) store.Values {
	engine, version := c.In.String("engine"), c.In.String("engineVersion")
	out := store.Values{"autoMinorVersionUpgrade": "true", "azMode": "single-az", "networkType": "ipv4", "ipDiscovery": "ipv4", "numCacheNodes": 1,
		"availabilityZone": Zones(c.Region)[0], "maintenanceWindow": "sun:07:00-sun:08:00", "subnetGroupName": "default", "transitEncryptionEnabled": false}
	if c.In.String("azMode") == "cross-az" {
		out["availabilityZone"] = "Multiple"
	}
	switch engine {
	case "memcached":
		if version == "" {
			version = memcachedDefault
		}
		out["port"], out["parameterGroupName"] = 11211, "default."+memcachedFamily(version)
	default:
		if version == "" {
			version = map[bool]string{true: valkeyDefault, false: redisDefault}[engine == "valkey"]
		}
		if engine == "" {
			engine = "redis"
		}
		out["port"], out["parameterGroupName"], out["snapshotRetentionLimit"], out["snapshotWindow"] = 6379, "default."+cacheFamily(engine, version), 0, "05:00-06:00"
	}
	out["engine"], out["engineVersion"] = engine, version
	return out
}

func cacheFits(c *Call) error {
	if c.In.Has("replicationGroupId") {
		return nil
	}
	for _, required := range []string{"nodeType", "numCacheNodes"} {
		if !c.In.Has(required) {
			return errorf("InvalidParameterValue", "The parameter %s must be provided and must not be blank.",
				map[string]string{"nodeType": "CacheNodeType", "numCacheNodes": "NumCacheNodes"}[required])
		}
	}
	if zones := c.In.Strings("preferredAvailabilityZones"); len(zones) > 0 && len(zones) != c.In.Int("numCacheNodes") {
		return errorf("InvalidParameterCombination", "The number of preferred availability zones must be that of the cache nodes.")
	}
	return c.cacheFamilyFits()
}

func (c *Call) cacheOutputs(id string) store.Values {
	all := cacheDefaults(c).Over(c.In)
	hash, zone, port := digest(fmt.Sprint(c.Tx.Document().Seed, c.Region, "cache"), 6), zoneLetters(c.Region), all.Int("port")
	out := store.Values{"arn": c.ARN("elasticache", "cluster:"+id), "engineVersionActual": wholeVersion(all.String("engineVersion"))}
	var nodes []map[string]any
	for n := range max(1, all.Int("numCacheNodes")) {
		address := fmt.Sprintf("%s.%s.%04d.%s.cache.amazonaws.com", id, hash, n+1, zone)
		nodes = append(nodes, map[string]any{"id": fmt.Sprintf("%04d", n+1), "address": address, "port": port, "availabilityZone": Zones(c.Region)[n%len(defaultZones)]})
	}
	out["cacheNodes"] = nodes
	if all.String("engine") == "memcached" {
		address := fmt.Sprintf("%s.%s.cfg.%s.cache.amazonaws.com", id, hash, zone)
		out["clusterAddress"], out["configurationEndpoint"] = address, fmt.Sprintf("%s:%d", address, port)
	}
	return out
}
