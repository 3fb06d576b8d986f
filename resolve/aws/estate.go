package aws

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// An Estate is one snapshot seen as AWS evaluates it. Documents are parsed
// when first needed and kept. It is safe for concurrent use.
type Estate struct {
	s *snapshot.Snapshot

	off ruleSet // none but in tests

	mu         sync.RWMutex
	documents  map[[32]byte]parsed
	principals map[snapshot.Index]*principal
	accounts   map[string]*account
	resources  map[snapshot.Index]*resource
	sorts      map[string]*thingSort
	cells      map[string][]sampledCell // by the patterns that divide keys

	targetsOnce sync.Once
	targetsOf   map[string][]snapshot.Index // by the account that holds them

	known knownAccess
	// lean are the footholds that only administrators of their account give:
	// what they may do there, the account's foothold may.
	lean map[snapshot.Foothold]bool

	assumeOnce sync.Once
	assume     *assumption

	lentOnce sync.Once
	lent     lending

	testsOnce      sync.Once
	principalTests *principalTests

	facts    map[snapshot.AttachmentIndex]*bound
	assigned map[snapshot.Index][]assignment // of users and groups of an identity store

	matcherOnce sync.Once
	techniques  *escalate.Matcher

	grantorsOnce sync.Once
	grantedTo    *grantors

	doorsOnce sync.Once
	doors     doors // what lets outsiders in

	orgOnce sync.Once
	orgIDs  []string

	iamOnce     sync.Once
	iamAccounts map[string]bool // accounts whose users and roles are described
}

type parsed struct {
	doc *Document
	err error
}

// NewEstate returns the AWS view of a snapshot.
func NewEstate(s *snapshot.Snapshot) *Estate {
	return &Estate{
		s: s, documents: map[[32]byte]parsed{}, principals: map[snapshot.Index]*principal{},
		accounts: map[string]*account{}, resources: map[snapshot.Index]*resource{}, sorts: map[string]*thingSort{}, cells: map[string][]sampledCell{},
		facts: map[snapshot.AttachmentIndex]*bound{}, assigned: map[snapshot.Index][]assignment{},
	}
}

// Snapshot returns what the estate was made of.
func (e *Estate) Snapshot() *snapshot.Snapshot { return e.s }

// A bound is a policy document where it is attached.
type bound struct {
	doc     *Document       // nil where it is missing
	missing *policy.Formula // stands for the document where it is nil
	when    *policy.Formula // when the document counts at all; nil: always
	source  graph.Evidence  // all but statement and effect
	of      snapshot.AttachmentIndex
}

// bind parses the document of an attachment.
func (e *Estate) bind(a snapshot.AttachmentIndex) bound {
	return e.bindRecord(e.s.Attachment(a), a, e.s.AttachmentDocument(a))
}

// bindRecord parses the document of an attachment that a, if it is one of the
// snapshot's, names.
func (e *Estate) bindRecord(record graph.Attachment, a snapshot.AttachmentIndex, hash [32]byte) bound {
	b := bound{of: a, source: graph.Evidence{
		Layer: record.Layer, Policy: record.Policy, Name: record.Name, Version: record.Version,
		Inline: record.Inline, To: record.To, Document: hash,
	}}
	text, reason, detail := record.Document, graph.ReasonMissing, "the policy is attached, and its document is in no input"
	if text == nil {
		if text, b.source.Version, _ = reference.ManagedPolicy(string(record.Policy)); text != nil {
			b.source.Document = sha256.Sum256(text)
		}
	}
	if text != nil {
		var err error
		if b.doc, err = e.document(hash, text, record.Document == nil); err == nil {
			err = b.doc.validAs(record.Layer)
		}
		if err == nil {
			return b
		}
		b.doc = nil
		reason, detail = graph.ReasonParseError, err.Error()
	}
	b.missing = policy.Missing(&policy.Gap{Of: record.To, Layer: record.Layer, Reason: reason, Detail: string(record.Policy) + ": " + detail})
	return b
}

// document parses a text once; catalogue texts have no hash of their own and
// are parsed where they are bound.
func (e *Estate) document(hash [32]byte, text []byte, catalogue bool) (*Document, error) {
	if catalogue {
		return ParseDocument(text)
	}
	e.mu.RLock()
	p, ok := e.documents[hash]
	e.mu.RUnlock()
	if !ok {
		p.doc, p.err = ParseDocument(text)
		e.mu.Lock()
		e.documents[hash] = p
		e.mu.Unlock()
	}
	return p.doc, p.err
}

// fact returns a document that is no policy, as evidence. It is the same one
// each time, so that it can be taken away to see what flips.
func (e *Estate) fact(a snapshot.AttachmentIndex) *bound {
	e.mu.Lock()
	defer e.mu.Unlock()
	b, ok := e.facts[a]
	if !ok {
		record := e.s.Attachment(a)
		b = &bound{of: a, source: graph.Evidence{Layer: record.Layer, Policy: record.Policy, Name: record.Name,
			Inline: record.Inline, To: record.To, Document: e.s.AttachmentDocument(a)}}
		e.facts[a] = b
	}
	return b
}

// Document returns the text that an evidence points into.
func (e *Estate) Document(of graph.Evidence) []byte {
	if node, ok := e.s.Find(of.To); ok {
		for _, a := range e.s.Attachments(node) {
			record := e.s.Attachment(a)
			if record.Policy == of.Policy && record.Layer == of.Layer && record.Document != nil && e.s.AttachmentDocument(a) == of.Document {
				return record.Document
			}
		}
	}
	text, _, _ := reference.ManagedPolicy(string(of.Policy))
	return text
}

// attached binds what is attached to a node at a layer.
func (e *Estate) attached(node snapshot.Index, layer graph.LayerID) []bound {
	var list []bound
	for _, a := range e.s.Attachments(node) {
		if e.s.Attachment(a).Layer == layer {
			list = append(list, e.bind(a))
		}
	}
	return list
}

// gapOf returns the formula of a layer of a node that was asked for and did
// not come, nil if there is no such gap.
func (e *Estate) gapOf(node snapshot.Index, layer graph.LayerID) *policy.Formula {
	for _, c := range e.s.CoverageOf(node) {
		if c.Status == graph.Failed && slices.Contains(c.Affects, layer) {
			return policy.Missing(&policy.Gap{Of: e.s.Ref(node), Layer: layer, Reason: c.Reason, Detail: c.Detail})
		}
	}
	return nil
}

// asked reports whether anything is known of a layer of a node: a document,
// the word that there is none, or a gap.
func (e *Estate) asked(node snapshot.Index, layer graph.LayerID) bool {
	for _, c := range e.s.CoverageOf(node) {
		if c.Status != graph.NotAsked && slices.Contains(c.Affects, layer) {
			return true
		}
	}
	return false
}

// tagsOf returns the tags of a node by folded key.
func tagsOf(n graph.Node) map[string]string {
	tags := make(map[string]string, len(n.Tags))
	for _, t := range n.Tags {
		tags[strings.ToLower(t.Key)] = t.Value
	}
	return tags
}
