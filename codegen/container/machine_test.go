package container

import "testing"

func TestMachineType(t *testing.T) {
	for _, c := range []struct {
		cpu, memory int
		arm         bool
		want        string
	}{
		{256, 512, false, "m6i.large"},
		{2048, 7168, true, "m6g.large"},
		{2048, 8192, false, "m6i.xlarge"},
		{4096, 8192, false, "m6i.xlarge"},
		{16384, 122880, false, "m6i.8xlarge"},
	} {
		if got := MachineType(c.cpu, c.memory, c.arm); got != c.want {
			t.Errorf("MachineType(%d, %d, %v) = %s, want %s", c.cpu, c.memory, c.arm, got, c.want)
		}
		if !Holds(c.want, c.cpu, c.memory) {
			t.Errorf("%s has no room for %d CPU units and %d MiB", c.want, c.cpu, c.memory)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		typ         string
		cpu, memory int
		want        bool
	}{
		{"m6i.large", 2048, 8192, false},
		{"m6i.large", 4096, 4096, false},
		{"c7gn.xlarge", 4096, 7168, true},
		{"c7gn.xlarge", 4096, 8192, false},
		{"r6i.12xlarge", 16384, 122880, true},
		{"m7i-flex.2xlarge", 8192, 30720, true},
		{"t3.nano", 16384, 122880, true}, // not known
		{"m5.metal", 16384, 122880, true},
	} {
		if got := Holds(c.typ, c.cpu, c.memory); got != c.want {
			t.Errorf("Holds(%s, %d, %d) = %v", c.typ, c.cpu, c.memory, got)
		}
	}
}
