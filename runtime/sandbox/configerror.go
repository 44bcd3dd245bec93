package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// ConfigError says what is wrong with a sandbox.yaml.
type ConfigError struct {
	File     string
	Problems []ConfigProblem // at least one
}

// ConfigProblem is one mistake. Line and Column count from 1.
type ConfigProblem struct {
	Line, Column int
	Message      string
}

func problemf(line, column int, format string, args ...any) ConfigProblem {
	return ConfigProblem{Line: max(line, 1), Column: max(column, 1), Message: fmt.Sprintf(format, args...)}
}

// Error gives one line for each mistake, by place.
func (e *ConfigError) Error() string {
	problems := slices.Clone(e.Problems)
	slices.SortStableFunc(problems, func(a, b ConfigProblem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.Message, b.Message))
	})
	text := make([]string, 0, len(problems))
	for _, p := range problems {
		text = append(text, fmt.Sprintf("%s:%d:%d: error: %s", e.File, p.Line, p.Column, p.Message))
	}
	return strings.Join(text, "\n")
}

// CheckConfig reads a sandbox.yaml and tells what is wrong with it, as a *ConfigError, without opening an account. An
// empty path is an empty configuration.
func CheckConfig(path string) error {
	_, err := readConfig(path)
	return err
}

// maxConfig bounds the size of a sandbox.yaml in bytes.
const maxConfig = 1 << 20

// readConfig reads and checks a sandbox.yaml. An empty path is an empty configuration.
func readConfig(file string) (*configuration, error) {
	if file == "" {
		return &configuration{}, nil
	}
	data, err := readBounded(file)
	if err != nil {
		return nil, &ConfigError{File: file, Problems: []ConfigProblem{problemf(1, 1, "the sandbox's configuration cannot be read: %v", err)}}
	}
	return parseConfig(file, data)
}

// readBounded reads a small regular file; anything else, such as a device, might have no end.
func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(data) > maxConfig {
		return nil, errors.New("it is larger than 1 MiB")
	}
	return data, nil
}

// withoutPath is what went wrong, without the path, which the message begins with.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
