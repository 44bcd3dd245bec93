package rds

import (
	"regexp"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms are the ones that tell of a database which soon stops answering: no CPU left, a disk that fills up, no connection
// to be had.
func (i *instance) alarms() {
	limits, source := alarm.For(i.Builder).Thresholds.Database, i.Place("instance")
	all := []alarm.Alarm{
		{
			Part: "cpu", Description: "The database " + i.ID() + " uses much of its CPU", Metric: i.metric("CPUUtilization", "Average"),
			Comparison: alarm.AtLeast, Threshold: limits.CPUPercent, Source: source,
		},
		{
			Part: "storage", Description: "The disk of the database " + i.ID() + " is nearly full",
			Metric: i.metric("FreeStorageSpace", "Minimum"), Comparison: alarm.Below,
			Threshold: float64(i.Instance.Storage.AllocatedGB) * (1 << 30) * limits.FreeStoragePercent / 100,
			Source:    i.Place("instance", "storage"),
		},
	}
	if most := i.mostConnections(); most > 0 {
		all = append(all, alarm.Alarm{
			Part: "connections", Description: "The database " + i.ID() + " has nearly as many connections as it allows",
			Metric: i.metric("DatabaseConnections", "Maximum"), Comparison: alarm.AtLeast,
			Threshold: float64(int(float64(most) * limits.ConnectionsPercent / 100)), Source: source,
		})
	}
	alarm.Add(i.Builder, all...)
}

func (i *instance) metric(name, statistic string) alarm.Metric {
	return alarm.Metric{
		Namespace: "AWS/RDS", Name: name, Statistic: statistic,
		Dimensions: component.Fields{{Name: "DBInstanceIdentifier", Value: jen.Id("instance").Dot("Identifier")}},
	}
}

// mostConnections is how many connections the database allows: what the parameter says, or else what the engine makes of
// the machine's memory. 0 if neither is known.
func (s specification) mostConnections() int {
	if own, set := s.Parameters["max_connections"]; set {
		text, _ := own.Static()
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0 // a formula, or a variable
		}
		return n
	}
	memory := memoryGiB(s.Instance.Class) << 30
	switch s.Engine.Type {
	case "postgres":
		return min(memory/9531392, 5000)
	case "mysql":
		return min(memory/12582880, 100000)
	default:
		return min(memory/25165760, 12000)
	}
}

var classForm = regexp.MustCompile(`^db\.([a-z]+)[0-9]+[a-z]*\.([0-9]*)([a-z]+)$`)

// memoryGiB is the memory of an instance class: its size times what the family gives for each. AWS takes a little of it
// for itself. 0 for a family that is not known.
func memoryGiB(class string) int {
	parts := classForm.FindStringSubmatch(class)
	if parts == nil {
		return 0
	}
	family, count, size := parts[1], parts[2], parts[3]
	if family == "t" {
		small := map[string]int{"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16}[size]
		return small * max(1, number(count))
	}
	large := map[string]int{"c": 4, "m": 8, "r": 16, "z": 16, "x": 32}[family]
	if size == "large" {
		return large
	}
	if size != "xlarge" {
		return 0 // medium machines of m1 and m3, which are no more
	}
	return 2 * large * max(1, number(count))
}
