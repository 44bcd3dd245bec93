package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
)

func TestParseAddress(t *testing.T) {
	got, err := settings.ParseAddress("s3://acme-panka/team/platform/?region=eu-central-1&lockTable=locks&kmsKey=alias/panka&lease=90s&pathStyle=true&sandbox=true")
	want := settings.Address{Bucket: "acme-panka", Prefix: "team/platform/", Region: "eu-central-1", Table: "locks", Key: "alias/panka", Lease: 90 * time.Second, PathStyle: true, Sandbox: true}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := settings.ParseAddress("s3://acme-panka"); err != nil || got != (settings.Address{Bucket: "acme-panka", Table: settings.DefaultTable}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for address, want := range map[string]string{
		"https://acme-panka/x":                    "not of the form",
		"s3://":                                   "not of the form",
		"s3://user@acme-panka":                    "not of the form",
		"s3://Acme":                               "bucket's name",
		"s3://acme-panka/../x":                    "prefix",
		"s3://acme-panka/a//b":                    "prefix",
		"s3://acme-panka?region=mars":             "region",
		"s3://acme-panka?locktable=x":             `no parameter "locktable"`,
		"s3://acme-panka?lockTable=":              "needs one value",
		"s3://acme-panka?lockTable=a&lockTable=b": "needs one value",
		"s3://acme-panka?lease=1s":                "from 2s to 10m0s",
		"s3://acme-panka?lease=long":              "from 2s to 10m0s",
		"s3://acme-panka?pathStyle=yes":           "true or false",
		"s3://acme-panka?kmsKey=key%20one":        "kmsKey",
	} {
		if _, err := settings.ParseAddress(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want something about %s", address, err, want)
		}
	}
}
