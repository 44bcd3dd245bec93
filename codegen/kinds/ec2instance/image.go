package ec2instance

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// parameter is the SSM parameter that names the newest image of the operating system; their makers keep them.
func (s specification) parameter() string {
	if s.Image.SSMParameter != "" {
		return s.Image.SSMParameter
	}
	arch, short := "x86_64", "amd64"
	if s.graviton() {
		arch, short = "arm64", "arm64"
	}
	return map[string]string{
		"amazon-linux-2023": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-" + arch,
		"amazon-linux-2":    "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-" + arch + "-gp2",
		"ubuntu-24.04":      "/aws/service/canonical/ubuntu/server/24.04/stable/current/" + short + "/hvm/ebs-gp3/ami-id",
		"ubuntu-22.04":      "/aws/service/canonical/ubuntu/server/22.04/stable/current/" + short + "/hvm/ebs-gp2/ami-id",
		"debian-12":         "/aws/service/debian/release/12/latest/" + short,
		"windows-2025":      "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base",
		"windows-2022":      "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
		"windows-2019":      "/aws/service/ami-windows-latest/Windows_Server-2019-English-Full-Base",
	}[s.Image.OS]
}

// image looks the image up, as the local variable image, a Go string.
func (m *machine) image() {
	if m.Image.ID != "" {
		m.Statement(jen.Id("image").Op(":=").Lit(m.Image.ID), jen.Line())
		return
	}
	m.Statement(
		jen.List(jen.Id("newest"), jen.Err()).Op(":=").Add(component.AWS("ssm", "LookupParameter")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.AWS("ssm", "LookupParameterArgs")).Values(jen.Id("Name").Op(":").Lit(m.parameter()))),
		m.Check("find the image"),
		jen.Id("image").Op(":=").Id("newest").Dot("Value"),
		jen.Line(),
	)
}

// rootDevice is the code of the name of the device that the image starts from.
func (m *machine) rootDevice() jen.Code {
	switch {
	case strings.HasPrefix(m.Image.OS, "amazon"), strings.HasPrefix(m.Image.OS, "debian"):
		return component.Str("/dev/xvda")
	case m.Image.OS != "":
		return component.Str("/dev/sda1")
	}
	m.Statement(
		jen.List(jen.Id("described"), jen.Err()).Op(":=").Add(component.AWS("ec2", "LookupAmi")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.Struct(component.AWS("ec2", "LookupAmiArgs"), component.Fields{
				{Name: "Filters", Value: component.List(jen.Index().Add(component.AWS("ec2", "GetAmiFilter")),
					jen.Values(jen.Id("Name").Op(":").Lit("image-id"), jen.Id("Values").Op(":").Index().String().Values(jen.Id("image"))))},
			}))),
		m.Check("describe the image"), jen.Line(),
	)
	return component.Pulumi("String").Call(jen.Id("described").Dot("RootDeviceName"))
}

// generation is the part of the name of what starts from the image. What starts from the newest image of a system stays
// with the one that it began with, so that only another name makes it start from another system.
func (m *machine) generation(part string) string {
	if !m.frozen() {
		return part
	}
	words := strings.FieldsFunc(m.parameterName(), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(append([]string{part}, words...), "-")
}

func (m *machine) parameterName() string {
	if m.Image.OS != "" {
		return m.Image.OS
	}
	return strings.ToLower(m.Image.SSMParameter)
}

// frozen tells whether a newer image changes nothing.
func (m *machine) frozen() bool { return m.Image.ID == "" && !m.Image.Update }
