package sandbox

import (
	"strings"
	"testing"
)

const (
	tKafka           = "aws:msk/cluster:Cluster"
	tKafkaServerless = "aws:msk/serverlessCluster:ServerlessCluster"
	tKafkaConfig     = "aws:msk/configuration:Configuration"
	tKafkaSecrets    = "aws:msk/scramSecretAssociation:ScramSecretAssociation"
	tKafkaPolicy     = "aws:msk/clusterPolicy:ClusterPolicy"
)

func TestMSK(t *testing.T) {
	w := newWorld(t, "")
	vpc, subnets := w.subnets()
	sg := w.create(tGroup, "group", props{"vpcId": vpc, "description": "kafka"})
	key := w.create(tKey, "key", props{})
	config := w.create(tKafkaConfig, "config", props{"name": "shop", "serverProperties": "auto.create.topics.enable = false\n"})
	brokers := func(size int, change props) props {
		return with(props{"instanceType": "kafka.m7g.large", "clientSubnets": subnets, "securityGroups": []any{sg.id},
			"storageInfo": props{"ebsStorageInfo": props{"volumeSize": size}}}, change)
	}
	in := props{"clusterName": "shop", "kafkaVersion": "3.6.0", "numberOfBrokerNodes": 3, "brokerNodeGroupInfo": brokers(100, nil),
		"configurationInfo":    props{"arn": config.id, "revision": 1},
		"clientAuthentication": props{"sasl": props{"iam": true, "scram": true}},
		"encryptionInfo":       props{"encryptionAtRestKmsKeyArn": key.out("arn"), "encryptionInTransit": props{"clientBroker": "TLS"}}}
	cluster := w.create(tKafka, "shop", in)
	if iam := cluster.out("bootstrapBrokersSaslIam"); strings.Count(iam, ":9098") != 3 || !strings.HasPrefix(iam, "b-1.shop.") || cluster.out("bootstrapBrokersTls") != "" ||
		!strings.Contains(cluster.out("bootstrapBrokersSaslScram"), ":9096") || !strings.Contains(cluster.out("zookeeperConnectString"), ":2181") {
		t.Errorf("brokers are %v", cluster.outputs)
	}
	if cluster.id != cluster.out("arn") || !strings.HasPrefix(cluster.id, "arn:aws:kafka:us-east-1:123456789012:cluster/shop/") {
		t.Errorf("ID is %s", cluster.id)
	}
	modern := w.create(tKafka, "modern", with(in, props{"clusterName": "modern", "kafkaVersion": "4.0.x.kraft", "clientAuthentication": nil, "configurationInfo": nil, "encryptionInfo": nil}))
	if modern.out("zookeeperConnectString") != "" || !strings.Contains(modern.out("bootstrapBrokersTls"), ":9094") {
		t.Errorf("a cluster without ZooKeeper has %v", modern.outputs)
	}
	login := w.create(tSecret, "login", props{"name": "AmazonMSK_shop", "kmsKeyId": key.id, "recoveryWindowInDays": 0})
	plain := w.create(tSecret, "plain", props{"name": "AmazonMSK_plain", "recoveryWindowInDays": 0})
	other := w.create(tSecret, "other", props{"name": "shop", "kmsKeyId": key.id, "recoveryWindowInDays": 0})
	secrets := w.create(tKafkaSecrets, "secrets", props{"clusterArn": cluster.id, "secretArnLists": []any{login.id}})
	serverless := w.create(tKafkaServerless, "less", props{"clusterName": "less", "vpcConfigs": []any{props{"subnetIds": subnets, "securityGroupIds": []any{sg.id}}},
		"clientAuthentication": props{"sasl": props{"iam": props{"enabled": true}}}})
	policy := w.create(tKafkaPolicy, "policy", props{"clusterArn": serverless.id, "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"1"},"Action":"kafka:*","Resource":"*"}]}`})
	w.alters(t, map[string]alteration{
		"brokers":        {cluster, props{"numberOfBrokerNodes": 6}, "numberOfBrokerNodes", ""},
		"broker type":    {cluster, props{"brokerNodeGroupInfo": brokers(100, props{"instanceType": "kafka.m7g.xlarge"})}, "brokerNodeGroupInfo", ""},
		"subnets":        {cluster, props{"brokerNodeGroupInfo": brokers(100, props{"clientSubnets": subnets[:2]})}, "brokerNodeGroupInfo", "brokerNodeGroupInfo"},
		"newer version":  {cluster, props{"kafkaVersion": "3.8.x"}, "kafkaVersion", ""},
		"older version":  {cluster, props{"kafkaVersion": "3.5.1"}, "kafkaVersion", "kafkaVersion"},
		"key":            {cluster, props{"encryptionInfo": nil}, "encryptionInfo", "encryptionInfo"},
		"in transit":     {cluster, props{"encryptionInfo": with(in["encryptionInfo"].(props), props{"encryptionInTransit": props{"clientBroker": "TLS_PLAINTEXT"}})}, "encryptionInfo", ""},
		"authentication": {cluster, props{"clientAuthentication": props{"sasl": props{"iam": true}}}, "clientAuthentication", ""},
		"properties":     {config, props{"serverProperties": "a=b"}, "serverProperties", ""},
		"config's name":  {config, props{"name": "b"}, "name", "name"},
		"serverless":     {serverless, props{"clusterName": "b"}, "clusterName", "clusterName"},
	})
	wantError(t, w.update(cluster, with(in, props{"brokerNodeGroupInfo": brokers(50, nil)})), "volumes can only grow")
	if err := w.update(config, props{"name": "shop", "serverProperties": "a=b"}); err != nil || config.number("latestRevision") != 2 {
		t.Errorf("a changed configuration is at revision %v (%v)", config.number("latestRevision"), err)
	}
	fresh := with(in, props{"clusterName": "x"})
	w.refuses(t, map[string]refusal{
		"taken":          {tKafka, in, "ConflictException"},
		"uneven":         {tKafka, with(fresh, props{"numberOfBrokerNodes": 4}), "must be a multiple of Availability Zones"},
		"one subnet":     {tKafka, with(fresh, props{"brokerNodeGroupInfo": brokers(100, props{"clientSubnets": subnets[:1]})}), "Specify either two or three client subnets"},
		"public at once": {tKafka, with(fresh, props{"brokerNodeGroupInfo": brokers(100, props{"connectivityInfo": props{"publicAccess": props{"type": "SERVICE_PROVIDED_EIPS"}}})}), "Public access can't be turned on while a cluster is created"},
		"login in clear": {tKafka, with(fresh, props{"encryptionInfo": props{"encryptionInTransit": props{"clientBroker": "PLAINTEXT"}}}), "must allow TLS"},
		"revision":       {tKafka, with(fresh, props{"configurationInfo": props{"arn": config.id, "revision": 7}}), "The requested configuration revision does not exist: 7"},
		"broker type":    {tKafka, with(fresh, props{"brokerNodeGroupInfo": brokers(100, props{"instanceType": "m7g.large"})}), "a broker type is kafka.<family>.<size>"},
		"volume":         {tKafka, with(fresh, props{"brokerNodeGroupInfo": brokers(0, nil)}), "range 1 to 16384"},
		"properties":     {tKafkaConfig, props{"name": "x", "serverProperties": "a=b\noops"}, "line 2 of serverProperties is not key = value"},
		"secret's name":  {tKafkaSecrets, props{"clusterArn": cluster.id, "secretArnLists": []any{other.id}}, "must have the prefix AmazonMSK_"},
		"secret's key":   {tKafkaSecrets, props{"clusterArn": cluster.id, "secretArnLists": []any{plain.id}}, "encrypted with the default key"},
		"no SCRAM":       {tKafkaSecrets, props{"clusterArn": modern.id, "secretArnLists": []any{login.id}}, "SASL/SCRAM authentication isn't enabled"},
		"policy of none": {tKafkaPolicy, props{"clusterArn": "arn:none", "policy": keyPolicy}, "The requested cluster does not exist: arn:none"},
		"no IAM":         {tKafkaServerless, props{"clusterName": "x", "vpcConfigs": []any{props{"subnetIds": subnets}}, "clientAuthentication": props{"sasl": props{"iam": props{"enabled": false}}}}, "support IAM authentication only"},
	})
	wantError(t, w.delete(config), "Configuration is in use by one or more clusters")
	w.lives(t, sg, key, config, cluster, modern, login, plain, other, secrets, serverless, policy)
}
