package aws

import (
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func fileBackupPolicy() *Kind {
	return &Kind{
		Type: "aws:efs/backupPolicy:BackupPolicy", Label: "EFS Backup Policy", Idempotent: true,
		Replace: []string{"fileSystemId"},
		Checks:  []Check{oneOf("backupPolicy.status", "ENABLED", "DISABLED")},
		Refs:    []Ref{{Path: "fileSystemId", To: fileSystemType, Owned: true, Missing: noFileSystem}},
		Create:  func(c *Call) (*Made, error) { return &Made{ID: c.In.String("fileSystemId")}, nil },
		Usual:   Usual{3, 3, 3},
	}
}

func fileSystemPolicy() *Kind {
	return &Kind{
		Type: fileSystemPolicyType, Label: "EFS File System Policy", Idempotent: true,
		Replace:  []string{"fileSystemId"},
		JSON:     []string{"policy"},
		Checks:   []Check{checkPolicy("policy")},
		Defaults: func(*Call) store.Values { return store.Values{"bypassPolicyLockoutSafetyCheck": false} },
		Refs:     []Ref{{Path: "fileSystemId", To: fileSystemType, Owned: true, Missing: noFileSystem}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.In.String("fileSystemId")}, filePolicyFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, filePolicyFits(c) },
		Usual:  Usual{2, 2, 2},
	}
}

func filePolicyFits(c *Call) error {
	list, err := parsePolicy(c.In.String("policy"))
	if err != nil {
		return errorf("InvalidPolicyException", "Policy contains invalid statement")
	}
	for _, s := range list {
		if len(s.Principal) == 0 {
			return errorf("InvalidPolicyException", "Policy contains invalid Principal block")
		}
	}
	return nil
}

func fileReplication() *Kind {
	return &Kind{
		Type: "aws:efs/replicationConfiguration:ReplicationConfiguration", Label: "EFS Replication Configuration",
		Replace: []string{"sourceFileSystemId", "destination"},
		Refs: []Ref{
			{Path: "sourceFileSystemId", To: fileSystemType, Missing: noFileSystem},
		},
		Conflict: func(id string) error {
			return errorf("ReplicationAlreadyExists", "File system %s is already the source of a replication configuration.", id)
		},
		Create: func(c *Call) (*Made, error) {
			id, destination := c.In.String("sourceFileSystemId"), c.In.Object("destination")
			if !destination.Has("region") && !destination.Has("availabilityZoneName") && !destination.Has("fileSystemId") {
				return nil, errorf("ValidationException", "A destination needs a region, an Availability Zone or a file system.")
			}
			if destination.String("fileSystemId") == id {
				return nil, errorf("ValidationException", "A file system cannot replicate to itself.")
			}
			arn := c.Find(fileSystemType, id).Outputs.String("arn")
			return &Made{ID: id, Outputs: store.Values{"creationTime": c.Now.UTC().Format(time.RFC3339), "originalSourceFileSystemArn": arn,
				"sourceFileSystemArn": arn, "sourceFileSystemRegion": c.Region}}, nil
		},
		Usual: Usual{60, 5, 60},
	}
}
