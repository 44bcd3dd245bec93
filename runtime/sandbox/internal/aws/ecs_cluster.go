package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const clusterType = "aws:ecs/cluster:Cluster"

func ecsCluster() *Kind {
	return &Kind{
		Type: clusterType, Label: "ECS Cluster", Idempotent: true,
		Name: "name", MaxName: 255,
		Replace: []string{"name"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_-]{1,255}$`, "only letters, digits, hyphens and underscores, up to 255"),
			eachObject("settings", oneOf("name", "containerInsights"), oneOf("value", "enabled", "disabled", "enhanced")),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"settings": []map[string]any{{"name": "containerInsights", "value": "disabled"}}}
		},
		Create: func(c *Call) (*Made, error) {
			arn := c.ARN("ecs", "cluster/"+c.In.String("name"))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn}}, nil
		},
		InUse: func(_, _ *store.Resource) error {
			return errorf("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
		},
		Usual: Usual{10, 5, 10},
	}
}

// clusterName gives the name in a cluster's name or ARN; none means the cluster "default".
func clusterName(nameOrARN string) string {
	if nameOrARN == "" {
		return "default"
	}
	return nameOrARN[strings.LastIndex(nameOrARN, "/")+1:]
}
