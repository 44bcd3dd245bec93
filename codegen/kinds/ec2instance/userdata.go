package ec2instance

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// maxUserData is how many bytes EC2 takes, before they are encoded.
const maxUserData = 16 << 10

// shebang is the first line of a script that names none.
const shebang = "#!/bin/bash\n"

// bash is the first line of a script that panka can put something before.
var bash = regexp.MustCompile(`^#! ?(/usr)?/bin/(env )?bash( -[a-z]+)?\n`)

// own is the user data of the YAML or of the file that it names. Nothing in a file is replaced.
func (m *machine) own() ir.Text {
	if file := m.Component().UserData; file != nil {
		return ir.Literal(string(file.Content))
	}
	return m.UserData
}

// scriptPlace is where the YAML has the user data or names its file.
func (m *machine) scriptPlace() diag.Position {
	if file := m.Component().UserData; file != nil {
		return file.Source
	}
	return m.Place("userData")
}

// written is the code of user data: that of a file line by line.
func (m *machine) written(t ir.Text) jen.Code {
	if m.Component().UserData != nil {
		return component.Lines(t.String())
	}
	return m.Plain(t)
}

// soundScript reports user data that panka cannot put anything before, and what does not belong into it.
func (m *machine) soundScript(refuse func(at diag.Position, hint, format string, args ...any)) {
	at := m.scriptPlace()
	if line, _, _ := strings.Cut(m.own().String(), "\n"); strings.HasPrefix(line, "#!") && strings.HasSuffix(line, "\r") && !m.windows() {
		refuse(at, "save it with the line ends of Linux, and write eol=lf for it into .gitattributes", "the script has the line ends of Windows, with which Linux does not find what should run it")
		return
	}
	if m.prepared() && m.windows() {
		refuse(at, "set what the script needs within it", "environment, secrets and mounts are for machines with Linux, and %s has Windows", m.ID())
	}
	if len(m.own()) > 0 && m.prepared() && !bash.MatchString(m.own().String()) {
		refuse(at, "begin it with the line #!/bin/bash", "environment, secrets and mounts need user data that is a script of bash")
	}
	if len(m.own()) == 0 && len(m.Environment)+len(m.Secrets) > 0 {
		refuse(m.Component().Source, "write a script into userData or a file that userDataFile names", "environment and secrets are for a script, and %s has none", m.ID())
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

// cutLine takes the first line, which names the interpreter, off a script; it is panka's own where there is no script.
func cutLine(script ir.Text) (first string, rest ir.Text) {
	if len(script) == 0 {
		return shebang, nil
	}
	first, after, _ := strings.Cut(script[0].Literal, "\n") // soundScript has seen the line's end
	return first + "\n", append(ir.Literal(after), script[1:]...)
}
