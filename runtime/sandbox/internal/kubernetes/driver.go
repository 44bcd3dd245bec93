package kubernetes

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
)

const (
	efsDriver = "efs.csi.aws.com"
	ebsAddon  = "aws-ebs-csi-driver"
	efsAddon  = "aws-efs-csi-driver"
)

// driverAddon gives the add-on, or chart, that brings a driver of volumes, or "" for one of Kubernetes' own or of EKS's.
func driverAddon(driver string) string {
	switch driver {
	case "ebs.csi.aws.com", "kubernetes.io/aws-ebs":
		return ebsAddon
	case efsDriver:
		return efsAddon
	case "s3.csi.aws.com":
		return "aws-mountpoint-s3-csi-driver"
	}
	return ""
}

// driverMissing says that nothing in the cluster serves volumes of a driver, or "".
func driverMissing(c *aws.Call, driver string) string {
	addon := driverAddon(driver)
	waiting := fmt.Sprintf("Waiting for a volume to be created either by the external provisioner '%s' or manually by the system administrator", driver)
	switch {
	case driver == "ebs.csi.eks.amazonaws.com" && !c.AutoMode():
		return waiting + " (it comes with EKS Auto Mode)"
	case addon == "":
		return ""
	}
	if a := c.Addon(addon); a != nil && a.Ready(c.Now) || released(c, addon) {
		return ""
	}
	return waiting + fmt.Sprintf(" (the cluster has no add-on %s)", addon)
}

// driverRefused says that a driver may not make volumes: it needs a role, which its service account or an association
// gives it, or the nodes'.
func driverRefused(c *aws.Call, driver string) string {
	account, policy := "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicy"
	addon := driverAddon(driver)
	switch addon {
	case efsAddon:
		account, policy = "efs-csi-controller-sa", "AmazonEFSCSIDriverPolicy"
	case ebsAddon:
	default:
		return ""
	}
	a := c.Addon(addon)
	if a == nil {
		return "" // a chart's own affair
	}
	refused := "rpc error: code = Internal desc = Could not create volume: UnauthorizedOperation: You are not authorized to perform this operation."
	if role := a.Inputs.String("serviceAccountRoleArn"); role != "" {
		if why := c.NoWebIdentity(role, "kube-system", account); why != "" {
			return "failed to provision volume: " + why
		}
		return ""
	}
	if c.PodIdentity("kube-system", account) != "" {
		return ""
	}
	for _, association := range a.Inputs.Objects("podIdentityAssociations") {
		if association.String("serviceAccount") == account {
			return ""
		}
	}
	for _, group := range c.NodeGroups() {
		if c.HasPolicy(group.Inputs.String("nodeRoleArn"), policy) {
			return ""
		}
	}
	return refused + fmt.Sprintf(" (add-on %s has no role)", addon)
}
