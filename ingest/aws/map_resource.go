package aws

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

var resourceLayers = []graph.LayerID{LayerResource}

// subjectARN returns the resource that a document's place in the tree names:
// a whole ARN as it stands, or else prefix and name below account and region.
func (m *mapper) subjectARN(service, prefix string) (graph.Ref, error) {
	name := m.doc.resource
	if name == "" {
		return "", fmt.Errorf("%w: the output of aws %s %s does not say which %s it is of: want it at %s/<%s>.json", ErrMisplaced,
			m.doc.op.service, m.doc.op.name, m.doc.op.subject, strings.TrimSuffix(m.doc.op.path(), ".json"), m.doc.op.subject)
	}
	if a, ok := parseARN(name); ok {
		if a.service != service {
			return "", fmt.Errorf("%w: %q: want an ARN of %s", ErrMisplaced, name, service)
		}
		return graph.Ref(name), nil
	}
	if strings.HasPrefix(name, "arn:") {
		return "", fmt.Errorf("%w: %q: want an ARN or a name", ErrMisplaced, name)
	}
	return graph.Ref(arn{m.partition(), service, m.doc.region, m.doc.account, prefix + name}.String()), nil
}

// ofSubject returns a refOf for operations on one resource.
func ofSubject(service, prefix string) func(m *mapper) (graph.Ref, error) {
	return func(m *mapper) (graph.Ref, error) { return m.subjectARN(service, prefix) }
}

// A thing is a resource about to become a node.
type thing struct {
	arn, kind, name string
	nativeID        string
	tags            tagList
	attrs           []graph.Attr
	is              graph.Kind // a resource, if not given
	of              graph.Ref  // the subject of the listing; a thing's own ARN where a document describes it alone
	role            string     // what it runs as: ARN, or name
}

// resource writes a resource that a list shows with its ARN, and returns the
// origin of what is said of it.
func (m *mapper) resource(t thing) (*graph.Origin, error) {
	a, err := wantARN(t.kind, t.arn)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return nil, err
	}
	o := m.origin(account, a.region, t.of)
	err = m.node(graph.Node{Ref: graph.Ref(t.arn), Kind: cmp.Or(t.is, graph.KindResource), Type: t.kind, Name: t.name, NativeID: t.nativeID,
		Scope: accountRef(account), Tags: t.tags.sorted(), Attrs: t.attrs, Origin: o})
	if err != nil {
		return nil, err
	}
	return o, m.runsAs(graph.Ref(t.arn), "role", t.role, o)
}

// listed mentions a resource that a list shows by its ARN alone.
func (m *mapper) listed(kind, s string, of graph.Ref) error {
	a, err := wantARN(kind, s)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	is, _ := kindOfARN(a)
	return m.mentionAs(is, kind, graph.Ref(s), a, m.origin(account, a.region, of))
}

// listedARN returns a recordFunc for lists of ARNs.
func listedARN(kind string) recordFunc {
	return record(func(m *mapper, s string) error { return m.listed(kind, s, "") })
}

// listedName returns a recordFunc for lists of names: service and prefix make
// the ARN.
func listedName(service, prefix string) recordFunc {
	return record(func(m *mapper, name string) error {
		s, err := m.inRegion(service, prefix+name)
		if err != nil {
			return err
		}
		return m.listed(service, s, "")
	})
}

// policyDocument returns a whole document's recordFunc: a policy in one
// member, of the resource that the tree names.
func policyDocument(member, service, prefix, kind string) recordFunc {
	return func(m *mapper, v jsontext.Value) error {
		var p map[string]jsontext.Value
		if err := decode(v, &p); err != nil {
			return err
		}
		ref, err := m.subjectARN(service, prefix)
		if err != nil {
			return err
		}
		return m.resourcePolicy(ref, innerKind(ref, kind), p[member], "/"+member)
	}
}

// innerKind returns the type of a thing inside of another whose ARN begins with
// the other's: a table's stream, a stream's consumer.
func innerKind(ref graph.Ref, kind string) string {
	service, _, _ := strings.Cut(kind, ":")
	for _, inner := range []string{"stream", "consumer", "index"} {
		if strings.Contains(string(ref), "/"+inner+"/") && kind != service+":"+inner {
			return service + ":" + inner
		}
	}
	return kind
}

// resourcePolicy attaches the policy that a document holds of one resource,
// which a list may or may not show as well.
func (m *mapper) resourcePolicy(ref graph.Ref, kind string, raw jsontext.Value, inner string) error {
	a, err := wantARN(kind, string(ref))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrContent, err)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	region := a.region
	if region == "" {
		region = m.doc.region
	}
	o := m.origin(account, region, ref)
	mention := graph.Node{Ref: ref, Kind: graph.KindResource, Type: kind, Name: nameOf(a), Scope: accountRef(account), Origin: o}
	if kind == "lambda:function" {
		mention.Kind = graph.KindWorkload
	}
	if err := m.c.mentionNode(mention); err != nil || isNoPolicy(raw) {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Name: "policy", Inline: true, Origin: o}, raw, inner)
}

// isNoPolicy: a member that is absent, null or empty text holds no policy.
func isNoPolicy(raw jsontext.Value) bool {
	return len(raw) == 0 || raw.Kind() == 'n' || string(raw) == `""`
}

// nameOf is the resource part without its type.
func nameOf(a arn) string {
	if i := strings.IndexAny(a.resource, ":/"); i >= 0 && a.service != "s3" && a.service != "sns" && a.service != "sqs" {
		return a.resource[i+1:]
	}
	return a.resource
}
