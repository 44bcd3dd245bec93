package aws

import (
	"fmt"
	"net/netip"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	fileSystemType       = "aws:efs/fileSystem:FileSystem"
	fileSystemPolicyType = "aws:efs/fileSystemPolicy:FileSystemPolicy"
	mountTargetType      = "aws:efs/mountTarget:MountTarget"
	accessPointType      = "aws:efs/accessPoint:AccessPoint"
)

func fileSystem() *Kind {
	after := []string{"AFTER_1_DAY", "AFTER_7_DAYS", "AFTER_14_DAYS", "AFTER_30_DAYS", "AFTER_60_DAYS", "AFTER_90_DAYS", "AFTER_180_DAYS", "AFTER_270_DAYS", "AFTER_365_DAYS"}
	return &Kind{
		Type: fileSystemType, Label: "EFS File System", Random: true,
		Name: "creationToken",
		Conflict: func(token string) error {
			return errorf("FileSystemAlreadyExists", "File system already exists with creation token %s", token)
		},
		Replace: []string{"availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"},
		Sets:    []string{"lifecyclePolicies"},
		Checks: []Check{
			oneOf("performanceMode", "generalPurpose", "maxIO"), oneOf("throughputMode", "bursting", "provisioned", "elastic"),
			oneOf("protection.replicationOverwrite", "ENABLED", "DISABLED"), within("provisionedThroughputInMibps", 1, 3414),
			countWithin("lifecyclePolicies", 0, 3), atMostLong("creationToken", 64),
			eachObject("lifecyclePolicies", exactlyOne("transitionToIa", "transitionToArchive", "transitionToPrimaryStorageClass"),
				oneOf("transitionToIa", after...), oneOf("transitionToArchive", after...), oneOf("transitionToPrimaryStorageClass", "AFTER_1_ACCESS")),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"encrypted": false, "performanceMode": "generalPurpose", "throughputMode": "bursting",
				"provisionedThroughputInMibps": 0, "protection": map[string]any{"replicationOverwrite": "ENABLED"}}
		},
		Refs: []Ref{keyRef("kmsKeyId")},
		Create: func(c *Call) (*Made, error) {
			if err := fileSystemFits(c); err != nil {
				return nil, err
			}
			id := "fs-0" + c.Hex("fs", 16)
			out := store.Values{"arn": c.ARN("elasticfilesystem", "file-system/"+id), "dnsName": fmt.Sprintf("%s.efs.%s.amazonaws.com", id, c.Region),
				"ownerId": c.Account, "numberOfMountTargets": 0, "name": c.In.Object("tags").String("Name"),
				"sizeInBytes": []map[string]any{{"value": 6144, "valueInIa": 0, "valueInStandard": 6144}}}
			if !c.In.Has("creationToken") {
				out["creationToken"] = c.Hex("token", 26)
			}
			if zone := c.In.String("availabilityZoneName"); zone != "" {
				out["availabilityZoneId"] = zoneID(zone, c.Region)
			}
			return &Made{ID: id, Outputs: out}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return &Made{Outputs: store.Values{"name": c.In.Object("tags").String("Name")}}, fileSystemFits(c)
		},
		InUse: func(r, by *store.Resource) error {
			if by.Type == mountTargetType {
				return errorf("FileSystemInUse", "%s can't be deleted: it has mount targets.", r.ID)
			}
			return errorf("ReplicationAlreadyExists", "%s can't be deleted: it is in a replication configuration.", r.ID)
		},
		Detail: func(c *Call, r *store.Resource) string {
			n := 0
			for _, m := range c.all(mountTargetType) {
				if m.Inputs.String("fileSystemId") == r.ID {
					n++
				}
			}
			return fmt.Sprintf("available, %d mount targets", n)
		},
		Usual: Usual{8, 5, 10},
	}
}

func fileSystemFits(c *Call) error {
	mode, elastic := c.In.String("throughputMode"), c.In.String("throughputMode") == "elastic"
	switch {
	case mode == "provisioned" && c.In.Int("provisionedThroughputInMibps") == 0:
		return errorf("ValidationException", "ProvisionedThroughputInMibps must be provided when ThroughputMode is provisioned.")
	case mode != "provisioned" && c.In.Int("provisionedThroughputInMibps") != 0:
		return errorf("ValidationException", "ProvisionedThroughputInMibps may be provided only when ThroughputMode is provisioned.")
	case c.In.Has("kmsKeyId") && !c.In.Bool("encrypted"):
		return errorf("BadRequest", "KmsKeyId can be given only with Encrypted set to true.")
	case elastic && c.In.String("performanceMode") == "maxIO":
		return errorf("BadRequest", "Elastic throughput is not supported with performance mode maxIO.")
	case c.In.Has("availabilityZoneName") && c.In.String("performanceMode") == "maxIO":
		return errorf("BadRequest", "One Zone file systems do not support performance mode maxIO.")
	}
	for _, p := range c.In.Objects("lifecyclePolicies") {
		if p.Has("transitionToArchive") && !elastic {
			return errorf("BadRequest", "TransitionToArchive is supported only with elastic throughput.")
		}
	}
	return nil
}

