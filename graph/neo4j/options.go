package neo4j

import (
	"cmp"
	"context"
	"crypto/tls"
	"time"

	"github.com/clewgraph/clew/graph/snapshot"
)

// Options say how to reach a server and what to write. The zero value is one
// that asks for no authentication, with a cache that Close removes.
type Options struct {
	// User and Password authenticate; both empty: no authentication.
	User, Password string
	// Database is the name of the database, the server's default where empty.
	Database string
	// TLS is used for the schemes that end in +s; nil: the machine's roots.
	TLS *tls.Config

	// Cache is the folder that keeps compiled snapshots; empty: a temporary
	// one, removed by Close.
	Cache string
	// Conclude draws the conclusions of facts that were read from the server.
	// Without it, a snapshot that has conclusions can be opened from the cache
	// alone.
	Conclude func(context.Context, *snapshot.Builder) error

	// DirectPairs is up to how many pairs of a foothold and an access every
	// pair is written as one relation. Above it, only those of crown jewels
	// are. Zero: 100,000. Negative: only crown jewels.
	DirectPairs int
	// AccessPairs is up to how many pairs of an access class and a thing every
	// pair is written. Above it, only those of crown jewels are. Zero:
	// 1,000,000. Negative: only crown jewels.
	AccessPairs int
	// Lease is for how long a writer that says nothing keeps an estate. Zero:
	// 30 seconds.
	Lease time.Duration
	// Batch is how many rows one transaction writes at most, if their text is
	// not too long for that. Zero: 10,000.
	Batch int
}

const (
	defaultPairs  = 100_000
	defaultAccess = 1_000_000
	defaultLease  = 30 * time.Second
	defaultBatch  = 10_000
	// maxBatchBytes bounds the text of one transaction, which the server keeps
	// in its heap.
	maxBatchBytes = 16 << 20
)

func (o Options) withDefaults() Options {
	o.DirectPairs = cmp.Or(o.DirectPairs, defaultPairs)
	o.AccessPairs = cmp.Or(o.AccessPairs, defaultAccess)
	o.Lease = cmp.Or(o.Lease, defaultLease)
	o.Batch = cmp.Or(o.Batch, defaultBatch)
	return o
}
