package aws

import (
	"encoding/base64"
	"reflect"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const launchTemplateType = "aws:ec2/launchTemplate:LaunchTemplate"

const (
	imageIDs      = `^ami-[0-9a-f]{8}([0-9a-f]{9})?$`
	instanceTypes = `^[a-z][a-z0-9-]*\.([0-9]*x?large|nano|micro|small|medium|metal(-[0-9]+xl)?)$`
)

func launchTemplate() *Kind {
	return &Kind{
		Type: launchTemplateType, Label: "EC2 Launch Template", Random: true,
		Name: "name", MaxName: 128,
		Conflict: func(string) error {
			return errorf("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
		},
		Replace: []string{"name", "namePrefix"},
		Checks: []Check{
			matching("name", `^[a-zA-Z0-9().\-/_]{3,128}$`, "3 to 128 letters, digits and ().-/_"), longest("description", 255),
			matching("imageId", imageIDs+`|^resolve:ssm:`, "an image ID is ami- and 8 or 17 hexadecimal digits"),
			matching("instanceType", instanceTypes, "an instance type is <family>.<size>"), checkUserData("userData"),
			atMostOne("instanceType", "instanceRequirements"), atMostOne("defaultVersion", "updateDefaultVersion"), atMostOne("vpcSecurityGroupIds", "securityGroupNames"),
			oneOf("instanceInitiatedShutdownBehavior", "stop", "terminate"), oneOf("metadataOptions.httpTokens", "optional", "required"),
			oneOf("metadataOptions.httpEndpoint", "enabled", "disabled"), within("metadataOptions.httpPutResponseHopLimit", 1, 64),
			eachObject("blockDeviceMappings", oneOf("ebs.volumeType", volumeTypes()...)), checkTemplateNetwork,
		},
		Defaults: func(*Call) store.Values { return store.Values{"defaultVersion": 1} },
		Create: func(c *Call) (*Made, error) {
			id := "lt-0" + c.Hex("template", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "launch-template/"+id), "latestVersion": 1}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			latest := prior.Outputs.Int("latestVersion")
			if !reflect.DeepEqual(templateData(prior.Inputs), templateData(c.In)) {
				latest++
			}
			out := store.Values{"latestVersion": latest, "defaultVersion": max(1, prior.Outputs.Int("defaultVersion"))}
			if c.In.Bool("updateDefaultVersion") {
				out["defaultVersion"] = latest
			}
			if n := c.In.Int("defaultVersion"); n > latest {
				return nil, errorf("InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %d for the launch template with ID %s.", n, prior.ID)
			}
			return &Made{Outputs: out}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// templateData is what of a template's inputs makes a version.
func templateData(in store.Values) store.Values {
	data := store.Values{}
	for key, v := range in {
		switch key {
		case "tags", "defaultVersion", "updateDefaultVersion", "name", "namePrefix":
		default:
			data[key] = v
		}
	}
	return data
}

func checkUserData(path string) Check {
	return func(in store.Values) []Problem {
		text, ok := at(in, path).(string)
		if !ok {
			return nil
		}
		raw, err := base64.StdEncoding.DecodeString(text)
		switch {
		case err != nil:
			return []Problem{{path, "InvalidUserData.Malformed: Invalid BASE64 encoding of user data."}}
		case len(raw) > 16384:
			return []Problem{{path, "InvalidParameterValue: User data is limited to 16384 bytes"}}
		}
		return nil
	}
}

func checkTemplateNetwork(in store.Values) []Problem {
	for _, n := range in.Objects("networkInterfaces") {
		if n.Has("securityGroups") && in.Has("vpcSecurityGroupIds") {
			return []Problem{{"vpcSecurityGroupIds", "InvalidParameterCombination: Network interfaces and an instance-level security groups may not be specified on the same request"}}
		}
	}
	return nil
}
