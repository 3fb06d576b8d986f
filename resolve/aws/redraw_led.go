package aws

import (
	"iter"
	"maps"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file is about footholds in one account that principals of another lead to:
// what starts there is concluded where somebody comes to have it.

// A ledTo is a foothold of an account that is not drawn anew, to which
// somebody leads who is.
type ledTo struct {
	ref  graph.Ref
	hold graph.Hold
}

// checkLed: what starts at a foothold is concluded where somebody comes to have
// it, so those of others must be led to now as before.
func (r *extent) checkLed(e *Estate, drawn *snapshot.Snapshot) error {
	if !maps.Equal(r.before.ledBeyond(r.accounts, r.before.s), e.ledBeyond(r.accounts, drawn)) {
		return everywhere("who is held in accounts that did not change is")
	}
	return nil
}

// ledBeyond are the footholds of other accounts that principals of some lead to,
// beside those that their principals have from the outset.
func (e *Estate) ledBeyond(accounts map[string]bool, s *snapshot.Snapshot) map[ledTo]bool {
	led := map[ledTo]bool{}
	for account := range accounts {
		for _, node := range e.heldBy(account) {
			for _, f := range s.FootholdsOf(node) {
				for _, p := range s.PivotsOut(f) {
					_, at := s.PivotEnds(p)
					to := s.Foothold(at)
					holder, always := e.holderOf(to.Node), to == e.foothold(to.Node) || to.Hold == graph.DataOnly
					if holder != "" && !accounts[holder] && !always {
						led[ledTo{s.Ref(to.Node), to.Hold}] = true
					}
				}
			}
		}
	}
	return led
}

// addLeading adds the accounts whose principals lead to those that are drawn
// anew, to such footholds as are not always looked at, until none is left: what
// starts there is concluded because of them.
func (r *extent) addLeading() error {
	done := map[string]bool{}
	for next := slices.Collect(maps.Keys(r.accounts)); len(next) > 0; {
		account := next[0]
		next = next[1:]
		if done[account] {
			continue
		}
		done[account] = true
		for led := range r.before.ledFrom(account) {
			if from := r.before.holderOf(led.from.Node); led.to.Hold.Without() != 0 && !r.accounts[from] {
				r.accounts[from] = true
				next = append(next, from)
			}
		}
		if len(r.accounts) > maxReached {
			return everywhere("what changed is led to from %d accounts", len(r.accounts))
		}
	}
	return nil
}

// A leading is a step from a principal of one account to a foothold in another
// that its principal has not from the outset. Data is none: nothing starts there.
type leading struct{ from, to snapshot.Foothold }

// ledFrom yields the steps to an account from others.
func (e *Estate) ledFrom(account string) iter.Seq[leading] {
	return func(yield func(leading) bool) {
		for _, node := range e.heldBy(account) {
			for _, f := range e.s.FootholdsOf(node) {
				to := e.s.Foothold(f)
				if to == e.foothold(node) || to.Hold == graph.DataOnly {
					continue
				}
				for _, p := range e.s.PivotsIn(f) {
					at, _ := e.s.PivotEnds(p)
					from := e.s.Foothold(at)
					if holder := e.holderOf(from.Node); holder != "" && holder != account && !yield(leading{from, to}) {
						return
					}
				}
			}
		}
	}
}

// ledIn are the footholds of the excerpt that principals of accounts which are
// not drawn anew lead to.
func (r *extent) ledIn(few *snapshot.Snapshot) map[snapshot.Foothold]reason {
	led := map[snapshot.Foothold]reason{}
	for account := range r.accounts {
		for l := range r.before.ledFrom(account) {
			node, ok := few.Find(r.before.s.Ref(l.to.Node))
			if !ok || few.Kind(node) == graph.KindFederatedSubject || r.accounts[r.before.holderOf(l.from.Node)] {
				continue
			}
			to := snapshot.Foothold{Node: node, Hold: l.to.Hold}
			led[to] = max(led[to], r.before.reasonOf(l.from, l.to))
		}
	}
	return led
}
