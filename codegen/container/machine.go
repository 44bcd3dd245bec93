package container

import (
	"regexp"
	"strconv"
)

// machineSizes are general-purpose machines, the smallest first, by what containers can have of them: the system and
// ECS's agent need the rest.
var machineSizes = []struct {
	size        string
	cpu, memory int
}{
	{"large", 2048, 7168}, {"xlarge", 4096, 14848}, {"2xlarge", 8192, 30208}, {"4xlarge", 16384, 61440}, {"8xlarge", 32768, 124928},
}

// MachineType is the smallest general-purpose machine with room for a container of so many CPU units and MiB. The largest
// has room for all that the schema allows.
func MachineType(cpu, memory int, arm bool) string {
	family := "m6i."
	if arm {
		family = "m6g."
	}
	for _, s := range machineSizes {
		if cpu <= s.cpu && memory <= s.memory {
			return family + s.size
		}
	}
	return family + machineSizes[len(machineSizes)-1].size
}

// sized are the families whose sizes tell how large a machine is.
var sized = regexp.MustCompile(`^([cmr])[0-9]+[a-z-]*\.([0-9]*)(x?)large$`)

// Holds tells whether a machine of a type could have room for a container of so many CPU units and MiB. It is true of
// types whose size it does not know.
func Holds(machineType string, cpu, memory int) bool {
	m := sized.FindStringSubmatch(machineType)
	if m == nil || (m[2] != "" && m[3] == "") {
		return true
	}
	cores := 2
	if m[3] != "" {
		cores = 4
		if n, err := strconv.Atoi(m[2]); err == nil {
			cores *= n
		}
	}
	perCore := map[string]int{"c": 2048, "m": 4096, "r": 8192}[m[1]]
	return cpu <= cores*1024 && memory < cores*perCore // the system needs some of it
}
