package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
)

// A collection is what the documents of one run tell together: tables for what
// one document needs of another. Where every document lies in a tree, accounts are
// told apart by their folders, and what one document of an account needs of another
// goes with the account: the tables grow with accounts alone. Documents outside of
// trees may lean on each other across accounts, so with them the tables grow with
// groups, access keys, listings and distinct managed policy texts as well, but
// never with users, roles or resources.
type collection struct {
	*tables
	sink     graph.Sink
	hears    hearing
	apart    bool // accounts stand apart: every document lies in a tree
	accounts map[string]*account
	owners   map[string]string // account/user name → user ARN, for those wanted
	keys     map[graph.Ref]accessKey
	once     map[mention]bool     // mentions already written
	seen     map[textSeen]bool    // policy texts read for mentions
	claiming bool                 // more than one document may be a dump
	claims   map[uint64]*document // hash of what a dump describes → the dump
	fresh    []claim              // of a fork: what it claimed first
	same     map[[2]*document]bool
	listings map[graph.Listing]*held
	org      organization
	state    terraformIndex
	// roleEdges and userFacts wait for the ARN behind a name.
	roleEdges []roleEdge
	userFacts []userFact
	live      map[graph.Ref]bool // nodes that CLI documents describe; nil unless a terraform document may repeat them
	lock      sync.Mutex         // of sink, while forks write
	kept      *atomic.Int64      // bytes of documents kept from the first reading
}

// hearing says what of the first reading of documents goes to tables.
type hearing int

const (
	hearAll     hearing = iota
	hearCommon          // what accounts have in common: AWS's own policies
	hearNothing         // it was heard before
)

// An account is what all documents say of one account.
type account struct {
	id, partition string
	name, status  string
	described     bool
	sure          bool // a thing of the account names the partition in its own ARN
	origin        *graph.Origin
}

// held is what was read of one listing.
type held struct {
	origin  *graph.Origin
	op      *operation
	members []string // of a dump's documents, each once
	cut     string   // says where, if a page is missing
}

// collect reads what was listed twice, on every core, and writes its facts to sink.
func collect(ctx context.Context, l *listed, sink graph.Sink, progress func(string)) error {
	c := newCollection(sink)
	c.apart = l.trees == len(l.homes)
	first, err := c.surveyAll(ctx, l, progress)
	if err == nil && c.apart && first.leansOnAll() {
		// A tree's document that turned out to be of Terraform.
		c = newCollection(sink)
		first, err = c.surveyAll(ctx, l, func(string) {})
	}
	if err != nil {
		return err
	}
	if first.leansOnAll() {
		c.live = map[graph.Ref]bool{}
	}
	if err := c.mapAll(ctx, l, first, progress); err != nil {
		return err
	}
	return c.finish()
}

func newCollection(sink graph.Sink) *collection {
	return &collection{
		tables:   newTables(nil),
		sink:     sink,
		accounts: map[string]*account{},
		owners:   map[string]string{},
		keys:     map[graph.Ref]accessKey{},
		once:     map[mention]bool{},
		claims:   map[uint64]*document{},
		same:     map[[2]*document]bool{},
		seen:     map[textSeen]bool{},
		listings: map[graph.Listing]*held{},
		org:      newOrganization(),
		state:    newTerraformIndex(),
		kept:     new(atomic.Int64),
	}
}

// rank: an organization's documents tell of all accounts, others do not name
// their own account, and Terraform's give way to live documents.
func rank(d *document) int {
	switch {
	case d.op == nil:
		return 0
	case d.op.stream != nil:
		return 3
	case d.op.homeless && !d.inTree():
		return 2
	case d.op.service == "organizations":
		return 1
	}
	return 0
}

// mapDocument writes the facts of one document, or the gap in its place.
func (c *collection) mapDocument(ctx context.Context, d *document) error {
	m := &mapper{c: c, doc: d}
	switch {
	case d.op == nil:
		return c.coverUnread(d)
	case d.broken != nil:
		return m.coverFailure(graph.Failed, graph.ReasonParseError, d.broken.Error())
	case d.failure != nil:
		status, reason := d.failure.status()
		return m.coverFailure(status, reason, fmt.Sprintf("%s: %s", d.path, d.failure))
	case d.empty:
		return m.coverFailure(graph.NoneExists, "", "")
	}
	if d.inTree() {
		if _, err := m.account(); err != nil {
			return err
		}
		if err := m.holdListing(); err != nil {
			return err
		}
	}
	return d.mapRecords(ctx, m)
}

// holdListing notes a tree's listing even if it turns out to list nothing.
// Documents that are one record note theirs with it.
func (m *mapper) holdListing() error {
	if m.doc.op.whole != nil {
		return nil
	}
	var subject graph.Ref
	if m.doc.op.refOf != nil {
		var err error
		if subject, err = m.doc.op.refOf(m); err != nil {
			return fmt.Errorf("%s: %w", m.doc.path, err)
		}
	}
	m.origin(m.doc.account, m.doc.region, subject)
	return nil
}

