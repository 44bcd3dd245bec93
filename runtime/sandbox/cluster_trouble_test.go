package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/observe"
)

// TestTroubleOfPods: what a cluster, its controllers or AWS would say of pods that do not run, and of what needs them.
func TestTroubleOfPods(t *testing.T) {
	for name, c := range map[string]struct {
		spoil     func(s *estate)
		key, want string
	}{
		"image":          {func(s *estate) { s.edit(`"image": "web:1"`, `"image": "missing/web:1"`) }, "web", `0/2 pods are ready: containers with unready status: [main]: ImagePullBackOff: Back-off pulling image "missing/web:1"`},
		"crash":          {func(s *estate) { s.edit(`"image": "web:1"`, `"image": "crashing/web:1"`) }, "web", "CrashLoopBackOff: back-off 5m0s restarting failed container=main"},
		"service's pods": {func(s *estate) { s.spoil("web", "image", "unhealthy/web") }, "service", "no ready pods: shop/web: 0/2 pods are ready: containers with unready status: [main]: Unhealthy: Readiness probe failed"},
		"targets":        {func(s *estate) { s.spoil("web", "image", "unhealthy/web") }, "binding", "no healthy targets: no ready pods"},
		"account":        {func(s *estate) { s.remove("account") }, "web", `error looking up service account shop/web: serviceaccount "web" not found`},
		"no nodes":       {func(s *estate) { s.edit(`"desiredSize": 2`, `"desiredSize": 0`) }, "data", "Unschedulable: no nodes available to schedule pods"},
		"add-on":         {func(s *estate) { s.edit(`"desiredSize": 2`, `"desiredSize": 0`) }, "coredns", "DEGRADED: InsufficientNumberOfReplicas"},
		"node selector": {func(s *estate) {
			s.edit(`"pool": "general"
          }`, `"pool": "other"
          }`)
		}, "web", "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."},
		"pod interfaces": {func(s *estate) { s.edit(`"m6i.large"`, `"t3.large"`) }, "web", "2 Insufficient vpc.amazonaws.com/pod-eni."},
		"plugin":         {func(s *estate) { s.edit(`ENABLE_POD_ENI`, `ENABLE_NOTHING`) }, "groups", "it has no effect: add-on vpc-cni is not configured with env ENABLE_POD_ENI"},
		"cluster's role": {func(s *estate) { s.remove("AmazonEKSVPCResourceController") }, "groups", "the cluster's role lacks the policy AmazonEKSVPCResourceController"},
		"config":         {func(s *estate) { s.remove("config") }, "web", `CreateContainerConfigError: configmap "web" not found`},
		"config's key":   {func(s *estate) { s.edit(`"LOG": "info"`, `"LEVEL": "info"`) }, "web", "couldn't find key LOG in ConfigMap shop/web"},
		"secret":         {func(s *estate) { s.remove("secret") }, "web", `CreateContainerConfigError: secret "db" not found`},
		"secret's key":   {func(s *estate) { s.edit(`"secretKey": "PASSWORD"`, `"secretKey": "OTHER"`) }, "web", "couldn't find key PASSWORD in Secret shop/db"},
		"remote secret": {func(s *estate) { s.edit(`"key": "shop/db"`, `"key": "shop/none"`) }, "web",
			`CreateContainerConfigError: secret "db" not found: SecretSyncedError: error processing spec.data key PASSWORD: ResourceNotFoundException: Secrets Manager can't find the specified secret.`},
		"remote property": {func(s *estate) { s.edit(`"property": "password"`, `"property": "user"`) }, "secret", "key user does not exist in secret shop/db"},
		"grant":           {func(s *estate) { s.remove("pod-policy") }, "secret", "is not authorized to perform: secretsmanager:GetSecretValue"},
		"store's account": {func(s *estate) { s.remove("account") }, "store", `InvalidProviderConfig: unable to create client: ServiceAccount "web" not found`},
		"issuer":          {func(s *estate) { s.remove("oidc") }, "account", "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.eks.us-east-1"},
		"role":            {func(s *estate) { s.remove("pod-policy"); s.remove("pod-role") }, "canary", "the pods get no credentials: WebIdentityErr: failed to retrieve credentials: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"},
		"trust":           {func(s *estate) { s.edit(`system:serviceaccount:shop:web`, `system:serviceaccount:shop:api`) }, "canary", "does not name the cluster's OpenID Connect provider and system:serviceaccount:shop:web"},
		"disks":           {func(s *estate) { s.remove("aws-ebs-csi-driver") }, "data", "Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com'"},
		"disks' role":     {func(s *estate) { s.remove("service-role/AmazonEBSCSIDriverPolicy") }, "data", "UnauthorizedOperation: You are not authorized to perform this operation. (add-on aws-ebs-csi-driver has no role)"},
		"class":           {func(s *estate) { s.remove("class") }, "data", `storageclass.storage.k8s.io "gp3" not found`},
		"volume":          {func(s *estate) { s.remove("volume") }, "claim", `files is Pending: persistentvolume "files" not found`},
		"small volume":    {func(s *estate) { s.edit(`"storage": "5Gi"`, `"storage": "4Gi"`) }, "web", "volume files is too small"},
		"file system":     {func(s *estate) { s.remove("fs") }, "volume", "the file system does not exist"},
		"claim":           {func(s *estate) { s.remove("claim") }, "web", `persistentvolumeclaim "files" not found`},
		"metrics":         {func(s *estate) { s.remove("metrics-server") }, "scaler", "the server could not find the requested resource (get pods.metrics.k8s.io)"},
		"requests":        {func(s *estate) { s.edit(`"cpu": "250m"`, `"ephemeral-storage": "1Gi"`) }, "scaler", "failed to get cpu utilization: missing request for cpu in container main"},
		"scaled":          {func(s *estate) { s.remove("web") }, "scaler", `Deployment "web" not found`},
		"no endpoints":    {func(s *estate) { s.remove("web") }, "service", "no endpoints: the selector matches the labels of no pods"},
		"queue":           {func(s *estate) { s.remove("queue") }, "scaled", "AWS.SimpleQueueService.NonExistentQueue"},
		"authentication":  {func(s *estate) { s.remove("auth") }, "scaled", `TriggerAuthentication.keda.sh "aws" not found`},
		"chart's setting": {func(s *estate) {
			release := s.things["aws-load-balancer-controller"]
			if err := s.update(release, with(mappable(release), props{"skipAwait": true, "values": props{"clusterName": "other"}})); err != nil {
				s.t.Fatal(err)
			}
		}, "aws-load-balancer-controller", `the value clusterName must be the name of the cluster, shop, and is "other"`},
		"job's pods": {func(s *estate) { s.remove("account") }, "job", "its pods would not run: pods are forbidden"},
		"binding port": {func(s *estate) {
			s.edit(`"port": 80
`, `"port": 81
`)
		}, "binding", "unable to find port"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShopInCluster(t, clusterSecrets)
			c.spoil(s)
			h := s.health(s.things[c.key])
			if h.Health != observe.Unhealthy || !strings.Contains(h.Detail, c.want) {
				t.Errorf("%s is %+v, want %q", c.key, h, c.want)
			}
		})
	}
}

