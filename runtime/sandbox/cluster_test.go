package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/provider"
)

const (
	tOIDC        = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	tNamespaceK  = "kubernetes:core/v1:Namespace"
	tAccountK    = "kubernetes:core/v1:ServiceAccount"
	tServiceK    = "kubernetes:core/v1:Service"
	tConfigMap   = "kubernetes:core/v1:ConfigMap"
	tVolumeK     = "kubernetes:core/v1:PersistentVolume"
	tClaim       = "kubernetes:core/v1:PersistentVolumeClaim"
	tClass       = "kubernetes:storage.k8s.io/v1:StorageClass"
	tDeploymentK = "kubernetes:apps/v1:Deployment"
	tStateful    = "kubernetes:apps/v1:StatefulSet"
	tCronJob     = "kubernetes:batch/v1:CronJob"
	tScaler      = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	tBudget      = "kubernetes:policy/v1:PodDisruptionBudget"
	tRelease     = "kubernetes:helm.sh/v3:Release"
	tBinding     = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
	tPodGroups   = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
	tSecretStore = "kubernetes:external-secrets.io/v1:SecretStore"
	tExternal    = "kubernetes:external-secrets.io/v1:ExternalSecret"
	tScaled      = "kubernetes:keda.sh/v1alpha1:ScaledObject"
	tTriggerAuth = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication"
	tRollout     = "kubernetes:argoproj.io/v1alpha1:Rollout"
)

// named gives the metadata of an object in namespace shop.
func named(name string) props { return props{"name": name, "namespace": "shop"} }

// template gives pods of an app, with changes of their specification and of their one container.
func template(app string, pod, container props) props {
	spec := with(props{"serviceAccountName": "web", "containers": []any{with(props{"name": "main", "image": "web:1",
		"ports":     []any{props{"name": "http", "containerPort": 8080}},
		"resources": props{"requests": props{"cpu": "250m", "memory": "256Mi"}, "limits": props{"memory": "0.5Gi"}}}, container)}}, pod)
	return props{"metadata": props{"labels": props{"app": app}}, "spec": spec}
}

// workload gives the specification of a Deployment or what is like one.
func workload(app string, pod, container props) props {
	return props{"replicas": 2, "selector": props{"matchLabels": props{"app": app}}, "template": template(app, pod, container)}
}

// newCluster gives an EKS cluster with nodes, add-ons and the ways into it, and with nothing in it.
func newCluster(t *testing.T, config string) *estate {
	t.Helper()
	s := newEstate(t, config)
	vpc := s.add("vpc", tVpc, props{"cidrBlock": "10.5.0.0/16"})
	var subnets []any
	for i, zone := range []string{"a", "b"} {
		subnets = append(subnets, s.add("subnet-"+zone, tSubnet, props{"vpcId": vpc.id, "cidrBlock": fmt.Sprintf("10.5.%d.0/24", i), "availabilityZone": "us-east-1" + zone}).id)
	}
	role := s.add("role", tRole, props{"name": "eks", "assumeRolePolicy": trust})
	for _, policy := range []string{"AmazonEKSVPCResourceController", "service-role/AmazonEBSCSIDriverPolicy"} {
		s.add(policy, tAttachment, props{"role": "eks", "policyArn": "arn:aws:iam::aws:policy/" + policy})
	}
	cluster := s.add("cluster", tKubernetes, props{"name": "shop", "roleArn": role.out("arn"), "vpcConfig": props{"subnetIds": subnets}})
	s.cluster = provider.ClusterAccess{Server: cluster.out("endpoint"),
		Authority: cluster.outputs["certificateAuthority"].ObjectValue()["data"].StringValue()}
	s.add("oidc", tOIDC, props{"url": s.issuer(), "clientIdLists": []any{"sts.amazonaws.com"}})
	s.add("nodes", tNodes, props{"clusterName": "shop", "nodeGroupName": "general", "nodeRoleArn": role.out("arn"), "subnetIds": subnets,
		"instanceTypes": []any{"m6i.large"}, "labels": props{"pool": "general"}, "scalingConfig": props{"minSize": 1, "desiredSize": 2, "maxSize": 3}})
	s.add("cni", tAddon, props{"clusterName": "shop", "addonName": "vpc-cni", "configurationValues": `{"env": {"ENABLE_POD_ENI": "true"}}`})
	for _, addon := range []string{"coredns", "metrics-server", "aws-ebs-csi-driver", "aws-efs-csi-driver"} {
		s.add(addon, tAddon, props{"clusterName": "shop", "addonName": addon})
	}
	return s
}

