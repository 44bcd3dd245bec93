package ec2instance

import "testing"

func TestRecurrence(t *testing.T) {
	for expression, want := range map[string]string{
		"cron(0 20 ? * 2-6 *)":          "0 20 * * 1-5",
		"cron(0 20 ? * MON-FRI *)":      "0 20 * * MON-FRI",
		"cron(30 6 1,15 * ? *)":         "30 6 1,15 * *",
		"cron(0/15 8-18 ? JAN-JUN 7 *)": "0/15 8-18 * JAN-JUN 6",
		"cron(0 8 ? * 1/2 *)":           "0 8 * * 0/2",
		"cron(0 8 L * ? *)":             "",
		"cron(0 8 15W * ? *)":           "",
		"cron(0 8 ? * 6#3 *)":           "",
		"cron(0 8 ? * 5L *)":            "",
		"cron(0 8 * * ? 2027)":          "",
		"rate(1 hour)":                  "",
		"at(2027-01-01T00:00:00)":       "",
	} {
		got, ok := recurrence(expression)
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %t, want %q", expression, got, ok, want)
		}
	}
}

func TestGraviton(t *testing.T) {
	for typ, want := range map[string]bool{
		"t4g.small": true, "m7gd.large": true, "c7gn.large": true, "x2gd.medium": true, "a1.large": true, "im4gn.large": true,
		"t3.small": false, "g5.xlarge": false, "m5a.large": false, "c6i.large": false, "u-6tb1.metal": false,
	} {
		if got := (specification{InstanceType: typ}).graviton(); got != want {
			t.Errorf("%s: got %t", typ, got)
		}
	}
}
