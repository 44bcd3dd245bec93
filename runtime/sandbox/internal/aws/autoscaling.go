package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	scalableTargetType = "aws:appautoscaling/target:Target"
	scalingPolicyType  = "aws:appautoscaling/policy:Policy"
)

var scalingIdentity = []string{"resourceId", "scalableDimension", "serviceNamespace"}

func scalableTarget() *Kind {
	return &Kind{
		Type: scalableTargetType, Label: "Application AutoScaling Target", Regional: true, Idempotent: true,
		Replace: scalingIdentity,
		Checks:  []Check{within("minCapacity", 0, 1e9), within("maxCapacity", 0, 1e9), checkNamespace, checkDimension},
		Defaults: func(c *Call) store.Values {
			service, suffix := c.In.String("serviceNamespace"), scalingRole(c.In.String("serviceNamespace"))
			return store.Values{"roleArn": c.GlobalARN("iam", fmt.Sprintf("role/aws-service-role/%s.application-autoscaling.amazonaws.com/"+
				"AWSServiceRoleForApplicationAutoScaling_%s", service, suffix))}
		},
		Create: func(c *Call) (*Made, error) {
			if err := targetExists(c); err != nil {
				return nil, err
			}
			id := c.In.String("resourceId")
			hash := digest(fmt.Sprint(c.Tx.Document().Seed, c.Region, id, c.In.String("scalableDimension")), 28)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("application-autoscaling", "scalable-target/"+hash)}}, nil
		},
		// A resource may be a target in several dimensions.
		Key: func(id string, outputs store.Values) string {
			parts := strings.Split(outputs.String("arn"), ":")
			if len(parts) < 6 {
				return id
			}
			return id + "/" + strings.TrimPrefix(parts[5], "scalable-target/")
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, targetExists(c) },
		// Deregistering a target deletes its policies and scheduled actions.
		Delete: func(c *Call, r *store.Resource) error {
			for _, p := range slices.Concat(c.all(scalingPolicyType), c.all(scheduledActionType)) {
				if p.Inputs.String("resourceId") == r.ID && p.Inputs.String("scalableDimension") == r.Inputs.String("scalableDimension") {
					c.Tx.Remove(p)
				}
			}
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkNamespace(in store.Values) []Problem {
	dimension := in.String("scalableDimension")
	if ns := in.String("serviceNamespace"); ns != "" && dimension != "" && !strings.HasPrefix(dimension, ns+":") {
		return []Problem{{"scalableDimension", fmt.Sprintf("scalable dimension %s does not belong to service namespace %s", dimension, ns)}}
	}
	return nil
}

// checkDimension demands a dimension that the service has; those of services that the sandbox does not know pass.
func checkDimension(in store.Values) []Problem {
	dimensions := map[string][]string{
		"ecs": {"ecs:service:DesiredCount"},
		"dynamodb": {"dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits", "dynamodb:index:ReadCapacityUnits",
			"dynamodb:index:WriteCapacityUnits"},
		"rds":         {"rds:cluster:ReadReplicaCount"},
		"elasticache": {"elasticache:replication-group:NodeGroups", "elasticache:replication-group:Replicas", "elasticache:cache-cluster:Nodes"},
		"kafka":       {"kafka:broker-storage:VolumeSize"},
		"lambda":      {"lambda:function:ProvisionedConcurrency"},
	}[in.String("serviceNamespace")]
	if dimensions == nil {
		return nil
	}
	return oneOf("scalableDimension", dimensions...)(in)
}

func targetExists(c *Call) error {
	if c.In.Int("minCapacity") > c.In.Int("maxCapacity") {
		return errorf("ValidationException", "Maximum capacity cannot be less than minimum capacity")
	}
	id := c.In.String("resourceId")
	switch c.In.String("serviceNamespace") {
	case "ecs":
		if c.Find(serviceType, c.ARN("ecs", id)) == nil {
			return errorf("ValidationException", "ECS service doesn't exist: %s", id)
		}
	case "dynamodb":
		if !c.tableOrIndexExists(id) {
			return errorf("ValidationException", "DynamoDB table does not exist: %s", id)
		}
	}
	return nil
}

// scalingRole is how the role that AWS keeps for scaling a service's resources ends.
func scalingRole(service string) string {
	if name := map[string]string{"ecs": "ECSService", "dynamodb": "DynamoDBTable", "rds": "RDSCluster", "elasticache": "ElastiCacheRG",
		"kafka": "KafkaCluster", "lambda": "LambdaConcurrency", "ec2": "EC2SpotFleetRequest"}[service]; name != "" {
		return name
	}
	return "CustomResource"
}

// scalableTarget gives the registered target of a resource and dimension, or nil.
func (c *Call) scalableTarget(id, dimension string) *store.Resource {
	for _, r := range c.all(scalableTargetType) {
		if r.ID == id && r.Inputs.String("scalableDimension") == dimension {
			return r
		}
	}
	return nil
}

func scalingPolicy() *Kind {
	return &Kind{
		Type: scalingPolicyType, Label: "Application AutoScaling Policy", Idempotent: true,
		Name: "name", MaxName: 256,
		Replace: append([]string{"name"}, scalingIdentity...),
		Checks: []Check{
			oneOf("policyType", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"),
			checkNamespace, checkPolicyConfiguration,
		},
		Defaults: func(*Call) store.Values { return store.Values{"policyType": "StepScaling"} },
		Create: func(c *Call) (*Made, error) {
			id := c.In.String("resourceId")
			if c.scalableTarget(id, c.In.String("scalableDimension")) == nil {
				return nil, errorf("ObjectNotFoundException", "No scalable target registered for service namespace: %s, resource ID: "+
					"%s, scalable dimension: %s", c.In.String("serviceNamespace"), id, c.In.String("scalableDimension"))
			}
			name := c.In.String("name")
			arn := c.ARN("autoscaling", fmt.Sprintf("scalingPolicy:%s:resource/%s/%s:policyName/%s",
				c.UUID("policy"), c.In.String("serviceNamespace"), id, name))
			return &Made{ID: name, Outputs: store.Values{"arn": arn, "alarmArns": []any{}}, Derived: store.Values{"resourceId": id}}, nil
		},
		// Policies of different targets may share a name.
		Key: func(id string, outputs store.Values) string {
			_, rest, ok := strings.Cut(outputs.String("arn"), ":resource/")
			if !ok {
				return id
			}
			region := strings.Split(outputs.String("arn"), ":")[3]
			return region + "/" + strings.Replace(rest, ":policyName/", "/", 1)
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkPolicyConfiguration(in store.Values) []Problem {
	if in.String("policyType") == "TargetTrackingScaling" && !in.Has("targetTrackingScalingPolicyConfiguration") {
		return []Problem{{"targetTrackingScalingPolicyConfiguration", "targetTrackingScalingPolicyConfiguration is required when policyType is TargetTrackingScaling"}}
	}
	tracking := in.Object("targetTrackingScalingPolicyConfiguration")
	if tracking == nil {
		return nil
	}
	const predefined = "predefinedMetricSpecification.predefinedMetricType"
	return oneOf(predefined, "ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget",
		"DynamoDBReadCapacityUtilization", "DynamoDBWriteCapacityUtilization", "RDSReaderAverageCPUUtilization", "RDSReaderAverageDatabaseConnections",
		"ElastiCachePrimaryEngineCPUUtilization", "ElastiCacheReplicaEngineCPUUtilization", "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
		"KafkaBrokerStorageUtilization", "LambdaProvisionedConcurrencyUtilization", "EC2SpotFleetRequestAverageCPUUtilization")(tracking)
}
