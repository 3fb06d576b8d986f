package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// A collection is what the documents of one run tell together: tables for what
// one document needs of another. They grow with accounts, groups, access keys
// and distinct managed policy texts, never with users, roles or resources.
type collection struct {
	sink     graph.Sink
	accounts map[string]*account
	managed  managedPolicies
	groups   map[string]string // account/name → ARN
	wanted   map[string]bool   // names of users, roles and instance profiles whose ARN is wanted
	owners   map[string]string // account/user name → user ARN, for those
	keys     map[graph.Ref]accessKey
	secrets  map[string]string    // account/region/name → ARN
	once     map[mention]bool     // mentions already written
	seen     map[textSeen]bool    // policy texts read for mentions
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

// collect reads all files twice, on every core, and writes their facts to sink.
func collect(ctx context.Context, files []file, sink graph.Sink, progress func(string)) error {
	c := newCollection(sink)
	docs := make([]*document, len(files))
	for i, f := range files {
		docs[i] = &document{file: f}
	}
	if err := c.surveyAll(ctx, docs, progress); err != nil {
		return err
	}
	docs = inOrder(docs)
	if n := len(docs); docs[n-1].op != nil && docs[n-1].op.stream != nil {
		c.live = map[graph.Ref]bool{}
	}
	if err := c.mapAll(ctx, docs); err != nil {
		return err
	}
	return c.finish()
}

// mapAll writes the facts of all documents: first of those that can be read
// beside each other, then of those that lean on all of these.
func (c *collection) mapAll(ctx context.Context, docs []*document) error {
	last := 0
	for last < len(docs) && rank(docs[last]) == 0 {
		last++
	}
	err := eachStretch(ctx, byAccount(docs[:last]), reading{
		fork: c.mapFork,
		read: func(ctx context.Context, fork *collection, d *document) error { return fork.mapDocument(ctx, d) },
		join: func(fork *collection, _ []*document) error { return c.joinMapped(fork) },
	})
	if err != nil {
		return err
	}
	for _, d := range docs[last:] {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.mapDocument(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func newCollection(sink graph.Sink) *collection {
	return &collection{
		sink:     sink,
		accounts: map[string]*account{},
		managed:  newManagedPolicies(),
		groups:   map[string]string{},
		wanted:   map[string]bool{},
		owners:   map[string]string{},
		keys:     map[graph.Ref]accessKey{},
		secrets:  map[string]string{},
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

// surveyAll reads all documents for the first time.
func (c *collection) surveyAll(ctx context.Context, docs []*document, progress func(string)) error {
	meter, _ := c.sink.(ingest.Meter)
	return eachStretch(ctx, bySize(docs), reading{
		fork: c.surveyFork,
		read: func(ctx context.Context, fork *collection, d *document) error { return d.survey(ctx, fork) },
		join: func(fork *collection, docs []*document) error {
			for _, d := range docs {
				progress("reading " + d.path)
				if meter != nil {
					meter.Read(d.bytes)
				}
			}
			return c.joinSurvey(fork)
		},
	})
}

// inOrder puts documents that lean on others after them.
func inOrder(docs []*document) []*document {
	slices.SortStableFunc(docs, func(a, b *document) int { return rank(a) - rank(b) })
	return docs
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
