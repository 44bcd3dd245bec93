package sandbox

import (
	"strings"
	"testing"
)

const (
	tFiles       = "aws:efs/fileSystem:FileSystem"
	tMount       = "aws:efs/mountTarget:MountTarget"
	tAccessPoint = "aws:efs/accessPoint:AccessPoint"
	tFilesBackup = "aws:efs/backupPolicy:BackupPolicy"
	tFilesPolicy = "aws:efs/fileSystemPolicy:FileSystemPolicy"
	tFilesCopy   = "aws:efs/replicationConfiguration:ReplicationConfiguration"

	tVault     = "aws:backup/vault:Vault"
	tPlan      = "aws:backup/plan:Plan"
	tSelection = "aws:backup/selection:Selection"
)

func TestEFS(t *testing.T) {
	w := newWorld(t, "")
	vpc, subnets := w.subnets()
	sg := w.create(tGroup, "group", props{"vpcId": vpc, "description": "files"})
	in := props{"encrypted": true, "throughputMode": "elastic", "tags": props{"Name": "shared"}, "lifecyclePolicies": []any{
		props{"transitionToIa": "AFTER_30_DAYS"}, props{"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"}}}
	fs := w.create(tFiles, "files", in)
	if fs.out("dnsName") != fs.id+".efs.us-east-1.amazonaws.com" || fs.out("name") != "shared" || fs.out("creationToken") == "" ||
		fs.out("arn") != "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/"+fs.id {
		t.Errorf("file system %s: %v", fs.id, fs.outputs)
	}
	token := fs.out("creationToken")
	if err := w.update(fs, with(in, props{"throughputMode": "bursting"})); err != nil || fs.out("creationToken") != token {
		t.Errorf("after an update (%v) the creation token is %q, was %q", err, fs.out("creationToken"), token)
	}
	mount := w.create(tMount, "a", props{"fileSystemId": fs.id, "subnetId": subnets[0], "securityGroups": []any{sg.id}})
	if !strings.HasPrefix(mount.out("ipAddress"), "172.31.") || mount.out("mountTargetDnsName") != mount.out("availabilityZoneName")+"."+fs.out("dnsName") {
		t.Errorf("mount target is at %s, %s", mount.out("ipAddress"), mount.out("mountTargetDnsName"))
	}
	other := w.create(tMount, "b", props{"fileSystemId": fs.id, "subnetId": subnets[1]})
	point := w.create(tAccessPoint, "point", props{"fileSystemId": fs.id, "posixUser": props{"uid": 1000, "gid": 1000},
		"rootDirectory": props{"path": "/app", "creationInfo": props{"ownerUid": 1000, "ownerGid": 1000, "permissions": "0755"}}})
	backup := w.create(tFilesBackup, "backup", props{"fileSystemId": fs.id, "backupPolicy": props{"status": "ENABLED"}})
	policy := w.create(tFilesPolicy, "policy", props{"fileSystemId": fs.id, "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}]}`})
	copied := w.create(tFilesCopy, "copy", props{"sourceFileSystemId": fs.id, "destination": props{"region": "us-west-2"}})
	lone := w.create(tVpc, "lone", props{"cidrBlock": "10.1.0.0/16"})
	elsewhere := w.create(tSubnet, "elsewhere", props{"vpcId": lone.id, "cidrBlock": "10.1.1.0/24", "availabilityZone": "us-east-1c"})
	w.alters(t, map[string]alteration{
		"encryption":   {fs, props{"encrypted": false}, "encrypted", "encrypted"},
		"throughput":   {fs, props{"throughputMode": "elastic"}, "throughputMode", ""},
		"policies":     {fs, props{"lifecyclePolicies": []any{in["lifecyclePolicies"].([]any)[1], in["lifecyclePolicies"].([]any)[0]}}, "", ""},
		"mount groups": {mount, props{"securityGroups": []any{}}, "securityGroups", ""},
		"mount subnet": {mount, props{"subnetId": "subnet-0"}, "subnetId", "subnetId"},
		"point's user": {point, props{"posixUser": props{"uid": 1, "gid": 1}}, "posixUser", "posixUser"},
		"backup":       {backup, props{"backupPolicy": props{"status": "DISABLED"}}, "backupPolicy", ""},
		"copy":         {copied, props{"destination": props{"region": "eu-west-1"}}, "destination", "destination"},
	})
	w.refuses(t, map[string]refusal{
		"provisioned":     {tFiles, props{"throughputMode": "provisioned"}, "ProvisionedThroughputInMibps must be provided"},
		"throughput":      {tFiles, props{"provisionedThroughputInMibps": 10.0}, "only when ThroughputMode is provisioned"},
		"key in clear":    {tFiles, props{"kmsKeyId": "arn:aws:kms:us-east-1:1:key/a"}, "KmsKeyId can be given only with Encrypted"},
		"mode":            {tFiles, props{"performanceMode": "fast"}, "expected performanceMode to be one of"},
		"two in a policy": {tFiles, props{"lifecyclePolicies": []any{props{"transitionToIa": "AFTER_7_DAYS", "transitionToArchive": "AFTER_30_DAYS"}}}, "exactly one of"},
		"archive":         {tFiles, props{"lifecyclePolicies": []any{props{"transitionToArchive": "AFTER_30_DAYS"}}}, "TransitionToArchive is supported only with elastic throughput"},
		"mount twice":     {tMount, props{"fileSystemId": fs.id, "subnetId": subnets[0]}, "MountTargetConflict: mount target already exists in this AZ"},
		"mount elsewhere": {tMount, props{"fileSystemId": fs.id, "subnetId": elsewhere.id}, "not in the same VPC as existing mount targets"},
		"mount of none":   {tMount, props{"fileSystemId": "fs-0", "subnetId": subnets[2]}, "FileSystemNotFound: File system 'fs-0' does not exist."},
		"mount outside":   {tMount, props{"fileSystemId": fs.id, "subnetId": subnets[2], "ipAddress": "10.0.0.1"}, "does not fall within the subnet's address range"},
		"root":            {tAccessPoint, props{"fileSystemId": fs.id, "rootDirectory": props{"path": "app"}}, "must begin with /"},
		"permissions":     {tAccessPoint, props{"fileSystemId": fs.id, "rootDirectory": props{"path": "/a", "creationInfo": props{"ownerUid": 1, "ownerGid": 1, "permissions": "rwx"}}}, "octal digits"},
		"copy twice":      {tFilesCopy, props{"sourceFileSystemId": fs.id, "destination": props{"region": "us-west-2"}}, "ReplicationAlreadyExists"},
		"copy to nowhere": {tFilesCopy, props{"sourceFileSystemId": fs.id, "destination": props{}}, "A destination needs"},
	})
	wantError(t, w.delete(fs), "FileSystemInUse")
	w.lives(t, sg, fs, mount, other, point, backup, policy, copied, lone, elsewhere)
}

func TestBackup(t *testing.T) {
	w := newWorld(t, "")
	vault := w.create(tVault, "vault", props{"name": "shop"})
	role := w.create(tRole, "role", props{"name": "backup", "assumeRolePolicy": trust})
	rule := func(change props) []any {
		return []any{with(props{"ruleName": "daily", "targetVaultName": "shop", "schedule": "cron(0 5 * * ? *)", "lifecycle": props{"deleteAfter": 35}}, change)}
	}
	plan := w.create(tPlan, "plan", props{"name": "shop", "rules": rule(nil)})
	selection := w.create(tSelection, "selection", props{"name": "shop", "planId": plan.id, "iamRoleArn": role.out("arn"), "resources": []any{"arn:aws:rds:*:*:db:*"}})
	version := plan.out("version")
	if err := w.update(plan, props{"name": "shop", "rules": rule(props{"lifecycle": props{"deleteAfter": 14}})}); err != nil || plan.out("version") == version {
		t.Errorf("a changed plan has version %s (%v)", plan.out("version"), err)
	}
	w.alters(t, map[string]alteration{
		"vault key":    {vault, props{"kmsKeyArn": "arn:aws:kms:us-east-1:1:key/a"}, "kmsKeyArn", "kmsKeyArn"},
		"vault tags":   {vault, props{"tags": props{"a": "b"}}, "tags", ""},
		"plan rules":   {plan, props{"rules": rule(nil)}, "rules", ""},
		"plan name":    {plan, props{"name": "other"}, "name", "name"},
		"what is kept": {selection, props{"resources": []any{"*"}}, "resources", "resources"},
	})
	w.refuses(t, map[string]refusal{
		"vault taken":       {tVault, props{"name": "shop"}, "AlreadyExistsException"},
		"vault name":        {tVault, props{"name": "a b"}, "invalid value for name"},
		"no vault":          {tPlan, props{"name": "x", "rules": rule(props{"targetVaultName": "none"})}, "Backup vault none does not exist"},
		"cold too short":    {tPlan, props{"name": "x", "rules": rule(props{"lifecycle": props{"coldStorageAfter": 30, "deleteAfter": 60}})}, "at least 90 days after coldStorageAfter"},
		"schedule":          {tPlan, props{"name": "x", "rules": rule(props{"schedule": "daily"})}, "must be a cron(...)"},
		"continuous":        {tPlan, props{"name": "x", "rules": rule(props{"enableContinuousBackup": true, "lifecycle": props{"deleteAfter": 60}})}, "not supported for continuous backups"},
		"window":            {tPlan, props{"name": "x", "rules": rule(props{"startWindow": 60, "completionWindow": 90})}, "at least 60 minutes greater"},
		"no rule":           {tPlan, props{"name": "x", "rules": []any{}}, "needs at least one rule"},
		"selection of none": {tSelection, props{"name": "x", "planId": plan.id, "iamRoleArn": role.out("arn")}, "needs resources, tags or conditions"},
		"no plan":           {tSelection, props{"name": "x", "planId": "none", "iamRoleArn": role.out("arn"), "resources": []any{"*"}}, "Cannot find Backup plan with ID none"},
		"no role":           {tSelection, props{"name": "x", "planId": plan.id, "iamRoleArn": "arn:aws:iam::123456789012:role/none", "resources": []any{"*"}}, "cannot be assumed by AWS Backup"},
	})
	wantError(t, w.delete(plan), "selections must be deleted prior to backup plan deletion")
	w.lives(t, vault, role, plan, selection)
	full := w.create(tVault, "full", props{"name": "full"})
	w.edit(`"recoveryPoints": 0`, `"recoveryPoints": 2`)
	wantError(t, w.delete(full), "because it contains recovery points")
}
