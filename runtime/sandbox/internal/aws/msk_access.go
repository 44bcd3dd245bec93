package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func kafkaServerless() *Kind {
	return &Kind{
		Type: kafkaServerlessType, Label: "MSK Serverless Cluster", Random: true,
		Name: "clusterName", MaxName: 64,
		Conflict: kafkaTaken,
		Replace:  []string{"clusterName", "clientAuthentication", "vpcConfigs"},
		Sets:     []string{"vpcConfigs"},
		Checks:   []Check{matching("clusterName", kafkaNames, kafkaNameIs), countWithin("vpcConfigs", 1, 5), eachObject("vpcConfigs", countWithin("securityGroupIds", 1, 5))},
		Refs: []Ref{
			{Path: "vpcConfigs[].subnetIds[]", To: subnetType, Missing: missing("BadRequestException", "One or more subnets are invalid: %s")},
			{Path: "vpcConfigs[].securityGroupIds[]", To: securityGroupType, Missing: missing("BadRequestException", "One or more security groups are invalid: %s")},
		},
		Create: func(c *Call) (*Made, error) {
			if !c.In.Object("clientAuthentication").Object("sasl").Object("iam").Bool("enabled") {
				return nil, errorf("BadRequestException", "Serverless clusters support IAM authentication only: it must be enabled.")
			}
			for _, config := range c.In.Objects("vpcConfigs") {
				if len(zonesOf(c.subnetsOf(config.Strings("subnetIds")))) < 2 {
					return nil, errorf("BadRequestException", "A serverless cluster needs subnets in at least two Availability Zones.")
				}
			}
			uuid := c.UUID("cluster") + "-s1"
			arn := c.ARN("kafka", "cluster/"+c.In.String("clusterName")+"/"+uuid)
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "clusterUuid": uuid,
				"bootstrapBrokersSaslIam": fmt.Sprintf("boot-%s.c1.kafka-serverless.%s.amazonaws.com:9098", digest(arn, 8), c.Region)}}, nil
		},
		Detail: func(*Call, *store.Resource) string { return "active" },
		Usual:  Usual{240, 5, 180},
	}
}

func kafkaConfiguration() *Kind {
	return &Kind{
		Type: kafkaConfigurationType, Label: "MSK Configuration", Random: true,
		Name: "name", MaxName: 255,
		Conflict: kafkaTaken,
		Replace:  []string{"name", "kafkaVersions"},
		Checks:   []Check{matching("name", `^[0-9A-Za-z][0-9A-Za-z-]{0,254}$`, "letters, digits and hyphens, first a letter or digit"), checkServerProperties},
		Create: func(c *Call) (*Made, error) {
			arn := c.ARN("kafka", "configuration/"+c.In.String("name")+"/"+c.UUID("configuration")+"-2")
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "latestRevision": 1}}, nil
		},
		Update: func(_ *Call, prior *store.Resource) (*Made, error) {
			return &Made{Outputs: store.Values{"latestRevision": prior.Outputs.Int("latestRevision") + 1}}, nil
		},
		InUse: func(*store.Resource, *store.Resource) error {
			return errorf("BadRequestException", "Configuration is in use by one or more clusters. Dissociate the configuration from the clusters.")
		},
		Usual: Usual{2, 2, 2},
	}
}

// checkServerProperties demands lines of the form key=value.
func checkServerProperties(in store.Values) []Problem {
	text, ok := at(in, "serverProperties").(string)
	if !ok {
		return nil
	}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if key, _, found := strings.Cut(line, "="); line != "" && line[0] != '#' && (!found || strings.TrimSpace(key) == "") {
			return []Problem{{"serverProperties", fmt.Sprintf("line %d of serverProperties is not key = value: %q", i+1, line)}}
		}
	}
	return nil
}

// kafkaNotFound is the error for what is put on a cluster that does not exist.
func kafkaNotFound(arn string) error {
	return errorf("NotFoundException", "The requested cluster does not exist: %s", arn)
}

func kafkaSecrets() *Kind {
	return &Kind{
		Type: "aws:msk/scramSecretAssociation:ScramSecretAssociation", Label: "MSK SCRAM Secret Association", Idempotent: true,
		Replace: []string{"clusterArn"},
		Checks:  []Check{countWithin("secretArnLists", 1, 1000)},
		Refs:    []Ref{{Path: "clusterArn", To: kafkaClusterType, Owned: true, Missing: kafkaNotFound}},
		Create:  func(c *Call) (*Made, error) { return &Made{ID: c.In.String("clusterArn")}, scramFits(c) },
		Update:  func(c *Call, _ *store.Resource) (*Made, error) { return nil, scramFits(c) },
		Usual:   Usual{5, 5, 5},
	}
}

// scramFits demands secrets that MSK takes: named for it, and encrypted with a key that MSK may be let use.
func scramFits(c *Call) error {
	cluster := c.Find(kafkaClusterType, c.In.String("clusterArn"))
	if !cluster.Inputs.Object("clientAuthentication").Object("sasl").Bool("scram") {
		return errorf("BadRequestException", "The request is not supported: SASL/SCRAM authentication isn't enabled on the cluster.")
	}
	for _, arn := range c.In.Strings("secretArnLists") {
		secret, name := c.secretByID(arn)
		if secret == nil {
			return errorf("BadRequestException", "The provided secret ARN is invalid: %s", arn)
		}
		if !strings.HasPrefix(name, "AmazonMSK_") {
			return errorf("BadRequestException", "The provided secret's name must have the prefix AmazonMSK_: %s", name)
		}
		if r := c.Find(managedSecretType, secret.Owner); r != nil && (!r.Inputs.Has("kmsKeyId") || strings.Contains(r.Inputs.String("kmsKeyId"), "alias/aws/")) {
			return errorf("BadRequestException", "The provided secret is encrypted with the default key. You can't use this secret with Amazon MSK.")
		}
	}
	return nil
}

func kafkaPolicy() *Kind {
	exists := func(c *Call, arn string) error {
		if c.Find(kafkaClusterType, arn) == nil && c.Find(kafkaServerlessType, arn) == nil {
			return kafkaNotFound(arn)
		}
		return nil
	}
	return &Kind{
		Type: "aws:msk/clusterPolicy:ClusterPolicy", Label: "MSK Cluster Policy", Idempotent: true,
		Replace: []string{"clusterArn"},
		JSON:    []string{"policy"},
		Checks:  []Check{checkPolicy("policy")},
		Refs: []Ref{
			{Path: "clusterArn", To: kafkaClusterType, Owned: true, Check: exists},
			{Path: "clusterArn", To: kafkaServerlessType, Owned: true, Check: exists},
		},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.In.String("clusterArn"), Outputs: store.Values{"currentVersion": "K" + c.Upper("policy", 13)}}, nil
		},
		Usual: Usual{2, 2, 2},
	}
}
