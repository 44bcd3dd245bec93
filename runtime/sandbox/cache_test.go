package sandbox

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const (
	tCacheGroup   = "aws:elasticache/replicationGroup:ReplicationGroup"
	tCache        = "aws:elasticache/cluster:Cluster"
	tCacheParams  = "aws:elasticache/parameterGroup:ParameterGroup"
	tCacheSubnets = "aws:elasticache/subnetGroup:SubnetGroup"
	tCacheUser    = "aws:elasticache/user:User"
	tCacheUsers   = "aws:elasticache/userGroup:UserGroup"

	tMemory        = "aws:memorydb/cluster:Cluster"
	tMemoryACL     = "aws:memorydb/acl:Acl"
	tMemoryUser    = "aws:memorydb/user:User"
	tMemoryParams  = "aws:memorydb/parameterGroup:ParameterGroup"
	tMemorySubnets = "aws:memorydb/subnetGroup:SubnetGroup"
)

func TestElastiCacheGroup(t *testing.T) {
	w := newWorld(t, "")
	_, subnets := w.subnets()
	group := w.create(tCacheSubnets, "subnets", props{"name": "shop", "subnetIds": subnets})
	params := w.create(tCacheParams, "params", props{"name": "shop", "family": "redis7"})
	user := w.create(tCacheUser, "user", props{"userId": "shop-default", "userName": "default", "engine": "redis", "accessString": "on ~* +@all",
		"passwords": resource.MakeSecret(resource.NewProperty([]resource.PropertyValue{resource.NewProperty("sixteen-characters-or-more")}))})
	users := w.create(tCacheUsers, "users", props{"userGroupId": "shop", "engine": "redis", "userIds": []any{user.id}})
	in := props{"replicationGroupId": "shop", "description": "cache", "engine": "redis", "engineVersion": "7.1", "nodeType": "cache.t4g.small",
		"numCacheClusters": 2, "automaticFailoverEnabled": true, "multiAzEnabled": true, "transitEncryptionEnabled": true, "atRestEncryptionEnabled": true,
		"subnetGroupName": "shop", "parameterGroupName": "shop", "userGroupIds": []any{"shop"}}
	cache := w.create(tCacheGroup, "cache", in)
	if p, r := cache.out("primaryEndpointAddress"), cache.out("readerEndpointAddress"); !strings.HasPrefix(p, "master.shop.") ||
		!strings.HasPrefix(r, "replica.shop.") || !strings.HasSuffix(p, ".use1.cache.amazonaws.com") || cache.number("port") != 6379 {
		t.Errorf("endpoints are %s and %s", p, r)
	}
	sharded := w.create(tCacheGroup, "sharded", props{"replicationGroupId": "sharded", "description": "cache", "nodeType": "cache.t4g.small", "numNodeGroups": 2,
		"replicasPerNodeGroup": 1, "automaticFailoverEnabled": true})
	if e := sharded.out("configurationEndpointAddress"); !strings.HasPrefix(e, "sharded.") || !strings.Contains(e, ".clustercfg.use1.") ||
		len(sharded.outputs["memberClusters"].ArrayValue()) != 4 || sharded.out("primaryEndpointAddress") != "" {
		t.Errorf("the sharded group is at %s with %v", e, sharded.outputs["memberClusters"])
	}
	w.alters(t, map[string]alteration{
		"node type":         {cache, props{"nodeType": "cache.r7g.large"}, "nodeType", ""},
		"nodes":             {cache, props{"numCacheClusters": 3}, "numCacheClusters", ""},
		"encryption":        {cache, props{"atRestEncryptionEnabled": false}, "atRestEncryptionEnabled", "atRestEncryptionEnabled"},
		"transit":           {cache, props{"transitEncryptionEnabled": false, "userGroupIds": nil}, "transitEncryptionEnabled userGroupIds", ""},
		"older version":     {cache, props{"engineVersion": "7.0"}, "engineVersion", "engineVersion"},
		"newer version":     {cache, props{"engineVersion": "7.2"}, "engineVersion", ""},
		"engine to Valkey":  {cache, props{"engine": "valkey", "engineVersion": "7.2"}, "engine engineVersion", ""},
		"user's name":       {user, props{"userName": "x"}, "userName", "userName"},
		"user's rights":     {user, props{"accessString": "on ~a* +@all"}, "accessString", ""},
		"members of groups": {users, props{"userIds": []any{"shop-default", "b"}}, "userIds", ""},
	})
	bare := with(in, props{"replicationGroupId": "x", "userGroupIds": nil})
	w.refuses(t, map[string]refusal{
		"taken":              {tCacheGroup, in, "ReplicationGroupAlreadyExists: Replication group with id shop already exists"},
		"long name":          {tCacheGroup, with(in, props{"replicationGroupId": strings.Repeat("a", 41)}), "up to 40 letters"},
		"no failover":        {tCacheGroup, with(bare, props{"automaticFailoverEnabled": nil}), "Must enable automatic failover to use Multi-AZ."},
		"failover alone":     {tCacheGroup, with(bare, props{"numCacheClusters": 1, "multiAzEnabled": nil}), "Automatic failover is not supported for replication groups with a single node"},
		"token in clear":     {tCacheGroup, with(bare, props{"transitEncryptionEnabled": nil, "authToken": secret("sixteen-characters-or-more")}), "only supported when encryption-in-transit is enabled"},
		"token and users":    {tCacheGroup, with(in, props{"authToken": secret("sixteen-characters-or-more")}), "userGroupIds conflicts with authToken"},
		"short token":        {tCacheGroup, with(bare, props{"authToken": "short"}), "16 to 128 printable characters"},
		"sizes of two kinds": {tCacheGroup, with(bare, props{"numNodeGroups": 2}), "numNodeGroups conflicts with numCacheClusters"},
		"family":             {tCacheGroup, with(bare, props{"engineVersion": "6.2"}), "Expected a parameter group of family redis6.x but found one of family redis7"},
		"version":            {tCacheGroup, with(bare, props{"engineVersion": "7"}), "invalid value for engineVersion"},
		"node type":          {tCacheGroup, with(bare, props{"nodeType": "db.t4g.small"}), "a cache node type is cache.<family>.<size>"},
		"no subnet group":    {tCacheGroup, with(bare, props{"subnetGroupName": "none"}), "CacheSubnetGroupNotFoundFault"},
		"no users":           {tCacheGroup, with(bare, props{"userGroupIds": []any{"none"}}), "UserGroupNotFound: User group none not found."},
		"no default user":    {tCacheUsers, props{"userGroupId": "x", "engine": "redis"}, "DefaultUserRequired"},
		"user with nothing":  {tCacheUser, props{"userId": "x", "userName": "x", "engine": "redis", "accessString": "on"}, "Passwords must be provided"},
		"short password":     {tCacheUser, props{"userId": "x", "userName": "x", "engine": "redis", "accessString": "on", "passwords": []any{"short"}}, "between 16-128"},
		"no such family":     {tCacheParams, props{"family": "redis9"}, "must be a family of ElastiCache"},
		"no such subnet":     {tCacheSubnets, props{"name": "x", "subnetIds": []any{"subnet-0"}}, "InvalidSubnet"},
	})
	wantError(t, w.delete(group), "CacheSubnetGroupInUse")
	wantError(t, w.delete(params), "InvalidCacheParameterGroupState")
	wantError(t, w.delete(users), "InvalidUserGroupState")
	wantError(t, w.delete(user), "it is a member of user group shop")
	w.lives(t, group, params, user, users, cache, sharded)
}

