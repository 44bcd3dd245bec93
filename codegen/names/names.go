// Package names makes every name that generated code and the cloud see out of the names in the YAML: Go identifiers,
// file names, resource names and the physical names of AWS.
//
// What comes in are validated names (lower-case letters, digits and dashes, a letter first); all functions are pure, so
// that a name never depends on which other components exist. Identifier, File and Resource join service and component
// with one separator and are one-to-one on the joined text: two components clash in one of them exactly when they clash
// in all, as a-b/c and a/b-c do. Code generation refuses such a pair.
package names

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Identifier is the camel-case Go identifier of the joined words. A dash before a letter turns it upper-case, any other
// dash becomes an underscore, so that different texts never give the same identifier. Of two or more words it is never
// a Go keyword or an all-lower-case name such as ctx.
func Identifier(words ...string) string {
	joined := strings.Join(words, "-")
	var b strings.Builder
	for i := 0; i < len(joined); i++ {
		switch c := joined[i]; {
		case c != '-':
			b.WriteByte(c)
		case i+1 < len(joined) && isLetter(joined[i+1]):
			i++
			b.WriteByte(joined[i] - 'a' + 'A')
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// Foreign is the Go identifier of something of another stack. Behind its underscore stands a lower-case letter, as it does
// in no Identifier, so that the two never clash.
func Foreign(stack string, words ...string) string {
	return Identifier(stack) + "_" + Identifier(words...)
}

// Exported is Identifier with its first letter in upper case, to stand behind a prefix such as "new".
func Exported(words ...string) string {
	id := Identifier(words...)
	if id == "" || !isLetter(id[0]) {
		return id
	}
	return string(id[0]-'a'+'A') + id[1:]
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

// Resource is the Pulumi name of a component's resource: <service>-<component>[-<part>].
func Resource(words ...string) string { return strings.Join(nonEmpty(words), "-") }

// maxResource keeps resource names within what fits into an AWS tag value (256).
const maxResource = 240

// Part is the resource name of a part whose length is not bounded by the kind, such as one that names another
// component. A long one is cut with a hash.
func Part(words ...string) string { return cut(Resource(words...), maxResource, words) }

// File is the Go file of a component: <service>_<component>.go. Go reads meaning into some endings (_test, _linux,
// _amd64), so these get a dash, which occurs in no other file name.
func File(service, component string) string {
	base := strings.ReplaceAll(service+"-"+component, "-", "_")
	last := base[strings.LastIndexByte(base, '_')+1:]
	if last == "test" || constrained[last] {
		base += "-component"
	}
	return base + ".go"
}

// constrained are the operating systems and architectures that Go knows in file names, past ones included.
var constrained = func() map[string]bool {
	all := `aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1
		windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le
		ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm unix`
	set := map[string]bool{}
	for _, name := range strings.Fields(all) {
		set[name] = true
	}
	return set
}()

// hashLen is how many hex digits of a hash stand in a name.
const hashLen = 8

// Physical is a name in AWS of at most limit characters, made of the words that are not empty. It keeps to what the
// strictest services take: it starts with a letter, has no two dashes in a row and none at its end, and does not begin
// with what AWS reserves. Where that, or the limit, changes the plain joined name, a hash of the words is appended.
func Physical(limit int, words ...string) string {
	plain := Resource(words...)
	tidy := tidied(plain)
	if tidy == plain && len(plain) <= limit {
		return plain
	}
	return hashed(tidy, limit, words)
}

// Salted is Physical with a hash always appended that also covers salt. Give it what the words leave out and what forces
// AWS to replace the resource: then a replacement has another name than what it replaces, and can be made before the old
// one goes.
func Salted(limit int, salt []string, words ...string) string {
	return hashed(tidied(Resource(words...)), limit, append(append([]string{}, words...), salt...))
}

func cut(plain string, limit int, words []string) string {
	if len(plain) <= limit {
		return plain
	}
	return hashed(plain, limit, words)
}

func hashed(plain string, limit int, words []string) string {
	// The zero byte cannot occur in a word, so the hash tells a-b, c from a, b-c.
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	keep := min(len(plain), limit-hashLen-1)
	return strings.TrimRight(plain[:keep], "-") + "-" + hex.EncodeToString(sum[:])[:hashLen]
}

// tidied collapses dashes and keeps clear of the prefixes sg- (security groups) and internal- (load balancers).
func tidied(name string) string {
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	name = strings.Trim(name, "-")
	if strings.HasPrefix(name, "sg-") || strings.HasPrefix(name, "internal-") {
		name = "x-" + name
	}
	return name
}

func nonEmpty(words []string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
