package aws

import (
	"maps"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// surveyFork returns a collection for the first reading of some documents.
// Of a tree's nothing is kept: it is read once more when its account's turn comes.
func (c *collection) surveyFork(docs []*document) *collection {
	f := newCollection(nil)
	f.claiming = c.claiming
	if !docs[0].inTree() {
		f.kept = c.kept
	}
	if c.apart {
		f.hears = hearCommon
	}
	return f
}

// joinSurvey takes over what documents told on the first reading.
func (c *collection) joinSurvey(f *collection) error {
	for arn, policy := range f.managed.byARN {
		c.managed.add(arn, policy)
	}
	maps.Copy(c.groups, f.groups)
	maps.Copy(c.wanted, f.wanted)
	maps.Copy(c.secrets, f.secrets)
	maps.Copy(c.state.names, f.state.names)
	maps.Copy(c.state.accounts, f.state.accounts)
	maps.Copy(c.state.plans, f.state.plans)
	return c.joinClaims(f)
}

// mapFork returns a collection for mapping the documents of a home. It shares what
// the first reading told, which nothing changes any more, and gathers the rest on
// its own.
func (c *collection) mapFork(docs []*document) *collection {
	f := newCollection(&batch{to: c.sink, lock: &c.lock})
	f.kept, f.apart, f.claiming = c.kept, c.apart, c.claiming
	f.below = c.tables
	if c.apart {
		f.claiming = dumps(docs) > 1
	} else {
		f.hears = hearNothing
	}
	if c.live != nil {
		f.live = map[graph.Ref]bool{}
	}
	return f
}

// settle writes what the documents of an account of a tree tell together, where
// accounts stand apart, so that it need not be kept.
func (c *collection) settle(id string) error {
	a := c.accounts[id]
	if a == nil || !a.sure {
		return nil // what others say of the account may count
	}
	if err := c.joinClaims(c); err != nil {
		return err
	}
	for _, write := range []func() error{c.writeKeys, c.writeRoleEdges, c.writeUserFacts, c.writeListings} {
		if err := write(); err != nil {
			return err
		}
	}
	c.keys, c.owners, c.roleEdges, c.userFacts, c.listings, c.fresh, c.claims = nil, nil, nil, nil, nil, nil, nil
	return nil
}

// joinMapped takes over what mapping told.
func (c *collection) joinMapped(f *collection) error {
	for id, a := range f.accounts {
		c.joinAccount(id, a)
	}
	for l, h := range f.listings {
		c.joinListing(l, h)
	}
	maps.Copy(c.owners, f.owners)
	maps.Copy(c.keys, f.keys)
	maps.Copy(c.live, f.live)
	c.roleEdges = append(c.roleEdges, f.roleEdges...)
	c.userFacts = append(c.userFacts, f.userFacts...)
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, v := range f.sink.(*batch).coverage {
		if err := c.cover(v); err != nil {
			return err
		}
	}
	return c.joinClaims(f)
}

func (c *collection) joinAccount(id string, a *account) {
	known := c.mention(id, a.partition)
	if a.sure && !known.sure {
		known.partition, known.sure = a.partition, true
	}
	known.described = known.described || a.described
	if known.origin == nil {
		known.origin = a.origin
	}
}

func (c *collection) joinListing(l graph.Listing, h *held) {
	known := c.listings[l]
	if known == nil {
		c.listings[l] = h
		return
	}
	known.add(h.members)
	if known.cut == "" {
		known.cut = h.cut
	}
}

// flush writes what a fork still holds back.
func (c *collection) flush() error {
	if b, ok := c.sink.(*batch); ok {
		return sinkError(b.flush())
	}
	return nil
}

// batchSize is how many facts a fork holds back: sinks are for one goroutine
// at a time, and taking turns has its price.
const batchSize = 512

// A batch is a sink that passes facts on to one that others write to as well.
// Coverage it keeps: the gaps of a collection are told in order.
type batch struct {
	to          graph.Sink
	lock        *sync.Mutex
	nodes       []graph.Node
	edges       []graph.Edge
	attachments []graph.Attachment
	coverage    []graph.Coverage
}

// Node holds n back.
func (b *batch) Node(n graph.Node) error {
	b.nodes = append(b.nodes, n)
	return b.full()
}

// Edge holds e back.
func (b *batch) Edge(e graph.Edge) error {
	b.edges = append(b.edges, e)
	return b.full()
}

// Attach holds a back.
func (b *batch) Attach(a graph.Attachment) error {
	b.attachments = append(b.attachments, a)
	return b.full()
}

// Cover keeps v.
func (b *batch) Cover(v graph.Coverage) error {
	b.coverage = append(b.coverage, v)
	return nil
}

func (b *batch) full() error {
	if len(b.nodes)+len(b.edges)+len(b.attachments) < batchSize {
		return nil
	}
	return b.flush()
}

func (b *batch) flush() error {
	b.lock.Lock()
	defer b.lock.Unlock()
	if err := passOn(b.nodes, b.to.Node); err != nil {
		return err
	}
	if err := passOn(b.edges, b.to.Edge); err != nil {
		return err
	}
	if err := passOn(b.attachments, b.to.Attach); err != nil {
		return err
	}
	clear(b.nodes) // what they point to may go
	clear(b.attachments)
	b.nodes, b.edges, b.attachments = b.nodes[:0], b.edges[:0], b.attachments[:0]
	return nil
}

func passOn[F any](facts []F, to func(F) error) error {
	for _, f := range facts {
		if err := to(f); err != nil {
			return err
		}
	}
	return nil
}
