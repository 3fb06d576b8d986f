package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A nodeRecord is one thing of an export. Number is its name in formats that
// refs are too long or too strange for; it means nothing in another export.
type nodeRecord struct {
	Number    string         `json:"-"`
	Record    string         `json:"record"` // node, loose or class
	ID        string         `json:"id"`
	Ref       string         `json:"ref"`
	Provider  graph.Provider `json:"provider,omitempty"`
	Kind      graph.Kind     `json:"kind,omitempty"`
	Type      string         `json:"type,omitempty"`
	Name      string         `json:"name,omitempty"`
	Scope     graph.Ref      `json:"scope,omitempty"`
	NativeID  string         `json:"nativeId,omitempty"`
	Mentioned bool           `json:"mentioned,omitempty"`
	Labels    []string       `json:"labels,omitempty"`
	Tags      []pair         `json:"tags,omitempty"`
	Attrs     []pair         `json:"attrs,omitempty"`
}

type pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// A linkRecord is what leads from one thing to another. What was observed has
// no verdict.
type linkRecord struct {
	FromNumber string         `json:"-"`
	ToNumber   string         `json:"-"`
	FromID     string         `json:"-"`
	ToID       string         `json:"-"`
	Record     string         `json:"record"` // link
	From       string         `json:"from"`
	To         string         `json:"to"`
	Relation   graph.Relation `json:"relation"`
	Held       string         `json:"held,omitempty"`   // how From is held
	Gained     string         `json:"gained,omitempty"` // how To is held afterwards
	Action     string         `json:"action,omitempty"`
	Technique  string         `json:"technique,omitempty"`
	Actions    []string       `json:"actions,omitempty"`
	Include    []string       `json:"include,omitempty"`
	Exclude    []string       `json:"exclude,omitempty"`
	Verdict    string         `json:"verdict,omitempty"`
	Formula    string         `json:"formula,omitempty"`
}

// A policyRecord is a policy where it is attached.
type policyRecord struct {
	Record   string        `json:"record"` // policy
	To       graph.Ref     `json:"to"`
	Layer    graph.LayerID `json:"layer"`
	Policy   graph.Ref     `json:"policy"`
	Name     string        `json:"name"`
	Version  string        `json:"version,omitempty"`
	Inline   bool          `json:"inline"`
	Document document      `json:"document,omitempty"`
}

// inClass leads from a principal to the class of those who have its access.
const inClass graph.Relation = "IN_CLASS"

// A teller tells the records of a snapshot, one at a time: things first, then
// links, then policies.
type teller struct {
	ctx    context.Context
	s      *snapshot.Snapshot
	labels []graph.Label
	loose  []graph.Ref // sorted
	put    func(any) error
}

// records tells put everything that a snapshot holds. It keeps nothing but
// the refs that no document describes.
func records(ctx context.Context, s *snapshot.Snapshot, labels []graph.Label, put func(any) error) error {
	t := &teller{ctx: ctx, s: s, labels: labels, put: put}
	for _, e := range s.Dangling() {
		for _, ref := range []graph.Ref{e.From, e.To} {
			if _, known := s.Find(ref); !known && ref != "" {
				t.loose = append(t.loose, ref)
			}
		}
	}
	slices.Sort(t.loose)
	t.loose = slices.Compact(t.loose)
	for _, part := range []func() error{t.nodes, t.classes, t.edges, t.pivots, t.access, t.policies} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) nodes() error {
	for i := range snapshot.Index(t.s.NumNodes()) {
		n := t.s.Node(i)
		r := nodeRecord{
			Number: number(i), Record: "node", ID: n.ID().String(), Ref: string(n.Ref), Provider: n.Provider, Kind: n.Kind,
			Type: n.Type, Name: n.Name, Scope: n.Scope, NativeID: n.NativeID, Mentioned: n.Mentioned, Labels: t.labelsOf(n.Ref),
		}
		for _, tag := range n.Tags {
			r.Tags = append(r.Tags, pair(tag))
		}
		for _, a := range n.Attrs {
			r.Attrs = append(r.Attrs, pair(a))
		}
		if err := cmp.Or(t.ctx.Err(), t.put(r)); err != nil {
			return err
		}
	}
	for i, ref := range t.loose {
		if err := t.put(nodeRecord{Number: fmt.Sprintf("x%d", i), Record: "loose", ID: idOf(string(ref)), Ref: string(ref)}); err != nil {
			return err
		}
	}
	return nil
}

// labelsOf finds the labels of a ref; they are sorted by ref.
func (t *teller) labelsOf(ref graph.Ref) []string {
	at, _ := slices.BinarySearchFunc(t.labels, ref, func(l graph.Label, ref graph.Ref) int { return cmp.Compare(l.Ref, ref) })
	var out []string
	for ; at < len(t.labels) && t.labels[at].Ref == ref; at++ {
		out = append(out, t.labels[at].Label)
	}
	return out
}

