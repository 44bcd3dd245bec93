package security

import "strings"

const (
	database          = "aws:rds/instance:Instance"
	databaseSettings  = "aws:rds/parameterGroup:ParameterGroup"
	documents         = "aws:docdb/cluster:Cluster"
	documentsSettings = "aws:docdb/clusterParameterGroup:ClusterParameterGroup"
	table             = "aws:dynamodb/table:Table"
)

func databaseRules() []Rule {
	return []Rule{
		{"CKV_AWS_16", "Databases are encrypted at rest", checkov("RDSEncryption.py"), []string{database}, Always, must("storageEncrypted", true)},
		{"CKV_AWS_17", "Databases are not publicly accessible", checkov("RDSPubliclyAccessible.py"), []string{database}, Always, must("publiclyAccessible", false)},
		{"CKV_AWS_133", "Databases are backed up", checkov("DBInstanceBackupRetentionPeriod.py"), []string{database}, Always, atLeast("backupRetentionPeriod", 1)},
		{"CKV_AWS_293", "Databases have deletion protection", checkov("RDSInstanceDeletionProtection.py"), []string{database}, Protected, must("deletionProtection", true)},
		{"CKV_AWS_354", "Performance Insights are encrypted with the stack's key", checkov("RDSInstancePerfInsightsEncryptionWithCMK.py"), []string{database}, OwnKey, performanceInsights},
		{"CKV2_AWS_60", "Snapshots of databases have their tags", checkov("RDSEnableCopyTagsToSnapshot.yaml"), []string{database}, Always, must("copyTagsToSnapshot", true)},
		{"CKV2_AWS_69", "Databases refuse connections without TLS", checkov("RDSEncryptionInTransit.yaml"), []string{databaseSettings}, Always, onlyTLSConnections},
		{"panka/database-key", "Databases are encrypted with the stack's key", "", []string{database}, OwnKey, present("kmsKeyId")},
		{"panka/final-snapshot", "Databases leave a final snapshot", "", []string{database, documents}, Protected, must("skipFinalSnapshot", false)},
		{"CKV_AWS_74", "Document databases are encrypted at rest", checkov("DocDBEncryption.py"), []string{documents}, Always, must("storageEncrypted", true)},
		{"CKV_AWS_182", "Document databases are encrypted with the stack's key", checkov("DocDBEncryptedWithCMK.py"), []string{documents}, OwnKey, present("kmsKeyId")},
		{"CKV_AWS_90", "Document databases refuse connections without TLS", checkov("DocDBTLS.py"), []string{documentsSettings}, Always, parameter("tls", "enabled")},
		{"CKV_AWS_360", "Document databases are backed up for a week or longer", checkov("DocDBBackupRetention.py"), []string{documents}, Always, atLeast("backupRetentionPeriod", 7)},
		{"DocumentDB.5", "Document databases have deletion protection", hub("DocumentDB.5"), []string{documents}, Protected, must("deletionProtection", true)},
		{"CKV_AWS_28", "Tables can be restored to any point in time", checkov("DynamodbRecovery.py"), []string{table}, Always, must("pointInTimeRecovery.enabled", true)},
		{"CKV_AWS_119", "Tables are encrypted with the stack's key", checkov("DynamoDBTablesEncrypted.py"), []string{table}, OwnKey,
			both(must("serverSideEncryption.enabled", true), present("serverSideEncryption.kmsKeyArn"))},
		{"DynamoDB.6", "Tables have deletion protection", hub("DynamoDB.6"), []string{table}, Protected, must("deletionProtectionEnabled", true)},
	}
}

func performanceInsights(r Resource, s *Stack) string {
	if !same(r.at("performanceInsightsEnabled"), true) {
		return ""
	}
	return present("performanceInsightsKmsKeyId")(r, s)
}

// onlyTLSConnections looks at the parameter with which each engine refuses connections without TLS.
func onlyTLSConnections(r Resource, s *Stack) string {
	family := r.text("family")
	if strings.HasPrefix(family, "mysql") || strings.HasPrefix(family, "mariadb") {
		if parameter("require_secure_transport", "1")(r, s) == "" {
			return ""
		}
		return parameter("require_secure_transport", "ON")(r, s)
	}
	return parameter("rds.force_ssl", "1")(r, s)
}

// parameter is a check that a parameter group sets a parameter.
func parameter(name, want string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		for _, p := range r.list("parameters") {
			if same(valueAt(p, []string{"name"}), name) {
				if got := valueAt(p, []string{"value"}); !same(got, want) {
					return "parameter " + name + " is " + asText(got) + ", not " + want
				}
				return ""
			}
		}
		return "parameter " + name + " is missing"
	}
}
