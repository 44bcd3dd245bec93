package apigateway

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// corsPaths are the paths at which browsers may ask what pages of other sites may do: all with a route, but for those
// whose routes answer such questions themselves.
func (a api) corsPaths() []string {
	var all, taken []string
	for _, r := range a.Routes {
		all = append(all, r.Path)
		if r.Method == "OPTIONS" {
			taken = append(taken, r.Path)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(path string) bool { return slices.Contains(taken, path) })
}

// restCORS answers a browser that asks before it calls. What is behind a route adds Access-Control-Allow-Origin to its own
// answers.
func (a api) restCORS(path string) {
	base, part := a.pathLocal(path), "cors-"+pathPart(path)
	source := a.Place("cors")
	common := func(method jen.Code) component.Fields {
		return component.Fields{
			{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "ResourceId", Value: a.pathID(path)},
			{Name: "HttpMethod", Value: method},
		}
	}
	a.Resource(component.Resource{
		Var: base + "Options", Type: "aws:apigateway/method:Method", Part: part, What: "method for browsers", Source: source,
		Args: append(common(component.Str("OPTIONS")), component.Field{Name: "Authorization", Value: component.Str("NONE")}),
	})
	method := jen.Id(base + "Options").Dot("HttpMethod")
	a.Resource(component.Resource{
		Var: base + "Mock", Type: "aws:apigateway/integration:Integration", Part: part, What: "answer for browsers", Source: source,
		Args: append(common(method), component.Fields{
			{Name: "Type", Value: component.Str("MOCK")},
			{Name: "RequestTemplates", Value: component.Map(component.Pulumi("StringMap"), component.Fields{
				{Name: "application/json", Value: component.Str(`{"statusCode": 204}`)},
			})},
		}...),
	})
	headers, declared := component.Fields{}, component.Fields{}
	for _, h := range a.corsHeaders() {
		name := "method.response.header." + h.name
		headers = append(headers, component.Field{Name: name, Value: component.Str("'" + h.value + "'")})
		declared = append(declared, component.Field{Name: name, Value: component.Bool(true)})
	}
	a.Resource(component.Resource{
		Var: base + "Answer", Type: "aws:apigateway/methodResponse:MethodResponse", Part: part, What: "answer for browsers", Source: source,
		Args: append(common(method), component.Fields{
			{Name: "StatusCode", Value: component.Str("204")},
			{Name: "ResponseParameters", Value: component.Map(component.Pulumi("BoolMap"), declared)},
		}...),
	})
	a.Resource(component.Resource{
		Var: base + "Headers", Type: "aws:apigateway/integrationResponse:IntegrationResponse", Part: part, What: "headers for browsers", Source: source,
		Args: append(common(method), component.Fields{
			{Name: "StatusCode", Value: jen.Id(base + "Answer").Dot("StatusCode")},
			{Name: "ResponseParameters", Value: component.Map(component.Pulumi("StringMap"), headers)},
		}...),
		Options: []jen.Code{component.DependsOn(base + "Mock")},
	})
}

type header struct{ name, value string }

// corsHeaders are those of the answer.
func (a api) corsHeaders() []header {
	c := a.CORS
	all := []header{{"Access-Control-Allow-Origin", c.AllowOrigins[0]}}
	add := func(name string, values []string) {
		if len(values) > 0 {
			all = append(all, header{name, strings.Join(values, ",")})
		}
	}
	add("Access-Control-Allow-Methods", c.AllowMethods)
	add("Access-Control-Allow-Headers", c.AllowHeaders)
	add("Access-Control-Expose-Headers", c.ExposeHeaders)
	if c.AllowCredentials {
		all = append(all, header{"Access-Control-Allow-Credentials", "true"})
	}
	if c.MaxAge != nil {
		all = append(all, header{"Access-Control-Max-Age", strconv.Itoa(int(*c.MaxAge))})
	}
	return all
}
