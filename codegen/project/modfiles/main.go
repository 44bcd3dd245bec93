// Command modfiles derives go.mod.txt and go.sum.txt, the module files of generated programs, from panka's own go.mod:
// it tidies, in a temporary folder, a module that imports what generated programs import, starting from panka's versions
// and the AWS SDK, which panka itself does not import. The files kubernetes.mod.txt and kubernetes.sum.txt are those of
// programs that import the Kubernetes SDK too. Run it with "go generate ./codegen/project" after a change of panka's dependencies.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// imported are the packages that pull in every module that generated programs need.
var imported = []string{
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi",
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config",
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws",
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2",
}

// awsSDK is the AWS SDK that generated programs use, module and version. A change of it rebuilds everything.
const awsSDK = "github.com/pulumi/pulumi-aws/sdk/v6 v6.83.2"

// kubernetesSDK is what programs use besides if the stack has an EKS cluster.
const kubernetesSDK = "github.com/pulumi/pulumi-kubernetes/sdk/v4 v4.23.0"

// onKubernetes are the packages that those import besides.
var onKubernetes = []string{
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes",
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions",
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1",
}

func main() {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err == nil {
		err = derive(strings.TrimSpace(string(root)), "go", []string{awsSDK}, imported)
	}
	if err == nil {
		err = derive(strings.TrimSpace(string(root)), "kubernetes", []string{awsSDK, kubernetesSDK}, slices.Concat(imported, onKubernetes))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "modfiles:", err)
		os.Exit(1)
	}
}

// derive writes the files <name>.mod.txt and <name>.sum.txt.
func derive(root, name string, sdks, imported []string) error {
	dir, err := os.MkdirTemp("", "modfiles")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := write(dir, root, sdks, imported); err != nil {
		return err
	}
	tidy := exec.Command("go", "mod", "tidy")
	tidy.Dir, tidy.Stderr = dir, os.Stderr
	tidy.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if err := tidy.Run(); err != nil {
		return fmt.Errorf("tidy the module of generated programs: %w", err)
	}
	for _, suffix := range []string{".mod", ".sum"} {
		data, err := os.ReadFile(filepath.Join(dir, "go"+suffix))
		if err != nil {
			return err
		}
		if err := os.WriteFile(name+suffix+".txt", data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// write puts panka's go.mod under another name with the SDKs (each a module and a version), its go.sum and a program that
// imports packages into dir.
func write(dir, root string, sdks, imported []string) error {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	mod = regexp.MustCompile(`(?m)^module .*$`).ReplaceAll(mod, []byte("module panka.generated/stack/environment"))
	mod = bytes.Replace(mod, []byte("require (\n"), []byte("require (\n\t"+strings.Join(sdks, "\n\t")+"\n"), 1)
	var program bytes.Buffer
	program.WriteString("package main\n\nimport (\n")
	for _, path := range imported {
		fmt.Fprintf(&program, "\t_ %q\n", path)
	}
	program.WriteString(")\n\nfunc main() {}\n")
	for name, data := range map[string][]byte{
		"go.mod":  mod,
		"go.sum":  sum,
		"main.go": program.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
