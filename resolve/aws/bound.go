package aws

import (
	"crypto/sha256"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// A bound is a policy document where it is attached. Estates have millions:
// what the attachment's own record says is not kept here.
type bound struct {
	doc     *Document       // nil where it is missing
	missing *policy.Formula // stands for the document where it is nil
	apart   *apart          // what few have
	of      snapshot.AttachmentIndex
}

// apart is what a document has that is no plain attachment of the snapshot.
type apart struct {
	when   *policy.Formula // when the document counts at all; nil: always
	source *graph.Evidence // where it stands; nil: the attachment says
}

// when is when the document counts at all; nil: always.
func (b *bound) when() *policy.Formula {
	if b.apart == nil {
		return nil
	}
	return b.apart.when
}

// stated is a document that no attachment of the snapshot holds.
func stated(doc *Document, source graph.Evidence) bound {
	return bound{doc: doc, of: statedAttachment, apart: &apart{source: &source}}
}

// sourceOf is all of an evidence but statement and effect.
func (e *Estate) sourceOf(b *bound) graph.Evidence {
	if b.apart != nil && b.apart.source != nil {
		return *b.apart.source
	}
	record := e.s.BareAttachment(b.of)
	source := graph.Evidence{
		Layer: record.Layer, Policy: record.Policy, Name: record.Name, Version: record.Version,
		Inline: record.Inline, To: record.To, Document: e.s.AttachmentDocument(b.of),
	}
	if record.Document == nil {
		if c := e.documents.catalogued(record.Policy); c != nil {
			source.Version, source.Document = c.version, c.hash
		}
	}
	return source
}

// bind parses the document of an attachment.
func (e *Estate) bind(a snapshot.AttachmentIndex) bound {
	return e.bindAt(a, e.s.AttachmentLayer(a))
}

func (e *Estate) bindAt(a snapshot.AttachmentIndex, layer graph.LayerID) bound {
	number, ok := e.s.DocumentNumber(a)
	if !ok {
		return e.bindCatalogued(e.s.BareAttachment(a), a)
	}
	doc, err := e.documents.parsed(number)
	if err == nil {
		err = doc.validAs(layer)
	}
	if err == nil {
		return bound{doc: doc, of: a}
	}
	record := e.s.BareAttachment(a)
	return bound{of: a, missing: unbound(&record, graph.ReasonParseError, err.Error())}
}

// bindCatalogued binds an attachment that has no document: AWS's own policies
// are known without. a is the attachment, if it is one of the snapshot's.
func (e *Estate) bindCatalogued(record graph.Attachment, a snapshot.AttachmentIndex) bound {
	c := e.documents.catalogued(record.Policy)
	if c == nil {
		return bound{of: a, missing: unbound(&record, graph.ReasonMissing, "the policy is attached, and its document is in no input")}
	}
	err := c.err
	if err == nil {
		err = c.doc.validAs(record.Layer)
	}
	if err != nil {
		return bound{of: a, missing: unbound(&record, graph.ReasonParseError, err.Error())}
	}
	return bound{doc: c.doc, of: a}
}

func unbound(record *graph.Attachment, reason graph.GapReason, detail string) *policy.Formula {
	return policy.Missing(&policy.Gap{Of: record.To, Layer: record.Layer, Reason: reason, Detail: string(record.Policy) + ": " + detail})
}

// attached binds what is attached to a node at a layer.
func (e *Estate) attached(node snapshot.Index, layer graph.LayerID) []bound {
	attachments := e.s.Attached(node, layer)
	if len(attachments) == 0 {
		return nil
	}
	list := make([]bound, len(attachments))
	for i, a := range attachments {
		list[i] = e.bindAt(a, layer)
	}
	return list
}

// attachedHere is attached for policies that belong to one thing alone: their
// documents are not kept.
func (e *Estate) attachedHere(node snapshot.Index, layer graph.LayerID) []bound {
	var list []bound
	for _, a := range e.s.Attached(node, layer) {
		list = append(list, e.bindHere(a, layer))
	}
	return list
}

// bindFor is bindAt where many have the document, as trust has, else bindHere.
func (e *Estate) bindFor(a snapshot.AttachmentIndex, layer graph.LayerID) bound {
	if layer == LayerTrust {
		return e.bindAt(a, layer)
	}
	return e.bindHere(a, layer)
}

// bindHere is bindAt for a document that is not kept.
func (e *Estate) bindHere(a snapshot.AttachmentIndex, layer graph.LayerID) bound {
	if e.concern != nil {
		return e.bindAt(a, layer) // an excerpt has few, and reads each again
	}
	if number, ok := e.s.DocumentNumber(a); ok {
		if doc, err := e.documents.read(number); err == nil && doc.validAs(layer) == nil {
			return bound{doc: doc, of: a}
		}
	}
	return e.bindAt(a, layer)
}

// textOf is the text of an attachment's document, nil where it is missing. It
// is not to be read after the snapshot is closed.
func (e *Estate) textOf(a snapshot.AttachmentIndex) []byte {
	number, ok := e.s.DocumentNumber(a)
	if !ok {
		return nil
	}
	return e.s.DocumentText(number)
}

// documents are the policies of a snapshot and of AWS's catalogue, each parsed
// once, when first needed.
type documents struct {
	s        *snapshot.Snapshot
	byNumber []atomic.Pointer[Document] // by number; &unreadable where there is an error
	errors   sync.Map                   // number → error
	interner *interner
	managed  sync.Map // graph.Ref → *catalogued, nil for those that AWS does not have
}

// unreadable stands for a document that cannot be parsed.
var unreadable Document

func newDocuments(s *snapshot.Snapshot) *documents {
	return &documents{s: s, interner: newInterner(), byNumber: make([]atomic.Pointer[Document], s.NumDocuments())}
}

// read parses a document of the snapshot, and does not keep it.
func (d *documents) read(number uint32) (*Document, error) {
	return parseDocument(d.s.DocumentText(number), d.interner)
}

// parsed returns a document of the snapshot by its number.
func (d *documents) parsed(number uint32) (*Document, error) {
	doc := d.byNumber[number].Load()
	if doc == nil {
		var err error
		if doc, err = d.read(number); err != nil {
			d.errors.Store(number, err)
			doc = &unreadable
		}
		if !d.byNumber[number].CompareAndSwap(nil, doc) {
			doc = d.byNumber[number].Load()
		}
	}
	if doc != &unreadable {
		return doc, nil
	}
	err, _ := d.errors.Load(number)
	return nil, err.(error)
}

// parseAll parses the documents of some layers on all cores.
func (e *Estate) parseAll(layers ...graph.LayerID) {
	inChunks(e.s.NumAttachments(), func(from, to int) {
		for a := snapshot.AttachmentIndex(from); a < snapshot.AttachmentIndex(to); a++ {
			if number, ok := e.s.DocumentNumber(a); ok && slices.Contains(layers, e.s.AttachmentLayer(a)) {
				_, _ = e.documents.parsed(number) // what is wrong with one is said where it is bound
			}
		}
	})
}

// A cataloguedPolicy is a managed policy of AWS.
type cataloguedPolicy struct {
	doc     *Document
	err     error
	version string
	hash    [32]byte
}

// catalogued returns a managed policy by its ARN, nil if AWS has none such.
func (d *documents) catalogued(ref graph.Ref) *cataloguedPolicy {
	c, ok := d.managed.Load(ref)
	if !ok {
		c, _ = d.managed.LoadOrStore(ref, readCatalogued(ref))
	}
	return c.(*cataloguedPolicy)
}

func readCatalogued(ref graph.Ref) *cataloguedPolicy {
	text, version, _ := reference.ManagedPolicy(string(ref))
	if text == nil {
		return nil
	}
	doc, err := ParseDocument(text)
	return &cataloguedPolicy{doc: doc, err: err, version: version, hash: sha256.Sum256(text)}
}
