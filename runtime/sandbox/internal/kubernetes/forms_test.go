package kubernetes

import (
	"math/big"
	"testing"
)

func TestQuantity(t *testing.T) {
	for text, want := range map[string]*big.Rat{
		"1": big.NewRat(1, 1), "0.5": big.NewRat(1, 2), "250m": big.NewRat(1, 4), "1k": big.NewRat(1000, 1), "1Ki": big.NewRat(1024, 1),
		"2Mi": big.NewRat(2<<20, 1), "1.5Gi": big.NewRat(3<<29, 1), "1e3": big.NewRat(1000, 1), "1E-1": big.NewRat(1, 10), "1E": big.NewRat(1e18, 1),
		"-1": big.NewRat(-1, 1), ".5": big.NewRat(1, 2), "100u": big.NewRat(1, 10000),
	} {
		if got, ok := quantity(text); !ok || got.Cmp(want) != 0 {
			t.Errorf("%s is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "m", "1 Gi", "1gi", "1.2.3", "Mi", "1e", "1KiB", "0x10", "1e99999"} {
		if got, ok := quantity(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestCronSchedule(t *testing.T) {
	for _, text := range []string{"* * * * *", "*/15 0-5,12 1 jan-mar MON", "0 3 ? * 6", "59 23 31 12 0", "@daily", "@every 1h30m", "0 0 1/2 * *"} {
		if why := cronSchedule(text); why != "" {
			t.Errorf("%s: %s", text, why)
		}
	}
	for _, text := range []string{"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "5-1 * * * *", "*/0 * * * *",
		"a * * * *", "@sometimes", "@every day", "CRON_TZ=UTC * * * * *", "1-x * * * *"} {
		if cronSchedule(text) == "" {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestTimeZone(t *testing.T) {
	for zone, valid := range map[string]bool{"UTC": true, "Europe/Berlin": true, "": false, "Local": false, "Mars/Olympus": false} {
		if (timeZone(zone) == "") != valid {
			t.Errorf("%q: %s", zone, timeZone(zone))
		}
	}
}

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		valid      func(string) string
		yes, wrong []string
	}{
		"label":     {dnsLabel, []string{"a", "a-1"}, []string{"", "-a", "a-", "A", "a.b", "a_b"}},
		"subdomain": {dnsSubdomain, []string{"a", "a.b-c.1"}, []string{"", ".a", "a..b", "a.-b"}},
		"service":   {serviceName, []string{"a", "a-1"}, []string{"1a", "a.b"}},
		"port":      {portName, []string{"http", "http-2"}, []string{"", "80", "a--b", "-a", "HTTP"}},
		"variable":  {variableName, []string{"A", "a.b-c", "1"}, []string{"", "A=B", "é"}},
		"key":       {dataKey, []string{"a.yaml", "_", ".dot"}, []string{"", "a/b", "..", "."}},
		"qualified": {qualifiedName, []string{"a", "app.kubernetes.io/name", "A_b"}, []string{"", "/a", "a/", "a/b/c", "-a"}},
		"value":     {labelValue, []string{"", "a", "v1.2_3"}, []string{"-", "a b", "a/"}},
	} {
		for _, text := range c.yes {
			if why := c.valid(text); why != "" {
				t.Errorf("%s %q: %s", name, text, why)
			}
		}
		for _, text := range c.wrong {
			if c.valid(text) == "" {
				t.Errorf("%s %q is taken", name, text)
			}
		}
	}
}
