package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func docdbFamily() *databaseFamily {
	return &databaseFamily{
		service: "docdb", label: "DocumentDB", zone: docdbZone,
		engines: map[string]engine{"docdb": {27017, "", "5.0.0", []string{"admin", "rdsadmin", "root", "serviceadmin"}}},
		replace: []string{"port"},
		checks: []Check{
			oneOf("storageType", "standard", "iopt1"), within("port", 1150, 65535), eachOf("enabledCloudwatchLogsExports", "audit", "profiler"),
			matching("masterUsername", `^[A-Za-z][0-9A-Za-z]{0,62}$`, "up to 63 letters and digits, first a letter"),
		},
	}
}

func docdbZone(region string) string {
	if id := map[string]string{"us-east-1": "ZNKXH85TT8WVW", "us-east-2": "ZNKXTT8WH85VW", "us-west-2": "ZNKXH859TT8WVW",
		"eu-west-1": "ZNKXH851TT8WVW", "eu-central-1": "ZNKXH85TT8WVC"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("docdb|"+region, 13))
}

// docdbSubnetGroup follows the rules of RDS's, with which it shares AWS's API.
func docdbSubnetGroup() *Kind {
	k := dbSubnetGroup()
	k.Type, k.Label = "aws:docdb/subnetGroup:SubnetGroup", "DocumentDB Subnet Group"
	k.Create = func(c *Call) (*Made, error) {
		if _, err := subnetGroupNetwork(c); err != nil {
			return nil, err
		}
		name := c.In.String("name")
		return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("rds", "subgrp:"+name)}}, nil
	}
	k.Update = func(c *Call, _ *store.Resource) (*Made, error) {
		_, err := subnetGroupNetwork(c)
		return nil, err
	}
	return k
}
