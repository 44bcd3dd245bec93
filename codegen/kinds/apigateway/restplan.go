package apigateway

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// restDomain is the domain and what leads from it to the stage. Certificates of an EDGE one are in us-east-1, where
// CloudFront, which then stands in front, looks for them.
func (a api) restDomain() {
	d, region, field := a.Domain, a.Stack().Region, "RegionalCertificateArn"
	if a.Endpoint == "EDGE" {
		region, field = "us-east-1", "CertificateArn"
	}
	a.CheckRegion("the certificate", d.CertificateARN, region, a.Place("domain", "certificateArn"))
	a.Resource(component.Resource{
		Var: "domain", Type: "aws:apigateway/domainName:DomainName", Part: "domain", What: "domain", Source: a.Place("domain"),
		Args: component.Fields{
			{Name: "DomainName", Value: component.Str(d.Name)},
			{Name: field, Value: component.Str(d.CertificateARN)},
			{Name: "EndpointConfiguration", Value: component.Struct(component.AWS("apigateway", "DomainNameEndpointConfigurationArgs"),
				component.Fields{{Name: "Types", Value: component.Str(a.Endpoint)}})},
			{Name: "SecurityPolicy", Value: component.Str("TLS_1_2")},
		},
	})
	a.Resource(component.Resource{
		Type: "aws:apigateway/basePathMapping:BasePathMapping", Part: "mapping", What: "mapping of the domain", Source: a.Place("domain"),
		Args: component.Fields{
			{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "StageName", Value: jen.Id("stage").Dot("StageName")},
			{Name: "DomainName", Value: jen.Id("domain").Dot("DomainName")},
			{Name: "BasePath", Value: component.If(d.BasePath != "", component.Str(d.BasePath))},
		},
	})
}

// restPlans are the usage plans with the keys of those who call. AWS makes the keys' values; they are in its console.
func (a api) restPlans() {
	for _, p := range a.UsagePlans {
		plan := local("plan", p.Name)
		a.Resource(component.Resource{
			Var: plan, Type: "aws:apigateway/usagePlan:UsagePlan", Part: "plan-" + p.Name, What: "usage plan " + p.Name, Source: p.Source,
			Args: component.Fields{
				{Name: "Name", Value: a.Physical(255, "plan-"+p.Name)},
				{Name: "ApiStages", Value: component.List(component.AWS("apigateway", "UsagePlanApiStageArray"),
					component.Struct(component.AWS("apigateway", "UsagePlanApiStageArgs"), component.Fields{
						{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()},
						{Name: "Stage", Value: jen.Id("stage").Dot("StageName")},
					}))},
				{Name: "ThrottleSettings", Value: p.throttle()},
				{Name: "QuotaSettings", Value: p.quota()},
			},
		})
		for _, k := range p.Keys {
			key, part := local("key", p.Name+"--"+k.Name), "key-"+p.Name+"--"+k.Name
			a.Resource(component.Resource{
				Var: key, Type: "aws:apigateway/apiKey:ApiKey", Part: part, What: "key " + k.Name, Source: p.Source,
				Args: component.Fields{{Name: "Name", Value: a.Physical(255, part)}},
			})
			a.Resource(component.Resource{
				Type: "aws:apigateway/usagePlanKey:UsagePlanKey", Part: part, What: "key " + k.Name + " in its plan", Source: p.Source,
				Args: component.Fields{
					{Name: "UsagePlanId", Value: jen.Id(plan).Dot("ID").Call()},
					{Name: "KeyId", Value: jen.Id(key).Dot("ID").Call()},
					{Name: "KeyType", Value: component.Str("API_KEY")},
				},
			})
		}
	}
}

func (p usagePlan) throttle() jen.Code {
	var fields component.Fields
	if p.Rate != nil {
		fields = append(fields, component.Field{Name: "RateLimit", Value: component.Float(float64(*p.Rate))})
	}
	if p.Burst != nil {
		fields = append(fields, component.Field{Name: "BurstLimit", Value: component.Int(*p.Burst)})
	}
	if len(fields) == 0 {
		return nil
	}
	return component.Struct(component.AWS("apigateway", "UsagePlanThrottleSettingsArgs"), fields)
}

func (p usagePlan) quota() jen.Code {
	if p.Quota == nil {
		return nil
	}
	return component.Struct(component.AWS("apigateway", "UsagePlanQuotaSettingsArgs"), component.Fields{
		{Name: "Limit", Value: component.Int(p.Quota.Requests)},
		{Name: "Period", Value: component.Str(p.Quota.Period)},
	})
}
