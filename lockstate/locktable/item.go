package locktable

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/panka-io/panka/lockstate"
)

// KeyAttribute is the table's key, a string: tenant/stack/environment.
const KeyAttribute = "state"

// The other attributes of an item.
const (
	attrRun      = "run"        // the holder's lock ID; absent while nobody holds the lock
	attrVersion  = "version"    // grows with every change
	attrToken    = "token"      // the fencing token of the latest lease; only grows
	attrSerial   = "serial"     // of the snapshot last written; never decreases
	attrLease    = "leaseMs"    // how long the lease is, in milliseconds
	attrOwner    = "owner"      // lockstate.Owner as JSON
	attrAcquired = "acquiredAt" // RFC 3339, for people
	attrRenewed  = "renewedAt"  // RFC 3339, for people
	attrClean    = "clean"      // whether the last holder gave the lock back with no write in doubt
)

// item is a lock as it is stored.
type item struct {
	run        string
	version    uint64
	token      uint64
	serial     uint64
	lease      time.Duration
	owner      lockstate.Owner
	acquiredAt time.Time
	clean      bool
}

func (i item) held() bool { return i.run != "" }

func (i item) lock() lockstate.Lock {
	return lockstate.Lock{ID: i.run, Token: i.token, Owner: i.owner, AcquiredAt: i.acquiredAt}
}

// parse reads an item; one with attributes of another form is lockstate.ErrCorrupt.
func parse(attributes map[string]types.AttributeValue) (item, error) {
	p := parser{attributes: attributes}
	i := item{
		run: p.text(attrRun), version: p.number(attrVersion), token: p.number(attrToken), serial: p.number(attrSerial),
		lease: time.Duration(p.number(attrLease)) * time.Millisecond,
	}
	if clean, ok := attributes[attrClean].(*types.AttributeValueMemberBOOL); ok {
		i.clean = clean.Value
	}
	if i.held() {
		p.json(attrOwner, &i.owner)
		p.json(attrAcquired, &i.acquiredAt)
	}
	return i, p.err
}

// parser remembers the first attribute that cannot be read.
type parser struct {
	attributes map[string]types.AttributeValue
	err        error
}

func (p *parser) fail(name string, err error) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: the attribute %s of the lock's item: %w", lockstate.ErrCorrupt, name, err)
	}
}

func (p *parser) text(name string) string {
	switch v := p.attributes[name].(type) {
	case nil:
		return ""
	case *types.AttributeValueMemberS:
		return v.Value
	default:
		p.fail(name, fmt.Errorf("it is no string"))
		return ""
	}
}

func (p *parser) number(name string) uint64 {
	switch v := p.attributes[name].(type) {
	case nil:
		return 0
	case *types.AttributeValueMemberN:
		n, err := strconv.ParseUint(v.Value, 10, 64)
		if err != nil {
			p.fail(name, err)
		}
		return n
	default:
		p.fail(name, fmt.Errorf("it is no number"))
		return 0
	}
}

// json reads a text that holds a JSON value, or, for a time, is one.
func (p *parser) json(name string, into any) {
	text := p.text(name)
	data := []byte(text)
	if _, isTime := into.(*time.Time); isTime {
		data = []byte(strconv.Quote(text))
	}
	if err := json.Unmarshal(data, into); err != nil {
		p.fail(name, err)
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n uint64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatUint(n, 10)}
}

func flag(b bool) types.AttributeValue { return &types.AttributeValueMemberBOOL{Value: b} }
