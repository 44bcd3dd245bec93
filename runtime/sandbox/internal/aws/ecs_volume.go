package aws

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func volumeChecks() Check {
	const efs = "efsVolumeConfiguration."
	return eachObject("volumes", matching("name", `^[0-9A-Za-z_-]{1,255}$`, "only letters, digits, hyphens and underscores, up to 255"),
		oneOf(efs+"transitEncryption", "ENABLED", "DISABLED"), within(efs+"transitEncryptionPort", 1, 65535),
		oneOf(efs+"authorizationConfig.iam", "ENABLED", "DISABLED"), oneOf("dockerVolumeConfiguration.scope", "task", "shared"))
}

// volumesFit demands volumes of kinds that go with the task, and that containers mount and proxies name what is there.
func volumesFit(in store.Values, containers []container) error {
	fargate := slices.Contains(in.Strings("requiresCompatibilities"), "FARGATE")
	names := map[string]bool{}
	for _, v := range in.Objects("volumes") {
		name, efs := v.String("name"), v.Object("efsVolumeConfiguration")
		auth := efs.Object("authorizationConfig")
		encrypted := efs.String("transitEncryption") == "ENABLED"
		switch {
		case names[name]:
			return errorf("ClientException", "Volume names must be unique: %s.", name)
		case fargate && (v.Has("dockerVolumeConfiguration") || v.Has("hostPath")):
			return errorf("ClientException", "Fargate compatible task definitions do not support volumes of the host or of Docker (%s).", name)
		case !encrypted && (auth.Has("accessPointId") || auth.String("iam") == "ENABLED"):
			return errorf("ClientException", "Invalid 'efsVolumeConfiguration' setting for volume '%s': transit encryption must be enabled for IAM authorization and access points.", name)
		case auth.Has("accessPointId") && efs.Has("rootDirectory") && efs.String("rootDirectory") != "/":
			return errorf("ClientException", "Invalid 'efsVolumeConfiguration' setting for volume '%s': root directory must either be omitted or set to / if an access point is given.", name)
		}
		names[name] = true
	}
	for _, d := range containers {
		for _, m := range d.MountPoints {
			if !names[m.SourceVolume] {
				return errorf("ClientException", "Unknown volume '%s'.", m.SourceVolume)
			}
		}
	}
	proxy := in.Object("proxyConfiguration").String("containerName")
	if proxy != "" && !slices.ContainsFunc(containers, func(d container) bool { return d.Name == proxy }) {
		return errorf("ClientException", "The proxy configuration's container %s is not in the list of containers.", proxy)
	}
	return nil
}
