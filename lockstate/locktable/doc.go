// Package locktable keeps locks in a DynamoDB table: one item for each tenant, stack and environment, whose key is the
// string attribute "state". An item is never deleted, since its token must only grow.
//
// A lock is a lease. Its holder renews it well before it ends, and stops work when it could not: its own deadline runs
// from the moment in which the last renewal that succeeded was sent. Who waits takes the lock over when the item has not
// changed for a whole lease, measured on the waiter's own clock from the first time it was seen: no two machines' clocks
// are compared. As the renewal was written after it was sent, and seen after it was written, the holder has stopped by then.
//
// Every change is one conditional UpdateItem, which DynamoDB makes one after the other for an item. An answer that is lost
// leaves open whether the change was made: the item is then read back, and a change that is ours counts as made. The SDK
// repeats calls by itself, so a condition that fails can also fail because of our own earlier try; that is recognised too.
package locktable
