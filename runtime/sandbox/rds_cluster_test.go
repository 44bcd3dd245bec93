package sandbox

import (
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
)

const (
	tDBCluster       = "aws:rds/cluster:Cluster"
	tDBMember        = "aws:rds/clusterInstance:ClusterInstance"
	tDBClusterParams = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
	tDoc             = "aws:docdb/cluster:Cluster"
	tDocMember       = "aws:docdb/clusterInstance:ClusterInstance"
	tDocParams       = "aws:docdb/clusterParameterGroup:ClusterParameterGroup"
	tDocSubnets      = "aws:docdb/subnetGroup:SubnetGroup"
)

func aurora(change props) props {
	return with(props{"clusterIdentifier": "shop", "engine": "aurora-postgresql", "engineVersion": "16.4", "masterUsername": "owner",
		"manageMasterUserPassword": true, "databaseName": "shop", "skipFinalSnapshot": true,
		"serverlessv2ScalingConfiguration": props{"minCapacity": 0.5, "maxCapacity": 4.0}}, change)
}

func TestAurora(t *testing.T) {
	w := newWorld(t, "")
	_, subnets := w.subnets()
	group := w.create(tDBSubnets, "subnets", props{"name": "shop", "subnetIds": subnets})
	params := w.create(tDBClusterParams, "params", props{"name": "shop", "family": "aurora-postgresql16", "parameters": []any{props{"name": "rds.force_ssl", "value": "1"}}})
	in := aurora(props{"dbSubnetGroupName": "shop", "dbClusterParameterGroupName": "shop", "deletionProtection": true})
	cluster := w.create(tDBCluster, "cluster", in)
	if e, r := cluster.out("endpoint"), cluster.out("readerEndpoint"); !strings.HasPrefix(e, "shop.cluster-c") || !strings.HasPrefix(r, "shop.cluster-ro-c") ||
		!strings.HasSuffix(e, ".us-east-1.rds.amazonaws.com") || cluster.number("port") != 5432 {
		t.Errorf("endpoints are %s and %s, port %v", e, r, cluster.number("port"))
	}
	if h := w.health(cluster); h.Health != observe.Unhealthy {
		t.Errorf("a cluster without instances is %s", h.Health)
	}
	arn := cluster.outputs["masterUserSecrets"].ArrayValue()[0].ObjectValue()["secretArn"].StringValue()
	v, err := w.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", props{"secretId": arn})
	if err != nil || !strings.Contains(unwrap(v["secretString"]).StringValue(), `"username":"owner"`) {
		t.Errorf("the cluster's own secret cannot be read: %v", err)
	}
	writer := w.create(tDBMember, "writer", props{"clusterIdentifier": cluster.id, "identifier": "shop-1", "engine": "aurora-postgresql", "instanceClass": "db.serverless"})
	reader := w.create(tDBMember, "reader", props{"clusterIdentifier": cluster.id, "identifier": "shop-2", "engine": "aurora-postgresql", "instanceClass": "db.r6g.large"})
	if !writer.outputs["writer"].BoolValue() || reader.outputs["writer"].BoolValue() {
		t.Error("the first instance, and only that, is the writer")
	}
	w.alters(t, map[string]alteration{
		"version":          {cluster, with(in, props{"engineVersion": "16.6"}), "engineVersion", ""},
		"database":         {cluster, with(in, props{"databaseName": "other"}), "databaseName", "databaseName"},
		"encryption":       {cluster, with(in, props{"storageEncrypted": true}), "storageEncrypted", "storageEncrypted"},
		"member class":     {reader, props{"instanceClass": "db.r6g.xlarge"}, "instanceClass", ""},
		"member zone":      {reader, props{"availabilityZone": "us-east-1b"}, "availabilityZone", "availabilityZone"},
		"parameter family": {params, props{"family": "aurora-postgresql17"}, "family", "family"},
	})
	wantError(t, w.update(cluster, with(in, props{"engineVersion": "15.4"})), "Cannot upgrade aurora-postgresql from 16.4 to 15.4")
	wantError(t, w.update(cluster, with(in, props{"engineVersion": "17.4", "dbClusterParameterGroupName": nil})), "AllowMajorVersionUpgrade")
	wantError(t, w.delete(cluster), "InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
	wantError(t, w.delete(params), "InvalidDBParameterGroupState")
	wantError(t, w.delete(group), "at least one database instance: shop is still using it")
	w.refuses(t, map[string]refusal{
		"taken":              {tDBCluster, aurora(nil), "DBClusterAlreadyExistsFault: DB Cluster already exists"},
		"engine":             {tDBCluster, aurora(props{"engine": "oracle"}), "expected engine to be one of"},
		"two passwords":      {tDBCluster, aurora(props{"masterPassword": secret("long-enough")}), "masterPassword conflicts with manageMasterUserPassword"},
		"no user":            {tDBCluster, aurora(props{"clusterIdentifier": "x", "masterUsername": nil}), "MasterUsername must be provided"},
		"short password":     {tDBCluster, aurora(props{"clusterIdentifier": "x", "manageMasterUserPassword": nil, "masterPassword": secret("short")}), "shorter than 8"},
		"capacity":           {tDBCluster, aurora(props{"serverlessv2ScalingConfiguration": props{"minCapacity": 8.0, "maxCapacity": 4.0}}), "cannot be greater than"},
		"family":             {tDBCluster, aurora(props{"clusterIdentifier": "x", "engineVersion": "15.4", "dbClusterParameterGroupName": "shop"}), "Please use a Parameter Group with DBParameterGroupFamily aurora-postgresql15"},
		"no subnets":         {tDBCluster, aurora(props{"clusterIdentifier": "x", "dbSubnetGroupName": "none"}), "DBSubnetGroupNotFoundFault"},
		"storage of Aurora":  {tDBCluster, aurora(props{"clusterIdentifier": "x", "allocatedStorage": 100}), "cannot be given for engine aurora-postgresql"},
		"Multi-AZ class":     {tDBCluster, aurora(props{"clusterIdentifier": "x", "engine": "mysql", "engineVersion": nil}), "DbClusterInstanceClass must be provided"},
		"member of none":     {tDBMember, props{"clusterIdentifier": "none", "engine": "aurora-mysql", "instanceClass": "db.r6g.large"}, "DBClusterNotFoundFault"},
		"member's engine":    {tDBMember, props{"clusterIdentifier": "shop", "engine": "aurora-mysql", "instanceClass": "db.r6g.large"}, "doesn't match the engine name of your DB cluster"},
		"member's class":     {tDBMember, props{"clusterIdentifier": "shop", "engine": "aurora-postgresql", "instanceClass": "r6g.large"}, "db.<family>.<size>"},
		"member taken":       {tDBMember, props{"clusterIdentifier": "shop", "identifier": "shop-1", "engine": "aurora-postgresql", "instanceClass": "db.r6g.large"}, "DBInstanceAlreadyExists"},
		"no parameter group": {tDBClusterParams, props{"family": "oracle19"}, "DBParameterGroupFamily oracle19 cannot be found"},
	})
	in["deletionProtection"], in["skipFinalSnapshot"] = false, nil
	for _, th := range []*thing{reader, writer} {
		if err := w.delete(th); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, w.delete(cluster), "Cannot delete protected Cluster")
	if err := w.update(cluster, with(in, props{"skipFinalSnapshot": nil})); err != nil {
		t.Fatal(err)
	}
	wantError(t, w.delete(cluster), "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified")
	if err := w.update(cluster, with(in, props{"finalSnapshotIdentifier": "shop-last", "skipFinalSnapshot": nil})); err != nil {
		t.Fatal(err)
	}
	if err := w.delete(cluster); err != nil {
		t.Fatal(err)
	}
	if text := w.file(); !strings.Contains(text, `"cluster:shop-last": {`) || strings.Contains(text, "rds!cluster") {
		t.Error("a deleted cluster must leave its snapshot, and not its secret")
	}
	w.lives(t, group, params)
}

func TestServerlessMemberNeedsCapacity(t *testing.T) {
	w := newWorld(t, "")
	w.create(tDBCluster, "cluster", aurora(props{"serverlessv2ScalingConfiguration": nil}))
	_, err := w.tryCreate(tDBMember, "m", props{"clusterIdentifier": "shop", "engine": "aurora-postgresql", "instanceClass": "db.serverless"})
	wantError(t, err, "Set the Serverless v2 scaling configuration")
}

func TestReadReplica(t *testing.T) {
	w := newWorld(t, "")
	in := props{"identifier": "main", "engine": "postgres", "engineVersion": "16.3", "instanceClass": "db.t3.small", "allocatedStorage": 20,
		"username": "owner", "password": secret("long-enough"), "skipFinalSnapshot": true}
	main := w.create(tDB, "main", in)
	copied := props{"identifier": "copy", "replicateSourceDb": "main", "instanceClass": "db.t3.small", "skipFinalSnapshot": true}
	_, err := w.tryCreate(tDB, "copy", copied)
	wantError(t, err, "InvalidDBInstanceState: Automated backups are not enabled")
	if err := w.update(main, with(in, props{"backupRetentionPeriod": 7})); err != nil {
		t.Fatal(err)
	}
	w.refuses(t, map[string]refusal{
		"copy of none":   {tDB, with(copied, props{"replicateSourceDb": "none"}), "DBInstanceNotFound: DBInstance none not found."},
		"copy with user": {tDB, with(copied, props{"username": "other"}), "they cannot be given"},
	})
	replica := w.create(tDB, "copy", copied)
	if replica.out("engine") != "postgres" || replica.out("engineVersion") != "16.3" || !strings.HasSuffix(replica.out("endpoint"), ":5432") {
		t.Errorf("the replica has engine %s %s, endpoint %s", replica.out("engine"), replica.out("engineVersion"), replica.out("endpoint"))
	}
	w.lives(t, main, replica)
}

func TestDocumentDB(t *testing.T) {
	w := newWorld(t, "")
	_, subnets := w.subnets()
	group := w.create(tDocSubnets, "subnets", props{"name": "docs", "subnetIds": subnets})
	params := w.create(tDocParams, "params", props{"name": "docs", "family": "docdb5.0"})
	in := props{"clusterIdentifier": "docs", "engineVersion": "5.0.0", "masterUsername": "owner", "masterPassword": secret("long-enough"), "skipFinalSnapshot": true,
		"dbSubnetGroupName": "docs", "dbClusterParameterGroupName": "docs", "storageEncrypted": true}
	cluster := w.create(tDoc, "docs", in)
	if e := cluster.out("endpoint"); !strings.HasPrefix(e, "docs.cluster-c") || !strings.HasSuffix(e, ".us-east-1.docdb.amazonaws.com") || cluster.number("port") != 27017 {
		t.Errorf("endpoint is %s:%v", e, cluster.number("port"))
	}
	member := w.create(tDocMember, "docs-1", props{"clusterIdentifier": "docs", "identifier": "docs-1", "instanceClass": "db.r5.large"})
	w.alters(t, map[string]alteration{
		"port":      {cluster, with(in, props{"port": 27018}), "port", "port"},
		"password":  {cluster, with(in, props{"masterPassword": secret("other-password")}), "masterPassword", ""},
		"retention": {cluster, with(in, props{"backupRetentionPeriod": 7}), "backupRetentionPeriod", ""},
		"class":     {member, props{"instanceClass": "db.r5.xlarge"}, "instanceClass", ""},
		"member":    {member, props{"identifier": "other"}, "identifier", "identifier"},
	})
	w.refuses(t, map[string]refusal{
		"user":      {tDoc, with(in, props{"clusterIdentifier": "x", "masterUsername": "admin"}), "reserved word"},
		"retention": {tDoc, with(in, props{"clusterIdentifier": "x", "backupRetentionPeriod": 0}), "range 1 to 35"},
		"logs":      {tDoc, with(in, props{"enabledCloudwatchLogsExports": []any{"error"}}), "expected enabledCloudwatchLogsExports[0] to be one of audit, profiler"},
		"family":    {tDoc, with(in, props{"clusterIdentifier": "x", "engineVersion": "4.0.0"}), "Please use a Parameter Group with DBParameterGroupFamily docdb4.0"},
		"one zone":  {tDocSubnets, props{"name": "x", "subnetIds": subnets[:1]}, "DBSubnetGroupDoesNotCoverEnoughAZs"},
	})
	w.lives(t, group, params, cluster, member)
}