func (s *estate) issuer() string {
	identity := s.things["cluster"].outputs["identities"].ArrayValue()[0].ObjectValue()
	return identity["oidcs"].ArrayValue()[0].ObjectValue()["issuer"].StringValue()
}

// trusts gives the trust policy of a role for a service account of the cluster.
func (s *estate) trusts(account string) string {
	issuer := strings.TrimPrefix(s.issuer(), "https://")
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
		"Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/%s"},
		"Condition": {"StringEquals": {"%s:sub": "system:serviceaccount:shop:%s", "%s:aud": "sts.amazonaws.com"}}}]}`, issuer, issuer, account, issuer)
}

const clusterSecrets = `
secrets:
  shop/db: {value: '{"password": "hunter2"}'}
`

// newShopInCluster fills a cluster with one of each kind of object.
func newShopInCluster(t *testing.T, config string) *estate {
	t.Helper()
	s := newCluster(t, config)
	s.add("namespace", tNamespaceK, props{"metadata": props{"name": "shop"}})
	role := s.add("pod-role", tRole, props{"name": "web", "assumeRolePolicy": s.trusts("web")})
	s.add("pod-policy", tPolicy, props{"role": "web", "name": "secrets", "policy": `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
		"Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}`})
	s.add("account", tAccountK, props{"metadata": with(named("web"), props{"annotations": props{"eks.amazonaws.com/role-arn": role.out("arn")}})})
	s.charts()
	s.add("config", tConfigMap, props{"metadata": named("web"), "data": props{"LOG": "info"}})
	s.add("store", tSecretStore, props{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": named("aws"), "spec": props{"provider": props{
		"aws": props{"service": "SecretsManager", "region": "us-east-1", "auth": props{"jwt": props{"serviceAccountRef": props{"name": "web"}}}}}}})
	s.add("secret", tExternal, props{"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": named("db"), "spec": props{
		"refreshInterval": "1h", "secretStoreRef": props{"name": "aws", "kind": "SecretStore"}, "target": props{"name": "db"},
		"data": []any{props{"secretKey": "PASSWORD", "remoteRef": props{"key": "shop/db", "property": "password"}}}}})
	s.storage()
	env := []any{props{"name": "PASSWORD", "valueFrom": props{"secretKeyRef": props{"name": "db", "key": "PASSWORD"}}},
		props{"name": "LOG", "valueFrom": props{"configMapKeyRef": props{"name": "web", "key": "LOG"}}}, props{"name": "A", "value": "b"}}
	s.add("web", tDeploymentK, props{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": named("web"), "spec": workload("web",
		props{"volumes": []any{props{"name": "files", "persistentVolumeClaim": props{"claimName": "files"}}, props{"name": "tmp", "emptyDir": props{}}},
			"nodeSelector": props{"pool": "general"}, "securityContext": props{"runAsNonRoot": true, "fsGroup": 1000}},
		props{"env": env, "volumeMounts": []any{props{"name": "files", "mountPath": "/files"}, props{"name": "tmp", "mountPath": "/tmp"}},
			"readinessProbe": props{"httpGet": props{"path": "/health", "port": "http"}, "periodSeconds": 5}})})
	s.add("service", tServiceK, props{"metadata": named("web"), "spec": props{"selector": props{"app": "web"}, "ports": []any{props{"port": 80, "targetPort": "http"}}}})
	s.add("data", tStateful, props{"metadata": named("data"), "spec": with(workload("data", nil, props{"volumeMounts": []any{props{"name": "disk", "mountPath": "/data"}}}),
		props{"serviceName": "data", "volumeClaimTemplates": []any{props{"metadata": props{"name": "disk"}, "spec": claimSpec("10Gi", "ReadWriteOnce", "gp3")}}})})
	s.add("job", tCronJob, props{"metadata": named("report"), "spec": props{"schedule": "0 3 * * mon-fri", "timeZone": "Europe/Berlin", "concurrencyPolicy": "Forbid",
		"jobTemplate": props{"spec": props{"backoffLimit": 2, "template": template("report", props{"restartPolicy": "Never"}, nil)}}}})
	s.add("scaler", tScaler, props{"metadata": named("web"), "spec": props{"scaleTargetRef": props{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
		"minReplicas": 2, "maxReplicas": 6, "metrics": []any{props{"type": "Resource", "resource": props{"name": "cpu", "target": props{"type": "Utilization", "averageUtilization": 60}}}}}})
	s.add("budget", tBudget, props{"metadata": named("web"), "spec": props{"maxUnavailable": "25%", "selector": props{"matchLabels": props{"app": "web"}}}})
	s.traffic()
	s.argoAndKeda()
	return s
}

