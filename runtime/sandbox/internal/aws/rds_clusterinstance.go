package aws

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func (f *databaseFamily) instance() *Kind {
	replace := []string{"availabilityZone", "clusterIdentifier", "engine", "identifier", "identifierPrefix"}
	if f.service == "rds" {
		replace = append(replace, "customIamInstanceProfile", "dbSubnetGroupName")
	}
	return &Kind{
		Type: f.instanceType(), Label: f.label + " Cluster Instance", Regional: true,
		Name: "identifier", MaxName: 63,
		Conflict: func(string) error { return errorf("DBInstanceAlreadyExists", "DB instance already exists") },
		Replace:  replace,
		Checks: []Check{
			matching("identifier", identifierForm, "up to 63 lower-case letters, digits and single hyphens, first a letter"),
			matching("instanceClass", `^db\.(serverless|[a-z0-9-]+\.[0-9a-z-]+)$`, "a DB instance class is db.<family>.<size> or db.serverless"),
			oneOf("engine", f.engineNames()...), within("promotionTier", 0, 15), weeklyWindow("preferredMaintenanceWindow"),
			atMostOne("identifier", "identifierPrefix"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"autoMinorVersionUpgrade": true, "promotionTier": 0, "copyTagsToSnapshot": false, "availabilityZone": Zones(c.Region)[0],
				"caCertIdentifier": "rds-ca-rsa2048-g1", "preferredMaintenanceWindow": "sun:06:00-sun:06:30"}
			if name, _ := f.engineOf(c.In); name != "" {
				out["engine"] = name
			}
			return out
		},
		Refs: []Ref{{Path: "clusterIdentifier", To: f.clusterType(), Missing: missing("DBClusterNotFoundFault", "DBCluster not found: %s")}},
		Create: func(c *Call) (*Made, error) {
			cluster := c.Find(f.clusterType(), c.In.String("clusterIdentifier"))
			if err := f.instanceFits(c, cluster); err != nil {
				return nil, err
			}
			id := c.In.String("identifier")
			all := cluster.Outputs.Over(cluster.Inputs)
			out := store.Values{"arn": c.ARN("rds", "db:"+id), "dbiResourceId": "db-" + c.Upper("db", 26),
				"endpoint": f.address(c, id, ""), "port": all.Int("port"), "writer": len(f.members(c, cluster.ID)) == 0, "storageEncrypted": all.Bool("storageEncrypted"),
				"kmsKeyId": all.String("kmsKeyId"), "dbSubnetGroupName": all.String("dbSubnetGroupName"), "engineVersion": all.String("engineVersion")}
			if f.service == "rds" {
				out["engineVersionActual"], out["networkType"] = all.String("engineVersionActual"), all.String("networkType")
			}
			return &Made{ID: id, Outputs: out}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return nil, f.instanceFits(c, c.Find(f.clusterType(), c.In.String("clusterIdentifier")))
		},
		Detail: func(*Call, *store.Resource) string { return "available" },
		Usual:  Usual{420, 240, 240},
	}
}

// instanceFits demands that an instance suits its cluster.
func (f *databaseFamily) instanceFits(c *Call, cluster *store.Resource) error {
	mine, _ := f.engineOf(c.In)
	if theirs := cluster.Property("engine"); mine != theirs {
		return errorf("InvalidParameterCombination", "The engine name requested for your DB instance (%s) doesn't match the engine name of your DB cluster (%s).", mine, theirs)
	}
	if cluster.Inputs.Has("dbClusterInstanceClass") {
		return errorf("InvalidDBClusterStateFault", "DB instances cannot be added to the Multi-AZ DB cluster %s.", cluster.ID)
	}
	if c.In.String("instanceClass") == "db.serverless" && !cluster.Inputs.Has("serverlessv2ScalingConfiguration") {
		return errorf("InvalidParameterCombination", "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.")
	}
	if slices.ContainsFunc(c.all(instanceType), func(r *store.Resource) bool { return r.Property("identifier") == c.In.String("identifier") }) {
		return errorf("DBInstanceAlreadyExists", "DB instance already exists")
	}
	return nil
}

func (f *databaseFamily) parameters() *Kind {
	return &Kind{
		Type: f.parametersType(), Label: f.label + " Cluster Parameter Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("DBParameterGroupAlreadyExists", "Parameter group %s already exists", name)
		},
		Replace: []string{"name", "namePrefix", "family", "description"},
		Sets:    []string{"parameters"},
		Checks: []Check{
			matching("name", `^[a-z](-?[0-9a-z])*$`, "lower-case letters, digits and single hyphens, first a letter"),
			eachObject("parameters", oneOf("applyMethod", "immediate", "pending-reboot")), f.checkFamily,
		},
		Defaults: func(*Call) store.Values { return store.Values{"description": "Managed by Pulumi"} },
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("rds", "cluster-pg:"+name)}}, nil
		},
		InUse: func(r, _ *store.Resource) error {
			return errorf("InvalidDBParameterGroupState", "One or more database clusters are still members of this parameter group %s, so the group cannot be deleted", r.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

func (f *databaseFamily) checkFamily(in store.Values) []Problem {
	family, ok := at(in, "family").(string)
	if !ok {
		return nil
	}
	for _, name := range f.engineNames() {
		if len(family) > len(name) && family[:len(name)] == name && family[len(name)] >= '0' && family[len(name)] <= '9' {
			return nil
		}
	}
	return []Problem{{"family", "DBParameterGroupFamily " + family + " cannot be found."}}
}