func TestMemcached(t *testing.T) {
	w := newWorld(t, "")
	in := props{"clusterId": "pages", "engine": "memcached", "engineVersion": "1.6.22", "nodeType": "cache.t4g.small", "numCacheNodes": 2, "azMode": "cross-az"}
	cache := w.create(tCache, "pages", in)
	if e := cache.out("configurationEndpoint"); !strings.HasPrefix(e, "pages.") || !strings.HasSuffix(e, ".cfg.use1.cache.amazonaws.com:11211") {
		t.Errorf("it is at %s", e)
	}
	w.alters(t, map[string]alteration{
		"nodes":     {cache, props{"numCacheNodes": 3}, "numCacheNodes", ""},
		"node type": {cache, props{"nodeType": "cache.r7g.large"}, "nodeType", "nodeType"},
		"port":      {cache, props{"port": 11212}, "port", "port"},
	})
	if err := w.update(cache, with(in, props{"numCacheNodes": 3})); err != nil {
		t.Fatal(err)
	}
	if n := len(cache.outputs["cacheNodes"].ArrayValue()); n != 3 {
		t.Errorf("it has %d nodes", n)
	}
	w.refuses(t, map[string]refusal{
		"taken":         {tCache, in, "CacheClusterAlreadyExists"},
		"snapshots":     {tCache, with(in, props{"clusterId": "x", "snapshotRetentionLimit": 1}), "does not support snapshots"},
		"one node":      {tCache, with(in, props{"clusterId": "x", "engineVersion": nil, "numCacheNodes": 1}), `azMode "cross-az" is not supported with numCacheNodes = 1`},
		"version":       {tCache, with(in, props{"engineVersion": "1.6"}), "must be <major>.<minor>.<patch>"},
		"nodes missing": {tCache, with(in, props{"clusterId": "x", "numCacheNodes": nil}), "NumCacheNodes must be provided"},
		"Redis nodes":   {tCache, with(in, props{"engine": "redis", "engineVersion": nil, "azMode": nil}), "does not support numCacheNodes > 1"},
		"zones":         {tCache, with(in, props{"clusterId": "x", "preferredAvailabilityZones": []any{"us-east-1a"}}), "InvalidParameterCombination"},
	})
	w.lives(t, cache)
}

