package aws

import (
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	volumeType           = "aws:ebs/volume:Volume"
	volumeAttachmentType = "aws:ec2/volumeAttachment:VolumeAttachment"
)

func volumeTypes() []string { return []string{"standard", "gp2", "gp3", "io1", "io2", "sc1", "st1"} }

func ebsVolume() *Kind {
	return &Kind{
		Type: volumeType, Label: "EBS Volume", Random: true,
		Replace: []string{"availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId"},
		Checks: []Check{
			oneOf("type", volumeTypes()...), within("size", 1, 65536), within("throughput", 125, 2000), within("iops", 100, 256000), checkVolume,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"type": "gp2", "encrypted": c.In.Has("kmsKeyId"), "multiAttachEnabled": false, "finalSnapshot": false, "snapshotId": "", "throughput": 0}
			switch c.In.String("type") {
			case "gp3":
				out["iops"], out["throughput"] = 3000, 125
			case "", "gp2":
				out["iops"] = min(16000, max(100, 3*c.In.Int("size")))
			default:
				out["iops"] = 0
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			if zone := c.In.String("availabilityZone"); !slices.Contains(Zones(c.Region), zone) {
				return nil, errorf("InvalidZone.NotFound", "The zone '%s' does not exist.", zone)
			}
			id := "vol-0" + c.Hex("volume", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "volume/"+id), "createTime": c.Now.UTC().Format("2006-01-02T15:04:05Z")}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			if c.In.Int("size") < prior.Inputs.Int("size") {
				return nil, errorf("InvalidParameterValue", "New size cannot be smaller than existing size")
			}
			return nil, nil
		},
		Delete: func(c *Call, r *store.Resource) error {
			if !r.Inputs.Bool("finalSnapshot") {
				return nil
			}
			id, region, now, name := r.ID, r.Region, c.Now, "snap-0"+digest("final|"+r.ID, 16)
			c.Tx.Edit(func(d *store.Document) {
				if d.Snapshots == nil {
					d.Snapshots = map[string]*store.Snapshot{}
				}
				d.Snapshots[name] = &store.Snapshot{Database: id, Region: region, CreatedAt: now}
			})
			return nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("VolumeInUse", "Volume %s is currently attached to %s", r.ID, by.Inputs.String("instanceId"))
		},
		Usual: Usual{10, 30, 10},
	}
}

// checkVolume demands the size and performance that go with the type.
func checkVolume(in store.Values) []Problem {
	if !in.Has("size") && !in.Has("snapshotId") {
		return []Problem{{"size", "one of size, snapshotId must be given"}}
	}
	if in.Has("type") && !in.Known("type") {
		return nil
	}
	typ := in.String("type")
	var out []Problem
	lowest := map[string]float64{"io1": 4, "io2": 4, "st1": 125, "sc1": 125}[typ]
	if n, ok := at(in, "size").(float64); ok && n < lowest {
		out = append(out, Problem{"size", fmt.Sprintf("Volume of %vGiB is smaller than minimum of %vGiB for %s", n, lowest, typ)})
	}
	provisioned := typ == "io1" || typ == "io2"
	if provisioned && !in.Has("iops") {
		out = append(out, Problem{"iops", "iops must be given for type " + typ})
	}
	if in.Has("iops") && in["iops"] != 0.0 && !provisioned && typ != "gp3" {
		out = append(out, Problem{"iops", "iops can only be given for types io1, io2 and gp3"})
	}
	if n, ok := at(in, "iops").(float64); ok && typ == "gp3" && n < 3000 {
		out = append(out, Problem{"iops", fmt.Sprintf("Volume iops of %v is too low; minimum is 3000.", n)})
	}
	if in.Has("throughput") && typ != "gp3" {
		out = append(out, Problem{"throughput", "throughput can only be given for type gp3"})
	}
	if in.Bool("multiAttachEnabled") && !provisioned {
		out = append(out, Problem{"multiAttachEnabled", "multiAttachEnabled needs type io1 or io2"})
	}
	return out
}

func volumeAttachment() *Kind {
	return &Kind{
		Type: volumeAttachmentType, Label: "EBS Volume Attachment",
		Replace:  []string{"deviceName", "instanceId", "volumeId"},
		Checks:   []Check{matching("deviceName", `^(/dev/)?(sd[a-z][0-9]*|xvd[a-z]{1,2}|hd[a-z])$`, "a device such as /dev/sdf")},
		Defaults: func(*Call) store.Values { return store.Values{"skipDestroy": false} },
		Refs: []Ref{
			{Path: "instanceId", To: ec2InstanceType, Owned: true, Missing: missing("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist")},
			{Path: "volumeId", To: volumeType, Missing: missing("InvalidVolume.NotFound", "The volume '%s' does not exist.")},
		},
		Create: func(c *Call) (*Made, error) {
			instance, volume, device := c.In.String("instanceId"), c.In.String("volumeId"), c.In.String("deviceName")
			i, v := c.Find(ec2InstanceType, instance), c.Find(volumeType, volume)
			if i.Property("availabilityZone") != v.Property("availabilityZone") {
				return nil, errorf("InvalidVolume.ZoneMismatch", "The volume '%s' is not in the same availability zone as instance '%s'", volume, instance)
			}
			attached := func(r *store.Resource) bool { return r.Inputs.String("volumeId") == volume }
			if c.other(volumeAttachmentType, nil, attached) != nil && !v.Inputs.Bool("multiAttachEnabled") {
				return nil, errorf("VolumeInUse", "%s is already attached to an instance", volume)
			}
			taken := func(r *store.Resource) bool {
				return r.Inputs.String("instanceId") == instance && r.Inputs.String("deviceName") == device
			}
			if c.other(volumeAttachmentType, nil, taken) != nil {
				return nil, errorf("InvalidParameterValue", "Invalid value '%s' for unixDevice. Attachment point %s is already in use", device, device)
			}
			return &Made{ID: "vai-" + fmt.Sprint(hashNumber(device+"|"+instance+"|"+volume))}, nil
		},
		Usual: Usual{10, 1, 15},
	}
}

// hashNumber gives a number below 2^32 for a text.
func hashNumber(text string) (n uint32) {
	fmt.Sscanf(digest(text, 8), "%x", &n)
	return n
}
