package cfn

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	m := Object(map[string]Model{
		"Name": Text, "Count": Integer(0, 10), "Share": Number(0.1, 1), "On": Truth, "Way": Choice("A", "B"),
		"Parts": List(Object(map[string]Model{"Port": Integer(1, 9)})),
	})
	for text, want := range map[string]string{
		`{"Name":"x","Count":0,"Share":1,"On":false,"Way":"B","Parts":[{"Port":9},{}]}`: "",
		`{"Nam":"x"}`:                       "#: extraneous key [Nam] is not permitted",
		`{"Name":5}`:                        "#/Name: expected type: string, found: integer",
		`{"Name":null}`:                     "#/Name: expected type: string, found: null",
		`{"Count":1.5}`:                     "#/Count: expected type: integer, found: number",
		`{"Count":11}`:                      "#/Count: 11 is not from 0 to 10",
		`{"Share":0}`:                       "#/Share: 0 is not from 0.1 to 1",
		`{"On":"yes"}`:                      "#/On: expected type: boolean, found: string",
		`{"Way":"C"}`:                       "#/Way: C is not a valid enum value",
		`{"Parts":{}}`:                      "#/Parts: expected type: array, found: object",
		`{"Parts":[{"Port":1},{"Port":0}]}`: "#/Parts/1/Port: 0 is not from 1 to 9",
		`[]`:                                "#: expected type: object, found: array",
	} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(m.Check("", v), "\n")
		if want != "" {
			want = "Model validation failed (" + want + ")"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
