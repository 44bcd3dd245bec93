package aws

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// getAmi answers with an image that has the wanted name, owner and architecture: the sandbox has every image that AWS
// and its well-known publishers offer, but none of the account's own. A name pattern stands for its newest image.
func getAmi(c *Call) (*Answer, error) {
	name, architecture, virtualization, certain := "", "x86_64", "hvm", ""
	for _, f := range c.In.Objects("filters") {
		values := f.Strings("values")
		if len(values) == 0 {
			continue
		}
		switch f.String("name") {
		case "name":
			name = values[0]
		case "image-id":
			certain = values[0]
		case "architecture":
			architecture = values[0]
		case "virtualization-type":
			virtualization = values[0]
		}
	}
	owner := ""
	if owners := c.In.Strings("owners"); len(owners) > 0 {
		owner = owners[0]
	}
	if certain != "" && owner == "" {
		owner, name = "amazon", "image-"+certain
	}
	if owner == "" || owner == "self" || owner == c.Account || !validRegexp(c.In.String("nameRegex")) {
		return nil, errors.New("reading EC2 AMIs: your query returned no results; please change your search criteria and try again")
	}
	if !c.In.Bool("mostRecent") && (name == "" || strings.ContainsAny(name, "*?")) {
		return nil, errors.New("reading EC2 AMIs: your query returned more than one result; please try a more specific search criteria, or set mostRecent to true")
	}
	if strings.Contains(name, "arm64") {
		architecture = "arm64"
	}
	id := "ami-0" + digest(strings.Join([]string{c.Region, owner, name, c.In.String("nameRegex"), architecture}, "|"), 16)
	if certain != "" {
		id = certain
	}
	snapshot := "snap-0" + digest(id, 16)
	ownerID, alias := owner, ""
	if !regexp.MustCompile(`^\d{12}$`).MatchString(owner) {
		ownerID, alias = spell("owner|"+owner, "0123456789", 12), owner
	}
	concrete := strings.NewReplacer("*", "20250101", "?", "0").Replace(name)
	device := map[string]any{"deviceName": "/dev/xvda", "noDevice": "", "virtualName": "", "ebs": map[string]string{"snapshot_id": snapshot,
		"volume_size": "8", "volume_type": "gp3", "delete_on_termination": "true", "encrypted": "false"}}
	return answer(store.Values{"id": id, "imageId": id, "arn": fmt.Sprintf("arn:aws:ec2:%s::image/%s", c.Region, id), "architecture": architecture,
		"name": concrete, "description": concrete, "ownerId": ownerID, "imageOwnerAlias": alias, "imageLocation": owner + "/" + concrete, "imageType": "machine",
		"creationDate": "2025-01-01T00:00:00.000Z", "deprecationTime": "2027-01-01T00:00:00.000Z", "lastLaunchedTime": "", "bootMode": "uefi-preferred", "enaSupport": true,
		"hypervisor": "xen", "imdsSupport": "v2.0", "kernelId": "", "platform": "", "platformDetails": "Linux/UNIX", "public": true, "ramdiskId": "",
		"rootDeviceName": "/dev/xvda", "rootDeviceType": "ebs", "rootSnapshotId": snapshot, "sriovNetSupport": "simple", "state": "available",
		"stateReason": map[string]string{"code": "UNSET", "message": "UNSET"}, "tags": map[string]any{}, "tpmSupport": "", "usageOperation": "RunInstances",
		"virtualizationType": virtualization, "productCodes": []any{}, "blockDeviceMappings": []map[string]any{device}})
}

func validRegexp(text string) bool {
	_, err := regexp.Compile(text)
	return err == nil
}
