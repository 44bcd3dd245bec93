package remote_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/lockstate/testservers"
)

func states(found []remote.Finding, state remote.State) []string {
	var all []string
	for _, f := range found {
		if f.State == state {
			all = append(all, f.What)
		}
	}
	return all
}

func TestCreateAndCheck(t *testing.T) {
	ctx := t.Context()
	clients := remote.Clients{
		S3: testservers.S3Client(testservers.S3(t)), DynamoDB: testservers.DynamoDBClient(testservers.DynamoDB(t)), Region: testservers.Region,
	}
	c := remote.Config{Bucket: "team-states", Prefix: "x/", Table: "panka-locks"}
	found, err := remote.Check(ctx, clients, c, "")
	if err != nil || !slices.Equal(states(found, remote.Wrong), []string{"bucket"}) {
		t.Errorf("before: %v, %v", found, err)
	}
	found, err = remote.Create(ctx, clients, c, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"bucket", "bucket versioning", "lock table", "lock table recovery"} {
		if !slices.Contains(states(found, remote.Done), what) {
			t.Errorf("%s was not set: %v", what, found)
		}
	}
	if !slices.Contains(states(found, remote.Well), "conditional writes") {
		t.Errorf("conditional writes: %v", found)
	}
	for what, again := range map[string]func() ([]remote.Finding, error){
		"create": func() ([]remote.Finding, error) { return remote.Create(ctx, clients, c, "") },
		"check":  func() ([]remote.Finding, error) { return remote.Check(ctx, clients, c, "") },
	} {
		found, err := again()
		if err != nil || len(states(found, remote.Done))+len(states(found, remote.Wrong)) > 0 {
			t.Errorf("%s again: %v, %v", what, found, err)
		}
	}
	if _, err := remote.Check(ctx, clients, remote.Config{Bucket: c.Bucket, Table: "other"}, ""); err != nil {
		t.Error(err)
	}
}

// TestStoreWithoutConditions: a store that takes every write, or minds one condition only, must be found out.
func TestStoreWithoutConditions(t *testing.T) {
	for minds, ignores := range map[string]string{"": "If-None-Match", "If-None-Match": "If-Match"} {
		written := map[string]bool{}
		careless := testservers.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch object := strings.Count(r.URL.Path, "/") > 1; {
			case r.URL.RawQuery != "" && !strings.HasPrefix(r.URL.RawQuery, "x-id"):
				w.WriteHeader(http.StatusNotImplemented)
				_, _ = io.WriteString(w, "<Error><Code>NotImplemented</Code></Error>")
			case r.Method == http.MethodPut && object && minds != "" && r.Header.Get(minds) != "" && written[r.URL.Path]:
				w.WriteHeader(http.StatusPreconditionFailed)
			case r.Method == http.MethodPut && object:
				written[r.URL.Path] = true
				w.Header().Set("ETag", `"1"`)
			}
		}))
		clients := remote.Clients{
			S3: testservers.S3Client(careless), DynamoDB: testservers.DynamoDBClient(testservers.DynamoDB(t)), Region: testservers.Region,
		}
		found, err := remote.Check(t.Context(), clients, remote.Config{Bucket: "states", Table: "locks"}, "")
		i := slices.IndexFunc(found, func(f remote.Finding) bool { return f.What == "conditional writes" })
		if err != nil || i < 0 || found[i].State != remote.Wrong || !strings.Contains(found[i].Detail, ignores) {
			t.Errorf("a store that ignores %s: %v, %v", ignores, found, err)
		}
	}
}

func TestPolicy(t *testing.T) {
	c := remote.Config{Bucket: "team-states", Prefix: "x/", Region: "eu-central-1", Table: "locks"}
	const key = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
	writing := []string{"s3:PutObject", "s3:DeleteObject", "dynamodb:UpdateItem", "kms:GenerateDataKey"}
	for _, role := range remote.Roles() {
		text, err := remote.Policy(role, c, key)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Statement []struct {
				Effect           string
				Action, Resource []string
			}
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		for _, s := range doc.Statement {
			for _, action := range s.Action {
				if strings.Contains(action, "*") || s.Effect != "Allow" || role == remote.Reader && slices.Contains(writing, action) {
					t.Errorf("%s may %s", role, action)
				}
			}
			for _, r := range s.Resource {
				if r == "*" || !strings.Contains(r, "team-states") && !strings.Contains(r, "table/locks") && r != key {
					t.Errorf("%s is allowed something on %s", role, r)
				}
			}
		}
		if role == remote.Deployer {
			for _, action := range writing {
				if !strings.Contains(text, action) {
					t.Errorf("the deployer may not %s", action)
				}
			}
		}
	}
	if _, err := remote.Policy("root", c, key); err == nil {
		t.Error("there is a role root")
	}
}
