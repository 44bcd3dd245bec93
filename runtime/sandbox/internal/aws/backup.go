package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	backupVaultType = "aws:backup/vault:Vault"
	backupPlanType  = "aws:backup/plan:Plan"
)

func backupVault() *Kind {
	return &Kind{
		Type: backupVaultType, Label: "Backup Vault", Regional: true,
		Name: "name", MaxName: 50,
		Conflict: func(name string) error {
			return errorf("AlreadyExistsException", "Backup vault with the same name already exists: %s", name)
		},
		Replace:  []string{"name", "kmsKeyArn"},
		Checks:   []Check{matching("name", `^[0-9A-Za-z_-]{2,50}$`, "2 to 50 letters, digits, hyphens and underscores")},
		Defaults: func(*Call) store.Values { return store.Values{"forceDestroy": false} },
		Refs:     []Ref{keyRef("kmsKeyArn")},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			out := store.Values{"arn": c.ARN("backup", "backup-vault:"+name), "recoveryPoints": 0}
			if !c.In.Has("kmsKeyArn") {
				out["kmsKeyArn"] = c.ARN("kms", "key/"+c.regionKey("backup"))
			}
			return &Made{ID: name, Outputs: out}, nil
		},
		// People may write a number of recovery points into the account's file.
		Delete: func(_ *Call, r *store.Resource) error {
			if r.Outputs.Int("recoveryPoints") > 0 && !r.Inputs.Bool("forceDestroy") {
				return errorf("InvalidRequestException", "Backup vault cannot be deleted because it contains recovery points.")
			}
			return nil
		},
		Usual: Usual{2, 2, 2},
	}
}

func backupPlan() *Kind {
	life := []Check{within("lifecycle.coldStorageAfter", 0, 36500), within("lifecycle.deleteAfter", 1, 36500), checkBackupLife}
	return &Kind{
		Type: backupPlanType, Label: "Backup Plan", Random: true,
		Name: "name", MaxName: 50,
		Replace: []string{"name"},
		Sets:    []string{"rules", "advancedBackupSettings"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_.-]{1,50}$`, "up to 50 letters, digits, dots, hyphens and underscores"),
			eachObject("advancedBackupSettings", oneOf("resourceType", "EC2")),
			eachObject("rules", append([]Check{matching("ruleName", `^[0-9A-Za-z_.-]{1,50}$`, "up to 50 letters, digits, dots, hyphens and underscores"),
				matching("schedule", `^(cron|rate)\(.+\)$`, "must be a cron(...) or rate(...) expression"), within("startWindow", 60, 60000), checkBackupWindow,
				eachObject("copyActions", life...)}, life...)...),
		},
		Refs: []Ref{{Path: "rules[].targetVaultName", To: backupVaultType, Loose: true,
			Missing: missing("ResourceNotFoundException", "Backup vault %s does not exist."),
			Builtin: func(name string) bool { return name == "Default" }}},
		Create: func(c *Call) (*Made, error) {
			id := c.UUID("plan")
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("backup", "backup-plan:"+id), "version": c.Upper("version", 32)}}, planFits(c)
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			next := spell(prior.Outputs.String("version"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32)
			return &Made{Outputs: store.Values{"version": next}}, planFits(c)
		},
		InUse: func(_, by *store.Resource) error {
			return errorf("InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion: %s", by.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

// checkBackupLife: what goes to cold storage stays there for 90 days at least.
func checkBackupLife(in store.Values) []Problem {
	life := in.Object("lifecycle")
	cold, remove := life.Int("coldStorageAfter"), life.Int("deleteAfter")
	if cold > 0 && remove > 0 && remove < cold+90 {
		return []Problem{{"lifecycle.deleteAfter", "deleteAfter must be at least 90 days after coldStorageAfter"}}
	}
	return nil
}

func checkBackupWindow(in store.Values) []Problem {
	start, end := in.Int("startWindow"), in.Int("completionWindow")
	if start == 0 {
		start = 60
	}
	if end > 0 && end < start+60 {
		return []Problem{{"completionWindow", "completionWindow must be at least 60 minutes greater than startWindow"}}
	}
	return nil
}

func planFits(c *Call) error {
	names := map[string]bool{}
	for _, rule := range c.In.Objects("rules") {
		name := rule.String("ruleName")
		if names[name] {
			return errorf("InvalidParameterValueException", "Duplicate rule name: %s", name)
		}
		names[name] = true
		if n := rule.Object("lifecycle").Int("deleteAfter"); rule.Bool("enableContinuousBackup") && (n == 0 || n > 35 || rule.Object("lifecycle").Int("coldStorageAfter") > 0) {
			return errorf("InvalidParameterValueException", "Lifecycle is not supported for continuous backups: they are kept for 1 to 35 days and not in cold storage.")
		}
		for _, action := range rule.Objects("copyActions") {
			arn := action.String("destinationVaultArn")
			if parts := strings.Split(arn, ":"); len(parts) < 7 || parts[2] != "backup" {
				return errorf("InvalidParameterValueException", "Invalid backup vault ARN: %s", arn)
			}
		}
	}
	if len(names) == 0 {
		return errorf("InvalidParameterValueException", "A backup plan needs at least one rule.")
	}
	return nil
}

func backupSelection() *Kind {
	return &Kind{
		Type: "aws:backup/selection:Selection", Label: "Backup Selection", Random: true,
		Name: "name", MaxName: 50,
		Replace: []string{"name", "conditions", "iamRoleArn", "notResources", "planId", "resources", "selectionTags"},
		Sets:    []string{"conditions", "selectionTags"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_.-]{1,50}$`, "up to 50 letters, digits, dots, hyphens and underscores"),
			eachObject("selectionTags", oneOf("type", "STRINGEQUALS")),
		},
		Refs: []Ref{
			{Path: "planId", To: backupPlanType, Missing: missing("ResourceNotFoundException", "Cannot find Backup plan with ID %s")},
			{Path: "iamRoleArn", To: roleType, Loose: true, Missing: missing("InvalidParameterValueException", "IAM Role %s cannot be assumed by AWS Backup")},
		},
		Create: func(c *Call) (*Made, error) {
			if len(c.In.Strings("resources")) == 0 && len(c.In.Objects("selectionTags")) == 0 && len(c.In.Objects("conditions")) == 0 {
				return nil, errorf("InvalidParameterValueException", "A backup selection needs resources, tags or conditions.")
			}
			return &Made{ID: c.UUID("selection")}, nil
		},
		Usual: Usual{2, 2, 2},
	}
}
