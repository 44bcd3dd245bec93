package awsmemorydb

import "testing"

// TestReadsOnly: what might write does not count as reading.
func TestReadsOnly(t *testing.T) {
	for access, want := range map[string]bool{
		"on ~* +@read":                           true,
		"on ~app:* -@all +@read +@connection":    true,
		"off ~* -@all":                           true,
		"on ~* &* +@all":                         false,
		"on ~* +@read +set":                      false,
		"on ~* +@write":                          false,
		"on ~* allcommands":                      false,
		"on ~* +@read +@all -@write -@dangerous": false,
	} {
		if got := (user{Access: access}).readsOnly(); got != want {
			t.Errorf("%q reads only: %t, want %t", access, got, want)
		}
	}
}
