package answer

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// countedRows are what a blast radius counts where sets do not say it: what its
// rows end at.
type countedRows struct {
	resources, scopes map[snapshot.Index]bool
	levels            map[string]map[snapshot.Index]bool
	cut               walk.Budget
}

func (b *BlastRadius) counted() countedRows {
	list := b.outward(everything).list()
	out := countedRows{map[snapshot.Index]bool{}, map[snapshot.Index]bool{}, map[string]map[snapshot.Index]bool{}, walk.Rows}
	rows, _, whole := list.read(0, list.limit)
	if whole != nil {
		out.cut = whole.cut
	}
	for _, row := range rows {
		if row.end.relation == graph.Administers {
			out.scopes[row.end.to] = true
			continue
		}
		out.resources[row.end.to] = true
		for _, l := range row.Levels() {
			if out.levels[l] == nil {
				out.levels[l] = map[snapshot.Index]bool{}
			}
			out.levels[l][row.end.to] = true
		}
	}
	return out
}

// count is exact where nothing was cut that is counted: sets hold more than
// rows may be listed.
func (b *BlastRadius) count(n int) Count {
	if b.tally() != nil {
		return Count{n, b.reach().Cut == ""}
	}
	return Count{n, cmp.Or(b.reach().Cut, b.rows().cut) == ""}
}

// PrincipalsReached counts who can be held.
func (b *BlastRadius) PrincipalsReached() Count { return Count{len(b.held()), b.reach().Cut == ""} }

// ResourcesReached counts what may be acted on.
func (b *BlastRadius) ResourcesReached() Count {
	if t := b.tally(); t != nil {
		return b.count(t.resources())
	}
	return b.count(len(b.rows().resources))
}

// ScopesReached counts what can be administered.
func (b *BlastRadius) ScopesReached() Count {
	if t := b.tally(); t != nil {
		return b.count(len(t.scopes))
	}
	return b.count(len(b.rows().scopes))
}

// ByLevel counts resources by level of access.
func (b *BlastRadius) ByLevel() []LevelCount {
	out := []LevelCount{}
	levels := b.levels()
	for _, l := range strength {
		if n := levels[l]; n > 0 {
			out = append(out, LevelCount{l, b.count(n)})
		}
	}
	return out
}

func (b *BlastRadius) levels() map[string]int {
	if t := b.tally(); t != nil {
		return t.levels
	}
	out := map[string]int{}
	for l, nodes := range b.rows().levels {
		out[l] = len(nodes)
	}
	return out
}

// ByScope counts resources by the scope that holds them, most first.
func (b *BlastRadius) ByScope(first int) ([]ScopeCount, error) {
	w, err := b.s.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	n := b.perScope()
	scopes := make([]snapshot.Index, 0, len(n))
	for i := range n {
		scopes = append(scopes, i)
	}
	slices.SortFunc(scopes, func(x, y snapshot.Index) int { return cmp.Or(cmp.Compare(n[y], n[x]), cmp.Compare(x, y)) })
	return page(w, scopes, func(_ string, i snapshot.Index) ScopeCount {
		if i == snapshot.None {
			return ScopeCount{nil, b.count(n[i])}
		}
		return ScopeCount{&Scope{Thing{b.s.v, i}}, b.count(n[i])}
	}), nil
}

func (b *BlastRadius) perScope() map[snapshot.Index]int {
	n := map[snapshot.Index]int{}
	if t := b.tally(); t != nil {
		for _, c := range t.targets {
			n[c.Scope] += c.Count
		}
		return n
	}
	for to := range b.rows().resources {
		n[b.s.v.Snapshot.ScopeOf(to)]++
	}
	return n
}
