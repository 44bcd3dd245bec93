package security

const (
	key      = "aws:kms/key:Key"
	logGroup = "aws:cloudwatch/logGroup:LogGroup"
	alarm    = "aws:cloudwatch/metricAlarm:MetricAlarm"
)

func keyRules() []Rule {
	return []Rule{
		{"CKV_AWS_7", "Keys are rotated", checkov("KMSRotation.py"), []string{key}, Always, must("enableKeyRotation", true)},
		{"CKV_AWS_33", "No key is for everybody", checkov("KMSKeyWildcardPrincipal.py"), []string{key}, Always, noneForEveryone},
		{"CKV_AWS_227", "Keys are enabled", checkov("KMSKeyIsEnabled.py"), []string{key}, Always, never("isEnabled", false)},
		{"CKV2_AWS_64", "Keys have a policy of their own", checkov("KmsKeyPolicyIsDefined.yaml"), []string{key}, Always, present("policy.Statement.0")},
		{"panka/key-deletion", "A deleted key can be had back for 30 days", "", []string{key}, Always, must("deletionWindowInDays", 30.0)},
		{"panka/key-service", "Services use keys for resources of the account only", "", []string{key}, Always, eachAllowed(unlimitedService, "policy")},
		{"CKV_AWS_66", "Logs are kept for a time that somebody chose", checkov("CloudWatchLogGroupRetention.py"), []string{logGroup}, Always, atLeast("retentionInDays", 1)},
		{"CKV_AWS_158", "Logs are encrypted with the stack's key", checkov("CloudWatchLogGroupKMSKey.py"), []string{logGroup}, OwnKey, present("kmsKeyId")},
		{"CKV_AWS_319", "Alarms tell somebody", checkov("CloudWatchAlarmsEnabled.py"), []string{alarm}, Always,
			both(never("actionsEnabled", false), present("alarmActions.0"))},
	}
}
