// Package layer lays the documents of a stack over each other: what a stack's and a service's defaults say, then the
// template that the component uses, the component itself, its ComponentInfra, and last the environment's overlays.
//
// Mappings merge key by key, scalars replace, null removes. Lists in which every item is a mapping with a name of its
// own merge by name, in the order of the lower list with new items behind it; every other list is replaced whole. The
// result never holds null in a mapping, and each value keeps the place of the layer that it came from.
//
// An overlay is a document below environments/<env>/ with the kind and metadata of the document it changes. Overlays
// of a component and of its ComponentInfra lie above both; an overlay of defaults changes the defaults that it names
// and stays at their level, so that it never overrules a component. A component whose overlay says spec: null is
// removed. An overlay that names nothing in the base adds a component when it is of a component kind, and is refused
// otherwise ("overlay-target").
//
// What components share stands in documents of its own. Networking and Security are the stack's alone; a service's
// Observability lies over the stack's.
//
// Index and Merge report what concerns whole documents; what may stand inside of them is the schema's business.
package layer
