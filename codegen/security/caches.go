package security

const (
	redis          = "aws:elasticache/replicationGroup:ReplicationGroup"
	memcached      = "aws:elasticache/cluster:Cluster"
	memory         = "aws:memorydb/cluster:Cluster"
	memoryUser     = "aws:memorydb/user:User"
	kafka          = "aws:msk/cluster:Cluster"
	kafkaElastic   = "aws:msk/serverlessCluster:ServerlessCluster"
	openToEveryone = "open-access"
)

func cacheRules() []Rule {
	return []Rule{
		{"CKV_AWS_29", "Caches are encrypted at rest", checkov("ElasticacheReplicationGroupEncryptionAtRest.py"), []string{redis}, Always, must("atRestEncryptionEnabled", true)},
		{"CKV_AWS_30", "Caches are encrypted in transit", checkov("ElasticacheReplicationGroupEncryptionAtTransit.py"), []string{redis}, Always, must("transitEncryptionEnabled", true)},
		{"CKV_AWS_191", "Caches are encrypted with the stack's key", checkov("ElasticacheReplicationGroupEncryptedWithCMK.py"), []string{redis}, OwnKey, present("kmsKeyId")},
		{"CKV_AWS_323", "Caches are in a subnet group of their own", checkov("ElastiCacheHasCustomSubnet.py"), []string{redis, memcached}, Always,
			both(present("subnetGroupName"), never("subnetGroupName", "default"))},
		{"ElastiCache.1", "Caches are backed up", hub("ElastiCache.1"), []string{redis}, Always, atLeast("snapshotRetentionLimit", 1)},
		{"ElastiCache.2", "Caches get minor versions by themselves", hub("ElastiCache.2"), []string{redis}, Always, must("autoMinorVersionUpgrade", true)},
		{"panka/memcached-tls", "Memcached caches are encrypted in transit", "", []string{memcached}, Always, must("transitEncryptionEnabled", true)},
		{"CKV_AWS_201", "Databases in memory are encrypted with the stack's key", checkov("MemoryDBEncryptionWithCMK.py"), []string{memory}, OwnKey, present("kmsKeyArn")},
		{"CKV_AWS_202", "Databases in memory are encrypted in transit", checkov("MemoryDBClusterIntransitEncryption.py"), []string{memory}, Always, must("tlsEnabled", true)},
		{"panka/memorydb-access", "Databases in memory ask for a user", "", []string{memory}, Always, both(present("aclName"), never("aclName", openToEveryone))},
		{"panka/memorydb-backup", "Databases in memory are backed up", "", []string{memory}, Always, atLeast("snapshotRetentionLimit", 1)},
		{"panka/memorydb-user", "Users of databases in memory authenticate", "", []string{memoryUser}, Always,
			both(present("authenticationMode.type"), never("authenticationMode.type", "no-password-required"))},
	}
}

func streamRules() []Rule {
	return []Rule{
		{"CKV_AWS_80", "Kafka's brokers log", checkov("MSKClusterLogging.py"), []string{kafka}, Always, must("loggingInfo.brokerLogs.cloudwatchLogs.enabled", true)},
		{"CKV_AWS_81", "Kafka is encrypted in transit, between brokers too", checkov("MSKClusterEncryption.py"), []string{kafka}, Always,
			both(must("encryptionInfo.encryptionInTransit.clientBroker", "TLS"), must("encryptionInfo.encryptionInTransit.inCluster", true))},
		{"CKV_AWS_291", "Kafka's brokers are private", checkov("MSKClusterNodesArePrivate.py"), []string{kafka}, Always,
			never("brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS")},
		{"MSK.6", "Kafka asks clients who they are", hub("MSK.6"), []string{kafka}, Always, must("clientAuthentication.unauthenticated", false)},
		{"panka/kafka-key", "Kafka is encrypted with the stack's key", "", []string{kafka}, OwnKey, present("encryptionInfo.encryptionAtRestKmsKeyArn")},
		{"panka/kafka-serverless-iam", "Serverless Kafka asks IAM who may use it", "", []string{kafkaElastic}, Always, must("clientAuthentication.sasl.iam.enabled", true)},
	}
}