func claimSpec(size, mode, class string) props {
	return props{"accessModes": []any{mode}, "storageClassName": class, "resources": props{"requests": props{"storage": size}}}
}

// charts installs what defines custom types.
func (s *estate) charts() {
	for _, chart := range []string{"aws-load-balancer-controller", "external-secrets", "keda", "argo-rollouts"} {
		s.add(chart, tRelease, props{"name": chart, "namespace": "kube-system", "chart": chart, "version": "1.2.3",
			"repositoryOpts": props{"repo": "https://charts.example.com"}, "values": props{"clusterName": "shop"}})
	}
}

func (s *estate) storage() {
	files := s.add("fs", "aws:efs/fileSystem:FileSystem", props{"creationToken": "files", "encrypted": true})
	s.add("class", tClass, props{"metadata": props{"name": "gp3"}, "provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer",
		"allowVolumeExpansion": true, "parameters": props{"type": "gp3"}})
	s.add("volume", tVolumeK, props{"metadata": props{"name": "files"}, "spec": props{"capacity": props{"storage": "5Gi"}, "accessModes": []any{"ReadWriteMany"},
		"storageClassName": "", "persistentVolumeReclaimPolicy": "Retain", "csi": props{"driver": "efs.csi.aws.com", "volumeHandle": files.id}}})
	s.add("claim", tClaim, props{"metadata": named("files"), "spec": with(claimSpec("5Gi", "ReadWriteMany", ""), props{"volumeName": "files"})})
}

func (s *estate) traffic() {
	group := s.add("targets", tTargets, props{"name": "web", "port": 8080, "protocol": "HTTP", "targetType": "ip", "vpcId": s.things["vpc"].id})
	s.add("binding", tBinding, props{"apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "metadata": named("web"),
		"spec": props{"targetGroupARN": group.id, "targetType": "ip", "serviceRef": props{"name": "web", "port": 80}}})
	firewall := s.add("firewall", tGroup, props{"name": "web", "vpcId": s.things["vpc"].id})
	s.add("groups", tPodGroups, props{"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": named("web"),
		"spec": props{"podSelector": props{"matchLabels": props{"app": "web"}}, "securityGroups": props{"groupIds": []any{firewall.id}}}})
}

func (s *estate) argoAndKeda() {
	queue := s.add("queue", tQueue, props{"name": "jobs"})
	s.add("auth", tTriggerAuth, props{"apiVersion": "keda.sh/v1alpha1", "kind": "TriggerAuthentication", "metadata": named("aws"), "spec": props{"podIdentity": props{"provider": "aws"}}})
	s.add("canary", tRollout, props{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": named("canary"), "spec": with(workload("canary", nil, nil),
		props{"strategy": props{"canary": props{"steps": []any{props{"setWeight": 20}, props{"pause": props{"duration": "1m"}}}}}})})
	s.add("scaled", tScaled, props{"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": named("canary"), "spec": props{
		"scaleTargetRef": props{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "canary"}, "minReplicaCount": 1, "maxReplicaCount": 5,
		"triggers": []any{props{"type": "aws-sqs-queue", "metadata": props{"queueURL": queue.id, "queueLength": "5", "awsRegion": "us-east-1"},
			"authenticationRef": props{"name": "aws"}}}}})
}

