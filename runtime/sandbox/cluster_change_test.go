package sandbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// TestObjectChanges: what changes in place, and what Pulumi's provider replaces.
func TestObjectChanges(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	meta := func(key string, change props) props {
		return props{"metadata": with(s.part(key, "metadata"), change)}
	}
	spec := func(key string, change props) props {
		return props{"spec": with(s.part(key, "spec"), change)}
	}
	s.diffs(map[string]change{
		"replicas":        {"web", spec("web", props{"replicas": 3}), ""},
		"image":           {"web", props{"spec": with(workload("web", nil, props{"image": "web:2"}), props{})}, ""},
		"labels":          {"web", meta("web", props{"labels": props{"a": "b"}}), ""},
		"name":            {"web", meta("web", props{"name": "x"}), "metadata.name"},
		"namespace":       {"web", meta("web", props{"namespace": "default"}), "metadata.namespace"},
		"selector":        {"web", props{"spec": workload("x", nil, nil)}, "spec.selector"},
		"claim templates": {"data", spec("data", props{"volumeClaimTemplates": nil, "template": template("data", nil, nil)}), "spec.volumeClaimTemplates"},
		"service name":    {"data", spec("data", props{"serviceName": "x"}), "spec.serviceName"},
		"pod management":  {"data", spec("data", props{"podManagementPolicy": "Parallel"}), "spec.podManagementPolicy"},
		"address":         {"service", spec("service", props{"clusterIP": "None"}), "spec.clusterIP"},
		"ports":           {"service", spec("service", props{"ports": []any{props{"port": 81}}}), ""},
		"data":            {"config", props{"data": props{"LOG": "debug"}}, "data"},
		"access modes":    {"claim", spec("claim", props{"accessModes": []any{"ReadWriteOnce"}}), "spec.accessModes"},
		"size":            {"claim", spec("claim", props{"resources": props{"requests": props{"storage": "6Gi"}}}), ""},
		"volume's source": {"volume", spec("volume", props{"csi": props{"driver": "efs.csi.aws.com", "volumeHandle": "fs-1"}}), "spec.csi"},
		"parameters":      {"class", props{"parameters": props{"type": "io2"}}, "parameters"},
		"schedule":        {"job", spec("job", props{"schedule": "@daily"}), ""},
		"bounds":          {"scaler", spec("scaler", props{"maxReplicas": 9}), ""},
		"budget":          {"budget", spec("budget", props{"maxUnavailable": 1}), ""},
		"values":          {"keda", props{"values": props{"a": "b"}}, ""},
		"release's name":  {"keda", props{"name": "x"}, "name"},
		"binding's port":  {"binding", spec("binding", props{"serviceRef": props{"name": "web", "port": 81}}), ""},
		"trigger":         {"scaled", spec("scaled", props{"pollingInterval": 5}), ""},
	})
	web := s.things["web"]
	if d, _ := s.diff(web, with(s.given("web"), props{"spec": workload("x", nil, nil)})); !d.DeleteBeforeReplace {
		t.Error("a deployment whose name stays is not deleted before its replacement is made")
	}
	if d, _ := s.diff(web, with(s.given("web"), meta("web", props{"name": "x"}))); d.DeleteBeforeReplace {
		t.Error("a deployment with a new name is deleted before its replacement is made")
	}
	s.cluster.MutableConfigMaps = true
	s.diffs(map[string]change{"data in place": {"config", props{"data": props{"LOG": "debug"}}, ""}})
}

