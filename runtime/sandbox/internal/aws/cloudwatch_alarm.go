package aws

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	alarmType     = "aws:cloudwatch/metricAlarm:MetricAlarm"
	compositeType = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
)

func metricAlarm() *Kind {
	return &Kind{
		Type: alarmType, Label: "CloudWatch Metric Alarm", Regional: true, Idempotent: true,
		Name: "name", MaxName: 255,
		Replace: []string{"name"},
		Checks: []Check{
			longest("name", 255), matching("namespace", `^[^:].*$`, "cannot begin with a colon"),
			oneOf("comparisonOperator", "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
				"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"),
			oneOf("statistic", "SampleCount", "Average", "Sum", "Minimum", "Maximum"),
			matching("extendedStatistic", `^(p(\d{1,2}(\.\d{0,2})?|100)|IQM|((tm|wm|tc|ts|pr|PR|TM|WM|TC|TS)\(.+\))|(tm|wm|tc|ts)\d{1,2}(\.\d+)?)$`, "a percentile such as p95, or a trimmed statistic such as tm90"),
			oneOf("treatMissingData", "breaching", "notBreaching", "ignore", "missing"), oneOf("evaluateLowSampleCountPercentiles", "evaluate", "ignore"),
			within("evaluationPeriods", 1, math.MaxInt32), within("datapointsToAlarm", 1, math.MaxInt32),
			exactlyOne("metricName", "metricQueries"), atMostOne("statistic", "extendedStatistic"), atMostOne("threshold", "thresholdMetricId"),
			checkAlarmMetric, checkAlarmPeriod, checkAlarmActions, checkQueries,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"actionsEnabled": true, "treatMissingData": "missing"}
			if c.In.Has("extendedStatistic") {
				out["evaluateLowSampleCountPercentiles"] = "evaluate"
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("cloudwatch", "alarm:"+name)}}, actionsInRegion(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, actionsInRegion(c) },
		Delete: unneededByComposites,
		Unwell: alarmUnwell,
		Usual:  Usual{1, 1, 1},
	}
}

// checkAlarmMetric demands what describes a single metric.
func checkAlarmMetric(in store.Values) []Problem {
	if !in.Has("metricName") {
		return nil
	}
	var out []Problem
	for _, p := range []string{"namespace", "period"} {
		if !in.Has(p) {
			out = append(out, Problem{p, p + " must be given with metricName"})
		}
	}
	if !in.Has("statistic") && !in.Has("extendedStatistic") {
		out = append(out, Problem{"statistic", "one of statistic or extendedStatistic must be given with metricName"})
	}
	if !in.Has("threshold") && !in.Has("thresholdMetricId") {
		out = append(out, Problem{"threshold", "one of threshold or thresholdMetricId must be given"})
	}
	return out
}

func checkAlarmPeriod(in store.Values) []Problem {
	var out []Problem
	period, given := at(in, "period").(float64)
	if given && period != 10 && period != 30 && (period < 60 || math.Mod(period, 60) != 0) {
		out = append(out, Problem{"period", fmt.Sprintf("Period must be 10, 30 or a multiple of 60, got %v", period)})
	}
	periods := float64(in.Int("evaluationPeriods"))
	if limit := 86400.0; given && period < 3600 && periods*period > limit {
		out = append(out, Problem{"evaluationPeriods", "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."})
	}
	if n, ok := at(in, "datapointsToAlarm").(float64); ok && periods > 0 && n > periods {
		out = append(out, Problem{"datapointsToAlarm", fmt.Sprintf("DatapointsToAlarm (%v) must be less than or equal to EvaluationPeriods (%v)", n, periods)})
	}
	return out
}

func checkAlarmActions(in store.Values) []Problem {
	var out []Problem
	for _, list := range []string{"alarmActions", "okActions", "insufficientDataActions"} {
		out = append(out, eachString(list, `^arn:`, "an action is an ARN")(in)...)
		if n := len(in.Strings(list)); n > 5 {
			out = append(out, Problem{list, fmt.Sprintf("an alarm has at most 5 %s, got %d", list, n)})
		}
	}
	return out
}

func checkQueries(in store.Values) []Problem {
	queries := in.Objects("metricQueries")
	if len(queries) == 0 {
		return nil
	}
	out := eachObject("metricQueries", matching("id", `^[a-z][a-zA-Z0-9_]{0,254}$`, "letters, digits and underscores, first a lower-case letter"),
		exactlyOne("expression", "metric"))(in)
	var ids []string
	returned := 0
	for _, q := range queries {
		if id := q.String("id"); slices.Contains(ids, id) {
			out = append(out, Problem{"metricQueries", "two metric queries have the id " + id})
		}
		ids = append(ids, q.String("id"))
		if q.Bool("returnData") {
			returned++
		}
	}
	bands := in.Has("thresholdMetricId")
	if bands && !slices.Contains(ids, in.String("thresholdMetricId")) && in.Known("thresholdMetricId") {
		out = append(out, Problem{"thresholdMetricId", "thresholdMetricId must be the id of a metric query"})
	}
	if returned != 1 && !bands {
		out = append(out, Problem{"metricQueries", fmt.Sprintf("exactly one element of the metrics list should return data, got %d", returned)})
	}
	return out
}

