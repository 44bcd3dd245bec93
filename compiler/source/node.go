package source

import "github.com/panka-io/panka/compiler/diag"

// Kind is the kind of a Node.
type Kind int

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String names the kind the way people call it.
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "list", "mapping"}[k]
}

// Node is one YAML value with its place. Nodes are not changed once parsed.
type Node struct {
	Kind   Kind
	Bool   bool
	Number float64
	Text   string // of a String, and the literal spelling of any other scalar
	Items  []*Node
	Fields []Field // of a Map, in document order, keys unique
	Pos    diag.Position
	EndPos diag.Position // just behind a scalar's last character; zero for others
}

// Field is one entry of a mapping.
type Field struct {
	Key    string
	KeyPos diag.Position
	Value  *Node
}

// Get follows the keys from n and returns nil where one is missing; it is nil-safe.
func (n *Node) Get(path ...string) *Node {
	for _, key := range path {
		if n == nil || n.Kind != Map {
			return nil
		}
		var next *Node
		for i := range n.Fields {
			if n.Fields[i].Key == key {
				next = n.Fields[i].Value
				break
			}
		}
		n = next
	}
	return n
}

// Scope says where in the repository a document lies.
type Scope struct {
	Stack       string // from the folder stacks/<stack>; "" for what lies in templates/
	Environment string // from environments/<env>, else ""
	Service     string // from services/<service>, else ""
	Component   string // from components/<component>, else ""
}

// Document is one YAML document.
type Document struct {
	APIVersion string
	Kind       string
	Metadata   Metadata
	Root       *Node
	Scope      Scope
	Pos        diag.Position // where the document starts
}

// Metadata is a document's identity. Empty strings where a kind has no such part.
type Metadata struct {
	Name    string
	Service string
	Stack   string
}
