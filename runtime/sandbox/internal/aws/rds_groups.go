package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	subnetGroupType    = "aws:rds/subnetGroup:SubnetGroup"
	parameterGroupType = "aws:rds/parameterGroup:ParameterGroup"
)

func dbSubnetGroup() *Kind {
	return &Kind{
		Type: subnetGroupType, Label: "RDS DB Subnet Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("DBSubnetGroupAlreadyExists", "The DB subnet group '%s' already exists.", name)
		},
		Replace: []string{"name", "namePrefix"},
		Checks:  []Check{matching("name", `^[0-9a-z_. -]{1,255}$`, "only lower-case letters, digits, hyphens, underscores, periods and spaces")},
		Defaults: func(*Call) store.Values {
			return store.Values{"description": "Managed by Pulumi"}
		},
		Refs: []Ref{{Path: "subnetIds[]", To: subnetType, Missing: func(id string) error {
			return errorf("InvalidSubnet", "The subnet ID '%s' does not exist", id)
		}}},
		Create: func(c *Call) (*Made, error) {
			out, err := subnetGroupNetwork(c)
			if err != nil {
				return nil, err
			}
			name := c.In.String("name")
			out["arn"], out["supportedNetworkTypes"] = c.ARN("rds", "subgrp:"+name), []string{"IPV4"}
			return &Made{ID: name, Outputs: out}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			out, err := subnetGroupNetwork(c)
			return &Made{Outputs: out}, err
		},
		InUse: func(r, by *store.Resource) error {
			name := by.Property("identifier")
			if name == "" {
				name = by.ID
			}
			return errorf("InvalidDBSubnetGroupStateFault", "Cannot delete the subnet group '%s' because at least one database "+
				"instance: %s is still using it.", r.ID, name)
		},
		Usual: Usual{2, 2, 1},
	}
}

func subnetGroupNetwork(c *Call) (store.Values, error) {
	subnets := c.subnetsOf(c.In.Strings("subnetIds"))
	zones := zonesOf(subnets)
	if len(zones) < 2 {
		return nil, errorf("DBSubnetGroupDoesNotCoverEnoughAZs", "The DB subnet group doesn't meet Availability Zone (AZ) coverage "+
			"requirement. Current AZ coverage: %s. Add subnets to cover at least 2 AZs.", strings.Join(zones, ", "))
	}
	for _, s := range subnets[1:] {
		if s.Property("vpcId") != subnets[0].Property("vpcId") {
			return nil, errorf("InvalidSubnet", "Subnets %s and %s are not in the same VPC.", subnets[0].ID, s.ID)
		}
	}
	return store.Values{"vpcId": subnets[0].Property("vpcId")}, nil
}

func dbParameterGroup() *Kind {
	return &Kind{
		Type: parameterGroupType, Label: "RDS DB Parameter Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("DBParameterGroupAlreadyExists", "Parameter group %s already exists", name)
		},
		Replace: []string{"name", "namePrefix", "family", "description"},
		Checks: []Check{
			matching("name", `^[a-z](-?[0-9a-z])*$`, "lower-case letters, digits and single hyphens, first a letter"),
			eachObject("parameters", oneOf("applyMethod", "immediate", "pending-reboot")),
			checkFamily,
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"description": "Managed by Pulumi", "skipDestroy": false}
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("rds", "pg:"+name)}}, nil
		},
		InUse: func(r, _ *store.Resource) error {
			return errorf("InvalidDBParameterGroupState", "One or more database instances are still members of this parameter group "+
				"%s, so the group cannot be deleted", r.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

func checkFamily(in store.Values) []Problem {
	family, ok := at(in, "family").(string)
	if !ok {
		return nil
	}
	for _, e := range dbEngines() {
		if version, found := strings.CutPrefix(family, e); found && version != "" && version[0] >= '0' && version[0] <= '9' {
			return nil
		}
	}
	return []Problem{{"family", fmt.Sprintf("DBParameterGroupFamily %s cannot be found.", family)}}
}
