package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// document is lock.json. Only whoever holds write.flock changes it; each change adds one to Version. Token and Serial
// never decrease.
type document struct {
	Format     int              `json:"format"`
	Version    uint64           `json:"version"`
	Token      uint64           `json:"token"`  // of the latest lease
	Serial     uint64           `json:"serial"` // a snapshot at least this recent was written
	ID         string           `json:"id,omitempty"`
	Lease      int64            `json:"leaseMilliseconds,omitempty"`
	Machine    string           `json:"machine,omitempty"`
	Owner      *lockstate.Owner `json:"owner,omitempty"`
	AcquiredAt *time.Time       `json:"acquiredAt,omitempty"`
	RenewedAt  *time.Time       `json:"renewedAt,omitempty"` // for people: nothing is decided by it
}

const documentFormat = 1

// held tells whether it names a holder (who may be dead).
func (doc document) held() bool { return doc.ID != "" }

// lock is the lock that a held document stands for.
func (doc document) lock() lockstate.Lock {
	l := lockstate.Lock{ID: doc.ID, Token: doc.Token}
	if doc.Owner != nil {
		l.Owner = *doc.Owner
	}
	if doc.AcquiredAt != nil {
		l.AcquiredAt = *doc.AcquiredAt
	}
	return l
}

// freed is the document without a holder.
func (doc document) freed() document {
	return document{Version: doc.Version, Token: doc.Token, Serial: doc.Serial}
}

// readDocument gives the zero document if there is none.
func readDocument(d disk) (document, error) {
	data, err := d.root.ReadFile(documentFile)
	if errors.Is(err, fs.ErrNotExist) {
		return document{}, nil
	}
	if err != nil {
		return document{}, err
	}
	var doc document
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		return document{}, fmt.Errorf("%w: file %s is not what panka writes (%w); if no run is under way, delete it", lockstate.ErrCorrupt, documentFile, err)
	}
	if doc.Format != documentFormat {
		return document{}, fmt.Errorf("file %s has format %d, this panka reads format %d: update panka", documentFile, doc.Format, documentFormat)
	}
	return doc, nil
}

// writeDocument stores doc as the next version.
func writeDocument(d disk, doc document) error {
	doc.Format = documentFormat
	doc.Version++
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", documentFile, err)
	}
	return d.replace(documentFile, append(data, '\n'))
}
