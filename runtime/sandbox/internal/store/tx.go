package store

import (
	"maps"
	"slices"
)

// Tx is one transaction on the document. What it changes is kept only when the transaction's function returns nil.
// Resources it gives out belong to the document: change a clone and Put it.
type Tx struct {
	doc      *Document
	changed  map[string]map[string]*Resource // nil means removed
	counters map[string]uint64
	edits    []func(*Document)
}

func newTx(doc *Document) *Tx { return &Tx{doc: doc} }

// Document gives the account as it was when the transaction began, for reading what is not a resource.
func (t *Tx) Document() *Document { return t.doc }

// Edit changes what is not a resource or a counter, when the transaction is kept.
func (t *Tx) Edit(change func(*Document)) { t.edits = append(t.edits, change) }

// Get gives the resource of that type and key, or nil.
func (t *Tx) Get(typ, key string) *Resource {
	if r, ok := t.changed[typ][key]; ok {
		return r
	}
	return t.doc.Resources[typ][key]
}

// All gives the resources of a type, sorted by key.
func (t *Tx) All(typ string) []*Resource {
	keys := map[string]bool{}
	for k := range t.doc.Resources[typ] {
		keys[k] = true
	}
	for k := range t.changed[typ] {
		keys[k] = true
	}
	var out []*Resource
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if r := t.Get(typ, k); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// Types gives the types of which there are or were resources, sorted.
func (t *Tx) Types() []string {
	types := map[string]bool{}
	for k := range t.doc.Resources {
		types[k] = true
	}
	for k := range t.changed {
		types[k] = true
	}
	return slices.Sorted(maps.Keys(types))
}

// Put stores a resource under its Type and Key.
func (t *Tx) Put(r *Resource) { t.set(r.Type, r.Key, r.Clone()) }

// Remove takes a resource out.
func (t *Tx) Remove(r *Resource) { t.set(r.Type, r.Key, nil) }

func (t *Tx) set(typ, key string, r *Resource) {
	if t.changed == nil {
		t.changed = map[string]map[string]*Resource{}
	}
	if t.changed[typ] == nil {
		t.changed[typ] = map[string]*Resource{}
	}
	t.changed[typ][key] = r
}

// Count gives a counter's value.
func (t *Tx) Count(name string) uint64 {
	if n, ok := t.counters[name]; ok {
		return n
	}
	return t.doc.Counters[name]
}

// Next raises a counter and gives its new value; the first is 1.
func (t *Tx) Next(name string) uint64 {
	if t.counters == nil {
		t.counters = map[string]uint64{}
	}
	t.counters[name] = t.Count(name) + 1
	return t.counters[name]
}

// dirty tells whether keeping the transaction would change anything.
func (t *Tx) dirty() bool { return len(t.changed)+len(t.counters)+len(t.edits) > 0 }

// keep writes the changes into the document.
func (t *Tx) keep() {
	for typ, byKey := range t.changed {
		if t.doc.Resources[typ] == nil {
			t.doc.Resources[typ] = map[string]*Resource{}
		}
		for key, r := range byKey {
			if r == nil {
				delete(t.doc.Resources[typ], key)
				continue
			}
			t.doc.Resources[typ][key] = r
		}
		if len(t.doc.Resources[typ]) == 0 {
			delete(t.doc.Resources, typ)
		}
	}
	maps.Copy(t.doc.Counters, t.counters)
	for _, edit := range t.edits {
		edit(t.doc)
	}
}
