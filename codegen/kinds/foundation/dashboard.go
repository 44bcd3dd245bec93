package foundation

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// dashboards is a dashboard for each service whose Observability has them: the graphs of its components, each below its
// name. Nothing depends on it.
func dashboards(b *component.Builder) {
	var services []string
	graphs := map[string][]jen.Code{}
	for _, c := range slices.SortedFunc(slices.Values(b.Stack().Components), byID) {
		enabled := b.Stack().ObservabilityOf(c.Service).Get("dashboards", "enabled")
		_, kind := b.Target(c.ID())
		watched, ok := kind.(component.Watched)
		if !ok || enabled == nil || !enabled.Bool {
			continue
		}
		if graphs[c.Service] == nil {
			services = append(services, c.Service)
		}
		graphs[c.Service] = append(graphs[c.Service], section(b.Stack(), c, watched.Widgets(b.Stack(), c))...)
	}
	for _, service := range services {
		b.Resource(component.Resource{
			Type: "aws:cloudwatch/dashboard:Dashboard", Part: "dashboard-" + service, What: "dashboard of " + service,
			Source: b.Stack().ObservabilityOf(service).Get("dashboards").Source,
			Args: Fields{
				{Name: "DashboardName", Value: component.Str(names.Physical(255, b.Stack().Name, b.Stack().Environment, service))},
				{Name: "DashboardBody", Value: component.Pulumi("JSONMarshal").Call(component.Object(Fields{
					{Name: "widgets", Value: component.Objects(graphs[service]...)},
				}))},
			},
		})
	}
}

func byID(a, b *ir.Component) int { return strings.Compare(a.ID(), b.ID()) }

// section are a component's name and graphs, three in a row of CloudWatch's 24 columns.
func section(stack *ir.Stack, c *ir.Component, widgets []component.Widget) []jen.Code {
	items := []jen.Code{component.Element(Fields{
		{Name: "type", Value: jen.Lit("text")},
		{Name: "width", Value: jen.Lit(24)},
		{Name: "height", Value: jen.Lit(1)},
		{Name: "properties", Value: component.Object(Fields{{Name: "markdown", Value: jen.Lit("## " + c.Name)}})},
	})}
	for _, w := range widgets {
		var lines []jen.Code
		for _, s := range w.Series {
			lines = append(lines, line(s))
		}
		items = append(items, component.Element(Fields{
			{Name: "type", Value: jen.Lit("metric")},
			{Name: "width", Value: jen.Lit(8)},
			{Name: "height", Value: jen.Lit(6)},
			{Name: "properties", Value: component.Object(Fields{
				{Name: "title", Value: jen.Lit(w.Title)},
				{Name: "region", Value: jen.Lit(stack.Region)},
				{Name: "metrics", Value: component.List(jen.Index().Index().Any(), lines...)},
			})},
		}))
	}
	return items
}

// line is a metric as dashboards have it: a list that ends with how to show it.
func line(s component.Series) jen.Code {
	items := append([]jen.Code{jen.Lit(s.Namespace), jen.Lit(s.Metric)}, texts(s.Dimensions)...)
	return jen.Values(append(items, jen.Map(jen.String()).Any().Values(jen.Lit("stat").Op(":").Lit(s.Statistic)))...)
}
