package kubernetes

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// pattern compiles a regular expression when it is first needed.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

var (
	labelForm     = pattern(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	subdomainForm = pattern(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	serviceForm   = pattern(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)
	qualifiedForm = pattern(`^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`)
	portForm      = pattern(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	letterForm    = pattern(`[a-z]`)
	keyForm       = pattern(`^[-._a-zA-Z0-9]+$`)
	variableForm  = pattern(`^[ -<>-~]+$`)
)

// dnsLabel says what is wrong with a name of up to 63 characters without dots, or "".
func dnsLabel(name string) string {
	switch {
	case len(name) > 63:
		return "must be no more than 63 characters"
	case !labelForm().MatchString(name):
		return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
	}
	return ""
}

// dnsSubdomain says what is wrong with a name of up to 253 characters with or without dots, or "".
func dnsSubdomain(name string) string {
	switch {
	case len(name) > 253:
		return "must be no more than 253 characters"
	case !subdomainForm().MatchString(name):
		return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
	}
	return ""
}

// serviceName says what is wrong with the name of a Service, or "": it must also begin with a letter.
func serviceName(name string) string {
	switch {
	case len(name) > 63:
		return "must be no more than 63 characters"
	case !serviceForm().MatchString(name):
		return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
	}
	return ""
}

// shortName says what is wrong with a name of up to n characters that others are made from.
func shortName(n int, longer string) func(string) string {
	return func(name string) string {
		if len(name) > n {
			return fmt.Sprintf("must be no more than %d characters, as %s", n, longer)
		}
		return dnsSubdomain(name)
	}
}

// portName says what is wrong with the name of a container's port, or "".
func portName(name string) string {
	switch {
	case len(name) > 15:
		return "must be no more than 15 characters"
	case !portForm().MatchString(name):
		return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-), no two of these side by side, first or last"
	case !letterForm().MatchString(name):
		return "must contain at least one letter (a-z)"
	}
	return ""
}

// variableName says what is wrong with the name of an environment variable, or "".
func variableName(name string) string {
	if !variableForm().MatchString(name) {
		return "a valid environment variable name must consist only of printable ASCII characters other than '='"
	}
	return ""
}

// dataKey says what is wrong with a key of a ConfigMap, or "".
func dataKey(key string) string {
	switch {
	case len(key) > 253:
		return "must be no more than 253 characters"
	case !keyForm().MatchString(key) || key == "." || key == ".." || strings.HasPrefix(key, "../"):
		return "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
	}
	return ""
}

// qualifiedName says what is wrong with the key of a label or annotation, or "".
func qualifiedName(key string) string {
	name := key
	if prefix, rest, has := strings.Cut(key, "/"); has {
		if name = rest; dnsSubdomain(prefix) != "" {
			return "prefix part " + dnsSubdomain(prefix)
		}
	}
	switch {
	case len(name) > 63:
		return "name part must be no more than 63 characters"
	case !qualifiedForm().MatchString(name):
		return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
	}
	return ""
}

// labelValue says what is wrong with the value of a label, or "".
func labelValue(value string) string {
	switch {
	case len(value) > 63:
		return "must be no more than 63 characters"
	case value != "" && !qualifiedForm().MatchString(value):
		return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
	}
	return ""
}
