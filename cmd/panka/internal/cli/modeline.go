package cli

import (
	"bytes"
	"path"
	"strings"

	"github.com/panka-io/panka/schema/jsonschema"
)

// withModeline puts the line that tells editors the schema in front of a document of the repository, given its name
// there. The schema is named by a path from the document's folder, so that no network is needed. What is no document,
// such as the application's own files in configs/, is left as it is.
func withModeline(name string, data []byte) []byte {
	if !strings.HasPrefix(name, "stacks/") || path.Ext(name) != ".yaml" || strings.Contains(name, "/configs/") ||
		bytes.Contains(data, []byte("yaml-language-server:")) {
		return data
	}
	index := jsonschema.IndexFile
	if strings.Contains(name, "/environments/") {
		index = jsonschema.OverlayIndexFile
	}
	up := strings.Repeat("../", strings.Count(name, "/"))
	return append([]byte("# yaml-language-server: $schema="+up+schemasDir+"/"+index+"\n"), data...)
}
