package alb

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// The local variables of the listeners, by what they export.
var locals = map[string]string{"listenerArn": "listener", balance.HTTPListener: "plainListener"}

// listeners are the one for HTTPS and the one for HTTP, which sends browsers to the first or has the routes as well.
func (l loadBalancer) listeners() {
	if s := l.HTTPS; s != nil {
		region := l.Stack().Region
		l.CheckRegion("the certificate", s.CertificateARN, region, l.Place("https", "certificateArn"))
		l.listener("listener", "https", s.Port, l.Place("https"), component.Fields{
			{Name: "CertificateArn", Value: component.Str(s.CertificateARN)},
			{Name: "SslPolicy", Value: component.Str(balance.TLSPolicy(l.Builder, s.TLSPolicy, l.Place("https", "tlsPolicy")))},
		}, l.answer())
		for i, arn := range s.AdditionalCertificateARNs {
			l.CheckRegion("the certificate", arn, region, l.Place("https", "additionalCertificateArns"))
			l.certificate(i, arn)
		}
	}
	switch {
	case !l.HTTP.Enabled:
	case l.HTTPS == nil:
		l.listener("listener", "http", l.HTTP.Port, l.Place("http"), nil, l.answer())
	case l.HTTP.Action == "forward":
		l.listener(locals[balance.HTTPListener], "http", l.HTTP.Port, l.Place("http"), nil, l.answer())
	default:
		l.listener("", "http", l.HTTP.Port, l.Place("http"), nil, l.toHTTPS())
	}
	for _, listener := range balance.Listeners(l.Component()) {
		l.Output(listener.Output, jen.Id(locals[listener.Output]).Dot("Arn"))
	}
}

func (l loadBalancer) listener(local, protocol string, port int, source diag.Position, encryption, action component.Fields) {
	name := map[string]string{"http": "HTTP", "https": "HTTPS"}[protocol]
	args := component.Fields{
		{Name: "LoadBalancerArn", Value: jen.Id("loadBalancer").Dot("Arn")},
		{Name: "Protocol", Value: component.Str(name)},
		{Name: "Port", Value: component.Int(port)},
	}
	args = append(args, encryption...)
	l.Resource(component.Resource{
		Var: local, Type: "aws:lb/listener:Listener", Part: protocol, What: protocol + " listener", Source: source,
		Args: append(args, component.Field{Name: "DefaultActions", Value: component.List(
			component.AWS("lb", "ListenerDefaultActionArray"),
			component.Struct(component.AWS("lb", "ListenerDefaultActionArgs"), action))}),
	})
}

// answer is what happens to a request that no route takes.
func (l loadBalancer) answer() component.Fields {
	r := l.DefaultResponse
	var body jen.Code
	if len(r.Body) > 0 {
		body = l.Text(r.Body)
	}
	return component.Fields{
		{Name: "Type", Value: component.Str("fixed-response")},
		{Name: "FixedResponse", Value: component.Struct(component.AWS("lb", "ListenerDefaultActionFixedResponseArgs"), component.Fields{
			{Name: "ContentType", Value: component.Str(r.ContentType)},
			{Name: "MessageBody", Value: body},
			{Name: "StatusCode", Value: component.Str(strconv.Itoa(r.Status))},
		})},
	}
}

func (l loadBalancer) toHTTPS() component.Fields {
	return component.Fields{
		{Name: "Type", Value: component.Str("redirect")},
		{Name: "Redirect", Value: component.Struct(component.AWS("lb", "ListenerDefaultActionRedirectArgs"), component.Fields{
			{Name: "Protocol", Value: component.Str("HTTPS")},
			{Name: "Port", Value: component.Str(strconv.Itoa(l.HTTPS.Port))},
			{Name: "StatusCode", Value: component.Str("HTTP_301")},
		})},
	}
}

// certificate is one for further hosts. Its name follows from the certificate, so that taking one out of the list moves no other.
func (l loadBalancer) certificate(i int, arn string) {
	if arn == l.HTTPS.CertificateARN || slices.Contains(l.HTTPS.AdditionalCertificateARNs[:i], arn) {
		return // AWS refuses it twice
	}
	l.Resource(component.Resource{
		Type: "aws:lb/listenerCertificate:ListenerCertificate", Part: "certificate-" + arn[strings.LastIndexByte(arn, '/')+1:],
		What: "certificate", Source: l.Place("https", "additionalCertificateArns"),
		Args: component.Fields{
			{Name: "ListenerArn", Value: jen.Id("listener").Dot("Arn")},
			{Name: "CertificateArn", Value: component.Str(arn)},
		},
	})
}
