package lockstate

// Salvage is what can still be read of a state, for who repairs it.
type Salvage struct {
	// Serial is the highest that is known to have been written.
	Serial uint64
	// Snapshots are those that can be read, of each serial one, the newest first: the stored one and what the store still
	// has of those before.
	Snapshots []SalvagedSnapshot
	// Entries are those of the journal that can be read, by base and seq, of each base's highest token: the stored ones and
	// what the store still has of those dropped since the oldest of Snapshots.
	Entries []SalvagedEntry
	// Records are those of the history that can be read, oldest first.
	Records []SalvagedRecord
	// Faults are what cannot be read or should not be as it is.
	Faults []Fault
	// Older says why it was not found out what the store has of earlier objects; nil if it was.
	Older error
}

// SalvagedSnapshot is a snapshot that can be read, and the stored object that holds it.
type SalvagedSnapshot struct {
	Snapshot
	Object string
	Older  bool // it is not the one in place
}

// SalvagedEntry is a journal entry that can be read, and the stored object that holds it.
type SalvagedEntry struct {
	JournalEntry
	Object string
	Older  bool // it is not in place any more
}

// SalvagedRecord is a history record that can be read, and the stored object that holds it.
type SalvagedRecord struct {
	Record
	Object string
	Older  bool // what is in its place now is damaged
}

// ObjectKind is what a stored object holds.
type ObjectKind string

// The kinds of objects.
const (
	SnapshotObject ObjectKind = "snapshot"
	JournalObject  ObjectKind = "journal"
	RecordObject   ObjectKind = "history"
)

// Fault is something wrong with a stored object.
type Fault struct {
	Kind   ObjectKind
	Object string // its name in the store
	Gone   bool   // there is no such object
	Err    error  // ErrCorrupt, with the reason
}
