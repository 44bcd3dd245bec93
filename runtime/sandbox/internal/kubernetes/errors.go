package kubernetes

import (
	"fmt"
	"strings"
)

// Error is an error from the API server.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func errorf(format string, args ...any) error { return &Error{Message: fmt.Sprintf(format, args...)} }

// notFound is the API server's error for an object that does not exist, of a resource such as namespaces.
func notFound(resource, name string) error { return errorf("%s %q not found", resource, name) }

// invalid is the API server's error for a field that it does not take.
func invalid(label, name, path, format string, args ...any) error {
	return errorf("%s %q is invalid: %s: %s", label, name, path, fmt.Sprintf(format, args...))
}

// forbidden is the API server's error for a field that may not change.
func forbidden(label, name, path, format string, args ...any) error {
	return invalid(label, name, path, "Forbidden: "+format, args...)
}

// denied is the error for what an admission webhook refuses.
func denied(webhook, format string, args ...any) error {
	return errorf("admission webhook %q denied the request: %s", webhook, fmt.Sprintf(format, args...))
}

// quoted lists words in quotes.
func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(out, ", ")
}
