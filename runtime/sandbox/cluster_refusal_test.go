package sandbox

import (
	"testing"
)

// TestObjectRefusals: what the API server refuses of each type, and what only the cluster shows to be wrong.
func TestObjectRefusals(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	meta := func(key string, change props) props {
		return with(s.given(key), props{"metadata": with(s.part(key, "metadata"), change)})
	}
	spec := func(key string, change props) props {
		return with(meta(key, props{"name": "x"}), props{"spec": with(s.part(key, "spec"), change)})
	}
	pod := func(pod, container props) props {
		return with(meta("web", props{"name": "x"}), props{"spec": workload("x", pod, container)})
	}
	probe := func(p props) props { return pod(nil, props{"livenessProbe": p}) }
	env := func(variables ...any) props { return pod(nil, props{"env": variables}) }
	job := func(change props) props { return spec("job", change) }
	s.refuse(map[string]refusal{
		"no name":              {tConfigMap, props{"metadata": props{"namespace": "shop"}}, "metadata.name: Required value"},
		"no metadata":          {tConfigMap, props{}, "metadata.name: Required value"},
		"name's form":          {tConfigMap, meta("config", props{"name": "Web_1"}), "a lowercase RFC 1123 subdomain must consist of"},
		"name's length":        {tNamespaceK, props{"metadata": props{"name": "a123456789012345678901234567890123456789012345678901234567890123"}}, "must be no more than 63 characters"},
		"service's name":       {tServiceK, meta("service", props{"name": "1web"}), "a DNS-1035 label must"},
		"no namespace":         {tConfigMap, meta("config", props{"namespace": "none"}), `namespaces "none" not found`},
		"namespaced namespace": {tNamespaceK, props{"metadata": props{"name": "x", "namespace": "shop"}}, "not allowed on this type"},
		"label's key":          {tConfigMap, meta("config", props{"name": "x", "labels": props{"a b": "c"}}), "name part must consist of alphanumeric characters"},
		"label's prefix":       {tConfigMap, meta("config", props{"name": "x", "labels": props{"A/b": "c"}}), "prefix part a lowercase RFC 1123 subdomain"},
		"label's value":        {tConfigMap, meta("config", props{"name": "x", "labels": props{"a": "-c"}}), "a valid label must be an empty string or consist of"},
		"annotation's key":     {tConfigMap, meta("config", props{"name": "x", "annotations": props{"a/b/c": "d"}}), "name part must consist"},
		"unknown property":     {tDeploymentK, spec("web", props{"replica": 1}), "unknown property spec.replica, did you mean replicas?"},
		"mistyped":             {tDeploymentK, spec("web", props{"replicas": "2"}), "expected number for spec.replicas, got string"},
		"taken over":           {tConfigMap, with(s.given("config"), props{"data": props{"LOG": "debug"}}), "Server-Side Apply field conflict detected: Apply failed with 1 conflicts: conflicts with another manager: .data.LOG"},
		"data key":             {tConfigMap, with(meta("config", props{"name": "x"}), props{"data": props{"a b": "c"}}), "a valid config key must consist of"},
		"binary data":          {tConfigMap, with(meta("config", props{"name": "x"}), props{"binaryData": props{"a": "?"}}), "must be in base64"},

		"selector":            {tDeploymentK, with(meta("web", props{"name": "x"}), props{"spec": with(workload("x", nil, nil), props{"selector": props{"matchLabels": props{"app": "y"}}})}), "`selector` does not match template `labels`"},
		"no selector":         {tDeploymentK, spec("web", props{"selector": props{}}), "empty selector is invalid"},
		"selector's operator": {tDeploymentK, spec("web", props{"selector": props{"matchExpressions": []any{props{"key": "app", "operator": "Like"}}}}), "Unsupported value: \"Like\""},
		"no containers":       {tDeploymentK, pod(props{"containers": []any{}}, nil), "spec.template.spec.containers: Required value"},
		"no image":            {tDeploymentK, pod(nil, props{"image": ""}), "spec.template.spec.containers[0].image: Required value"},
		"container's name":    {tDeploymentK, pod(nil, props{"name": "Main"}), "a lowercase RFC 1123 label must"},
		"restart policy":      {tDeploymentK, pod(props{"restartPolicy": "Never"}, nil), `Unsupported value: "Never": supported values: "Always"`},
		"port":                {tDeploymentK, pod(nil, props{"ports": []any{props{"containerPort": 70000}}}), "must be between 1 and 65535, inclusive"},
		"port twice":          {tDeploymentK, pod(nil, props{"ports": []any{props{"containerPort": 80}, props{"containerPort": 80}}}), "containers[0].ports[1].containerPort: Duplicate value"},
		"port's name":         {tDeploymentK, pod(nil, props{"ports": []any{props{"containerPort": 80, "name": "a-very-long-name"}}}), "must be no more than 15 characters"},
		"variable twice":      {tDeploymentK, env(props{"name": "A", "value": "1"}, props{"name": "A", "value": "2"}), `env[1].name: Duplicate value: "A"`},
		"variable's name":     {tDeploymentK, env(props{"name": "A=B", "value": "1"}), "a valid environment variable name must"},
		"variable's sources":  {tDeploymentK, env(props{"name": "A", "value": "1", "valueFrom": props{"fieldRef": props{"fieldPath": "status.podIP"}}}), "may not be specified when `value` is not empty"},
		"no source":           {tDeploymentK, env(props{"name": "A", "valueFrom": props{}}), "must specify one of: `fieldRef`"},
		"quantity":            {tDeploymentK, pod(nil, props{"resources": props{"requests": props{"cpu": "1 core"}}}), "quantities must match the regular expression"},
		"more than the limit": {tDeploymentK, pod(nil, props{"resources": props{"requests": props{"memory": "1Gi"}, "limits": props{"memory": "1000M"}}}), "must be less than or equal to memory limit of 1000M"},
		"no volume":           {tDeploymentK, pod(nil, props{"volumeMounts": []any{props{"name": "none", "mountPath": "/x"}}}), `volumeMounts[0].name: Not found: "none"`},
		"mounted twice":       {tDeploymentK, pod(props{"volumes": []any{props{"name": "a", "emptyDir": props{}}}}, props{"volumeMounts": []any{props{"name": "a", "mountPath": "/x"}, props{"name": "a", "mountPath": "/x"}}}), `Duplicate value: "/x"`},
		"volume of two kinds": {tDeploymentK, pod(props{"volumes": []any{props{"name": "a", "emptyDir": props{}, "hostPath": props{"path": "/"}}}}, nil), "may not specify more than 1 volume type"},
		"volume of no kind":   {tDeploymentK, pod(props{"volumes": []any{props{"name": "a"}}}, nil), "must specify a volume type"},
		"probe of two kinds":  {tDeploymentK, probe(props{"httpGet": props{"port": 80}, "tcpSocket": props{"port": 80}}), "may not specify more than 1 handler type"},
		"probe of no kind":    {tDeploymentK, probe(props{"periodSeconds": 1}), "must specify a handler type"},
		"probe's port":        {tDeploymentK, probe(props{"httpGet": props{"port": 0}}), "livenessProbe.httpGet.port: Invalid value: 0"},
		"probe's threshold":   {tDeploymentK, probe(props{"tcpSocket": props{"port": 80}, "successThreshold": 2}), "successThreshold: Invalid value: 2: must be 1"},
		"surge":               {tDeploymentK, spec("web", props{"strategy": props{"rollingUpdate": props{"maxSurge": 0, "maxUnavailable": "0%"}}}), "may not be 0 when `maxSurge` is 0"},
		"percentage":          {tDeploymentK, spec("web", props{"strategy": props{"rollingUpdate": props{"maxSurge": "some"}}}), "a valid percent string must be"},
		"claim template":      {tStateful, spec("data", props{"volumeClaimTemplates": []any{props{"metadata": props{"name": "disk"}, "spec": props{}}}}), "volumeClaimTemplates[0].spec.resources.requests.storage: Required value"},

		"schedule":       {tCronJob, job(props{"schedule": "0 3 * *"}), "expected exactly 5 fields, found 4"},
		"minute":         {tCronJob, job(props{"schedule": "61 3 * * *"}), "minute: end of range (61) above maximum (59)"},
		"time zone":      {tCronJob, job(props{"timeZone": "Europe/Nowhere"}), "unknown time zone Europe/Nowhere"},
		"zone in it":     {tCronJob, job(props{"schedule": "TZ=UTC 0 3 * * *"}), "use timeZone field instead"},
		"job restarts":   {tCronJob, job(props{"jobTemplate": props{"spec": props{"template": template("x", props{"restartPolicy": "Always"}, nil)}}}), `supported values: "OnFailure", "Never"`},
		"job says none":  {tCronJob, job(props{"jobTemplate": props{"spec": props{"template": template("x", nil, nil)}}}), "template.spec.restartPolicy: Required value"},
		"concurrency":    {tCronJob, job(props{"concurrencyPolicy": "Maybe"}), "concurrencyPolicy"},
		"job's name":     {tCronJob, meta("job", props{"name": "a1234567890123456789012345678901234567890123456789012"}), "must be no more than 52 characters"},
		"service's port": {tServiceK, spec("service", props{"ports": []any{props{"port": 0}}}), "ports[0].port: Invalid value: 0"},
		"ports unnamed":  {tServiceK, spec("service", props{"ports": []any{props{"port": 1}, props{"port": 2}}}), "ports[0].name: Required value"},
		"no ports":       {tServiceK, spec("service", props{"ports": nil}), "spec.ports: Required value"},
		"type":           {tServiceK, spec("service", props{"type": "Balancer"}), "Unsupported value: \"Balancer\""},
		"bounds":         {tScaler, spec("scaler", props{"minReplicas": 7}), "must be greater than or equal to `minReplicas`"},
		"metric":         {tScaler, spec("scaler", props{"metrics": []any{props{"type": "Resource"}}}), "metrics[0].resource: Required value"},
		"budget":         {tBudget, spec("budget", props{"minAvailable": 1}), "minAvailable and maxUnavailable cannot be both set"},
		"access mode":    {tClaim, spec("claim", props{"accessModes": []any{"ReadSome"}}), `Unsupported value: "ReadSome"`},
		"no size":        {tClaim, spec("claim", props{"resources": props{}}), "spec.resources.requests.storage: Required value"},
		"volume source":  {tVolumeK, spec("volume", props{"csi": nil}), "must specify a volume type"},
		"binding mode":   {tClass, with(meta("class", props{"name": "x"}), props{"volumeBindingMode": "Later"}), `Unsupported value: "Later"`},
	})
}

