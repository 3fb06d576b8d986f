package answer

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A sight is the part of a snapshot that one asker may see: some scopes and
// what they hold, the scopes above them by name, and what belongs to no
// account. Whatever else an answer comes upon shows as the border of its
// account.
type sight struct {
	s     *snapshot.Snapshot
	all   *View                   // without a sight
	roots map[snapshot.Index]bool // what was given, with all that it holds
	above map[snapshot.Index]bool
}

// Within returns the view of who may see some scopes alone. One that is not in
// the snapshot gives nothing.
func (v *View) Within(scopes []graph.Ref) *View {
	out := *v
	g := &sight{s: v.Snapshot, all: v, roots: map[snapshot.Index]bool{}, above: map[snapshot.Index]bool{}}
	for _, ref := range scopes {
		i, ok := v.spelled(strings.TrimSpace(string(ref)))
		if !ok || v.Snapshot.Kind(i).Class() != graph.ClassScope {
			continue
		}
		g.roots[i] = true
		for _, up := range v.above(i) {
			g.above[up] = true
		}
	}
	out.sight = g
	return &out
}

// hidden reports whether a node is out of sight.
func (v *View) hidden(i snapshot.Index) bool {
	return v.sight != nil && i != snapshot.None && !v.sight.sees(i)
}

// seen returns the nodes that are in sight.
func (v *View) seen(list []snapshot.Index) []snapshot.Index {
	if v.sight == nil {
		return list
	}
	var out []snapshot.Index
	for _, i := range list {
		if !v.hidden(i) {
			out = append(out, i)
		}
	}
	return out
}

func (g *sight) sees(i snapshot.Index) bool {
	if g.roots[i] || g.above[i] {
		return true
	}
	scopes := g.all.above(i)
	for _, up := range scopes {
		if g.roots[up] {
			return true
		}
	}
	if len(scopes) > 0 || g.s.Kind(i).Class() == graph.ClassScope {
		return false
	}
	return g.seesRef(string(g.s.Ref(i)))
}

// seesRef reports whether a reference that names no node is of an account that
// is seen, or of none.
func (g *sight) seesRef(ref string) bool {
	parts := strings.SplitN(ref, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || !accountID.MatchString(parts[4]) {
		return true
	}
	account, ok := g.s.Find(graph.Ref("account:" + parts[4]))
	return ok && g.sees(account)
}

// ofSight reports whether a reference may be asked about: what it names, and
// what holds that, is in sight.
func (v *View) ofSight(ref string) bool {
	if v.sight == nil {
		return true
	}
	if i, ok := v.Snapshot.Find(graph.Ref(ref)); ok {
		return !v.hidden(i)
	}
	if i := v.sight.all.holder(ref); i != snapshot.None && v.hidden(i) {
		return false
	}
	return v.sight.seesRef(ref)
}

// shown is the node that stands for another one in an answer: itself, or the
// account that hides it.
func (v *View) shown(i snapshot.Index) snapshot.Index {
	if !v.hidden(i) {
		return i
	}
	for _, up := range append([]snapshot.Index{i}, v.above(i)...) {
		if v.Snapshot.Kind(up) == graph.KindAccount {
			return up
		}
	}
	return i
}

// A Boundary stands for an account that the asker may not see.
type Boundary struct {
	v *View
	i snapshot.Index
}

// IsNode marks what node finds. It finds no boundary.
func (b *Boundary) IsNode() {}

// IsGraphEntity marks what is in the graph.
func (b *Boundary) IsGraphEntity() {}

// account is true where the boundary is that of an account.
func (b *Boundary) account() bool { return b.v.Snapshot.Kind(b.i) == graph.KindAccount }

// ID returns the id of the account.
func (b *Boundary) ID() string {
	if !b.account() {
		return graph.IDOf(graph.Generic, "hidden").String()
	}
	return b.v.Snapshot.ID(b.i).String()
}

// Ref returns the reference of the account.
func (b *Boundary) Ref() graph.Ref {
	if !b.account() {
		return "hidden"
	}
	return b.v.Snapshot.Ref(b.i)
}

// Provider returns whose account it is.
func (b *Boundary) Provider() graph.Provider { return b.v.Snapshot.Node(b.i).Provider }

// Scope returns nil.
func (b *Boundary) Scope() *Scope { return nil }

// Name says that the asker may not see it.
func (b *Boundary) Name() string { return "beyond what may be seen: " + string(b.Ref()) }

// Type returns the type of boundaries.
func (b *Boundary) Type() string { return "clew:boundary" }

// NativeID returns nil.
func (b *Boundary) NativeID() *string { return nil }

// Tags returns none.
func (b *Boundary) Tags() []graph.Tag { return []graph.Tag{} }

// Labels returns none.
func (b *Boundary) Labels() []string { return []string{} }

// Mentioned returns false.
func (b *Boundary) Mentioned() bool { return false }

// border makes a step end at the border of what is hidden. Nothing is said of
// what lies behind it, nor of the policies there.
func (s *search) border(p *PathStep) *PathStep {
	to := s.v.shown(p.to)
	return s.step(PathStep{
		Index: p.Index, from: p.from, to: to, verdict: p.verdict, hidden: true,
		pivot: snapshot.Pivot{From: p.from, To: snapshot.Foothold{Node: to}, Relation: p.Relation()},
	})
}

// cutAtBorder ends a path where it leaves what may be seen.
func (s *search) cutAtBorder(p *AccessPath) *AccessPath {
	if s.v.sight == nil {
		return p
	}
	for i, step := range p.steps {
		switch {
		case s.v.hidden(step.from.Node):
			p.steps = p.steps[:i]
		case s.v.hidden(step.to):
			p.steps = append(p.steps[:i:i], s.border(step))
		default:
			continue
		}
		break
	}
	p.verdict = graph.Allowed
	for _, step := range p.steps {
		p.verdict = min(p.verdict, step.verdict)
	}
	return p
}

// text spells a sight for cursors: a page goes on for the same sight alone.
func (g *sight) text() string {
	refs := []string{"sight"}
	for i := range g.roots {
		refs = append(refs, string(g.s.Ref(i)))
	}
	slices.Sort(refs)
	return strings.Join(refs, " ")
}
