package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	kafkaClusterType       = "aws:msk/cluster:Cluster"
	kafkaServerlessType    = "aws:msk/serverlessCluster:ServerlessCluster"
	kafkaConfigurationType = "aws:msk/configuration:Configuration"
	kafkaNames             = `^[0-9A-Za-z-]{1,64}$`
	kafkaNameIs            = "up to 64 letters, digits and hyphens"
)

func kafkaTaken(string) error {
	return errorf("ConflictException", "A resource with this name already exists.")
}

func kafkaCluster() *Kind {
	return &Kind{
		Type: kafkaClusterType, Label: "MSK Cluster", Random: true,
		Name: "clusterName", MaxName: 64,
		Conflict: kafkaTaken,
		Replace:  []string{"clusterName"},
		ReplaceIf: func(old, new store.Values) []string {
			var out []string
			if from, to := old.String("kafkaVersion"), new.String("kafkaVersion"); to != "" && compareVersions(to, from) < 0 {
				out = append(out, "kafkaVersion")
			}
			before, after := old.Object("brokerNodeGroupInfo"), new.Object("brokerNodeGroupInfo")
			if !sameTexts(before.Strings("clientSubnets"), after.Strings("clientSubnets")) || !sameTexts(before.Strings("securityGroups"), after.Strings("securityGroups")) ||
				before.String("azDistribution") != after.String("azDistribution") {
				out = append(out, "brokerNodeGroupInfo")
			}
			was, is := old.Object("encryptionInfo"), new.Object("encryptionInfo")
			if was.String("encryptionAtRestKmsKeyArn") != is.String("encryptionAtRestKmsKeyArn") || encryptsWithin(was) != encryptsWithin(is) {
				out = append(out, "encryptionInfo")
			}
			return out
		},
		Checks: []Check{
			matching("clusterName", kafkaNames, kafkaNameIs), within("numberOfBrokerNodes", 1, 180), oneOf("storageMode", "LOCAL", "TIERED"),
			oneOf("enhancedMonitoring", "DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
			matching("brokerNodeGroupInfo.instanceType", `^(kafka|express)\.[0-9a-z]+\.[0-9a-z]+$`, "a broker type is kafka.<family>.<size> or express.<family>.<size>"),
			within("brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize", 1, 16384), oneOf("brokerNodeGroupInfo.azDistribution", "DEFAULT"),
			oneOf("brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "DISABLED", "SERVICE_PROVIDED_EIPS"),
			oneOf("encryptionInfo.encryptionInTransit.clientBroker", "TLS", "TLS_PLAINTEXT", "PLAINTEXT"),
			matching("kafkaVersion", `^\d+\.(\d+|x)(\.\d+|\.x)?(\.tiered|\.kraft)?$`, "must be a version of Kafka, such as 3.8.x"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"enhancedMonitoring": "DEFAULT", "storageMode": "LOCAL"}
			if !c.In.Has("encryptionInfo") {
				out["encryptionInfo"] = map[string]any{"encryptionAtRestKmsKeyArn": c.ARN("kms", "key/"+c.regionKey("kafka")),
					"encryptionInTransit": map[string]any{"clientBroker": "TLS", "inCluster": true}}
			}
			return out
		},
		Refs: []Ref{
			{Path: "brokerNodeGroupInfo.clientSubnets[]", To: subnetType, Missing: missing("BadRequestException", "One or more subnets are invalid: %s")},
			{Path: "brokerNodeGroupInfo.securityGroups[]", To: securityGroupType, Missing: missing("BadRequestException", "One or more security groups are invalid: %s")},
			{Path: "configurationInfo.arn", To: kafkaConfigurationType, Missing: missing("NotFoundException", "The requested configuration does not exist: %s")},
			{Path: "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", To: logGroupType, Loose: true,
				Missing: missing("BadRequestException", "The specified CloudWatch Logs log group does not exist: %s")},
			keyRef("encryptionInfo.encryptionAtRestKmsKeyArn"),
		},
		Create: func(c *Call) (*Made, error) {
			if err := kafkaFits(c, nil); err != nil {
				return nil, err
			}
			uuid := c.UUID("cluster") + "-2"
			arn := c.ARN("kafka", "cluster/"+c.In.String("clusterName")+"/"+uuid)
			out := c.kafkaOutputs(arn)
			out["arn"], out["clusterUuid"], out["currentVersion"] = arn, uuid, "K"+c.Upper("version", 13)
			return &Made{ID: arn, Outputs: out}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			if err := kafkaFits(c, prior); err != nil {
				return nil, err
			}
			out := c.kafkaOutputs(prior.ID)
			out["currentVersion"] = "K" + spell(prior.Outputs.String("currentVersion"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 13)
			return &Made{Outputs: out}, nil
		},
		Detail: func(_ *Call, r *store.Resource) string {
			return fmt.Sprintf("active, %d brokers", r.Inputs.Int("numberOfBrokerNodes"))
		},
		Usual: Usual{1500, 1200, 300},
	}
}

func sameTexts(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// encryptsWithin tells whether brokers encrypt what they tell one another; they do unless told not to.
func encryptsWithin(encryption store.Values) bool {
	transit := encryption.Object("encryptionInTransit")
	return !transit.Has("inCluster") || transit.Bool("inCluster")
}

// kafkaFits demands brokers spread evenly over zones, and a way in that encryption allows.
func kafkaFits(c *Call, prior *store.Resource) error {
	group := c.In.Object("brokerNodeGroupInfo")
	subnets := c.subnetsOf(group.Strings("clientSubnets"))
	zones, brokers := zonesOf(subnets), c.In.Int("numberOfBrokerNodes")
	bad := func(format string, args ...any) error { return errorf("BadRequestException", format, args...) }
	switch {
	case len(subnets) < 2 || len(subnets) > 3:
		return bad("Specify either two or three client subnets.")
	case len(zones) != len(subnets):
		return bad("Each client subnet must be in a different Availability Zone.")
	case brokers%len(subnets) != 0:
		return bad("The number of broker nodes must be a multiple of Availability Zones in the Client Subnets parameter.")
	case strings.HasPrefix(group.String("instanceType"), "express.") && group.Has("storageInfo"):
		return bad("Express brokers do not take storage settings.")
	case prior == nil && group.Object("connectivityInfo").Object("publicAccess").String("type") == "SERVICE_PROVIDED_EIPS":
		return bad("Public access can't be turned on while a cluster is created, only after.")
	}
	if prior != nil {
		was := prior.Inputs.Object("brokerNodeGroupInfo").Object("storageInfo").Object("ebsStorageInfo").Int("volumeSize")
		if now := group.Object("storageInfo").Object("ebsStorageInfo").Int("volumeSize"); now < was {
			return bad("The requested volume size of %d GiB is less than the current %d GiB: volumes can only grow.", now, was)
		}
	}
	if auth := c.In.Object("clientAuthentication"); c.clientBroker() == "PLAINTEXT" && (auth.Object("sasl").Bool("iam") || auth.Object("sasl").Bool("scram") || auth.Has("tls")) {
		return bad("To use client authentication, encryption in transit between clients and brokers must allow TLS.")
	}
	info := c.In.Object("configurationInfo")
	if r := c.Find(kafkaConfigurationType, info.String("arn")); r != nil && info.Int("revision") > r.Outputs.Int("latestRevision") {
		return errorf("NotFoundException", "The requested configuration revision does not exist: %d", info.Int("revision"))
	}
	return nil
}

func (c *Call) clientBroker() string {
	if s := c.In.Object("encryptionInfo").Object("encryptionInTransit").String("clientBroker"); s != "" {
		return s
	}
	return "TLS"
}

// kafkaOutputs are the addresses that each way in has.
func (c *Call) kafkaOutputs(arn string) store.Values {
	name, hash := c.In.String("clusterName"), digest(arn, 6)
	if name == "" {
		name = strings.Split(arn, "/")[1]
	}
	addresses := func(prefix, suffix string, count, port int) string {
		var list []string
		for i := range count {
			list = append(list, fmt.Sprintf("%s-%d%s.%s.%s.c2.kafka.%s.amazonaws.com:%d", prefix, i+1, suffix, strings.ReplaceAll(strings.ToLower(name), "_", ""), hash, c.Region, port))
		}
		return strings.Join(list, ",")
	}
	brokers := min(3, c.In.Int("numberOfBrokerNodes"))
	auth, mode := c.In.Object("clientAuthentication"), c.clientBroker()
	sasl := auth.Object("sasl")
	open := len(auth) == 0 || auth.Bool("unauthenticated") || (!sasl.Bool("iam") && !sasl.Bool("scram") && !auth.Has("tls"))
	out := store.Values{}
	for key, way := range map[string]struct {
		has    bool
		port   int
		public string
	}{
		"bootstrapBrokers":          {open && mode != "TLS", 9092, ""},
		"bootstrapBrokersTls":       {(open || auth.Has("tls")) && mode != "PLAINTEXT", 9094, "bootstrapBrokersPublicTls"},
		"bootstrapBrokersSaslScram": {sasl.Bool("scram"), 9096, "bootstrapBrokersPublicSaslScram"},
		"bootstrapBrokersSaslIam":   {sasl.Bool("iam"), 9098, "bootstrapBrokersPublicSaslIam"},
	} {
		out[key] = ""
		if way.has {
			out[key] = addresses("b", "", brokers, way.port)
		}
		public := c.In.Object("brokerNodeGroupInfo").Object("connectivityInfo").Object("publicAccess").String("type") == "SERVICE_PROVIDED_EIPS"
		if way.public != "" {
			out[way.public] = ""
			if way.has && public {
				out[way.public] = addresses("b", "-public", brokers, way.port+100)
			}
		}
	}
	// Since version 4, and with .kraft, Kafka keeps no ZooKeeper.
	if version := c.In.String("kafkaVersion"); !strings.HasSuffix(version, ".kraft") && compareVersions(version, "4.0") < 0 {
		out["zookeeperConnectString"], out["zookeeperConnectStringTls"] = addresses("z", "", 3, 2181), addresses("z", "", 3, 2182)
	}
	return out
}
