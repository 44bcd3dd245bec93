package deploy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/lockstate/testservers"
	"github.com/panka-io/panka/runtime/deploy"
)

// team says where the state of a shop with a team's backend is. It stands in a file of the shop's folder.
type team struct{ S3, DynamoDB, Name string }

const teamFile = "team.json"

// requestVariable is the number of the request after which a run in a process of its own dies, 0 for none.
const requestVariable = "PANKA_DEPLOY_TEST_REQUEST"

// requests counts those that were answered, and ends the process after one of them.
type requests struct {
	answered atomic.Int64
	last     int64
}

func (r *requests) Do(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(request)
	if n := r.answered.Add(1); n == r.last {
		die()
	}
	return response, err
}

// openTeam gives the backend that a shop's file names.
func openTeam(file string, client *requests) (lockstate.Backend, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var at team
	if err := json.Unmarshal(data, &at); err != nil {
		return nil, err
	}
	objects := testservers.S3Client(at.S3, func(o *s3.Options) { o.HTTPClient = client })
	table := testservers.DynamoDBClient(at.DynamoDB, func(o *dynamodb.Options) { o.HTTPClient = client })
	locks, err := locktable.New(table, at.Name, locktable.Options{})
	if err != nil {
		return nil, err
	}
	return remote.New(bucket.New(objects, at.Name, ""), locks), nil
}

// teams makes shops with a team's backend.
type teams struct {
	s3, dynamoDB string
	made         atomic.Int64
}

func (w *teams) newShop(t *testing.T) *shop {
	t.Helper()
	at := team{S3: w.s3, DynamoDB: w.dynamoDB, Name: fmt.Sprintf("shop-%d", w.made.Add(1))}
	_, err := testservers.S3Client(at.S3).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &at.Name})
	if err == nil {
		key := aws.String(locktable.KeyAttribute)
		_, err = testservers.DynamoDBClient(at.DynamoDB).CreateTable(t.Context(), &dynamodb.CreateTableInput{
			TableName: &at.Name, BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: key, AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: key, KeyType: types.KeyTypeHash}},
		})
	}
	dir := t.TempDir()
	if err == nil {
		var data []byte
		if data, err = json.Marshal(at); err == nil {
			err = os.WriteFile(filepath.Join(dir, teamFile), data, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return reopened(t, dir)
}

// killedAfter runs an operation in a process that dies when a number of requests was answered, and gives how many were.
func (s *shop) killedAfter(t *testing.T, operation, version string, request int) (answered int, died bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), strings.Join([]string{runVariable + "=" + operation, version, "never", s.dir}, "|"),
		requestVariable+"="+strconv.Itoa(request))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() {
		return request, true
	}
	if err != nil {
		t.Fatalf("the run: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if number, ok := strings.CutPrefix(strings.TrimSpace(line), "requests "); ok {
			answered, _ = strconv.Atoi(number)
		}
	}
	return answered, false
}

// unlocked breaks the lock of a killed run, as a person would who does not want to wait for the end of its lease.
func (s *shop) unlocked(t *testing.T) {
	t.Helper()
	lock, err := s.backend.Holder(t.Context(), shopKey)
	if err == nil && lock != nil {
		err = s.backend.Unlock(t.Context(), shopKey, lock.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestKilledAfterEveryRequest kills runs on a team's backend after each request that S3 or DynamoDB answered; what comes
// before a request is what came after the one before. The next run finds what the killed one did, and finishes or undoes it.
func TestKilledAfterEveryRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("kills many processes")
	}
	w := &teams{s3: testservers.S3(t), dynamoDB: testservers.DynamoDB(t)}
	for _, test := range []struct {
		operation, from, version string
		least                    int // requests
	}{
		{"apply", "", "v1", 20}, {"apply", "v1", "v2", 12}, {"destroy", "v1", "v1", 15},
	} {
		prepared := func(t *testing.T) *shop {
			s := w.newShop(t)
			if test.from != "" {
				s.apply(t, test.from)
			}
			return s
		}
		all, died := prepared(t).killedAfter(t, test.operation, test.version, 0)
		if died || all < test.least {
			t.Fatalf("%s from %q to %s makes %d requests", test.operation, test.from, test.version, all)
		}
		var killed atomic.Int64
		t.Cleanup(func() {
			if n := killed.Load(); n < int64(all)*9/10 {
				t.Errorf("of the %d requests of %s only %d were come to", all, test.operation, n)
			}
		})
		for n := 1; n <= all; n++ {
			t.Run(fmt.Sprintf("%s %s-%s %d", test.operation, test.from, test.version, n), func(t *testing.T) {
				t.Parallel()
				s := prepared(t)
				if _, died := s.killedAfter(t, test.operation, test.version, n); !died {
					t.Skip("this time there were fewer requests") // entries travel together as it happens
				}
				killed.Add(1)
				s.unlocked(t)
				if n%2 == 0 {
					s.apply(t, test.version)
					s.wantDeployed(t, test.version)
				} else {
					s.destroy(t)
					s.wantNothing(t)
				}
				if last := s.state(t).Last; last != nil && last.Result != deploy.Succeeded {
					t.Errorf("the history ends with %s %s", last.Operation, last.Result)
				}
			})
		}
	}
}

// requestToDieAfter is what requestVariable says.
func requestToDieAfter() *requests {
	n, _ := strconv.ParseInt(os.Getenv(requestVariable), 10, 64)
	return &requests{last: n}
}
