// Command gen derives types.json from the source of the pulumi-aws Go SDK: the property names, types and required
// arguments of the resource types and functions listed in types.txt. It is run by go generate in the folder above.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	module = "github.com/pulumi/pulumi-aws/sdk/v6"
	// programs holds the go.mod and go.sum of generated programs, seen from the folder that go generate runs in.
	programs = "../project"
)

// table mirrors the JSON that package sdktypes reads.
type table struct {
	Resources map[string]resource          `json:"resources"`
	Functions map[string]function          `json:"functions"`
	Objects   map[string]map[string]string `json:"objects"`
}

type resource struct {
	Inputs  map[string]string `json:"inputs"`
	Outputs map[string]string `json:"outputs"` // those that are not inputs
	Secrets []string          `json:"secrets,omitempty"`
}

type function struct {
	Args    map[string]string `json:"args"`
	Results map[string]string `json:"results"`
}

func main() {
	out := flag.String("o", "types.json", "the file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	tokens, err := readTokens("types.txt")
	if err != nil {
		return err
	}
	dir, err := moduleDir()
	if err != nil {
		return err
	}
	t := table{Resources: map[string]resource{}, Functions: map[string]function{}, Objects: map[string]map[string]string{}}
	packages := map[string]*sourcePackage{}
	for _, token := range tokens {
		path, name, err := splitToken(token)
		if err != nil {
			return err
		}
		p := packages[path]
		if p == nil {
			if p, err = parsePackage(filepath.Join(dir, "go", "aws", path), path); err != nil {
				return err
			}
			packages[path] = p
		}
		if err := p.describe(&t, token, name); err != nil {
			return fmt.Errorf("%s: %w", token, err)
		}
	}
	return write(out, t)
}

func readTokens(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the list of types: %w", err)
	}
	defer f.Close()
	var tokens []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			tokens = append(tokens, line)
		}
	}
	return tokens, nil
}

// moduleDir gives the folder of the SDK's source, in the version that generated programs use. panka itself does not
// depend on the SDK, so a module with the programs' go.mod asks for it.
func moduleDir() (string, error) {
	work, err := os.MkdirTemp("", "sdktypes")
	if err != nil {
		return "", fmt.Errorf("make a folder to ask from: %w", err)
	}
	defer os.RemoveAll(work)
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(programs, name+".txt"))
		if err != nil {
			return "", fmt.Errorf("read what generated programs depend on: %w", err)
		}
		if err := os.WriteFile(filepath.Join(work, name), data, 0o600); err != nil {
			return "", fmt.Errorf("write the module to ask from: %w", err)
		}
	}
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir, cmd.Stderr = work, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("find the source of %s: %w", module, err)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		return "", fmt.Errorf("find the source of %s: %w", module, err)
	}
	return found.Dir, nil
}

// splitToken gives the SDK folder and the name of a token: aws:ecs/service:Service is ecs and Service.
func splitToken(token string) (path, name string, err error) {
	parts := strings.Split(token, ":")
	if len(parts) != 3 || parts[0] != "aws" {
		return "", "", fmt.Errorf("%q is no token of the aws provider", token)
	}
	path, _, _ = strings.Cut(parts[1], "/")
	if path == "index" {
		path = "."
	}
	return path, parts[2], nil
}

func write(file string, t table) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(t); err != nil {
		return fmt.Errorf("encode the table: %w", err)
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
