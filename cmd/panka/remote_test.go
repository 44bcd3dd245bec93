package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/panka-io/panka/lockstate/testservers"
)

// services are an S3 and a DynamoDB for all scripts, started when the first one needs them.
type services struct {
	start func() (s3, dynamoDB string)
}

func newServices(t *testing.T) *services {
	return &services{start: sync.OnceValues(func() (string, string) { return testservers.S3(t), testservers.DynamoDB(t) })}
}

// bucket is the script's own.
func bucket(ts *testscript.TestScript) string {
	return strings.ReplaceAll(strings.TrimPrefix(filepath.Base(ts.Getenv("WORK")), "script-"), "_", "-")
}

// remote makes a team's backend the script's. Nothing is set up there yet.
func (s *services) remote(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: remote [PARAMETERS]")
	}
	objects, table := s.start()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": testservers.AccessKey, "AWS_SECRET_ACCESS_KEY": testservers.SecretKey, "AWS_REGION": testservers.Region,
		"AWS_ENDPOINT_URL_S3": objects, "AWS_ENDPOINT_URL_DYNAMODB": table,
		"BACKEND": strings.Join(append([]string{"s3://" + bucket(ts) + "/team?pathStyle=true&sandbox=true&lockTable=" + bucket(ts)}, args...), "&"),
	} {
		ts.Setenv(name, value)
	}
	ts.Setenv("PANKA_BACKEND", ts.Getenv("BACKEND"))
}

// objects lists what a folder of the backend holds, and every version of it.
func (s *services) objects(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: objects FOLDER FILE")
	}
	address, _ := s.start()
	out, err := testservers.S3Client(address).ListObjectVersions(context.Background(), &s3.ListObjectVersionsInput{
		Bucket: aws.String(bucket(ts)), Prefix: aws.String("team/sandbox/" + args[0]),
	})
	ts.Check(err)
	var lines []string
	for _, v := range out.Versions {
		lines = append(lines, fmt.Sprintln(*v.Key, aws.ToString(v.VersionId), aws.ToString(v.ETag)))
	}
	if len(lines) == 0 {
		ts.Fatalf("there is nothing below %s", args[0])
	}
	slices.Sort(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "")), 0o600))
}

// damage alters the only object below a folder of the backend.
func (s *services) damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage FOLDER")
	}
	address, _ := s.start()
	client, name, ctx := testservers.S3Client(address), bucket(ts), context.Background()
	list, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &name, Prefix: aws.String("team/sandbox/" + args[0])})
	ts.Check(err)
	if len(list.Contents) != 1 {
		ts.Fatalf("there are %d objects below %s", len(list.Contents), args[0])
	}
	key := list.Contents[0].Key
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &name, Key: key})
	ts.Check(err)
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	ts.Check(err)
	data[len(data)/2] ^= 1
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: key, Body: bytes.NewReader(data), Metadata: out.Metadata})
	ts.Check(err)
}