// TestShopInCluster makes, reads, looks at and deletes one of each kind of object.
func TestShopInCluster(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	if id := s.things["web"].id; id != "shop/web" {
		t.Errorf("the deployment's ID is %s", id)
	}
	if uid := s.things["web"].outputs["metadata"].ObjectValue()["uid"]; !uid.IsString() {
		t.Errorf("the deployment's metadata are %v", s.things["web"].outputs["metadata"])
	}
	if ip := s.things["service"].outputs["spec"].ObjectValue()["clusterIP"]; !strings.HasPrefix(ip.StringValue(), "172.20.") {
		t.Errorf("the service's address is %v", ip)
	}
	if h := s.health(s.things["web"]); h.Detail != "2/2 pods are ready" {
		t.Errorf("the deployment is %+v", h)
	}
	if h := s.health(s.things["job"]); h.Detail != "scheduled at 0 3 * * mon-fri (Europe/Berlin)" {
		t.Errorf("the job is %+v", h)
	}
	if strings.Count(s.file(), "hunter2") != 1 { // in the account's secret
		t.Error("the secret's value is kept in the cluster")
	}
	s.verify()
}

// TestClusterTakesItsContentAlong: and another cluster's stays.
func TestClusterTakesItsContentAlong(t *testing.T) {
	s := newCluster(t, "")
	s.create(tNamespaceK, "namespace", props{"metadata": props{"name": "shop"}})
	web := s.create(tConfigMap, "web", props{"metadata": named("web"), "data": props{"a": "b"}})
	first := s.cluster

	other := s.create(tKubernetes, "other", with(s.given("cluster"), props{"name": "other"}))
	s.cluster = provider.ClusterAccess{Server: other.out("endpoint"), Authority: other.outputs["certificateAuthority"].ObjectValue()["data"].StringValue()}
	_, err := s.tryCreate(tConfigMap, "web", props{"metadata": named("web")})
	wantError(t, err, `namespaces "shop" not found`)
	s.create(tNamespaceK, "namespace", props{"metadata": props{"name": "shop"}})
	twin := s.create(tConfigMap, "web", props{"metadata": named("web"), "data": props{"a": "c"}})
	if twin.id != web.id || !s.read(twin).Found {
		t.Errorf("the other cluster's is %s", twin.id)
	}
	if err := s.delete(other); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.read2(twin), "configured Kubernetes cluster is unreachable")
	if h := s.health(twin); h.Health != observe.Missing {
		t.Errorf("in a cluster that is gone it is %+v", h)
	}
	wantError(t, s.delete(twin), "no such host")
	s.cluster.DeleteUnreachable = true
	if s.read(twin).Found || s.delete(twin) != nil {
		t.Error("what was in a cluster that does not answer does not count as gone")
	}
	s.cluster = first
	if r := s.read(web); !r.Found || r.Inputs["data"].ObjectValue()["a"].StringValue() != "b" {
		t.Errorf("in the first cluster it is now %v", r.Inputs)
	}
	s.cluster.Authority = "b3RoZXI="
	wantError(t, s.read2(web), "certificate signed by unknown authority")
}

// TestNamespaceTakesItsContentAlong, and defaults are filled in.
func TestNamespaceTakesItsContentAlong(t *testing.T) {
	s := newCluster(t, "")
	namespace := s.create(tNamespaceK, "namespace", props{"metadata": props{"name": "shop"}})
	web := s.create(tConfigMap, "web", props{"metadata": named("web")})
	own := s.create(tConfigMap, "own", props{"metadata": props{"name": "own"}})
	if own.id != "default/own" {
		t.Errorf("without a namespace the ID is %s", own.id)
	}
	s.cluster.Namespace = "shop"
	if th := s.create(tConfigMap, "other", props{"metadata": props{"name": "other"}}); th.id != "shop/other" {
		t.Errorf("with the provider's namespace the ID is %s", th.id)
	}
	if err := s.delete(namespace); err != nil {
		t.Fatal(err)
	}
	if s.read(web).Found || !s.read(own).Found {
		t.Error("the namespace took the wrong things along")
	}
}

// part gives an object among the inputs that a thing was made with.
func (s *estate) part(key, property string) props {
	return open(s.things[key].inputs).values.Object(property)
}
