package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// Render is the panka.yaml of a new repository.
func Render(backend string) string {
	quoted, err := yaml.Marshal(backend)
	if err != nil { // a string always has a YAML form
		quoted = []byte(Embedded)
	}
	value := strings.TrimSpace(string(quoted))
	if backend == Embedded {
		return "# Where the state is kept: embedded is files under .panka/, for one person on one machine.\n" +
			"# A team uses s3://bucket/prefix?region=us-east-1&lockTable=table.\nbackend: " + value + "\n"
	}
	return "# Where the state is kept.\nbackend: " + value + "\n"
}

// SaveProfile writes the AWS profile to the user's own configuration, readable by the user only. A configuration that
// exists keeps what else it says, comments included.
func SaveProfile(env Env, profile string) error {
	path := UserFile(env)
	if path == "" {
		return errors.New("save the AWS profile: neither XDG_CONFIG_HOME nor HOME is set")
	}
	var doc yaml.Node
	if data, err := readSmall(path); err == nil {
		if err := yaml.Unmarshal(data, &doc); err != nil {
			return fmt.Errorf("save the AWS profile: %s is not valid YAML: %w", path, err)
		}
	}
	setKey(&doc, "profile", profile)
	data, err := yaml.Marshal(&doc)
	if err != nil {
		return fmt.Errorf("save the AWS profile: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("save the AWS profile: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("save the AWS profile: %w", err)
	}
	return nil
}

// setKey sets a key of the document's mapping; an empty document becomes one.
func setKey(doc *yaml.Node, key, value string) {
	scalar := func(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }
	if doc.Kind == 0 || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		*doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			root.Content[i+1] = scalar(value)
			return
		}
	}
	root.Content = append(root.Content, scalar(key), scalar(value))
}
