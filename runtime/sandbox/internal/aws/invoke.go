package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
	"regexp"
)

// Answer is the result of a function. Secret names the results that are secret.
type Answer struct {
	Values store.Values
	Secret []string
}

// Function answers a call; its arguments are c.In.
type Function func(c *Call) (*Answer, error)

// Functions are the simulated functions by token.
func Functions() map[string]Function {
	return map[string]Function{
		"aws:acm/getCertificate:getCertificate":                            getCertificate,
		"aws:route53/getZone:getZone":                                      getZone,
		"aws:ec2/getPrefixList:getPrefixList":                              getPrefixList,
		"aws:ec2/getManagedPrefixList:getManagedPrefixList":                getManagedPrefixList,
		"aws:cloudfront/getCachePolicy:getCachePolicy":                     getEdgePolicy(cachePolicyType, "cache-policy", true),
		"aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy":     getEdgePolicy(originPolicyType, "origin-request-policy", false),
		"aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": getEdgePolicy(headersPolicyType, "response-headers-policy", false),
		"aws:ec2/getVpc:getVpc":                                            getVpc,
		"aws:ec2/getSubnet:getSubnet":                                      getSubnet,
		"aws:ec2/getSubnets:getSubnets":                                    getSubnets,
		"aws:eks/getClusters:getClusters":                                  getClusters,
		"aws:eks/getNodeGroups:getNodeGroups":                              getNodeGroups,
		"aws:eks/getNodeGroup:getNodeGroup":                                getNodeGroup,
		"aws:ecs/getCluster:getCluster":                                    getCluster,
		"aws:index/getAvailabilityZones:getAvailabilityZones":              getAvailabilityZones,
		"aws:index/getCallerIdentity:getCallerIdentity":                    getCallerIdentity,
		"aws:index/getPartition:getPartition":                              getPartition,
		"aws:index/getRegion:getRegion":                                    getRegion,
		"aws:secretsmanager/getSecret:getSecret":                           getSecret,
		"aws:secretsmanager/getSecretVersion:getSecretVersion":             getSecretVersion,
		"aws:ssm/getParameter:getParameter":                                getParameter,
		"aws:ec2/getAmi:getAmi":                                            getAmi,
	}
}

func answer(v store.Values) (*Answer, error) { return &Answer{Values: v}, nil }

func getAvailabilityZones(c *Call) (*Answer, error) {
	var ids []string
	for _, z := range Zones(c.Region) {
		ids = append(ids, zoneID(z, c.Region))
	}
	return answer(store.Values{"id": c.Region, "names": Zones(c.Region), "zoneIds": ids, "groupNames": []string{c.Region},
		"state": c.In["state"]})
}

func getCallerIdentity(c *Call) (*Answer, error) {
	return answer(store.Values{"id": c.Account, "accountId": c.Account, "userId": "AIDASANDBOXUSER000001",
		"arn": c.GlobalARN("iam", "user/sandbox")})
}

func getPartition(*Call) (*Answer, error) {
	return answer(store.Values{"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"})
}

func getRegion(c *Call) (*Answer, error) {
	return answer(store.Values{"id": c.Region, "name": c.Region, "description": c.Region, "endpoint": "ec2." + c.Region + ".amazonaws.com"})
}

func getCluster(c *Call) (*Answer, error) {
	r := c.Find(clusterType, c.In.String("clusterName"))
	if r == nil {
		return nil, errorf("ClusterNotFoundException", "reading ECS Cluster (%s): Cluster not found.", c.In.String("clusterName"))
	}
	return answer(store.Values{"id": r.ID, "arn": r.ID, "clusterName": r.Property("name"), "status": "ACTIVE", "pendingTasksCount": 0,
		"registeredContainerInstancesCount": 0, "runningTasksCount": 0, "tags": r.Inputs.Object("tags")})
}

func getSecret(c *Call) (*Answer, error) {
	id := c.In.String("name") + c.In.String("arn")
	s, name := c.secretByID(id)
	if s == nil {
		return nil, secretMissing(id)
	}
	created := s.CreatedAt.UTC().Format("2006-01-02T15:04:05Z")
	arn := c.secretARN(name)
	return answer(store.Values{"id": arn, "arn": arn, "name": name, "description": "", "kmsKeyId": "", "policy": "",
		"createdDate": created, "lastChangedDate": created, "tags": map[string]any{}})
}

func getSecretVersion(c *Call) (*Answer, error) {
	id := c.In.String("secretId")
	s, name := c.secretByID(id)
	stage := c.In.String("versionStage")
	if stage == "" {
		stage = "AWSCURRENT"
	}
	if s == nil || s.VersionID == "" || stage != "AWSCURRENT" || (c.In.Has("versionId") && c.In.String("versionId") != s.VersionID) {
		return nil, secretMissing(id)
	}
	return &Answer{Secret: []string{"secretString", "secretBinary"}, Values: store.Values{
		"id": id + "|" + stage, "arn": c.secretARN(name), "secretId": id, "secretString": s.Value, "secretBinary": "",
		"versionId": s.VersionID, "versionStage": stage, "versionStages": []string{"AWSCURRENT"},
		"createdDate": s.CreatedAt.UTC().Format("2006-01-02T15:04:05Z")}}, nil
}

func secretMissing(id string) error {
	return errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret. (%s)", id)
}

// publicImage are the parameters in which the makers of operating systems keep the ID of their newest image.
var publicImage = regexp.MustCompile(`^/aws/service/(ami-amazon-linux-latest|ami-windows-latest|canonical/ubuntu/server|debian/release)/`)

func getParameter(c *Call) (*Answer, error) {
	name := c.In.String("name")
	p := c.Tx.Document().Parameters[name]
	if p == nil && publicImage.MatchString(name) {
		return answer(store.Values{"id": name, "name": name, "type": "String", "value": "ami-0" + digest(c.Region+"|"+name, 16), "version": 1,
			"insecureValue": "ami-0" + digest(c.Region+"|"+name, 16), "arn": "arn:aws:ssm:" + c.Region + "::parameter" + name})
	}
	if p == nil {
		return nil, errorf("ParameterNotFound", "reading SSM Parameter (%s): no such parameter", name)
	}
	value, version := p.Value, 1
	if s := c.Tx.Document().Secrets[ParameterPrefix+name]; s != nil {
		value = s.Value
	}
	plain := value
	if p.Type == "SecureString" {
		plain = ""
	}
	if r := c.Find(parameterType, name); r != nil {
		version = r.Outputs.Int("version")
	}
	return &Answer{Secret: []string{"value"}, Values: store.Values{"id": name, "name": name, "type": p.Type, "value": value,
		"insecureValue": plain, "version": version, "arn": c.ARN("ssm", "parameter/"+trimSlash(name))}}, nil
}

func trimSlash(name string) string {
	if name != "" && name[0] == '/' {
		return name[1:]
	}
	return name
}
