package apigateway

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// paths are those of the routes and all that lead to them, sorted, without the root.
func (a api) paths() []string {
	var all []string
	for _, r := range a.Routes {
		for path := r.Path; path != "/" && path != ""; path = path[:strings.LastIndexByte(path, '/')] {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// pathPart is a path in the names of resources: what of it fits there, and a hash of the whole.
func pathPart(path string) string {
	if path == "/" {
		return "root"
	}
	words := strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	sum := sha256.Sum256([]byte(path))
	return names.Resource(append(words, hex.EncodeToString(sum[:3]))...)
}

// pathLocal is the local variable of a path.
func (a api) pathLocal(path string) string {
	return "path" + strconv.Itoa(slices.Index(a.paths(), path)+1) // path0 is the root, which needs no variable
}

// pathID is the code of the ID of a path's resource.
func (a api) pathID(path string) jen.Code {
	if path == "/" || path == "" {
		return jen.Id("api").Dot("RootResourceId")
	}
	return jen.Id(a.pathLocal(path)).Dot("ID").Call()
}

// restRoutes are the paths, each below the one before its last slash, and the routes' methods on them.
func (a api) restRoutes() {
	for _, path := range a.paths() {
		slash := strings.LastIndexByte(path, '/')
		a.Resource(component.Resource{
			Var: a.pathLocal(path), Type: "aws:apigateway/resource:Resource", Part: "path-" + pathPart(path), What: "path",
			Source: a.Place("routes"),
			Args: component.Fields{
				{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
				{Name: "ParentId", Value: a.pathID(path[:slash])},
				{Name: "PathPart", Value: component.Str(path[slash+1:])},
			},
		})
	}
	for _, r := range a.Routes {
		a.restMethod(r)
	}
	if a.CORS != nil {
		for _, path := range a.corsPaths() {
			a.restCORS(path)
		}
	}
}

func (a api) restMethod(r route) {
	method := local("method", r.Name)
	args := component.Fields{
		{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
		{Name: "ResourceId", Value: a.pathID(r.Path)},
		{Name: "HttpMethod", Value: component.Str(r.Method)},
	}
	args = append(args, a.restAccess(r)...)
	a.Resource(component.Resource{
		Var: method, Type: "aws:apigateway/method:Method", Part: "route-" + r.Name, What: "route " + r.Name, Source: r.Source,
		Args: append(args,
			component.Field{Name: "ApiKeyRequired", Value: component.If(r.APIKey, component.Bool(true))},
			component.Field{Name: "RequestParameters", Value: a.restParameters(r, func(string) jen.Code { return component.Bool(true) }, "BoolMap",
				"method.request.path.")}),
	})
	integration := component.Fields{
		{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
		{Name: "ResourceId", Value: a.pathID(r.Path)},
		{Name: "HttpMethod", Value: jen.Id(method).Dot("HttpMethod")},
		{Name: "TimeoutMilliseconds", Value: component.Int(1000 * int(r.Timeout))},
	}
	a.Resource(component.Resource{
		Var: local("to", r.Name), Type: "aws:apigateway/integration:Integration", Part: "to-" + r.Name, What: "target of the route " + r.Name,
		Source: r.Source, Args: append(integration, a.restTarget(r)...),
	})
}

func (a api) restAccess(r route) component.Fields {
	au := a.authorizer(r)
	if au == nil {
		authorization := r.Authorization
		if authorization == "" {
			authorization = "NONE"
		}
		return component.Fields{{Name: "Authorization", Value: component.Str(authorization)}}
	}
	typ := "CUSTOM"
	if au.UserPoolARN != "" {
		typ = "COGNITO_USER_POOLS"
	}
	return component.Fields{
		{Name: "Authorization", Value: component.Str(typ)},
		{Name: "AuthorizerId", Value: jen.Id(local("authorizer", au.Name)).Dot("ID").Call()},
		{Name: "AuthorizationScopes", Value: texts(r.Scopes)},
	}
}

// restParameters is a map with an entry for each part of the path that stands for anything, if the route passes them on.
func (a api) restParameters(r route, value func(name string) jen.Code, typ, prefix string) jen.Code {
	if r.Service == "" {
		return nil
	}
	var fields component.Fields
	for _, segment := range strings.Split(r.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			name = strings.TrimRight(name, "+}")
			fields = append(fields, component.Field{Name: prefix + name, Value: value(name)})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return component.Map(component.Pulumi(typ), fields)
}

// restTarget are the arguments of what a route leads to.
func (a api) restTarget(r route) component.Fields {
	switch {
	case r.Function != "":
		return component.Fields{
			{Name: "Type", Value: component.Str("AWS_PROXY")},
			{Name: "IntegrationHttpMethod", Value: component.Str("POST")}, // Lambda's own, whatever the caller's is
			{Name: "Uri", Value: a.calling(r.Function, r.Source)},
		}
	case r.Service != "":
		return component.Fields{
			{Name: "Type", Value: component.Str("HTTP_PROXY")},
			{Name: "IntegrationHttpMethod", Value: component.Str(r.Method)},
			{Name: "ConnectionType", Value: component.Str("VPC_LINK")},
			{Name: "ConnectionId", Value: jen.Id(local("link", a.partOf(r.Service))).Dot("ID").Call()},
			{Name: "Uri", Value: a.restAddress(r)},
			{Name: "RequestParameters", Value: a.restParameters(r, func(name string) jen.Code { return component.Str("method.request.path." + name) },
				"StringMap", "integration.request.path.")},
		}
	default:
		return component.Fields{
			{Name: "Type", Value: component.Str("HTTP_PROXY")},
			{Name: "IntegrationHttpMethod", Value: component.Str(r.Method)},
			{Name: "Uri", Value: a.Text(r.URL)},
		}
	}
}

// restAddress is a service's, by the name that its NLB or its certificate has, with the same path as the caller's.
func (a api) restAddress(r route) jen.Code {
	to, _ := a.backend(r)
	path := ":" + strconv.Itoa(to.port) + strings.ReplaceAll(r.Path, "+}", "}")
	if r.ServerName != "" {
		return component.Str("https://" + r.ServerName + path)
	}
	host := jen.Code(jen.Id(a.relayOf(to, r).local).Dot("DnsName"))
	if to.nlb {
		host, _ = a.Use(r.Service, "dnsName", r.Source)
	}
	return component.Pulumi("Sprintf").Call(jen.Lit("http://%s%s"), host, jen.Lit(path))
}
