package kubernetes

import "github.com/panka-io/panka/runtime/sandbox/internal/aws"

// Kinds are the simulated types of objects by token.
func Kinds() map[string]*aws.Kind {
	list := []*aws.Kind{
		namespace(), serviceAccount(), configMap(), service(),
		persistentVolume(), persistentVolumeClaim(), storageClass(),
		deployment(), statefulSet(), cronJob(),
		horizontalPodAutoscaler(), podDisruptionBudget(),
		release(),
		targetGroupBinding(), securityGroupPolicy(),
		secretStore(), externalSecret(),
		scaledObject(), triggerAuthentication(),
		rollout(),
	}
	byType := make(map[string]*aws.Kind, len(list))
	for _, k := range list {
		byType[k.Type] = k
	}
	return byType
}

const (
	namespaceType      = "kubernetes:core/v1:Namespace"
	serviceAccountType = "kubernetes:core/v1:ServiceAccount"
	serviceType        = "kubernetes:core/v1:Service"
	volumeType         = "kubernetes:core/v1:PersistentVolume"
	claimType          = "kubernetes:core/v1:PersistentVolumeClaim"
	storageClassType   = "kubernetes:storage.k8s.io/v1:StorageClass"
	deploymentType     = "kubernetes:apps/v1:Deployment"
	statefulSetType    = "kubernetes:apps/v1:StatefulSet"
	cronJobType        = "kubernetes:batch/v1:CronJob"
	autoscalerType     = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	budgetType         = "kubernetes:policy/v1:PodDisruptionBudget"
	bindingType        = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
	groupPolicyType    = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
	secretStoreType    = "kubernetes:external-secrets.io/v1:SecretStore"
	externalSecretType = "kubernetes:external-secrets.io/v1:ExternalSecret"
	scaledObjectType   = "kubernetes:keda.sh/v1alpha1:ScaledObject"
	triggerAuthType    = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication"
	rolloutType        = "kubernetes:argoproj.io/v1alpha1:Rollout"

	// ConfigMapType is the type of ConfigMaps, whose data Pulumi changes in place only if it is told to.
	ConfigMapType = "kubernetes:core/v1:ConfigMap"
	// ReleaseType is the type of Helm releases, which alone have their name and namespace outside metadata.
	ReleaseType = "kubernetes:helm.sh/v3:Release"
)
