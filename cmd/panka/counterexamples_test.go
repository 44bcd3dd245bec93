package main

// counterexamples are changes that break each rule. For a rule of several types, each type has one.
var counterexamples = map[string][]change{
	// Databases
	"CKV_AWS_16":           {{path: "storageEncrypted", value: false}},
	"CKV_AWS_17":           {{path: "publiclyAccessible", value: true}},
	"CKV_AWS_133":          {{path: "backupRetentionPeriod", value: 0.0}},
	"CKV_AWS_293":          {{path: "deletionProtection", value: false}},
	"CKV_AWS_354":          {{path: "performanceInsightsKmsKeyId"}},
	"CKV2_AWS_60":          {{path: "copyTagsToSnapshot", value: false}},
	"CKV2_AWS_69":          {{path: "parameters.0.value", value: "0"}},
	"panka/database-key":   {{path: "kmsKeyId"}},
	"panka/final-snapshot": {{path: "skipFinalSnapshot", value: true}},
	"CKV_AWS_74":           {{path: "storageEncrypted"}},
	"CKV_AWS_182":          {{path: "kmsKeyId"}},
	"CKV_AWS_90":           {{path: "parameters.0.value", value: "disabled"}, {path: "parameters.1.value", value: "disabled"}},
	"CKV_AWS_360":          {{path: "backupRetentionPeriod", value: 6.0}},
	"DocumentDB.5":         {{path: "deletionProtection", value: false}},
	"CKV_AWS_28":           {{path: "pointInTimeRecovery.enabled", value: false}},
	"CKV_AWS_119":          {{path: "serverSideEncryption"}},
	"DynamoDB.6":           {{path: "deletionProtectionEnabled"}},

	// Caches and streams
	"CKV_AWS_29":                 {{path: "atRestEncryptionEnabled", value: false}},
	"CKV_AWS_30":                 {{path: "transitEncryptionEnabled"}},
	"CKV_AWS_191":                {{path: "kmsKeyId"}},
	"CKV_AWS_323":                {{path: "subnetGroupName", value: "default"}},
	"ElastiCache.1":              {{path: "snapshotRetentionLimit", value: 0.0}},
	"ElastiCache.2":              {{path: "autoMinorVersionUpgrade", value: false}},
	"panka/memcached-tls":        {{path: "transitEncryptionEnabled", value: false}},
	"CKV_AWS_201":                {{path: "kmsKeyArn"}},
	"CKV_AWS_202":                {{path: "tlsEnabled", value: false}},
	"panka/memorydb-access":      {{path: "aclName", value: "open-access"}},
	"panka/memorydb-backup":      {{path: "snapshotRetentionLimit"}},
	"panka/memorydb-user":        {{path: "authenticationMode.type", value: "no-password-required"}},
	"CKV_AWS_80":                 {{path: "loggingInfo.brokerLogs.cloudwatchLogs.enabled", value: false}},
	"CKV_AWS_81":                 {{path: "encryptionInfo.encryptionInTransit.clientBroker", value: "TLS_PLAINTEXT"}},
	"CKV_AWS_291":                {{path: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", value: "SERVICE_PROVIDED_EIPS"}},
	"MSK.6":                      {{path: "clientAuthentication.unauthenticated", value: true}},
	"panka/kafka-key":            {{path: "encryptionInfo.encryptionAtRestKmsKeyArn"}},
	"panka/kafka-serverless-iam": {{path: "clientAuthentication.sasl.iam.enabled", value: false}},

	// Clusters
	"CKV_AWS_37":           {{path: "enabledClusterLogTypes.0", value: "none"}},
	"CKV_AWS_38":           {{path: "vpcConfig", value: map[string]any{"endpointPublicAccess": true, "publicAccessCidrs": []any{"203.0.113.0/24", "0.0.0.0/0"}}}},
	"CKV_AWS_39":           {{path: "vpcConfig.endpointPublicAccess", value: true}},
	"CKV_AWS_58":           {{path: "encryptionConfig"}},
	"EKS.2":                {{path: "version"}},
	"CKV_AWS_100":          {{path: "remoteAccess", value: map[string]any{"ec2SshKey": "key"}}},
	"panka/cluster-access": {{path: "accessConfig.authenticationMode", value: "API_AND_CONFIG_MAP"}},
	"panka/node-template":  {{path: "launchTemplate"}},
	"panka/service-account": {{path: "assumeRolePolicy.Statement.0.Condition", value: map[string]any{
		"StringLike": map[string]any{"issuer:sub": "system:serviceaccount:*"}}}},

	// Pods
	"CKV_K8S_10":            ofPods(change{path: "spec.containers.0.resources.requests.cpu"}),
	"CKV_K8S_11":            ofPods(change{path: "spec.containers.0.resources.limits"}),
	"CKV_K8S_12":            ofPods(change{path: "spec.containers.0.resources.requests.memory"}),
	"CKV_K8S_13":            ofPods(change{path: "spec.containers.0.resources"}),
	"CKV_K8S_14":            ofPods(change{path: "spec.containers.0.image", value: "registry:5000/shop"}),
	"CKV_K8S_15":            ofPods(change{path: "spec.containers.0.imagePullPolicy", value: "IfNotPresent"}),
	"CKV_K8S_16":            ofPods(change{path: "spec.containers.0.securityContext.privileged", value: true}),
	"CKV_K8S_17":            ofPods(change{path: "spec.hostPID", value: true}),
	"CKV_K8S_18":            ofPods(change{path: "spec.hostIPC", value: true}),
	"CKV_K8S_19":            ofPods(change{path: "spec.hostNetwork", value: true}),
	"CKV_K8S_20":            ofPods(change{path: "spec.containers.0.securityContext.allowPrivilegeEscalation"}),
	"CKV_K8S_21":            {{path: "metadata.namespace", value: "default"}, {path: "metadata.namespace"}},
	"CKV_K8S_26":            ofPods(change{path: "spec.containers.0.ports", value: []any{map[string]any{"containerPort": 80.0, "hostPort": 80.0}}}),
	"CKV_K8S_28":            ofPods(change{path: "spec.containers.0.securityContext.capabilities.drop", value: []any{"CHOWN"}}),
	"CKV_K8S_31":            ofPods(change{path: "spec.securityContext.seccompProfile"}),
	"CKV_K8S_38":            ofPods(change{path: "spec.automountServiceAccountToken"}),
	"CKV_K8S_39":            ofPods(change{path: "spec.containers.0.securityContext.capabilities.add", value: []any{"SYS_ADMIN"}}),
	"panka/pod-network":     ofPods(change{path: "metadata.labels", value: map[string]any{}}),
	"panka/pod-credentials": ofPods(change{path: "spec.containers.0.env", value: []any{map[string]any{"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}}}),

	// Storage
	"CKV2_AWS_6":            {{without: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"}},
	"CKV_AWS_53":            {{path: "blockPublicAcls", value: false}},
	"CKV_AWS_54":            {{path: "blockPublicPolicy", value: false}},
	"CKV_AWS_55":            {{path: "ignorePublicAcls"}},
	"CKV_AWS_56":            {{path: "restrictPublicBuckets", value: false}},
	"CKV_AWS_19":            {{without: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"}},
	"CKV_AWS_145":           {{path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: "AES256"}},
	"CKV_AWS_21":            {{without: "aws:s3/bucketVersioningV2:BucketVersioningV2"}},
	"CKV_AWS_20":            {{path: "acl", value: "public-read"}},
	"CKV_AWS_57":            {{path: "acl", value: "public-read-write"}},
	"CKV2_AWS_65":           {{path: "rule.objectOwnership", value: "ObjectWriter"}},
	"CKV_AWS_70":            {{path: "policy.Statement.0", value: forEverybody("s3:*")}},
	"S3.5":                  {{without: "aws:s3/bucketPolicy:BucketPolicy"}},
	"CKV_AWS_42":            {{path: "encrypted", value: false}},
	"CKV_AWS_184":           {{path: "kmsKeyId"}},
	"CKV_AWS_329":           {{path: "rootDirectory.path", value: "/"}},
	"CKV_AWS_330":           {{path: "posixUser"}},
	"EFS.7":                 {{path: "backupPolicy.status", value: "DISABLED"}},
	"panka/file-system-tls": {{path: "policy.Statement.0.Effect", value: "Allow"}},
	"CKV_AWS_3":             {{path: "encrypted"}},
	"CKV_AWS_189":           {{path: "kmsKeyId"}},
	"panka/disk-snapshot":   {{path: "finalSnapshot", value: false}},

	// Messages
	"CKV_AWS_26":      {{path: "kmsMasterKeyId"}},
	"CKV_AWS_169":     {{path: "policy.Statement.0", value: forEverybody("sns:Publish")}},
	"CKV_AWS_385":     {{path: "policy.Statement.0", value: forAccount("sns:Publish")}},
	"panka/topic-tls": {{path: "policy.Statement", value: []any{}}},
	"CKV_AWS_27":      {{path: "sqsManagedSseEnabled", value: false}},
	"CKV2_AWS_73":     {{path: "kmsMasterKeyId", value: "alias/aws/sqs"}},
	"CKV_AWS_72":      {{path: "policy.Statement.0", value: forEverybody("*")}},
	"CKV_AWS_168":     {{path: "policy.Statement.0", value: forEverybody("sqs:SendMessage")}},
	"panka/queue-tls": {{path: "policy.Statement", value: []any{}}},
	"panka/sender":    {{path: "policy.Statement.0", value: forService("events.amazonaws.com")}},
	"panka/bus-key":   {{path: "kmsKeyIdentifier"}},
	"CKV_AWS_297":     {{path: "kmsKeyArn"}},

	// Containers and machines
	"CKV_AWS_97":  {{path: "volumes.0.efsVolumeConfiguration.transitEncryption", value: "DISABLED"}},
	"CKV_AWS_249": {{path: "taskRoleArn", from: "executionRoleArn"}},
	"CKV_AWS_334": {{path: "containerDefinitions.0.privileged", value: true}},
	"CKV_AWS_335": {{path: "pidMode", value: "host"}},
	"ECS.8":       {{path: "containerDefinitions.0.environment", value: []any{map[string]any{"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}}}},
	"ECS.9":       {{path: "containerDefinitions.0.logConfiguration"}},
	"ECS.17":      {{path: "networkMode", value: "host"}},
	"CKV_AWS_332": {{path: "platformVersion", value: "1.3.0"}},
	"CKV_AWS_333": {{path: "networkConfiguration.assignPublicIp", value: true},
		{path: "desiredState", value: `{"NetworkConfiguration":{"AwsvpcConfiguration":{"AssignPublicIp":"ENABLED"}}}`}},
	"CKV_AWS_79":               {{path: "metadataOptions.httpTokens", value: "optional"}},
	"CKV_AWS_341":              {{path: "metadataOptions.httpPutResponseHopLimit", value: 2.0}},
	"CKV_AWS_8":                {{path: "rootBlockDevice.encrypted", value: false}, {path: "blockDeviceMappings.0.ebs.encrypted", value: "false"}},
	"CKV_AWS_88":               {{path: "associatePublicIpAddress", value: true}, {path: "networkInterfaces.0.associatePublicIpAddress", value: "true"}},
	"CKV_AWS_46":               {{path: "userData", value: "export KEY=AKIAABCDEFGHIJKLMNOP"}},
	"CKV2_AWS_41":              {{path: "iamInstanceProfile"}},
	"panka/machine-ssh":        {{path: "keyName", value: "admin"}},
	"panka/machine-protection": {{path: "disableApiTermination", value: false}},
	"CKV_AWS_315":              {{path: "launchTemplate"}},
	"CKV_AWS_153":              {{path: "tags"}},
	"CKV2_AWS_15":              {{path: "healthCheckType", value: "EC2"}},

	// Load balancers, functions, APIs and distributions
	"CKV_AWS_131":             {{path: "dropInvalidHeaderFields", value: false}},
	"CKV_AWS_328":             {{path: "desyncMitigationMode", value: "monitor"}},
	"CKV_AWS_150":             {{path: "enableDeletionProtection", value: false}},
	"CKV_AWS_103":             {{path: "sslPolicy", value: "ELBSecurityPolicy-TLS13-1-1-2021-06"}},
	"CKV2_AWS_74":             {{path: "sslPolicy"}},
	"CKV2_AWS_20":             {{path: "defaultActions.0.type", value: "forward"}},
	"CKV_AWS_261":             {{path: "healthCheck"}},
	"panka/balancer-internal": {{path: "internal"}},
	"CKV_AWS_45":              {{path: "environment.variables.AWS_SECRET_ACCESS_KEY", value: "x"}},
	"CKV_AWS_173":             {{path: "kmsKeyArn"}},
	"CKV_AWS_363":             {{path: "runtime", value: "nodejs16.x"}},
	"CKV_AWS_301":             {{path: "principal", value: "*"}},
	"CKV_AWS_364":             {{path: "sourceArn"}},
	"CKV_AWS_76":              {{path: "accessLogSettings"}},
	"panka/api-cors":          {{path: "corsConfiguration.allowOrigins", value: []any{"*"}}},
	"panka/api-private":       {{path: "connectionType", value: "INTERNET"}},
	"CKV_AWS_34":              {{path: "defaultCacheBehavior.viewerProtocolPolicy", value: "allow-all"}},
	"CKV_AWS_216":             {{path: "enabled", value: false}},
	"CKV2_AWS_32":             {{path: "defaultCacheBehavior.responseHeadersPolicyId"}},
	"CKV2_AWS_46":             {{path: "origins.0.originAccessControlId"}},
	"CKV2_AWS_54":             {{path: "origins.1.customOriginConfig.originSslProtocols", value: []any{"TLSv1", "TLSv1.2"}}},
	"CKV2_AWS_72":             {{path: "origins.0.customOriginConfig", value: map[string]any{"originProtocolPolicy": "match-viewer"}}},
	"panka/origin-signing":    {{path: "signingBehavior", value: "never"}},

	// Networks, keys and logs
	"CKV_AWS_24":           {openPort(22)},
	"CKV_AWS_25":           {openPort(3389)},
	"CKV_AWS_277":          {{path: "*", value: map[string]any{"cidrIpv6": "::/0", "ipProtocol": "-1"}}},
	"panka/open-port":      {openPort(5432)},
	"panka/ingress-inline": {{path: "ingress", value: []any{map[string]any{"fromPort": 22.0}}}},
	"CKV2_AWS_12":          {{without: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"}},
	"CKV_AWS_130":          {{path: "mapPublicIpOnLaunch", value: true}},
	"CKV_AWS_7":            {{path: "enableKeyRotation"}},
	"CKV_AWS_33":           {{path: "policy.Statement.0", value: forEverybody("kms:Decrypt")}},
	"CKV_AWS_227":          {{path: "isEnabled", value: false}},
	"CKV2_AWS_64":          {{path: "policy"}},
	"panka/key-deletion":   {{path: "deletionWindowInDays", value: 7.0}},
	"panka/key-service":    {{path: "policy.Statement.0", value: forService("sns.amazonaws.com")}},
	"CKV_AWS_66":           {{path: "retentionInDays"}},
	"CKV_AWS_158":          {{path: "kmsKeyId"}},
	"CKV_AWS_319":          {{path: "alarmActions"}},

	// Identities
	"CKV_AWS_60":           {{path: "assumeRolePolicy.Statement.0.Principal", value: "*"}},
	"CKV_AWS_61":           {{path: "assumeRolePolicy.Statement.0", value: forAccount("sts:AssumeRole")}},
	"CKV_AWS_62":           {{path: "policy.Statement.0", value: allowing("*", "*")}},
	"CKV_AWS_63":           {{path: "policy.Statement.0", value: allowing("*", "arn:aws:s3:::bucket")}},
	"IAM.21":               {{path: "policy.Statement.0", value: allowing("s3:*", "arn:aws:s3:::bucket")}},
	"CKV_AWS_355":          {{path: "policy.Statement.0", value: allowing("s3:GetObject", "*")}},
	"CKV_AWS_286":          {{path: "policy.Statement.0", value: allowing("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/a")}},
	"CKV_AWS_274":          {{path: "policyArn", value: "arn:aws:iam::aws:policy/AdministratorAccess"}},
	"CKV2_AWS_56":          {{path: "policyArn", value: "arn:aws:iam::aws:policy/IAMFullAccess"}},
	"panka/managed-policy": {{path: "policyArn", value: "arn:aws:iam::aws:policy/AmazonS3FullAccess"}},
}

// ofPods is a change of the pods of each type that has some.
func ofPods(c change) []change {
	var all []change
	for _, template := range []string{"spec.template.", "spec.jobTemplate.spec.template."} {
		all = append(all, change{path: template + c.path, value: c.value})
	}
	return all
}

func openPort(port float64) change {
	return change{path: "*", value: map[string]any{"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": port, "toPort": port, "securityGroupId": "sg-0"}}
}

func allowing(action, resource string) map[string]any {
	return map[string]any{"Effect": "Allow", "Action": action, "Resource": resource}
}

func forEverybody(action string) map[string]any {
	return map[string]any{"Effect": "Allow", "Action": action, "Resource": "*", "Principal": "*"}
}

func forAccount(action string) map[string]any {
	return map[string]any{"Effect": "Allow", "Action": action, "Resource": "*", "Principal": map[string]any{"AWS": "arn:aws:iam::210987654321:root"}}
}

func forService(name string) map[string]any {
	return map[string]any{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Principal": map[string]any{"Service": name}}
}