func actionsOf(in store.Values) []string {
	return slices.Concat(in.Strings("alarmActions"), in.Strings("okActions"), in.Strings("insufficientDataActions"))
}

func actionsInRegion(c *Call) error {
	for _, arn := range actionsOf(c.In) {
		if a, ok := parseARN(arn); ok && a.service == "sns" && a.region != c.Region {
			return errorf("ValidationError", "Invalid region %s specified. Only %s is supported.", a.region, c.Region)
		}
	}
	return nil
}

// alarmUnwell says why an alarm would tell nobody.
func alarmUnwell(c *Call, r *store.Resource) string {
	for _, arn := range actionsOf(r.Inputs) {
		if c.gone(arn) {
			return "the alarm's action " + arn + " does not exist"
		}
	}
	return ""
}

func compositeAlarm() *Kind {
	return &Kind{
		Type: compositeType, Label: "CloudWatch Composite Alarm", Regional: true, Idempotent: true,
		Name:    "alarmName",
		Replace: []string{"alarmName", "actionsEnabled"},
		Checks: []Check{
			longest("alarmName", 255), longest("alarmRule", 10240),
			checkRule, checkAlarmActions,
		},
		Defaults: func(*Call) store.Values { return store.Values{"actionsEnabled": true} },
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("alarmName")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("cloudwatch", "alarm:"+name)}}, compositeFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, compositeFits(c) },
		Delete: unneededByComposites,
		Unwell: alarmUnwell,
		Usual:  Usual{1, 1, 1},
	}
}

var ruleTerms = regexp.MustCompile(`\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)`)

// checkRule demands an expression of states, TRUE and FALSE with AND, OR, NOT and parentheses.
func checkRule(in store.Values) []Problem {
	rule, ok := at(in, "alarmRule").(string)
	if !ok {
		return nil
	}
	rest := regexp.MustCompile(`\b(TRUE|FALSE)\b`).ReplaceAllString(ruleTerms.ReplaceAllString(rule, " x "), " x ")
	rest = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(rest)
	depth, operand := 0, false // whether the last word completed an operand
	for _, word := range strings.Fields(rest) {
		good := false
		switch word {
		case "x":
			good, operand = !operand, true
		case "AND", "OR":
			good, operand = operand, false
		case "NOT":
			good = !operand
		case "(":
			good = !operand
			depth++
		case ")":
			depth--
			good = operand && depth >= 0
		}
		if !good {
			return []Problem{{"alarmRule", fmt.Sprintf("AlarmRule could not be parsed near %q: %s", word, rule)}}
		}
	}
	if depth != 0 || !operand {
		return []Problem{{"alarmRule", "AlarmRule could not be parsed to its end: " + rule}}
	}
	return nil
}

// ruleAlarms gives the names of the alarms that a rule is about.
func ruleAlarms(rule string) []string {
	var out []string
	for _, m := range ruleTerms.FindAllStringSubmatch(rule, -1) {
		out = append(out, m[1][strings.LastIndex(m[1], ":alarm:")+1:])
	}
	for i, name := range out {
		out[i] = strings.TrimPrefix(name, "alarm:")
	}
	return out
}

func compositeFits(c *Call) error {
	names := ruleAlarms(c.In.String("alarmRule"))
	if s := c.In.Object("actionsSuppressor").String("alarm"); s != "" {
		names = append(names, strings.TrimPrefix(s[strings.LastIndex(s, ":alarm:")+1:], "alarm:"))
	}
	for _, name := range names {
		if c.Find(alarmType, name) == nil && c.Find(compositeType, name) == nil {
			return errorf("ValidationError", "Could not save the composite alarm as alarms [%s] in the alarm rule do not exist", name)
		}
	}
	return actionsInRegion(c)
}

func unneededByComposites(c *Call, r *store.Resource) error {
	needs := func(by *store.Resource) bool { return slices.Contains(ruleAlarms(by.Inputs.String("alarmRule")), r.ID) }
	if by := c.other(compositeType, r, needs); by != nil {
		return errorf("ValidationError", "Cannot delete %s as there are composite alarm(s) depending on it: %s", r.ID, by.ID)
	}
	return nil
}