// TestCustomRefusals: what definitions, webhooks and Helm refuse.
func TestCustomRefusals(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	spec := func(key string, change props) props {
		return with(s.given(key), props{"metadata": named("x"), "spec": with(s.part(key, "spec"), change)})
	}
	instances := s.create(tTargets, "instances", props{"name": "instances", "port": 8080, "protocol": "HTTP", "vpcId": s.things["vpc"].id})
	canary := func(change props) props {
		return spec("canary", props{"strategy": props{"canary": change}})
	}
	s.refuse(map[string]refusal{
		"bound twice":         {tBinding, spec("binding", nil), "is already bound to TargetGroupBinding shop/web"},
		"no group":            {tBinding, spec("binding", props{"targetGroupARN": "arn:none"}), "TargetGroupNotFound"},
		"group of instances":  {tBinding, spec("binding", props{"targetGroupARN": instances.id}), "invalid targetType ip"},
		"unknown field":       {tBinding, spec("binding", props{"targetGroupArn": "x"}), "spec.targetGroupArn: field not declared in schema"},
		"binding's service":   {tBinding, spec("binding", props{"serviceRef": props{"name": "web"}}), "spec.serviceRef.port: Required value"},
		"pods' groups":        {tPodGroups, spec("groups", props{"securityGroups": props{"groupIds": []any{"sg-none"}}}), "The security group 'sg-none' does not exist"},
		"six groups":          {tPodGroups, spec("groups", props{"securityGroups": props{"groupIds": []any{"a", "b", "c", "d", "e", "f"}}}), "between 1 and 5 items, got 6"},
		"two selectors":       {tPodGroups, spec("groups", props{"serviceAccountSelector": props{}}), "only one of podSelector and serviceAccountSelector"},
		"store's service":     {tSecretStore, spec("store", props{"provider": props{"aws": props{"service": "Vault", "region": "us-east-1"}}}), `supported values: "SecretsManager", "ParameterStore"`},
		"store's providers":   {tSecretStore, spec("store", props{"provider": props{}}), "must have exactly one provider, got 0"},
		"secret of nothing":   {tExternal, spec("secret", props{"data": nil, "target": props{"name": "x"}}), "either data or dataFrom should be specified"},
		"secret twice":        {tExternal, spec("secret", nil), "Secret db is owned by ExternalSecret shop/db already"},
		"interval":            {tExternal, spec("secret", props{"refreshInterval": "often"}), "must be a duration"},
		"mistyped reference":  {tExternal, spec("secret", props{"data": []any{props{"secretKey": "a", "remoteRef": props{"name": "x"}}}}), "remoteRef.name: field not declared in schema"},
		"scaled twice":        {tScaled, spec("scaled", nil), "is already managed by the ScaledObject 'canary'"},
		"scaled by both":      {tScaled, spec("scaled", props{"scaleTargetRef": props{"kind": "Deployment", "name": "web"}}), "is already managed by the hpa 'web'"},
		"scaled backwards":    {tScaled, spec("scaled", props{"minReplicaCount": 9}), "must be less than MaxReplicaCount=5"},
		"no triggers":         {tScaled, spec("scaled", props{"triggers": []any{}}), "no triggers defined"},
		"trigger's metadata":  {tScaled, spec("scaled", props{"triggers": []any{props{"type": "aws-sqs-queue", "metadata": props{"awsRegion": "us-east-1"}}}}), "metadata.queueURL: Required value"},
		"trigger's number":    {tScaled, spec("scaled", props{"triggers": []any{props{"type": "cpu", "metadata": props{"value": 60}}}}), "must be of type string"},
		"identity":            {tTriggerAuth, spec("auth", props{"podIdentity": props{"provider": "aws-iam"}}), "Unsupported value"},
		"two strategies":      {tRollout, spec("canary", props{"strategy": props{"canary": props{}, "blueGreen": props{"activeService": "web"}}}), "multiple strategies can not be listed"},
		"no strategy":         {tRollout, spec("canary", props{"strategy": props{}}), "missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"},
		"weight":              {tRollout, canary(props{"steps": []any{props{"setWeight": 101}}}), "must be between 0 and 100"},
		"step":                {tRollout, canary(props{"steps": []any{props{"setWeight": 1, "pause": props{}}}}), "Step must have one of the following set"},
		"services of traffic": {tRollout, canary(props{"trafficRouting": props{"alb": props{}}}), "stableService: Required value"},
		"rollout's pods":      {tRollout, spec("canary", props{"template": template("canary", props{"container": []any{}}, nil)}), "unknown property spec.template.spec.container"},
		"rollout's replicas":  {tRollout, spec("canary", props{"replicas": "2"}), "must be of type integer"},
		"chart's repository":  {tRelease, props{"name": "x", "chart": "keda"}, `chart "keda" not found`},
		"release's namespace": {tRelease, with(s.given("keda"), props{"namespace": "none"}), `failed to create: namespaces "none" not found`},
		"release taken":       {tRelease, s.given("keda"), "cannot re-use a name that is still in use"},
	})
}

