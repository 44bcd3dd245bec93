package settings

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Address is where a team's states are: a bucket of S3 and a table of DynamoDB.
type Address struct {
	Bucket string
	// Prefix stands before the names of all objects; "" or ends in a slash.
	Prefix string
	// Region is that of the bucket and the table; "" for the one that the AWS SDK finds.
	Region string
	// Table is the lock table.
	Table string
	// Key is the KMS key, by ARN, ID or alias, that protects the states' data keys; "" if none does.
	Key string
	// PathStyle puts the bucket's name into paths rather than host names, as S3-compatible stores want it.
	PathStyle bool
	// Lease is how long a lock outlives the last sign of life of its holder; 0 for the usual minute.
	Lease time.Duration
	// Sandbox says that runs in a sandbox keep their states there too, apart from those of real accounts.
	Sandbox bool
}

// DefaultTable is the lock table of addresses that name none.
const DefaultTable = "panka-locks"

// The shortest lease leaves a holder time for a sign of life over a slow network; with the longest one, the lock of a run that
// died blocks others for as long.
const (
	minLease = 2 * time.Second
	maxLease = 10 * time.Minute
)

var (
	bucketRE = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	prefixRE = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)
	regionRE = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
	tableRE  = regexp.MustCompile(`^[A-Za-z0-9_.-]{3,255}$`)
	keyRE    = regexp.MustCompile(`^(alias/[A-Za-z0-9/_-]{1,250}|[0-9a-f-]{36}|mrk-[0-9a-f]{32}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/[A-Za-z0-9/_-]{1,250})$`)
)

// ParseAddress reads s3://bucket/prefix?region=…&lockTable=…&kmsKey=…&lease=1m&pathStyle=true&sandbox=true. Names follow the rules of
// S3, DynamoDB and KMS; what does not is an error that says what is wanted.
func ParseAddress(text string) (Address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return Address{}, fmt.Errorf("it is not of the form s3://bucket/prefix?region=us-east-1&lockTable=table")
	}
	a := Address{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Table: DefaultTable}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Address{}, fmt.Errorf("its parameters cannot be read: %w", err)
	}
	texts := map[string]*string{"region": &a.Region, "lockTable": &a.Table, "kmsKey": &a.Key}
	flags := map[string]*bool{"pathStyle": &a.PathStyle, "sandbox": &a.Sandbox}
	for name, values := range query {
		switch text, flag := texts[name], flags[name]; {
		case len(values) != 1 || values[0] == "":
			return Address{}, fmt.Errorf("the parameter %s needs one value", name)
		case name == "lease":
			a.Lease, err = time.ParseDuration(values[0])
			if err != nil || a.Lease < minLease || a.Lease > maxLease {
				return Address{}, fmt.Errorf("the parameter lease is a time from %s to %s, not %q", minLease, maxLease, values[0])
			}
		case text != nil:
			*text = values[0]
		case flag != nil && slices.Contains([]string{"true", "false"}, values[0]):
			*flag = values[0] == "true"
		case flag != nil:
			return Address{}, fmt.Errorf("the parameter %s is true or false, not %q", name, values[0])
		default:
			return Address{}, fmt.Errorf("there is no parameter %q: there are region, lockTable, kmsKey, lease, pathStyle and sandbox", name)
		}
	}
	if err := a.check(); err != nil {
		return Address{}, err
	}
	if a.Prefix != "" {
		a.Prefix += "/"
	}
	return a, nil
}

// Name is the address without what does not matter for where the states are.
func (a Address) Name() string { return "s3://" + strings.TrimSuffix(a.Bucket+"/"+a.Prefix, "/") }

func (a Address) check() error {
	for _, c := range []struct {
		what, value string
		form        *regexp.Regexp
		optional    bool
	}{
		{"the bucket's name", a.Bucket, bucketRE, false}, {"the prefix", a.Prefix, prefixRE, true},
		{"region", a.Region, regionRE, true}, {"lockTable", a.Table, tableRE, false}, {"kmsKey", a.Key, keyRE, true},
	} {
		if (c.value != "" || !c.optional) && !c.form.MatchString(c.value) {
			return fmt.Errorf("%s cannot be %q", c.what, c.value)
		}
	}
	return nil
}
