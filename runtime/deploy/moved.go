package deploy

import (
	"bytes"
	"fmt"
)

// A state that was moved to another backend leaves this in the place of its snapshot, and the name of where it went. A panka
// that does not know of it cannot read it as a state.
const movedPrefix = "PANKAMOVED1\n"

// MovedError says that a state is kept elsewhere now.
type MovedError struct{ To string }

func (e *MovedError) Error() string { return "the state was moved to " + e.To }

// movedTo tells where a stored state was moved to, "" if it was not.
func movedTo(snapshot []byte) string {
	to, ok := bytes.CutPrefix(snapshot, []byte(movedPrefix))
	if !ok {
		return ""
	}
	return string(to)
}

func tombstone(to string) []byte { return fmt.Appendf(nil, "%s%s", movedPrefix, to) }
