// Command gen derives types.json from the source of the Go SDKs that generated programs use, pulumi-aws and
// pulumi-kubernetes: the property names, types and required arguments of the resource types and functions listed in types.txt. It is run by go generate in the folder above.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
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
	t := table{Resources: map[string]resource{}, Functions: map[string]function{}, Objects: map[string]map[string]string{}}
	sources := sdks()
	for _, token := range tokens {
		parts := strings.Split(token, ":")
		if len(parts) != 3 || sources[parts[0]] == nil {
			return fmt.Errorf("%q is no token of an SDK that programs use", token)
		}
		p, err := sources[parts[0]].source(folder(parts[0], parts[1]))
		if err != nil {
			return err
		}
		if err := p.describe(&t, token, parts[2]); err != nil {
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
