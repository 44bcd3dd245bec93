package kafka

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// container is the container of a node, in the JSON that ECS takes.
func (c *cluster) container(n node) jen.Code {
	script, env := c.script(n)
	image := append(append(ir.Text{}, c.Image.Repository...), ir.Part{Literal: ":"})
	var variables []jen.Code
	for _, name := range env.names {
		variables = append(variables, pair("value", name, c.Plain(env.values[name])))
	}
	return component.Element(component.Fields{
		{Name: "name", Value: jen.Lit(n.name)},
		{Name: "image", Value: c.Plain(append(image, c.Image.Tag...))},
		{Name: "essential", Value: jen.True()},
		{Name: "entryPoint", Value: component.Strings("/bin/bash", "-c")},
		{Name: "command", Value: lines(script)},
		{Name: "stopTimeout", Value: jen.Lit(stopTimeout)},
		{Name: "portMappings", Value: c.ports(n)},
		{Name: "environment", Value: component.Objects(variables...)},
		{Name: "secrets", Value: c.secrets(n)},
		{Name: "mountPoints", Value: component.Objects(jen.Values(
			jen.Lit("sourceVolume").Op(":").Lit("data"), jen.Lit("containerPath").Op(":").Lit(dataFolder)))},
		{Name: "ulimits", Value: component.Objects(jen.Values(
			jen.Lit("name").Op(":").Lit("nofile"), jen.Lit("softLimit").Op(":").Lit(65536), jen.Lit("hardLimit").Op(":").Lit(65536)))},
		{Name: "healthCheck", Value: health(n)},
		{Name: "logConfiguration", Value: component.Object(component.Fields{
			{Name: "logDriver", Value: jen.Lit("awslogs")},
			{Name: "options", Value: component.Object(component.Fields{
				{Name: "awslogs-group", Value: jen.Id("logs").Dot("Name")},
				{Name: "awslogs-region", Value: jen.Lit(c.Stack().Region)},
				{Name: "awslogs-stream-prefix", Value: jen.Lit(c.Component().Name)},
			})},
		})},
	})
}

// lines is a script as a list of one argument, shown line by line.
func lines(script string) jen.Code {
	var items []jen.Code
	for _, line := range strings.Split(script, "\n") {
		items = append(items, jen.Lit(line))
	}
	return jen.Index().String().Values(jen.Qual("strings", "Join").Call(component.List(jen.Index().String(), items...), jen.Lit("\n")))
}

func pair(kind, name string, value jen.Code) jen.Code {
	return jen.Values(jen.Lit("name").Op(":").Lit(name), jen.Lit(kind).Op(":").Add(value))
}

// health asks for the port that opens first. A controller's opens before there is a quorum: if it had to wait for that, the
// first node would never be well, and the second never start.
func health(n node) jen.Code {
	return component.Object(component.Fields{
		{Name: "command", Value: component.Strings("CMD", "/bin/bash", "-c", probe(n))},
		{Name: "interval", Value: jen.Lit(15)},
		{Name: "timeout", Value: jen.Lit(5)},
		{Name: "retries", Value: jen.Lit(4)},
		{Name: "startPeriod", Value: jen.Lit(180)},
	})
}

// probe is what the health check runs.
func probe(n node) string {
	port := brokerPort
	if n.controller {
		port = controllerPort
	}
	return fmt.Sprintf("</dev/tcp/127.0.0.1/%d", port)
}

func (c *cluster) ports(n node) jen.Code {
	var items []jen.Code
	add := func(name string, port int) {
		items = append(items, jen.Values(jen.Lit("name").Op(":").Lit(name), jen.Lit("containerPort").Op(":").Lit(port), jen.Lit("protocol").Op(":").Lit("tcp")))
	}
	if n.broker {
		add("broker", brokerPort)
		add("client", c.clientPort())
	}
	if n.controller {
		add("controller", controllerPort)
	}
	return component.Objects(items...)
}

// stopTimeout is how many seconds a broker gets to hand over what it leads before it goes.
const stopTimeout = 120

// certificateParts are the keys of the certificate's secret, with the variables that the script reads them from.
var certificateParts = []struct{ variable, key string }{
	{certificateVariable, "certificate"}, {keyVariable, "key"}, {authorityVariable, "ca"},
}

// secrets are the node's certificate and, on the broker that sets up the cluster, the passwords of users.
func (c *cluster) secrets(n node) jen.Code {
	arn := func(ref string) *jen.Statement { return jen.Id("secrets").Index(jen.Lit(ref)) }
	var items []jen.Code
	if c.tls() {
		for _, s := range certificateParts {
			items = append(items, pair("valueFrom", s.variable, arn(c.Security.CertificateSecret).Op("+").Lit(":"+s.key+"::")))
		}
	}
	if n.id == 1 {
		for i, u := range c.Security.Users {
			items = append(items, pair("valueFrom", passwordVariable(i), arn(u.SecretRef)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return component.Objects(items...)
}
