package escalate

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Gains finds what whoever holds f can come to hold: for every gain the first
// technique that surely yields it, and those before it that may. Gains that had
// reports are left out. It is for holders of everything, whose every technique
// on everything would be a product that says no more.
func (m *Matcher) Gains(f snapshot.Foothold, had func(snapshot.Foothold) bool) []Match {
	var found []Match
	a := m.actor(f)
	sure := map[snapshot.Foothold]bool{}
	a.had = func(to snapshot.Foothold) bool { return to == f || sure[to] || had(to) }
	for i := range m.techniques {
		t := &m.techniques[i]
		if t.Yields.Data != "" || a.hasAll(t) {
			continue
		}
		for _, match := range a.match(t) {
			sure[match.To] = sure[match.To] || match.Ruling.Verdict == graph.Allowed
			found = append(found, match)
		}
	}
	return found
}

// An actor is whoever holds a foothold, while techniques are matched for it.
type actor struct {
	m       *Matcher
	from    snapshot.Foothold
	account snapshot.Index
	tries   func(action string) bool
	had     func(snapshot.Foothold) bool // nil: nothing is had
	acts    map[string]func(snapshot.Index) bool
}

// A trier answers MayTry for many actions of one foothold.
type trier interface {
	Tries(f snapshot.Foothold) func(action string) bool
}

// A lister has worked out on which things footholds may take an action.
type lister interface {
	// ActsOn returns a test that is false of things on which the action is
	// denied to f whatever the request carries; nil where nobody knows.
	ActsOn(f snapshot.Foothold, action string) func(snapshot.Index) bool
}

func (m *Matcher) actor(f snapshot.Foothold) *actor {
	a := &actor{m: m, from: f, account: m.accountOf(f.Node), acts: map[string]func(snapshot.Index) bool{}}
	a.tries = func(action string) bool { return m.ev.MayTry(f, action) }
	if t, ok := m.ev.(trier); ok {
		a.tries = t.Tries(f)
	}
	return a
}

// hasAll reports whether everything that a technique could yield is had.
func (a *actor) hasAll(t *Technique) bool {
	at := slices.IndexFunc(t.Vars, func(v Var) bool { return v.Name == t.Yields.Of })
	if at < 0 || t.Vars[at].New {
		return true // itself, or something new: a holder of everything gains nothing
	}
	return !slices.ContainsFunc(a.m.ofType(a.account, t.Vars[at]), func(node snapshot.Index) bool {
		return !a.had(snapshot.Foothold{Node: node, Hold: gainedHold(t)})
	})
}

// can tests on which things the actor may take an action; nil where nobody
// knows.
func (a *actor) can(action string) func(snapshot.Index) bool {
	test, ok := a.acts[action]
	if !ok {
		if l, knows := a.m.ev.(lister); knows {
			test = l.ActsOn(a.from, action)
		}
		a.acts[action] = test
	}
	return test
}
