package sandbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/provider"
)

func databaseInputs() props {
	return props{"identifier": "orders", "engine": "postgres", "engineVersion": "15.4", "instanceClass": "db.t3.medium", "allocatedStorage": 20,
		"username": "owner", "password": secretValue, "finalSnapshotIdentifier": "orders-final"}
}

// TestInterruptedDelete: a deletion that was begun is not begun again, only waited for.
func TestInterruptedDelete(t *testing.T) {
	dir := t.TempDir()
	w := openWorld(t, dir, "")
	db := w.create(tDB, "db", databaseInputs())

	stopped := openWorld(t, dir, "latency: {profile: aws, scale: 0.01}\n") // 1.8 seconds
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, stop)
	err := stopped.p.Delete(ctx, provider.DeleteRequest{URN: db.urn, ID: db.id, Inputs: db.inputs, Outputs: db.outputs})
	wantError(t, err, "context canceled")
	if h := w.health(db); h.Health != observe.Pending || h.Detail != "deleting" {
		t.Errorf("a database being deleted is %+v", h)
	}
	_, err = w.p.Update(context.Background(), provider.UpdateRequest{URN: db.urn, ID: db.id, OldOutputs: db.outputs, NewInputs: db.inputs})
	wantError(t, err, "does not exist any more")
	if _, found, _ := w.p.Find(context.Background(), db.urn, db.inputs); found {
		t.Error("a database being deleted is found for an unfinished create")
	}
	if err := w.delete(db); err != nil {
		t.Fatalf("the second run's delete: %v", err)
	}
	if w.read(db).Found || strings.Contains(w.file(), `"deleting"`) {
		t.Errorf("the database is still there:\n%s", w.file())
	}
}

// TestChangesWaitForTheirTurn: a resource that is being made is changed when it is available, as AWS demands.
func TestChangesWaitForTheirTurn(t *testing.T) {
	w := newWorld(t, slow)
	pending, result := w.startCreate(context.Background(), "jobs", props{"name": "jobs"})
	id, found, err := w.p.Find(context.Background(), pending.urn, pending.inputs)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	news := toMap(props{"name": "jobs", "delaySeconds": 7})
	if _, err := w.p.Update(context.Background(), provider.UpdateRequest{URN: pending.urn, ID: id, OldInputs: pending.inputs, NewInputs: news}); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-result:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the create did not end before the update")
	}
	if !strings.Contains(w.file(), `"delaySeconds": 7`) {
		t.Errorf("the change is lost:\n%s", w.file())
	}
}

// TestPasswordIsSecretUnmarked: what a type calls secret is kept secret however it is given.
func TestPasswordIsSecretUnmarked(t *testing.T) {
	w := newWorld(t, "")
	db := w.create(tDB, "db", databaseInputs())
	if strings.Contains(w.file(), secretValue) {
		t.Error("the password is in cloud.json")
	}
	r := w.read(db)
	if !r.Inputs["password"].IsSecret() || unwrap(r.Inputs["password"]).StringValue() != secretValue {
		t.Error("reading does not give the password back as a secret")
	}
	// Without the last inputs, as in an import, the account does not tell it.
	imported, err := w.p.Read(context.Background(), provider.ReadRequest{URN: db.urn, ID: db.id})
	if err != nil || !imported.Found {
		t.Fatal(imported.Found, err)
	}
	if _, has := imported.Inputs["password"]; has {
		t.Error("an import gives a password")
	}
}

// TestSecretsInsideValues: a secret deep in the inputs is kept out of the file and comes back in its place.
func TestSecretsInsideValues(t *testing.T) {
	w := newWorld(t, "")
	params := w.create(tDBParams, "params", props{"family": "postgres15", "parameters": []any{
		props{"name": "shared_preload_libraries", "value": "auto_explain"},
		props{"name": "rds.custom", "value": secret(secretValue)}}})
	if text := w.file(); strings.Contains(text, secretValue) || !strings.Contains(text, `"value": "(secret)"`) {
		t.Errorf("cloud.json holds the secret or no marker:\n%s", text)
	}
	if r := w.read(params); !r.Inputs.DeepEquals(params.inputs) {
		t.Errorf("read %v, want %v", r.Inputs, params.inputs)
	}
	if _, found, err := w.p.Find(context.Background(), params.urn, params.inputs); err != nil || !found {
		t.Errorf("find: %v, %v", found, err)
	}
}

// TestGroupTakesItsRulesAlong: a security group's own rules do not hold it, not even those that refer to it.
func TestGroupTakesItsRulesAlong(t *testing.T) {
	w := newWorld(t, "")
	group := w.create(tGroup, "self", props{})
	rule := w.create(tIngress, "self", props{"securityGroupId": group.id, "referencedSecurityGroupId": group.id, "ipProtocol": "-1"})
	if err := w.delete(group); err != nil {
		t.Fatal(err)
	}
	if w.read(rule).Found {
		t.Error("a rule outlives its group")
	}
	if err := w.delete(rule); err != nil {
		t.Fatal(err)
	}
}