func (t *teller) classes() error {
	for c := range uint32(t.s.NumClasses()) {
		n := t.class(c)
		if err := t.put(nodeRecord{Number: n.number, Record: "class", ID: n.id, Ref: n.ref}); err != nil {
			return err
		}
	}
	return nil
}

// edges tells what was observed, and which scope holds what.
func (t *teller) edges() error {
	for e := range t.s.Edges() {
		if err := cmp.Or(t.ctx.Err(), t.link(t.end(e.From), t.end(e.To), linkRecord{Relation: e.Relation})); err != nil {
			return err
		}
	}
	for i := range snapshot.Index(t.s.NumNodes()) {
		scope := t.s.Node(i).Scope
		if scope == "" || t.holds(scope, i) {
			continue
		}
		if err := t.link(t.end(scope), t.node(i), linkRecord{Relation: graph.Contains}); err != nil {
			return err
		}
	}
	return nil
}

// holds says whether an observed relation says already that a scope holds i.
func (t *teller) holds(scope graph.Ref, i snapshot.Index) bool {
	for e := range t.s.EdgesIn(i) {
		if e.Relation == graph.Contains && e.From == scope {
			return true
		}
	}
	return false
}

// pivots tells what leads from one foothold to another, and who administers.
func (t *teller) pivots() error {
	for i := range snapshot.PivotIndex(t.s.NumPivots()) {
		p := t.s.Pivot(i)
		err := t.link(t.node(p.From.Node), t.node(p.To.Node), linkRecord{
			Relation: p.Relation, Held: p.From.Hold.String(), Gained: p.To.Hold.String(), Action: p.Action, Technique: p.Technique,
			Verdict: p.Ruling.Verdict.String(), Formula: p.Ruling.Formula,
		})
		if err = cmp.Or(t.ctx.Err(), err); err != nil {
			return err
		}
	}
	for ad := range t.s.Administrations() {
		err := t.link(t.node(ad.From.Node), t.node(ad.Scope), linkRecord{
			Relation: graph.Administers, Held: ad.From.Hold.String(), Actions: ad.Through,
			Verdict: ad.Ruling.Verdict.String(), Formula: ad.Ruling.Formula,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// access tells who is of which class, and what each class may do.
func (t *teller) access() error {
	for c := range uint32(t.s.NumClasses()) {
		from := t.class(c)
		for _, m := range t.s.ClassMembers(c) {
			f := t.s.Foothold(m)
			if err := t.link(t.node(f.Node), from, linkRecord{Relation: inClass, Held: f.Hold.String()}); err != nil {
				return err
			}
		}
		for acc := range t.s.AccessOf(c) {
			err := t.link(from, t.node(acc.To), linkRecord{
				Relation: graph.CanAccess, Actions: acc.Actions, Include: acc.Include, Exclude: acc.Exclude,
				Verdict: acc.Ruling.Verdict.String(), Formula: acc.Ruling.Formula,
			})
			if err = cmp.Or(t.ctx.Err(), err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *teller) policies() error {
	for i := range snapshot.AttachmentIndex(t.s.NumAttachments()) {
		a := t.s.Attachment(i)
		err := t.put(policyRecord{
			Record: "policy", To: a.To, Layer: a.Layer, Policy: a.Policy, Name: a.Name, Version: a.Version, Inline: a.Inline,
			Document: document(a.Document),
		})
		if err = cmp.Or(t.ctx.Err(), err); err != nil {
			return err
		}
	}
	return nil
}

// A named is an end of a link by both of its names.
type named struct{ number, id, ref string }

func number(i snapshot.Index) string { return fmt.Sprintf("n%d", i) }

// class names an access class, which is of one snapshot alone.
func (t *teller) class(c uint32) named {
	return named{fmt.Sprintf("c%d", c), idOf(fmt.Sprintf("class:%s:%d", t.s.ContentHash(), c)), fmt.Sprintf("class:%d", c)}
}

// idOf is the id of what has no provider.
func idOf(ref string) string { return graph.IDOf(graph.Generic, graph.Ref(ref)).String() }

func (t *teller) node(i snapshot.Index) named {
	return named{number(i), t.s.ID(i).String(), string(t.s.Ref(i))}
}

func (t *teller) end(ref graph.Ref) named {
	if i, ok := t.s.Find(ref); ok {
		return t.node(i)
	}
	at, _ := slices.BinarySearch(t.loose, ref)
	return named{fmt.Sprintf("x%d", at), idOf(string(ref)), string(ref)}
}

func (t *teller) link(from, to named, l linkRecord) error {
	l.Record = "link"
	l.FromNumber, l.FromID, l.From = from.number, from.id, from.ref
	l.ToNumber, l.ToID, l.To = to.number, to.id, to.ref
	return t.put(l)
}
