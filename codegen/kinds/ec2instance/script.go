package ec2instance

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// scripted tells whether the machine has user data at all.
func (m *machine) scripted() bool { return len(m.own()) > 0 || m.prepared() }

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

// script writes the local variable userData: what panka prepares, then the script of the YAML.
func (m *machine) script() {
	if !m.scripted() {
		return
	}
	if !m.prepared() {
		m.Statement(jen.Id("userData").Op(":=").Add(component.Pulumi("Sprintf").Call(jen.Lit("%s"), m.written(m.own()))), jen.Line())
		return
	}
	// The script's own first line, which names the interpreter, is what runs all of it.
	first, rest := cutLine(m.own())
	var t text
	t.line("%s", t.literal(first))
	m.export(&t)
	m.mount(&t)
	if len(rest) > 0 {
		t.size += len(rest.String())
		t.line("%s", m.written(rest))
	}
	if t.size > maxUserData {
		m.Fail(diag.Errorf(m.scriptPlace(), component.Code,
			"user data has %d bytes at the least, with what panka puts before the script for environment, secrets and mounts; AWS takes at most %d", t.size, maxUserData).
			WithHint("keep the script in a bucket and let a short one fetch it"))
	}
	m.Statement(jen.Id("userData").Op(":=").Add(component.Pulumi("Sprintf").Call(append([]jen.Code{jen.Lit(t.format)}, t.args...)...)), jen.Line())
}

// text is the user data in the making.
type text struct {
	format string
	args   []jen.Code
	// size is how many bytes of it are known.
	size int
}

// line adds a text of panka's own with a %s for each value.
func (t *text) line(format string, values ...jen.Code) {
	t.format += format
	t.args = append(t.args, values...)
	t.size += len(format) - len("%s")*len(values)
}

// literal is a value that is known.
func (t *text) literal(value string) jen.Code {
	t.size += len(value)
	return jen.Lit(value)
}

// export gives the script its environment variables.
func (m *machine) export(t *text) {
	variables := container.Environment(m.Builder, m.Environment)
	for _, s := range m.Secrets {
		variables = append(variables, container.EnvVar{Name: s.Variable(), From: jen.Id("secrets").Index(jen.Lit(s.Ref))})
	}
	if len(variables) > 0 {
		m.Statement(quote(), jen.Line())
	}
	for _, v := range variables {
		t.line("export "+v.Name+"=%s\n", component.Pulumi("Sprintf").Call(jen.Lit("%s"), v.Plain(m.Builder)).Dot("ApplyT").Call(jen.Id("quoted")))
	}
}

// mount mounts the disks and file systems.
func (m *machine) mount(t *text) {
	for _, d := range m.disks() {
		volume, _ := m.Use(d.id, "volumeId", d.source)
		t.line("%s%s%s", t.literal("volume="), volume, t.literal("\n"+d.script()))
	}
	for _, s := range filesystem.Mounts(m.Builder) {
		t.line("%s%s%s", t.literal("system="), s.FileSystem, t.literal("\n"))
		if s.AccessPoint != nil {
			t.line("%s%s%s", t.literal("point=,accesspoint="), s.AccessPoint, t.literal("\n"))
		} else {
			t.line("%s", t.literal("point=\n"))
		}
		t.line("%s", t.literal(mountSystem(s)))
	}
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
