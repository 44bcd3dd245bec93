package engine

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// secretState is a state with a secret, as panka stores it.
func secretState(t *testing.T) *State {
	t.Helper()
	hidden := base64.StdEncoding.EncodeToString([]byte(`"hunter2"`))
	s, err := DecodeState([]byte(fmt.Sprintf(`{"manifest": {"time": "2026-01-02T03:04:05Z", "magic": "", "version": ""},
		"secrets_providers": {"type": "b64"},
		"resources": [
			{"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "custom": false, "type": "pulumi:pulumi:Stack"},
			{"urn": "urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs", "custom": true, "id": "q-1", "type": "aws:sqs/queue:Queue",
			 "inputs": {"name": "jobs", "policy": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": %q}},
			 "parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}]}`, hidden)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExportAndImport(t *testing.T) {
	s := secretState(t)
	before, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Export(t.Context(), Protection{}); !errors.Is(err, ErrUnprotected) {
		t.Errorf("without a passphrase: %v", err)
	}
	for name, p := range map[string]Protection{"passphrase": {Passphrase: "correct horse"}, "plain": {Plain: true}} {
		data, err := s.Export(t.Context(), p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if shown := strings.Contains(string(data), "hunter2"); shown != p.Plain {
			t.Errorf("%s: the secret can be read: %v", name, shown)
		}
		if strings.Contains(string(data), "b64") || strings.Contains(string(data), "Imh1bnRlcjIi") {
			t.Errorf("%s: the secret is only encoded:\n%s", name, data)
		}
		back, err := ImportState(t.Context(), data, "shop", "dev", p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := back.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := body(again), body(before); got != want {
			t.Errorf("%s: what came back is\n%s\nwant\n%s", name, got, want)
		}
	}
}

// body is a state without what says when it was written, in one form.
func body(data []byte) string {
	s, err := DecodeState(data)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, r := range s.deployment.Resources {
		fmt.Fprintf(&b, "%s %s %v %v %s\n", r.URN, r.ID, r.Inputs, r.Outputs, r.Parent)
	}
	return b.String() + s.deployment.SecretsProviders.Type
}

func TestExportOfNothing(t *testing.T) {
	data, err := (&State{}).Export(t.Context(), Protection{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := ImportState(t.Context(), data, "shop", "dev", Protection{})
	if err != nil || len(s.Resources()) > 0 {
		t.Errorf("%v, %v", s, err)
	}
}

func TestWrongImports(t *testing.T) {
	s := secretState(t)
	sealed, err := s.Export(t.Context(), Protection{Passphrase: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := s.Export(t.Context(), Protection{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	in := func(data []byte, old, new string) []byte {
		changed := strings.ReplaceAll(string(data), old, new)
		if changed == string(data) {
			t.Fatalf("%q is not there", old)
		}
		return []byte(changed)
	}
	for _, c := range []struct {
		what, project, stack, passphrase string
		data                             []byte
		want                             string
	}{
		{"no JSON", "shop", "dev", "", []byte("hello"), "it is no deployment as pulumi stack export writes it"},
		{"another document", "shop", "dev", "", []byte(`{"kind": "Stack"}`), "it is no deployment as pulumi stack export writes it"},
		{"nothing inside", "shop", "dev", "", []byte(`{"version": 3, "deployment": {}}`), "it is no deployment"},
		{"format of the future", "shop", "dev", "", in(plain, `"version": 3`, `"version": 99`), "deployment version is too new"},
		{"resource without a URN", "shop", "dev", "", in(plain, `"urn":`, `"nru":`), "read the deployment"},
		{"secret that is none", "shop", "dev", "", in(plain, `"plaintext": "\"hunter2\""`, `"plaintext": 7`), "read the deployment"},
		{"list for a map", "shop", "dev", "", in(plain, `"name": "jobs"`, `"name": {"4dabf18193072939515e22adb298388d": []}`), "read the deployment"},
		{"another stack", "shop", "prod", "", plain, "it is of stack dev in project shop, not of stack prod in project shop"},
		{"another project", "store", "dev", "", plain, "it is of stack dev in project shop, not of stack dev in project store"},
		{"bad URN", "shop", "dev", "", in(plain, "urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs", "jobs"), "read the deployment"},
		{"parent that is missing", "shop", "dev", "", in(plain, `"parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"`, `"parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::other"`), "not consistent"},
		{"no passphrase", "shop", "dev", "", sealed, "set PULUMI_CONFIG_PASSPHRASE"},
		{"wrong passphrase", "shop", "dev", "battery staple", sealed, "is not the passphrase"},
		{"other provider", "shop", "dev", "x", in(sealed, `"type": "passphrase"`, `"type": "service"`), `Pulumi's provider "service"`},
	} {
		if _, err := ImportState(t.Context(), c.data, c.project, c.stack, Protection{Passphrase: c.passphrase}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.what, err, c.want)
		}
	}
}
