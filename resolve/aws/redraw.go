package aws

import (
	"maps"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// A concern is whom something is concluded about, where facts are an excerpt:
// principals of some accounts, and callers that have none. What these may do is
// concluded where one of them is new; else it stays as it was, as what anybody
// could be let in to did. A nil concern is with everybody.
type concern struct {
	accounts map[string]bool
	fresh    map[snapshot.Index]bool
	led      map[snapshot.Foothold]reason // footholds that others lead to
}

// ledTo are the footholds that those lead to about whom nothing is concluded, as
// it stays.
func (c *concern) ledTo() map[snapshot.Foothold]reason {
	if c == nil {
		return nil
	}
	return c.led
}

func (c *concern) asks(e *Estate, node snapshot.Index) bool {
	if c == nil {
		return true
	}
	return c.drawn(e, node) || len(c.fresh) > 0 && e.s.Kind(node) == graph.KindFederatedSubject
}

// drawn reports whether what starts at a node is concluded.
func (c *concern) drawn(e *Estate, node snapshot.Index) bool {
	account := e.holderOf(node)
	return account == "" || c.accounts[account]
}

// hasAccess reports whether classes are made for a foothold; home is the account
// in which they are.
func (c *concern) hasAccess(e *Estate, f snapshot.Foothold, home string) bool {
	switch {
	case c == nil:
		return true
	case home == "":
		return len(c.fresh) > 0
	}
	return c.accounts[e.holderOf(f.Node)]
}

// redraw says what of the last snapshot stays, and what has to be concluded
// anew, from which facts.
func redraw(before, now *snapshot.Snapshot, moves *snapshot.Moves, read []graph.Ref) (*resolve.Redraw, error) {
	r, err := extentOf(NewEstate(before), NewEstate(now), moves, read)
	if err != nil {
		return nil, err
	}
	x := r.newExcerpt(r.commonsNow())
	if most := now.NumNodes() / 2; len(x.nodes) > most {
		return nil, everywhere("what changed reaches %d of %d things", len(x.nodes), now.NumNodes())
	}
	facts, places, err := x.facts()
	if err != nil {
		return nil, err
	}
	few, err := facts.Facts()
	if err != nil {
		return nil, err
	}
	e := NewEstate(few)
	e.concern = &concern{accounts: r.accounts, fresh: map[snapshot.Index]bool{}, led: r.ledIn(few)}
	for i, node := range places.Nodes {
		if r.fresh[node] {
			e.concern.fresh[snapshot.Index(i)] = true
		}
	}
	return &resolve.Redraw{
		Excerpt: facts, Evaluator: e, Moves: places, Kept: r.kept(), Drawn: e.drawn(), Commons: x.commons,
		Accounts: slices.Sorted(maps.Keys(r.accounts)), Check: func(drawn *snapshot.Snapshot) error { return r.checkLed(e, drawn) },
	}, nil
}

// kept are the conclusions of before that stay: of whom neither changed nor is
// named by what did. Who is of no account is led anew to the accounts that are.
func (r *extent) kept() snapshot.Keep {
	redrawn := make([]bool, r.before.s.NumNodes())
	for account := range r.accounts {
		for _, node := range r.before.heldBy(account) {
			redrawn[node] = true
		}
	}
	gone := make([]bool, len(redrawn))
	for _, node := range r.moves.Gone {
		gone[node] = true
	}
	return snapshot.Keep{
		Canonical: isCanonical,
		From:      func(node snapshot.Index) bool { return !redrawn[node] && !gone[node] },
		Class: func(node snapshot.Index) bool {
			if r.before.isHomeless(node) {
				return len(r.fresh) == 0
			}
			return !redrawn[node]
		},
		Pivot: func(from, to snapshot.Index) bool { return !redrawn[to] || r.before.holderOf(from) != "" },
	}
}

// drawn are the conclusions of an excerpt that count.
func (e *Estate) drawn() snapshot.Keep {
	held := func(node snapshot.Index) bool { return e.concern.accounts[e.holderOf(node)] }
	return snapshot.Keep{
		Canonical: isCanonical,
		From:      func(node snapshot.Index) bool { return e.concern.drawn(e, node) },
		Class: func(node snapshot.Index) bool {
			if e.isHomeless(node) {
				return len(e.concern.fresh) > 0
			}
			return held(node)
		},
		Pivot: func(from, to snapshot.Index) bool { return held(from) || e.concern.fresh[from] || held(to) },
	}
}

// isHomeless reports whether a node is a caller that has no account.
func (e *Estate) isHomeless(node snapshot.Index) bool {
	switch e.s.Kind(node) {
	case graph.KindServicePrincipal, graph.KindAnonymous, graph.KindFederatedSubject:
		return e.homeOf(e.foothold(node)) == ""
	}
	return false
}

// commons are the things that anybody could be let in to, or whom no account
// holds, in order.
func (e *Estate) commons() []snapshot.Index {
	l := e.lending()
	list := slices.Concat(l.everyone, l.byName[""])
	for _, roles := range e.assumption().everyone {
		list = append(list, roles...)
	}
	return sortedNodes(list)
}

// commonsNow are the commons among all facts: those of before, where nothing
// changed, and those of the accounts that changed.
func (r *extent) commonsNow() []snapshot.Index {
	var list []snapshot.Index
	for _, was := range r.before.s.Commons() {
		if node := r.moves.Nodes[was]; node != snapshot.None && !r.changed[r.now.holderOf(node)] {
			list = append(list, node)
		}
	}
	for account := range r.changed {
		for _, node := range r.now.heldBy(account) {
			if r.now.isCommon(node) {
				list = append(list, node)
			}
		}
	}
	return sortedNodes(list)
}
