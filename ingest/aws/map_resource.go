package aws

import (
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
	o := m.origin(account, a.region, "")
	return o, m.node(graph.Node{Ref: graph.Ref(t.arn), Kind: graph.KindResource, Type: t.kind, Name: t.name, NativeID: t.nativeID,
		Scope: accountRef(account), Tags: t.tags.sorted(), Attrs: t.attrs, Origin: o})
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
	if err := m.c.mentionNode(mention); err != nil || len(raw) == 0 || raw.Kind() == 'n' {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Name: "policy", Inline: true, Origin: o}, raw, inner)
}

// nameOf is the resource part without its type.
func nameOf(a arn) string {
	if i := strings.IndexAny(a.resource, ":/"); i >= 0 && a.service != "s3" && a.service != "sns" && a.service != "sqs" {
		return a.resource[i+1:]
	}
	return a.resource
}