// coverUnread: a tree may hold more than is read; that is said, not hidden.
func (c *collection) coverUnread(d *document) error {
	c.describe(d.account, d.partition, false)
	return c.cover(graph.Coverage{
		Listing: graph.Listing{Scope: accountRef(d.account), Region: d.region, Service: d.service, Operation: d.operation, Subject: graph.Ref(d.resource)},
		Status:  graph.Failed, Reason: graph.ReasonUnsupported,
		Detail: fmt.Sprintf("%s: the output of aws %.60q %.60q is not read by this version", d.path, d.service, d.operation),
		Of:     graph.Ref(d.resource),
		Origin: &graph.Origin{File: d.path, Collector: collector, At: d.at},
	})
}

// coverFailure covers a document of which nothing came.
func (m *mapper) coverFailure(status graph.Status, reason graph.GapReason, detail string) error {
	id, err := m.account()
	if err != nil {
		return err
	}
	var subject graph.Ref
	if m.doc.op.refOf != nil {
		if subject, err = m.doc.op.refOf(m); err != nil {
			return fmt.Errorf("%s: %w", m.doc.path, err)
		}
	}
	l := graph.Listing{Scope: accountRef(id), Service: m.doc.op.service, Operation: m.doc.op.name, Subject: subject}
	if m.doc.op.regional() {
		l.Region = m.doc.region
	}
	o := &graph.Origin{Listing: l, File: m.doc.path, Collector: collector, At: m.doc.at}
	cover := graph.Coverage{Listing: l, Status: status, Reason: reason, Detail: detail, Affects: m.doc.op.layers, Of: nodeOf(subject), Origin: o}
	if m.doc.op.service == "organizations" && status == graph.Failed {
		return m.c.org.fail(m, cover)
	}
	return m.c.cover(cover)
}

// nodeOf returns the node that a listing's subject is of: what follows a number
// sign names a part of it.
func nodeOf(subject graph.Ref) graph.Ref {
	node, _, _ := strings.Cut(string(subject), "#")
	return graph.Ref(node)
}

// hold notes that document d holds listing o.Listing, whole or in part.
func (c *collection) hold(d *document, o *graph.Origin) {
	h := c.listings[o.Listing]
	if h == nil {
		h = &held{origin: o, op: d.op}
		c.listings[o.Listing] = h
	}
	id := strings.TrimPrefix(string(o.Listing.Scope), "account:")
	if a := c.accounts[id]; a != nil && a.origin == nil && d.op.service != "organizations" {
		a.origin = o
	}
	if d.op.name == detailsOperation {
		h.add(d.members)
	}
	if d.truncated != "" && h.cut == "" {
		h.cut = fmt.Sprintf("%s: member %s says that there are more pages", d.path, d.truncated)
	}
}

// add notes that documents hold top-level members.
func (h *held) add(members []string) {
	for _, name := range members {
		if !slices.Contains(h.members, name) {
			h.members = append(h.members, name)
		}
	}
}

// describe notes that a document describes things of an account. A tree's
// "global" leaves the partition open; the ARN of a thing does not.
func (c *collection) describe(id, partition string, sure bool) {
	a := c.mention(id, partition)
	a.described = true
	if sure && !a.sure {
		a.partition, a.sure = partition, true
	}
}

// mention notes that some document names an account. Of several partitions in
// texts about it, none of which is its own word, the last by name counts.
func (c *collection) mention(id, partition string) *account {
	a := c.accounts[id]
	if a == nil {
		a = &account{id: id, partition: partition}
		c.accounts[id] = a
	}
	if !a.sure && partition > a.partition {
		a.partition = partition
	}
	return a
}

// onlyAccount returns the one account that documents describe, if it is one.
func (c *collection) onlyAccount() string {
	only := ""
	for id, a := range c.accounts {
		if !a.described {
			continue
		}
		if only != "" {
			return ""
		}
		only = id
	}
	return only
}

func (c *collection) node(n graph.Node) error {
	n.Provider = graph.AWS
	if c.live != nil && !n.Mentioned && n.Origin.Collector == collector {
		c.live[n.Ref] = true
	}
	return sinkError(c.sink.Node(n))
}

// A mention is a node that some listing names.
type mention struct {
	ref    graph.Ref
	origin *graph.Origin
}

// mentionNode writes a node that is only mentioned, once for each listing that
// does: it stays while one of them stays.
func (c *collection) mentionNode(n graph.Node) error {
	key := mention{n.Ref, n.Origin}
	if c.once[key] {
		return nil
	}
	c.once[key] = true
	n.Provider, n.Mentioned = graph.AWS, true
	return sinkError(c.sink.Node(n))
}

func (c *collection) edge(e graph.Edge) error      { return sinkError(c.sink.Edge(e)) }
func (c *collection) cover(v graph.Coverage) error { return sinkError(c.sink.Cover(v)) }

// attach writes an attachment, and notes a live one: what Terraform remembers of
// the same policy gives way.
func (c *collection) attach(a graph.Attachment) error {
	if c.live != nil && a.Origin.Collector == collector {
		c.live[liveAttachment(a)] = true
	}
	return sinkError(c.sink.Attach(a))
}

func sinkError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errSink, err)
}
