package aws

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// collector is what Origin.Collector says of facts read here.
const collector = "aws-cli-documents"

// errSink marks an error of the sink: its owner worded it.
var errSink = errors.New("write facts")

// A mapper stands at one record of one document.
type mapper struct {
	c       *collection
	doc     *document
	dec     *jsontext.Decoder
	pointer string // of the record in hand, in the document
	offset  int64  // of its first byte
	lead    int64  // bytes of the file before what dec reads
}

// standAt notes where record v, the value just read, lies.
func (m *mapper) standAt(v jsontext.Value) {
	m.pointer = string(m.dec.StackPointer())
	m.offset = m.lead + m.dec.InputOffset() - int64(len(v))
}

// position says where the record in hand lies, for coverage details.
func (m *mapper) position(inner string) string {
	return fmt.Sprintf("%s: byte %d: %s%s", m.doc.path, m.offset, m.pointer, inner)
}

// accountOf returns the account that a thing lies in: its ARN's, or, where the
// ARN names none, the tree's. In a tree both must agree.
func (m *mapper) accountOf(a arn) (string, error) {
	switch {
	case !isAccountID(a.account):
		return m.account()
	case m.doc.inTree() && a.account != m.doc.account:
		return "", fmt.Errorf("%w: %s is of account %s and lies in the folder of account %s",
			ErrMisplaced, a, a.account, m.doc.account)
	}
	m.c.describe(a.account, a.partition, true)
	return a.account, nil
}

// account returns the document's account: the tree's, or else the one that all
// other documents describe.
func (m *mapper) account() (string, error) {
	if m.doc.inTree() {
		m.c.describe(m.doc.account, m.doc.partition, false)
		return m.doc.account, nil
	}
	if id := m.c.onlyAccount(); id != "" {
		return id, nil
	}
	return "", fmt.Errorf("%w: the output of aws %s %s does not name its account: want it at %s",
		ErrMisplaced, m.doc.op.service, m.doc.op.name, m.doc.op.path())
}

// partition returns the partition of the document's account.
func (m *mapper) partition() string {
	if m.doc.partition != "" {
		return m.doc.partition
	}
	return m.partitionFor(m.c.onlyAccount())
}

// origin returns the origin of facts of the document about one account (and
// region and subject), and notes the listing as held.
func (m *mapper) origin(account, region string, subject graph.Ref) *graph.Origin {
	if m.doc.op.stream != nil || !m.doc.op.regional() {
		region = ""
	}
	l := graph.Listing{Scope: accountRef(account), Region: region,
		Service: m.doc.op.service, Operation: m.doc.op.name, Subject: subject}
	if o := m.doc.origins[l]; o != nil {
		return o
	}
	o := &graph.Origin{Listing: l, File: m.doc.path, Collector: m.doc.op.collector(), At: m.doc.at}
	if m.doc.origins == nil {
		m.doc.origins = map[graph.Listing]*graph.Origin{}
	}
	m.doc.origins[l] = o
	m.c.hold(m.doc, o)
	return o
}

// collector says who wrote the document down.
func (op *operation) collector() string {
	if op.stream != nil {
		return "terraform-show"
	}
	return collector
}

// regional: the service answers for one region at a time.
func (op *operation) regional() bool {
	return !slices.Contains([]string{"iam", "organizations", "s3api", "s3control", "terraform"}, op.service)
}

// node writes n, complete but for provider and order.
func (m *mapper) node(n graph.Node) error { return m.c.node(n) }

// edge writes an edge.
func (m *mapper) edge(from graph.Ref, relation graph.Relation, to graph.Ref, o *graph.Origin) error {
	return m.c.edge(graph.Edge{From: from, To: to, Relation: relation, Origin: o})
}

// attach writes an attachment whose document is raw, in any of the forms that
// AWS writes policies in. Text that is no policy becomes a gap of the layer.
// inner is where raw lies inside the record in hand, as a JSON pointer.
func (m *mapper) attach(a graph.Attachment, raw jsontext.Value, inner string) error {
	a.Pointer = m.pointer + inner
	text, err := policyText(raw)
	if err != nil {
		if err := m.c.attach(a); err != nil {
			return err
		}
		return m.gap(a.To, a.Layer, graph.ReasonParseError, fmt.Sprintf("%s: policy %s: %v", m.position(inner), a.Policy, err), a.Origin)
	}
	a.Document = text
	if err := m.c.mentions(a, text); err != nil {
		return err
	}
	return m.c.attach(a)
}

// gap writes that the layer of one node did not come.
func (m *mapper) gap(of graph.Ref, layer graph.LayerID, reason graph.GapReason, detail string, o *graph.Origin) error {
	return m.c.cover(graph.Coverage{Listing: o.Listing, Status: graph.Failed, Reason: reason, Detail: detail,
		Affects: []graph.LayerID{layer}, Of: of, Origin: o})
}

// attrs makes sorted attributes of pairs of key and value, leaving out those
// without a value.
func attrs(pairs ...string) []graph.Attr {
	given := 0
	for i := 1; i < len(pairs); i += 2 {
		if pairs[i] != "" {
			given++
		}
	}
	if given == 0 {
		return nil
	}
	out := make([]graph.Attr, 0, given)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, graph.Attr{Key: pairs[i], Value: pairs[i+1]})
		}
	}
	slices.SortFunc(out, func(a, b graph.Attr) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// tagList is how most of AWS's services write tags.
type tagList []struct{ Key, Value string }

func (t tagList) sorted() []graph.Tag {
	if len(t) == 0 {
		return nil
	}
	out := make([]graph.Tag, 0, len(t))
	for _, tag := range t {
		out = append(out, graph.Tag{Key: tag.Key, Value: tag.Value})
	}
	slices.SortFunc(out, func(a, b graph.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}
