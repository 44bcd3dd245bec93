package aws

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAutoNamesAreRecognised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z0-9-]{0,80}`).Draw(t, "name")
		longest := rapid.IntRange(32, 255).Draw(t, "longest")
		got := AutoName(name, longest, rapid.String().Draw(t, "entropy"))
		if len(got) > longest || !IsAutoName(got, name) {
			t.Fatalf("AutoName(%q, %d) is %q", name, longest, got)
		}
	})
	for value, name := range map[string]string{"web": "web", "other-0123abc": "web", "web-0123ABC": "web", "web-0123abcd": "web", "-0123abc": "web"} {
		if IsAutoName(value, name) {
			t.Errorf("%q counts as generated for %q", value, name)
		}
	}
}

func TestWildcard(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		want           bool
	}{
		{"", "", true}, {"*", "", true}, {"*", "a/b", true}, {"a*c", "abbc", true}, {"a*c", "ab", false}, {"a?c", "abc", true},
		{"a?c", "ac", false}, {"arn:*:secret:/x-*", "arn:aws:secret:/x-1", true}, {"**a", "bca", true}, {"a", "ab", false},
		{"secretsmanager:Get*", "secretsmanager:GetSecretValue", true},
	} {
		if got := Wildcard(c.pattern, c.value); got != c.want {
			t.Errorf("Wildcard(%q, %q) is %v", c.pattern, c.value, got)
		}
	}
}

func TestFargateSizes(t *testing.T) {
	for size, want := range map[string]bool{"256/512": true, "256/1024": true, "256/2048": true, "256/1536": false, "256/4096": false,
		"512/512": false, "512/4096": true, "1024/2048": true, "1024/8192": true, "1024/9216": false, "4096/30720": true, "4096/31744": false,
		"8192/16384": true, "8192/18432": false, "16384/122880": true, "300/512": false, "x/512": false} {
		cpu, memory, _ := strings.Cut(size, "/")
		if got := fargateSize(cpu, memory); got != want {
			t.Errorf("%s CPU with %s memory is %v", cpu, memory, got)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		engine, version, family string
	}{{"postgres", "15.4", "postgres15"}, {"postgres", "16", "postgres16"}, {"mysql", "8.0.40", "mysql8.0"}, {"mariadb", "11.4.4", "mariadb11.4"}} {
		if got := Family(c.engine, c.version); got != c.family {
			t.Errorf("Family(%s, %s) is %s, want %s", c.engine, c.version, got, c.family)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"15.4", "15.5", -1}, {"15.10", "15.9", 1}, {"15", "15.4", 0}, {"16.1", "15.9", 1}} {
		if got := compareVersions(c.a, c.b); got != c.want {
			t.Errorf("compareVersions(%s, %s) is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestZoneIDs(t *testing.T) {
	for zone, want := range map[string]string{"us-east-1a": "use1-az1", "us-west-2c": "usw2-az3", "eu-central-1b": "euc1-az2", "ap-southeast-2a": "aps2-az1"} {
		if got := zoneID(zone, zone[:len(zone)-1]); got != want {
			t.Errorf("zoneID(%s) is %s, want %s", zone, got, want)
		}
	}
}