// noFileSystem is the error for what is put on a file system that does not exist.
func noFileSystem(id string) error {
	return errorf("FileSystemNotFound", "File system '%s' does not exist.", id)
}

func mountTarget() *Kind {
	return &Kind{
		Type: mountTargetType, Label: "EFS Mount Target", Random: true,
		Replace: []string{"fileSystemId", "ipAddress", "subnetId"},
		Checks:  []Check{countWithin("securityGroups", 0, 5)},
		Refs: []Ref{
			{Path: "fileSystemId", To: fileSystemType, Missing: noFileSystem},
			{Path: "subnetId", To: subnetType, Missing: missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "securityGroups[]", To: securityGroupType, Missing: missing("SecurityGroupNotFound", "The security group '%s' does not exist")},
		},
		Create: createMountTarget,
		Usual:  Usual{90, 5, 30},
	}
}

// createMountTarget allows one target a zone, all in one network, those of a One Zone file system in its zone.
func createMountTarget(c *Call) (*Made, error) {
	fs, subnet := c.Find(fileSystemType, c.In.String("fileSystemId")), c.Find(subnetType, c.In.String("subnetId"))
	zone, network := subnet.Property("availabilityZone"), subnet.Property("vpcId")
	if only := fs.Inputs.String("availabilityZoneName"); only != "" && only != zone {
		return nil, errorf("AvailabilityZonesMismatch", "The Availability Zone of the subnet (%s) is not that of the file system (%s).", zone, only)
	}
	address := c.In.String("ipAddress")
	if ip, err := netip.ParseAddr(address); address != "" && (err != nil || !inside(ip.String()+"/32", subnet.Property("cidrBlock"))) {
		return nil, errorf("BadRequest", "Address %s does not fall within the subnet's address range.", address)
	}
	for _, m := range c.all(mountTargetType) {
		if m.Inputs.String("fileSystemId") != fs.ID {
			continue
		}
		if m.Outputs.String("availabilityZoneName") == zone {
			return nil, errorf("MountTargetConflict", "mount target already exists in this AZ")
		}
		if theirs := c.vpcOf(subnetType, m.Inputs.String("subnetId")); theirs != network {
			return nil, errorf("MountTargetConflict", "requested subnet for new mount target is not in the same VPC as existing mount targets")
		}
	}
	for _, g := range c.In.Strings("securityGroups") {
		if c.vpcOf(securityGroupType, g) != network {
			return nil, errorf("SecurityGroupNotFound", "The security group '%s' is not in the VPC of the subnet", g)
		}
	}
	name := fmt.Sprintf("%s.efs.%s.amazonaws.com", fs.ID, c.Region)
	out := store.Values{"availabilityZoneName": zone, "availabilityZoneId": zoneID(zone, c.Region), "dnsName": name, "mountTargetDnsName": zone + "." + name,
		"fileSystemArn": fs.Outputs.String("arn"), "networkInterfaceId": "eni-0" + c.Hex("eni", 16), "ownerId": c.Account}
	if prefix, err := netip.ParsePrefix(subnet.Property("cidrBlock")); err == nil && address == "" {
		// The first four addresses of a subnet and the last are AWS's own.
		ip, free := prefix.Addr(), min(1<<(32-prefix.Bits()), 256)-5
		for range 4 + int(c.Hex("address", 1)[0])%free {
			ip = ip.Next()
		}
		out["ipAddress"] = ip.String()
	}
	if len(c.In.Strings("securityGroups")) == 0 {
		for _, g := range c.all(securityGroupType) {
			if g.Property("vpcId") == network && g.Property("name") == "default" {
				out["securityGroups"] = []string{g.ID}
			}
		}
	}
	return &Made{ID: "fsmt-0" + c.Hex("fsmt", 16), Outputs: out}, nil
}

func accessPoint() *Kind {
	return &Kind{
		Type: accessPointType, Label: "EFS Access Point", Random: true,
		Replace: []string{"fileSystemId", "posixUser", "rootDirectory"},
		Checks: []Check{
			matching("rootDirectory.path", `^/[^/]*(/[^/]+){0,3}$`, "must begin with / and be at most four folders deep"), atMostLong("rootDirectory.path", 100),
			matching("rootDirectory.creationInfo.permissions", `^[0-7]{3,4}$`, "must be three or four octal digits, such as 0755"),
			within("posixUser.uid", 0, 4294967295), within("posixUser.gid", 0, 4294967295),
		},
		Defaults: func(*Call) store.Values { return store.Values{"rootDirectory": map[string]any{"path": "/"}} },
		Refs:     []Ref{{Path: "fileSystemId", To: fileSystemType, Owned: true, Missing: noFileSystem}},
		Create: func(c *Call) (*Made, error) {
			id := "fsap-0" + c.Hex("fsap", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("elasticfilesystem", "access-point/"+id), "ownerId": c.Account,
				"fileSystemArn": c.Find(fileSystemType, c.In.String("fileSystemId")).Outputs.String("arn")}}, nil
		},
		Usual: Usual{5, 2, 5},
	}
}
