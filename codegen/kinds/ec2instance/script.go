package ec2instance

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// shebang is the first line of a script that names none.
const shebang = "#!/bin/bash\n"

// bash is the first line of a script that panka can put something before.
var bash = regexp.MustCompile(`^#! ?(/usr)?/bin/(env )?bash( -[a-z]+)?\n`)

// scripted tells whether the machine has user data at all.
func (m *machine) scripted() bool { return len(m.UserData) > 0 || m.prepared() }

// prepared tells whether panka puts something before the script: the environment, and what mounts disks.
func (m *machine) prepared() bool {
	return len(m.Environment)+len(m.Secrets)+len(m.disks()) > 0 || len(m.systems()) > 0
}

// systems are the references that mount file systems.
func (m *machine) systems() []ir.Reference {
	return slices.DeleteFunc(slices.Clone(m.Component().References), func(ref ir.Reference) bool {
		_, kind := m.Target(ref.Component)
		_, ok := kind.(filesystem.System)
		return !ok || ref.Mount == nil
	})
}

// soundScript reports user data that panka cannot put anything before, and what does not belong into it.
func (m *machine) soundScript(refuse func(at diag.Position, hint, format string, args ...any)) {
	at := m.Place("userData")
	if m.prepared() && m.windows() {
		refuse(at, "set what the script needs within it", "environment, secrets and mounts are for machines with Linux, and %s has Windows", m.ID())
	}
	if len(m.UserData) > 0 && m.prepared() && !bash.MatchString(m.UserData.String()) {
		refuse(at, "begin it with the line #!/bin/bash", "environment, secrets and mounts need a userData that is a script of bash")
	}
	if len(m.UserData) == 0 && len(m.Environment)+len(m.Secrets) > 0 {
		refuse(m.Component().Source, "write a script into userData", "environment and secrets are for userData, and %s has none", m.ID())
	}
	if len(m.systems()) > 0 && m.Image.OS != "" && !strings.HasPrefix(m.Image.OS, "amazon") {
		refuse(m.systems()[0].Source, "use image.os: amazon-linux-2023", "file systems are mounted with tools that come with Amazon Linux, and %s has %s", m.ID(), m.Image.OS)
	}
	texts := []ir.Text{m.UserData}
	for _, v := range m.Environment {
		texts = append(texts, v.Value)
	}
	for _, part := range slices.Concat(texts...) {
		if slices.ContainsFunc(m.Stack().Variables, func(v ir.Variable) bool { return v.Name == part.Variable && v.Sensitive }) {
			refuse(at, "put it into a secret, list that in secrets, and let the script read it", "the variable %s is sensitive, and everybody on the machine can read userData", part.Variable)
		}
	}
}

// script writes the local variable userData: what panka prepares, then the script of the YAML.
func (m *machine) script() {
	if !m.scripted() {
		return
	}
	if !m.prepared() {
		m.Statement(jen.Id("userData").Op(":=").Add(component.Pulumi("Sprintf").Call(jen.Lit("%s"), m.Plain(m.UserData))), jen.Line())
		return
	}
	format, args := "%s", []jen.Code{jen.Lit(shebang)}
	line := func(text string, values ...jen.Code) {
		format += text
		args = append(args, values...)
	}
	variables := container.Environment(m.Builder, m.Environment)
	for _, s := range m.Secrets {
		variables = append(variables, container.EnvVar{Name: s.Variable(), From: jen.Id("secrets").Index(jen.Lit(s.Ref))})
	}
	if len(variables) > 0 {
		m.Statement(quote(), jen.Line())
	}
	for _, v := range variables {
		line("export "+v.Name+"=%s\n", component.Pulumi("Sprintf").Call(jen.Lit("%s"), v.Plain(m.Builder)).Dot("ApplyT").Call(jen.Id("quoted")))
	}
	for _, d := range m.disks() {
		volume, _ := m.Use(d.id, "volumeId", d.source)
		line("%s%s%s", jen.Lit("volume="), volume, jen.Lit("\n"+d.script()))
	}
	for _, s := range filesystem.Mounts(m.Builder) {
		line("%s%s%s", jen.Lit("system="), s.FileSystem, jen.Lit("\n"))
		if s.AccessPoint != nil {
			line("%s%s%s", jen.Lit("point=,accesspoint="), s.AccessPoint, jen.Lit("\n"))
		} else {
			line("%s", jen.Lit("point=\n"))
		}
		line("%s", jen.Lit(mountSystem(s)))
	}
	// The script's own first line is a comment by now; what it names is what runs all of it.
	if first, rest, ok := cutLine(m.UserData); ok {
		args[0] = jen.Lit(first)
		line("%s", m.Plain(rest))
	}
	m.Statement(jen.Id("userData").Op(":=").Add(component.Pulumi("Sprintf").Call(append([]jen.Code{jen.Lit(format)}, args...)...)), jen.Line())
}

// cutLine takes the first line, which names the interpreter, off a script.
func cutLine(script ir.Text) (first string, rest ir.Text, ok bool) {
	if len(script) == 0 || script[0].Variable != "" {
		return "", nil, false
	}
	first, after, found := strings.Cut(script[0].Literal, "\n")
	if !found && len(script) > 1 {
		return "", nil, false
	}
	return first + "\n", append(ir.Literal(after), script[1:]...), true
}

// quote declares quoted, which makes a text one word of a shell, whatever is in it.
func quote() jen.Code {
	return jen.Id("quoted").Op(":=").Func().Params(jen.Id("text").String()).String().Block(
		jen.Return(jen.Lit("'").Op("+").Qual("strings", "ReplaceAll").Call(jen.Id("text"), jen.Lit("'"), jen.Lit(`'\''`)).Op("+").Lit("'")))
}

func (m *machine) userData() jen.Code {
	if !m.scripted() {
		return nil
	}
	return jen.Id("userData")
}

// script waits for the disk, which comes once the machine runs, makes a file system on it if it is empty, and mounts it at
// this start and each later one.
func (d attached) script() string {
	options := "defaults,nofail"
	if d.readOnly {
		options += ",ro"
	}
	return `(
  disk=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume/-/}
  until [ -e "$disk" ] || [ -e ` + d.device + ` ]; do sleep 2; done
  [ -e "$disk" ] || disk=` + d.device + `
  blkid "$disk" || mkfs -t ` + d.fileSystem + ` "$disk"
  mkdir -p ` + d.path + `
  echo "UUID=$(blkid -s UUID -o value "$disk") ` + d.path + " " + d.fileSystem + " " + options + ` 0 2" >> /etc/fstab
  mount ` + d.path + `
) &
`
}

// mountSystem mounts a file system with TLS, in the name of the machine's role.
func mountSystem(s filesystem.Mount) string {
	options := "_netdev,nofail,tls,iam"
	if s.ReadOnly {
		options += ",ro"
	}
	return `command -v mount.efs || yum install -y amazon-efs-utils
mkdir -p ` + s.Path + `
echo "$system:/ ` + s.Path + " efs " + options + `$point 0 0" >> /etc/fstab
mount ` + s.Path + `
`
}