// TestCustomTypesMustBeDefined: without the chart that defines it, no object of a custom type can be made, and without its
// controller none goes.
func TestCustomTypesMustBeDefined(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	for chart, key := range map[string]string{"aws-load-balancer-controller": "binding", "keda": "scaled"} {
		th, release := s.things[key], s.things[chart]
		if err := s.delete(release); err != nil {
			t.Fatal(err)
		}
		if h := s.health(th); h.Detail != "no controller takes care of it: the cluster has no release of chart "+chart {
			t.Errorf("%s is %+v", key, h)
		}
		wantError(t, s.delete(th), "timed out waiting for deletion: finalizer")
	}
	s.refuse(map[string]refusal{
		"binding": {tBinding, with(s.given("binding"), props{"metadata": named("x")}), `no matches for kind "TargetGroupBinding" in version "elbv2.k8s.aws/v1beta1"`},
		"scaled":  {tScaled, with(s.given("scaled"), props{"metadata": named("x")}), `no matches for kind "ScaledObject"`},
	})
	if err := s.delete(s.things["external-secrets"]); err != nil {
		t.Fatal(err)
	}
	if s.read(s.things["secret"]).Found {
		t.Error("the definitions of the External Secrets Operator went, and their objects stay")
	}
	if err := s.delete(s.things["secret"]); err != nil {
		t.Fatal(err)
	}
}
