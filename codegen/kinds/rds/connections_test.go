package rds

import (
	"testing"

	"github.com/panka-io/panka/compiler/ir"
)

// TestMemory holds the memory of instance classes against AWS's list, in GiB.
func TestMemory(t *testing.T) {
	for class, want := range map[string]int{
		"db.t4g.micro": 1, "db.t3.small": 2, "db.t3.medium": 4, "db.t3.2xlarge": 32, "db.m5.large": 8, "db.m6gd.xlarge": 16,
		"db.m7g.2xlarge": 32, "db.m5.24xlarge": 384, "db.r6g.large": 16, "db.r5.4xlarge": 128, "db.r6gd.16xlarge": 512,
		"db.x2g.large": 32, "db.x2g.16xlarge": 1024, "db.z1d.12xlarge": 384, "db.c6gd.large": 4, "db.q1.large": 0, "db.m3.medium": 0,
	} {
		if got := memoryGiB(class); got != want {
			t.Errorf("%s has %d GiB, want %d", class, got, want)
		}
	}
}

// TestMostConnections: the parameter counts before the machine, and what is not known gives no alarm.
func TestMostConnections(t *testing.T) {
	text := func(s string) map[string]ir.Text { return map[string]ir.Text{"max_connections": ir.Literal(s)} }
	for _, c := range []struct {
		engine, class string
		parameters    map[string]ir.Text
		want          int
	}{
		{"postgres", "db.t3.micro", nil, 112},
		{"postgres", "db.r6g.16xlarge", nil, 5000},
		{"mysql", "db.r6g.large", nil, 1365},
		{"mariadb", "db.r6g.large", nil, 682},
		{"postgres", "db.q1.large", nil, 0},
		{"postgres", "db.t3.micro", text("500"), 500},
		{"postgres", "db.t3.micro", text("{DBInstanceClassMemory/1000}"), 0},
		{"postgres", "db.t3.micro", map[string]ir.Text{"max_connections": {{Variable: "MOST"}}}, 0},
	} {
		var s specification
		s.Engine.Type, s.Instance.Class, s.Parameters = c.engine, c.class, c.parameters
		if got := s.mostConnections(); got != c.want {
			t.Errorf("%s on %s with %v allows %d connections, want %d", c.engine, c.class, c.parameters, got, c.want)
		}
	}
}
