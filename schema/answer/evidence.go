package answer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// Evidence is one statement of one attached policy.
type Evidence struct {
	v  *View
	e  graph.Evidence
	at graph.Attachment // zero where it is in no document
	// document is the text of the policy, nil where nobody has it.
	document []byte
}

// A PolicyRef is a policy where it is attached.
type PolicyRef struct {
	Ref        graph.Ref
	Name       string
	Version    *string
	AttachedTo graph.Ref
	Inline     bool
}

// evidenceOf gives what an evaluator pointed at its document.
func (v *View) evidenceOf(list []graph.Evidence) []*Evidence {
	out := make([]*Evidence, 0, len(list))
	for _, e := range list {
		if one := v.evidence(e); one != nil {
			out = append(out, one)
		}
	}
	return out
}

// evidence is nil for what is attached out of sight.
func (v *View) evidence(e graph.Evidence) *Evidence {
	out := &Evidence{v: v, e: e}
	node, ok := v.Snapshot.Find(e.To)
	if ok && v.hidden(node) {
		return nil
	}
	for _, a := range v.Snapshot.Attachments(node) {
		if at := v.Snapshot.Attachment(a); at.Layer == e.Layer && at.Policy == e.Policy && at.Name == e.Name {
			out.at = at
			break
		}
	}
	out.read(node)
	return out
}

// recorded gives the evidence that a snapshot keeps its document.
func (v *View) recorded(refs []snapshot.EvidenceRef) []*Evidence {
	out := make([]*Evidence, 0, len(refs))
	for _, r := range refs {
		if one := v.record(r); one != nil {
			out = append(out, one)
		}
	}
	return out
}

func (v *View) record(r snapshot.EvidenceRef) *Evidence {
	at := v.Snapshot.Attachment(r.Attachment)
	out := &Evidence{v: v, at: at, e: graph.Evidence{
		Layer: at.Layer, Effect: r.Effect, Policy: at.Policy, Name: at.Name, Version: at.Version, Inline: at.Inline,
		To: at.To, Statement: int(r.Statement), Document: v.Snapshot.AttachmentDocument(r.Attachment),
	}}
	node, ok := v.Snapshot.Find(at.To)
	if ok && v.hidden(node) {
		return nil
	}
	out.read(node)
	text, pointer := statementOf(out.document, out.e.Statement)
	out.e.Pointer = pointer
	var named struct{ Sid string }
	if json.Unmarshal(text, &named) == nil {
		out.e.Sid = named.Sid
	}
	return out
}

// read finds the document: as it was collected, or, of a policy that the
// provider keeps, as its catalogue has it.
func (e *Evidence) read(node snapshot.Index) {
	e.document = e.at.Document
	if evaluator := e.v.evaluator(node); e.document == nil && evaluator != nil {
		e.document = evaluator.Document(e.e)
	}
	if e.document != nil && e.e.Document == [32]byte{} {
		e.e.Document = sha256.Sum256(e.document)
	}
}

// statementOf cuts a statement out of a policy document. Statement may be one
// object in place of a list.
func statementOf(document []byte, index int) (statement []byte, pointer string) {
	pointer = fmt.Sprintf("/Statement/%d", index)
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal(document, &doc) != nil {
		return nil, pointer
	}
	var list []json.RawMessage
	if json.Unmarshal(doc.Statement, &list) != nil {
		if index == 0 && len(doc.Statement) > 0 {
			return doc.Statement, "/Statement"
		}
		return nil, pointer
	}
	if index < 0 || index >= len(list) {
		return nil, pointer
	}
	return list[index], pointer
}

// Layer returns the layer at which it speaks.
func (e *Evidence) Layer() *policy.Layer { return e.v.layer(e.e.Layer) }

// Effect returns what it does.
func (e *Evidence) Effect() graph.Effect { return e.e.Effect }

// Policy returns the policy that it stands in.
func (e *Evidence) Policy() PolicyRef {
	return PolicyRef{Ref: e.e.Policy, Name: e.e.Name, Version: optional(e.e.Version), AttachedTo: e.e.To, Inline: e.e.Inline}
}

// StatementSid returns the statement's own id, nil if it has none.
func (e *Evidence) StatementSid() *string { return optional(e.e.Sid) }

// StatementIndex returns its place in the document, -1 where the document as a
// whole is meant.
func (e *Evidence) StatementIndex() int {
	if e.whole() {
		return -1
	}
	return e.e.Statement
}

// Pointer returns its JSON Pointer in the policy document, that of the whole
// document where it has no statements.
func (e *Evidence) Pointer() string {
	if e.whole() {
		return ""
	}
	return e.e.Pointer
}

// Statement returns its text, nil where nobody has the document.
func (e *Evidence) Statement() *JSON {
	text, _ := statementOf(e.document, e.e.Statement)
	if text == nil {
		return nil
	}
	j := JSON(text)
	return &j
}

// DocumentSha256 returns the hash of the document, nil where nobody has it.
func (e *Evidence) DocumentSha256() *string {
	if e.e.Document == [32]byte{} {
		return nil
	}
	return optional(hex.EncodeToString(e.e.Document[:]))
}

// File returns where the document was read.
func (e *Evidence) File() *string { return optional(e.origin().File) }

// FilePointer returns where in the file it stands.
func (e *Evidence) FilePointer() *string { return optional(e.at.Pointer) }

// CollectedAt returns when it was read, nil where that is not known.
func (e *Evidence) CollectedAt() *DateTime { return optionalTime(e.origin().At) }

// Collector returns who wrote it down.
func (e *Evidence) Collector() string { return e.origin().Collector }

func (e *Evidence) origin() graph.Origin {
	if e.at.Origin == nil {
		return graph.Origin{}
	}
	return *e.at.Origin
}

// whole reports whether the document has no statements: it is no policy, but a
// fact that gives something, an assignment, say.
func (e *Evidence) whole() bool {
	var doc struct{ Statement json.RawMessage }
	return e.document != nil && json.Unmarshal(e.document, &doc) == nil && doc.Statement == nil
}

// title names a statement for a person.
func (e *Evidence) title() string {
	if e.whole() {
		return fmt.Sprintf("%s of %s", e.policyTitle(), e.e.To)
	}
	name := fmt.Sprintf("statement %d", e.e.Statement)
	if e.e.Sid != "" {
		name = "statement " + e.e.Sid
	}
	return fmt.Sprintf("%s of %s on %s", name, e.policyTitle(), e.e.To)
}

// policyTitle names the policy. One that belongs to what it is attached to and
// is the only one of its layer there has no name of its own.
func (e *Evidence) policyTitle() string {
	layer := e.Layer().Name
	switch {
	case e.e.Inline && (e.e.Name == "trust" || e.e.Name == "policy"):
		return "the " + layer
	case e.e.Name == "":
		return fmt.Sprintf("the %s %s", layer, e.e.Policy)
	}
	return fmt.Sprintf("the %s %s", layer, e.e.Name)
}

// removal says how to take the statement away. A policy that the provider
// keeps lies in no scope, and nobody else can edit it.
func (e *Evidence) removal() string {
	node, ok := e.v.Snapshot.Find(e.e.Policy)
	if ok && !e.e.Inline && e.v.Snapshot.ScopeOf(node) == snapshot.None {
		return fmt.Sprintf("detach %s from %s", e.policyTitle(), e.e.To)
	}
	return "remove " + e.title()
}