// TestUpdatesOfObjects: what the API server lets a change do.
func TestUpdatesOfObjects(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	web := s.things["web"]
	uid := web.outputs["metadata"].ObjectValue()["uid"]
	spec := func(key string, change props) props {
		return with(s.given(key), props{"spec": with(s.part(key, "spec"), change)})
	}
	if err := s.update(web, spec("web", props{"replicas": 5})); err != nil {
		t.Fatal(err)
	}
	metadata := web.outputs["metadata"].ObjectValue()
	if !metadata["uid"].DeepEquals(uid) || metadata["generation"].NumberValue() != 2 {
		t.Errorf("after a change the metadata are %v", metadata)
	}
	if h := s.health(web); h.Detail != "5/5 pods are ready" {
		t.Errorf("after a change it is %+v", h)
	}
	disk := s.create(tClaim, "disk", props{"metadata": named("disk"), "spec": claimSpec("10Gi", "ReadWriteOnce", "gp3")})
	for size, want := range map[string]string{"9Gi": "field can not be less than previous value", "11Gi": ""} {
		err := s.update(disk, props{"metadata": named("disk"), "spec": claimSpec(size, "ReadWriteOnce", "gp3")})
		if want != "" {
			wantError(t, err, want)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, s.update(s.things["claim"], spec("claim", props{"resources": props{"requests": props{"storage": "6Gi"}}})), "only dynamically provisioned pvc can be resized")
	wantError(t, s.update(s.things["class"], with(s.given("class"), props{"reclaimPolicy": "Retain"})), "updates to reclaimPolicy are forbidden")
	wantError(t, s.update(s.things["binding"], spec("binding", props{"targetGroupARN": "arn:other"})), "may not change these fields: spec.targetGroupARN")

	// Drift shows when the object is read.
	s.edit(`"maxReplicas": 6`, `"maxReplicas": 60`)
	if got := s.read(s.things["scaler"]).Inputs["spec"].ObjectValue()["maxReplicas"]; got.NumberValue() != 60 {
		t.Errorf("after somebody's change it reads %v", got)
	}
	// What is there with the same fields can be applied again.
	again := s.create(tConfigMap, "again", s.given("config"))
	if a, b := again.outputs["metadata"].ObjectValue()["uid"], s.things["config"].outputs["metadata"].ObjectValue()["uid"]; !a.DeepEquals(b) {
		t.Errorf("applied again it is another object: %v, %v", a, b)
	}
	s.create(tConfigMap, "forced", props{"metadata": with(named("web"), props{"annotations": props{"pulumi.com/patchForce": "true"}}), "data": props{"LOG": "debug"}})
}

// TestPreviewsOfObjects: a preview of an object in a cluster that is there tells what is known, and changes nothing.
func TestPreviewsOfObjects(t *testing.T) {
	s := newShopInCluster(t, clusterSecrets)
	before := s.file()
	urn := urnOf(tServiceK, "x")
	in, failures := s.check(urn, nil, toMap(props{"metadata": named("x"), "spec": s.part("service", "spec")}))
	if failures != "" {
		t.Fatal(failures)
	}
	_, out, err := s.on(urn).Create(context.Background(), provider.CreateRequest{URN: urn, Inputs: in, Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	metadata, spec := out["metadata"].ObjectValue(), out["spec"].ObjectValue()
	if metadata["name"].StringValue() != "x" || !metadata["uid"].IsComputed() || !spec["clusterIP"].IsComputed() {
		t.Errorf("the preview tells %v", out)
	}
	web := s.things["web"]
	out, err = s.on(web.urn).Update(context.Background(), provider.UpdateRequest{URN: web.urn, ID: web.id, OldInputs: web.inputs, OldOutputs: web.outputs,
		NewInputs: toMap(with(s.given("web"), props{"spec": workload("web", nil, nil)})), Preview: true})
	if err != nil || !out["metadata"].ObjectValue()["uid"].IsString() {
		t.Errorf("the preview of a change tells %v, %v", out, err)
	}
	if s.file() != before {
		t.Error("a preview changed the account")
	}
	unknown := toMap(props{"metadata": named("x"), "spec": resource.MakeComputed(resource.NewProperty(""))})
	for _, typ := range []string{tDeploymentK, tStateful, tServiceK, tCronJob, tScaler, tBinding, tExternal, tScaled, tRollout, tPodGroups, tSecretStore, tVolumeK, tClaim} {
		if _, failures := s.check(urnOf(typ, "x"), nil, unknown); failures != "" {
			t.Errorf("%s: what is not known yet is refused: %s", typ, failures)
		}
	}
}

// TestInterruptedObjects: a killed create is found again, in its cluster only, and not for other inputs.
func TestInterruptedObjects(t *testing.T) {
	s := newCluster(t, "latency: {profile: aws, scale: 0.001}\n")
	s.create(tNamespaceK, "namespace", props{"metadata": props{"name": "shop"}})
	urn := urnOf(tDeploymentK, "web")
	inputs, failures := s.check(urn, nil, toMap(props{"metadata": with(named("web"), props{"labels": props{"panka.io/component": "web"}}), "spec": workload("web", props{"serviceAccountName": nil}, nil)}))
	if failures != "" {
		t.Fatal(failures)
	}
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(5*time.Millisecond, stop)
	_, _, err := s.on(urn).Create(ctx, provider.CreateRequest{URN: urn, Inputs: inputs})
	var partial *provider.PartialError
	if !errors.As(err, &partial) || !strings.Contains(err.Error(), "while AWS was still at it") {
		t.Fatalf("an interrupted create gives %v", err)
	}
	find := func(in resource.PropertyMap) bool {
		id, found, err := s.on(urn).Find(context.Background(), urn, in)
		if err != nil || found && id != "shop/web" {
			t.Errorf("found %s, %v", id, err)
		}
		return found
	}
	other := inputs.Copy()
	other["metadata"] = resource.NewProperty(toMap(named("web")))
	if !find(inputs) || find(other) {
		t.Errorf("found %v, with other labels %v", find(inputs), find(other))
	}
	first := s.cluster
	second := s.create(tKubernetes, "other", with(s.given("cluster"), props{"name": "other"}))
	s.cluster = provider.ClusterAccess{Server: second.out("endpoint"), Authority: second.outputs["certificateAuthority"].ObjectValue()["data"].StringValue()}
	if find(inputs) {
		t.Error("found in another cluster")
	}
	s.cluster = first
	th := &thing{urn: urn, id: "shop/web", inputs: inputs, outputs: partial.Outputs}
	if r := s.read(th); !r.Found || !r.Inputs.DeepEquals(inputs) {
		t.Errorf("the next run reads %v", r.Inputs)
	}
	if err := s.delete(th); err != nil || s.read(th).Found {
		t.Errorf("the next run's deletion: %v", err)
	}
}
