package answer

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Node is what node finds by id.
type Node interface {
	IsNode()
	ID() string
}

// A GraphEntity is anything in the graph.
type GraphEntity interface {
	Node
	IsGraphEntity()
	Ref() graph.Ref
	Provider() graph.Provider
	Scope() *Scope
	Name() string
	Type() string
	NativeID() *string
	Tags() []graph.Tag
	Labels() []string
	Mentioned() bool
}

// A Thing is what all things in the graph have in common.
type Thing struct {
	v *View
	i snapshot.Index
}

// A Principal acts.
type Principal struct{ Thing }

// A Resource is acted on.
type Resource struct{ Thing }

// A Scope contains.
type Scope struct{ Thing }

// A Credential is how a secret stands for a principal.
type Credential struct{ Thing }

// entity returns a node as its type in the schema.
func (v *View) entity(i snapshot.Index) GraphEntity {
	e := Thing{v, i}
	if v.hidden(i) {
		return &Boundary{v, v.shown(i)}
	}
	switch v.Snapshot.Kind(i).Class() {
	case graph.ClassPrincipal:
		return &Principal{e}
	case graph.ClassScope:
		return &Scope{e}
	case graph.ClassCredential:
		return &Credential{e}
	}
	return &Resource{e}
}

// Entity returns the one thing that a reference names.
func (v *View) Entity(ref graph.Ref) (GraphEntity, error) {
	i, err := v.find(ref)
	if err != nil {
		return nil, err
	}
	return v.entity(i), nil
}

// Node returns the thing of an id, nil if there is none.
func (v *View) Node(id string) Node {
	parsed, err := graph.ParseID(id)
	if err != nil {
		return nil
	}
	if i, ok := v.Snapshot.FindID(parsed); ok && !v.hidden(i) {
		return v.entity(i)
	}
	return nil
}

// IsNode marks what node finds.
func (e Thing) IsNode() {}

// IsEntity marks what a federation's router may ask for by key.
func (e Thing) IsEntity() {}

// IsGraphEntity marks what is in the graph.
func (e Thing) IsGraphEntity() {}

// ID returns the public identity.
func (e Thing) ID() string { return e.v.Snapshot.ID(e.i).String() }

// Ref returns the canonical reference.
func (e Thing) Ref() graph.Ref { return e.v.Snapshot.Ref(e.i) }

// Provider returns who knows it.
func (e Thing) Provider() graph.Provider { return e.v.Snapshot.Provider(e.i) }

// Name returns its name.
func (e Thing) Name() string { return e.v.Snapshot.Name(e.i) }

// Type returns the provider's own type.
func (e Thing) Type() string { return e.v.Snapshot.Type(e.i) }

// Labels returns what people put on it, sorted.
func (e Thing) Labels() []string { return e.v.labelsOf(e.Ref()) }

// Mentioned reports whether no document describes it.
func (e Thing) Mentioned() bool { return e.v.Snapshot.Mentioned(e.i) }

// NativeID returns the provider's own id, nil if it has none.
func (e Thing) NativeID() *string { return optional(e.v.Snapshot.Node(e.i).NativeID) }

// Tags returns its tags by key.
func (e Thing) Tags() []graph.Tag { return append([]graph.Tag{}, e.v.Snapshot.Node(e.i).Tags...) }

// Scope returns the innermost scope that holds it, nil if there is none.
func (e Thing) Scope() *Scope {
	scope := e.v.Snapshot.ScopeOf(e.i)
	if scope == snapshot.None || e.v.hidden(scope) {
		return nil
	}
	return &Scope{Thing{e.v, scope}}
}

// Kind returns what sort of scope it is.
func (s *Scope) Kind() graph.Kind { return s.v.Snapshot.Kind(s.i) }

// Ancestors returns the scopes above, innermost first.
func (s *Scope) Ancestors() []*Scope {
	out := []*Scope{}
	for _, i := range s.v.seen(s.v.above(s.i)) {
		out = append(out, &Scope{Thing{s.v, i}})
	}
	return out
}

// above returns the scopes that hold a node, innermost first. Documents may
// name each other in a ring: each scope comes once.
func (v *View) above(i snapshot.Index) []snapshot.Index {
	var out []snapshot.Index
	for i = v.Snapshot.ScopeOf(i); i != snapshot.None && !slices.Contains(out, i); i = v.Snapshot.ScopeOf(i) {
		out = append(out, i)
	}
	return out
}

// Coverage returns what is known of the scope alone.
func (s *Scope) Coverage() *Coverage {
	return s.v.coverageOf(map[snapshot.Index]bool{s.i: true})
}

// Kind returns what sort of principal it is.
func (p *Principal) Kind() graph.Kind { return p.v.Snapshot.Kind(p.i) }

// Groups returns the groups that it is a member of.
func (p *Principal) Groups() []*Principal {
	return p.v.principals(p.v.Snapshot.Out(p.i, graph.MemberOf))
}

// Members returns the members of a group.
func (p *Principal) Members() []*Principal {
	return p.v.principals(p.v.Snapshot.In(p.i, graph.MemberOf))
}

func (v *View) principals(list []snapshot.Index) []*Principal {
	out := []*Principal{}
	for _, i := range list {
		if v.Snapshot.Kind(i).Class() == graph.ClassPrincipal && !v.hidden(i) {
			out = append(out, &Principal{Thing{v, i}})
		}
	}
	return out
}

// Credentials returns a page of its credentials.
func (p *Principal) Credentials(first int, after *string) (*CredentialConnection, error) {
	w, err := p.v.window(first, after, "credentials", p.i)
	if err != nil {
		return nil, err
	}
	list := p.v.seen(p.v.Snapshot.In(p.i, graph.CredentialOf))
	return &CredentialConnection{
		Edges: page(w, list, func(cursor string, i snapshot.Index) CredentialEdge {
			return CredentialEdge{cursor, &Credential{Thing{p.v, i}}}
		}),
		PageInfo: w.info(len(list), false), TotalCount: Count{len(list), true},
	}, nil
}

// CrownJewel reports whether it must not be reached.
func (r *Resource) CrownJewel() bool { return slices.Contains(r.Labels(), graph.CrownJewel) }

// InternetExposed returns how surely anybody may do something to it.
func (r *Resource) InternetExposed() graph.Verdict {
	verdict := graph.Denied
	for _, class := range r.v.anybody() {
		verdict = max(verdict, r.v.Snapshot.SurestAccess(class, r.i))
	}
	return verdict
}

// optional is null where text is empty.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