// TestProgramsWaitForPods: a create that waits tells why the object does not become ready, and leaves it.
func TestProgramsWaitForPods(t *testing.T) {
	s := newCluster(t, "")
	s.create(tNamespaceK, "namespace", props{"metadata": props{"name": "shop"}})
	pods := func(image string) props {
		return workload("web", props{"serviceAccountName": nil}, props{"image": image})
	}
	started := time.Now()
	th, err := s.tryCreate(tDeploymentK, "web", props{"metadata": named("web"), "spec": pods("missing/web")})
	wantError(t, err, "creating Deployment.apps (shop/web): 'shop/web' timed out waiting to be Ready: 0/2 pods are ready: containers with unready status: [main]: ImagePullBackOff")
	if time.Since(started) < steadyPatience {
		t.Error("nobody waited")
	}
	if th == nil || !s.read(th).Found {
		t.Fatal("a deployment whose pods do not run is not there")
	}
	if err := s.update(th, props{"metadata": named("web"), "spec": pods("web:2")}); err != nil {
		t.Fatal(err)
	}
	skip := with(named("quiet"), props{"annotations": props{"pulumi.com/skipAwait": "true"}})
	quiet := s.create(tDeploymentK, "quiet", props{"metadata": skip, "spec": pods("missing/web")})
	if h := s.health(quiet); h.Health != observe.Unhealthy {
		t.Errorf("nobody waited for it, and it is %+v", h)
	}
	// A service is waited for while it has pods that are not ready; one without any is made at once.
	s.create(tServiceK, "none", props{"metadata": named("none"), "spec": props{"selector": props{"app": "none"}, "ports": []any{props{"port": 80}}}})
	_, err = s.tryCreate(tServiceK, "web", props{"metadata": named("web"), "spec": props{"selector": props{"app": "web"}, "ports": []any{props{"port": 80}}}})
	wantError(t, err, "Service does not target any Pods")
}