func TestMemoryDB(t *testing.T) {
	w := newWorld(t, "")
	_, subnets := w.subnets()
	group := w.create(tMemorySubnets, "subnets", props{"name": "shop", "subnetIds": subnets})
	params := w.create(tMemoryParams, "params", props{"name": "shop", "family": "memorydb_redis7"})
	user := w.create(tMemoryUser, "user", props{"userName": "shop", "accessString": "on ~* +@all",
		"authenticationMode": props{"type": "password", "passwords": []any{secret("sixteen-characters-or-more")}}})
	acl := w.create(tMemoryACL, "acl", props{"name": "shop", "userNames": []any{"shop"}})
	in := props{"name": "shop", "aclName": "shop", "nodeType": "db.t4g.small", "engineVersion": "7.1", "numShards": 2, "subnetGroupName": "shop", "parameterGroupName": "shop"}
	cluster := w.create(tMemory, "shop", in)
	endpoint := cluster.outputs["clusterEndpoints"].ArrayValue()[0].ObjectValue()
	if a := endpoint["address"].StringValue(); !strings.HasPrefix(a, "clustercfg.shop.") || !strings.HasSuffix(a, ".memorydb.us-east-1.amazonaws.com") || endpoint["port"].NumberValue() != 6379 {
		t.Errorf("it is at %v", endpoint)
	}
	if shards := cluster.outputs["shards"].ArrayValue(); len(shards) != 2 || shards[1].ObjectValue()["slots"].StringValue() != "8192-16383" {
		t.Errorf("shards are %v", shards)
	}
	w.alters(t, map[string]alteration{
		"shards":    {cluster, props{"numShards": 3}, "numShards", ""},
		"TLS":       {cluster, props{"tlsEnabled": false}, "tlsEnabled", "tlsEnabled"},
		"ACL":       {cluster, props{"aclName": "open-access"}, "aclName", ""},
		"family":    {params, props{"family": "memorydb_redis6"}, "family", "family"},
		"user name": {user, props{"userName": "other"}, "userName", "userName"},
		"users":     {acl, props{"userNames": []any{}}, "userNames", ""},
	})
	wantError(t, w.update(cluster, with(in, props{"engineVersion": "7.0"})), "Cannot downgrade")
	w.refuses(t, map[string]refusal{
		"taken":      {tMemory, in, "ClusterAlreadyExistsFault"},
		"no ACL":     {tMemory, with(in, props{"name": "x", "aclName": "none"}), "ACLNotFoundFault: ACL none not found."},
		"without":    {tMemory, with(in, props{"name": "x", "tlsEnabled": false}), "TLS must be enabled to use an ACL other than open-access"},
		"family":     {tMemory, with(in, props{"name": "x", "engineVersion": "6.2"}), "Expected a parameter group of family memorydb_redis6"},
		"tiering":    {tMemory, with(in, props{"name": "x", "dataTiering": true}), "db.r6gd"},
		"node type":  {tMemory, with(in, props{"nodeType": "cache.t4g.small"}), "db.<family>.<size>"},
		"replicas":   {tMemory, with(in, props{"numReplicasPerShard": 6}), "range 0 to 5"},
		"no user":    {tMemoryACL, props{"name": "x", "userNames": []any{"none"}}, "UserNotFoundFault"},
		"password":   {tMemoryUser, props{"userName": "x", "accessString": "on", "authenticationMode": props{"type": "password", "passwords": []any{"short"}}}, "between 16-128"},
		"IAM's":      {tMemoryUser, props{"userName": "x", "accessString": "on", "authenticationMode": props{"type": "iam", "passwords": []any{"sixteen-characters-or-more"}}}, "and with no other"},
		"bad family": {tMemoryParams, props{"family": "redis7"}, "expected family to be one of"},
	})
	wantError(t, w.delete(acl), "InvalidACLStateFault")
	wantError(t, w.delete(user), "is a member of ACL shop")
	wantError(t, w.delete(group), "SubnetGroupInUseFault")
	w.lives(t, group, params, user, acl, cluster)
}
