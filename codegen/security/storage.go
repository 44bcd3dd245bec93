package security

import "strings"

const (
	bucket           = "aws:s3/bucketV2:BucketV2"
	bucketBlock      = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	bucketEncryption = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	bucketOwnership  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	bucketPolicy     = "aws:s3/bucketPolicy:BucketPolicy"
	bucketVersioning = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	fileSystem       = "aws:efs/fileSystem:FileSystem"
	fileSystemBackup = "aws:efs/backupPolicy:BackupPolicy"
	fileSystemPolicy = "aws:efs/fileSystemPolicy:FileSystemPolicy"
	accessPoint      = "aws:efs/accessPoint:AccessPoint"
	volume           = "aws:ebs/volume:Volume"
)

func bucketRules() []Rule {
	return []Rule{
		{"CKV2_AWS_6", "Every bucket has a public access block", checkov("S3BucketHasPublicAccessBlock.yaml"), []string{bucket}, Always, hasFor(bucketBlock)},
		{"CKV_AWS_53", "Buckets refuse public ACLs", checkov("S3BlockPublicACLs.py"), []string{bucketBlock}, Always, must("blockPublicAcls", true)},
		{"CKV_AWS_54", "Buckets refuse public policies", checkov("S3BlockPublicPolicy.py"), []string{bucketBlock}, Always, must("blockPublicPolicy", true)},
		{"CKV_AWS_55", "Buckets ignore public ACLs", checkov("S3IgnorePublicACLs.py"), []string{bucketBlock}, Always, must("ignorePublicAcls", true)},
		{"CKV_AWS_56", "Buckets with a public policy answer the account only", checkov("S3RestrictPublicBuckets.py"), []string{bucketBlock}, Always, must("restrictPublicBuckets", true)},
		{"CKV_AWS_19", "Every bucket is encrypted at rest", checkov("S3BucketEncryption.yaml"), []string{bucket}, Always, hasFor(bucketEncryption)},
		{"CKV_AWS_145", "Buckets are encrypted with the stack's key", checkov("S3KMSEncryptedByDefault.yaml"), []string{bucketEncryption}, OwnKey,
			both(must("rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms"), present("rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"))},
		{"CKV_AWS_21", "Every bucket keeps versions", checkov("S3BucketVersioning.yaml"), []string{bucket}, Always, versioned},
		{"CKV_AWS_20", "No bucket can be read by an ACL", checkov("S3PublicACLRead.yaml"), []string{bucket}, Always, never("acl", "public-read", "public-read-write", "authenticated-read")},
		{"CKV_AWS_57", "No bucket can be written by an ACL", checkov("S3PublicACLWrite.yaml"), []string{bucket}, Always, never("acl", "public-read-write")},
		{"CKV2_AWS_65", "Buckets have no ACLs", checkov("AWSdisableS3ACL.yaml"), []string{bucketOwnership}, Always, must("rule.objectOwnership", "BucketOwnerEnforced")},
		{"CKV_AWS_70", "No bucket allows anybody to do anything", checkov("S3AllowsAnyPrincipal.py"), []string{bucketPolicy}, Always, noneForEveryone},
		{"S3.5", "Every bucket is only to be reached with TLS", hub("S3.5"), []string{bucket}, Always, refusesPlainRequests},
	}
}

func fileRules() []Rule {
	return []Rule{
		{"CKV_AWS_42", "File systems are encrypted at rest", checkov("EFSEncryptionEnabled.py"), []string{fileSystem}, Always, must("encrypted", true)},
		{"CKV_AWS_184", "File systems are encrypted with the stack's key", checkov("EFSFileSystemEncryptedWithCMK.py"), []string{fileSystem}, OwnKey, present("kmsKeyId")},
		{"CKV_AWS_329", "Access points have a folder of their own", checkov("EFSAccessPointRoot.py"), []string{accessPoint}, Always,
			both(present("rootDirectory.path"), never("rootDirectory.path", "/"))},
		{"CKV_AWS_330", "Access points have a user of their own", checkov("EFSAccessUserIdentity.py"), []string{accessPoint}, Always,
			both(present("posixUser.uid"), present("posixUser.gid"))},
		{"EFS.7", "File systems are backed up", hub("EFS.7"), []string{fileSystemBackup}, Always, must("backupPolicy.status", "ENABLED")},
		{"panka/file-system-tls", "File systems are mounted with TLS only", "", []string{fileSystemPolicy}, Always, deniesPlainRequests("policy")},
		{"CKV_AWS_3", "Disks are encrypted at rest", checkov("EBSEncryption.py"), []string{volume}, Always, must("encrypted", true)},
		{"CKV_AWS_189", "Disks are encrypted with the stack's key", checkov("EBSVolumeEncryptedWithCMK.py"), []string{volume}, OwnKey, present("kmsKeyId")},
		{"panka/disk-snapshot", "Disks leave a final snapshot", "", []string{volume}, Protected, must("finalSnapshot", true)},
	}
}

// hasFor is a check that a bucket has a resource of a type.
func hasFor(typ string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		if len(s.which(typ, "bucket", r.at("bucket"))) == 0 {
			return "it has no " + typ[strings.LastIndex(typ, ":")+1:]
		}
		return ""
	}
}

func versioned(r Resource, s *Stack) string {
	for _, v := range s.which(bucketVersioning, "bucket", r.at("bucket")) {
		return must("versioningConfiguration.status", "Enabled")(v, s)
	}
	return "it has no versioning"
}

func refusesPlainRequests(r Resource, s *Stack) string {
	for _, p := range s.which(bucketPolicy, "bucket", r.at("bucket")) {
		return deniesPlainRequests("policy")(p, s)
	}
	return "it has no policy"
}