// TestFargate: where a profile selects them, pods need no nodes.
func TestFargate(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	s.edit(`"desiredSize": 2`, `"desiredSize": 0`)
	canary := s.things["canary"]
	if h := s.health(canary); h.Health != observe.Unhealthy {
		t.Errorf("without nodes it is %+v", h)
	}
	profile := func(name string, selector props) {
		s.create(tFargate, name, props{"clusterName": "shop", "fargateProfileName": name, "podExecutionRoleArn": s.things["role"].out("arn"),
			"subnetIds": []any{s.things["subnet-a"].id}, "selectors": []any{selector}})
	}
	profile("other", props{"namespace": "shop", "labels": props{"app": "other"}})
	profile("system", props{"namespace": "kube-*"})
	if h := s.health(canary); !strings.Contains(h.Detail, "no nodes available") {
		t.Errorf("no profile selects it, and it is %+v", h)
	}
	if h := s.health(s.things["coredns"]); h.Health != observe.Healthy {
		t.Errorf("a profile selects the add-on's pods, and it is %+v", h)
	}
	profile("shop", props{"namespace": "sh?p"})
	if h := s.health(canary); h.Health != observe.Healthy {
		t.Errorf("a profile selects it, and it is %+v", h)
	}
}

// TestNodesOnTheirWay: pods, and add-ons that need nodes, wait for those that are being made.
func TestNodesOnTheirWay(t *testing.T) {
	const config = "latency: {profile: aws, scale: 0.02}\n" // nodes take 3 s, longer than anybody waits in vain
	s := newEstate(t, config)
	_, subnets := s.network()
	role := s.create(tRole, "role", props{"name": "eks", "assumeRolePolicy": trust})
	quick := &estate{world: openWorld(t, s.dir, ""), things: s.things}
	quick.create(tKubernetes, "cluster", props{"name": "shop", "roleArn": role.out("arn"), "vpcConfig": props{"subnetIds": subnets}})
	made := make(chan error, 1)
	go func() {
		_, err := s.tryCreate(tNodes, "nodes", props{"clusterName": "shop", "nodeGroupName": "general", "nodeRoleArn": role.out("arn"), "subnetIds": subnets,
			"scalingConfig": props{"minSize": 1, "desiredSize": 2, "maxSize": 3}})
		made <- err
	}()
	for !strings.Contains(s.file(), `"general"`) {
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := quick.tryCreate(tAddon, "dns", props{"clusterName": "shop", "addonName": "coredns"}); err != nil {
		t.Errorf("the add-on did not wait for the nodes: %v", err)
	}
	if err := <-made; err != nil {
		t.Fatal(err)
	}
}

// spoil changes an input's text inside a thing as a person would who edits the file.
func (s *estate) spoil(key, field, value string) {
	s.t.Helper()
	inputs := s.part(key, "spec")
	text := inputs["template"].(map[string]any)["spec"].(map[string]any)
	container := text["containers"].([]any)[0].(map[string]any)
	container[field] = value
	th := s.things[key]
	in := with(s.given(key), props{"spec": inputs, "metadata": with(s.part(key, "metadata"), props{"annotations": props{"pulumi.com/skipAwait": "true"}})})
	if err := s.update(th, in); err != nil {
		s.t.Fatal(err)
	}
}

// remove takes a thing out of the account's file, whatever needs it.
func (s *estate) remove(key string) {
	s.t.Helper()
	s.forget(string(s.things[key].urn.Type()), s.things[key].id)
}
