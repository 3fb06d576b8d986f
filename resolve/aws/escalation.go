package aws

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/escalate"
)

// escalation finds where techniques work. It starts at every foothold that
// somebody can have from the outset and goes on from what is gained, until
// nothing new is.
//
// Whoever administers an account can hold all that any of its principals can
// come to hold, so administrators meet in one foothold, the account itself, and
// techniques are matched for that one: as a role that nothing of its own
// limits, under the same ceilings.
func escalation(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	s := &spread{
		e: e, out: w.Out, matcher: e.matcher(), administers: newMarks(e.s.NumNodes()), seen: newMarks(e.s.NumNodes()),
	}
	for a := range w.Out.Administrations() {
		if len(a.Through) == 0 && a.Ruling.Verdict == graph.Allowed {
			s.administers.set(a.From, byAdministrator)
			s.meet(a.From, a.Scope, a.Ruling)
		}
	}
	for _, node := range e.callers() {
		if p := e.principal(node); p.kind <= kindRole || p.kind == kindRoot {
			s.reach(e.foothold(node), byOthers)
		}
	}
	for f, why := range e.concern.ledTo() {
		s.reach(f, why)
	}
	for len(s.frontier) > 0 {
		if err := s.round(ctx); err != nil {
			return err
		}
	}
	e.lean = s.seen.having(byAdministrator)
	return nil
}

// spread is the search for footholds on its way.
type spread struct {
	e           *Estate
	out         *snapshot.Conclusions
	matcher     *escalate.Matcher
	administers *marks
	seen        *marks
	frontier    []snapshot.Foothold
}

// A reason is why a foothold is looked at.
type reason uint8

const (
	// byAdministrator: whoever administers its account holds it, and has all
	// that it has there. Only what other accounts give it by name is new.
	byAdministrator reason = iota + 1
	byOthers
)

// hub is the foothold in which the administrators of an account meet.
func hub(account snapshot.Index) snapshot.Foothold {
	return snapshot.Foothold{Node: account, Hold: graph.WithOwnPolicy}
}

// meet leads an administrator to its account.
func (s *spread) meet(from snapshot.Foothold, account snapshot.Index, ruling snapshot.Ruling) {
	s.out.AddPivot(snapshot.Pivot{From: from, To: hub(account), Relation: graph.Administers, Ruling: ruling})
	s.reach(hub(account), byOthers)
}

// reach puts a foothold on the frontier, once for each reason.
func (s *spread) reach(f snapshot.Foothold, why reason) {
	if s.seen.of(f) < why && s.e.concern.asks(s.e, f.Node) {
		s.seen.set(f, why)
		s.frontier = append(s.frontier, f)
	}
}

// A finding is what one foothold leads to.
type finding struct {
	assumed []snapshot.Pivot
	became  *snapshot.Administration
	gains   []snapshot.Pivot
}

// A lead is what is left to do of what a scene led to, once its pivots are handed
// over: estates have millions of those.
type lead struct {
	became  []snapshot.Administration
	reached map[snapshot.Foothold]reason
}

// round matches everything on the frontier, account by account. What is found
// counts from the next round on: it does not hang on who was matched first.
func (s *spread) round(ctx context.Context) error {
	batch := s.frontier
	s.frontier = nil
	slices.SortFunc(batch, compareFootholds)
	batch = slices.Compact(batch)
	scenes := s.scenes(batch)
	leads := make([]lead, len(scenes))
	err := parallel(ctx, len(scenes), func(i int) {
		scene := s.matcher.Scene(scenes[i].account)
		defer scene.Leave()
		leads[i].reached = map[snapshot.Foothold]reason{}
		room := gainsRoom.Get().(*[]snapshot.Pivot)
		found := finding{gains: *room}
		for _, at := range scenes[i].batch {
			found = finding{gains: found.gains[:0]}
			s.from(scene, batch[at], &found)
			s.hand(&found, &leads[i])
		}
		clear(found.gains[:cap(found.gains)])
		*room = found.gains[:0]
		gainsRoom.Put(room)
	})
	for i := range leads {
		s.follow(&leads[i])
	}
	return err
}

// gainsRoom is room for what one foothold gains: it is handed over at once.
var gainsRoom = sync.Pool{New: func() any { return new([]snapshot.Pivot) }}

// hand hands over what one foothold leads to.
func (s *spread) hand(found *finding, to *lead) {
	s.out.AddPivots(found.assumed)
	s.out.AddPivots(found.gains)
	if found.became != nil {
		to.became = append(to.became, *found.became)
	}
	s.gain(found.gains, to.reached)
}

// follow goes on from what a scene led to.
func (s *spread) follow(l *lead) {
	for _, a := range l.became {
		s.out.AddAdministration(a)
		s.meet(a.From, a.Scope, a.Ruling)
	}
	for f, why := range l.reached {
		s.reach(f, why) // the frontier is sorted
	}
}

// maxScene is how many footholds of an account are matched one after another;
// it shares out large accounts.
const maxScene = 256

// A scene is some footholds of one account, by their places in a batch.
type scene struct {
	account snapshot.Index
	batch   []int
}

// scenes shares out a batch by account.
func (s *spread) scenes(batch []snapshot.Foothold) []scene {
	var list []scene
	last := map[snapshot.Index]int{}
	for i, f := range batch {
		account := s.matcher.AccountOf(f.Node)
		at, ok := last[account]
		if !ok || len(list[at].batch) == maxScene {
			at = len(list)
			last[account] = at
			list = append(list, scene{account: account})
		}
		list[at].batch = append(list[at].batch, i)
	}
	return list
}

func compareFootholds(a, b snapshot.Foothold) int {
	return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Hold, b.Hold))
}

// from finds what one foothold leads to.
func (s *spread) from(scene *escalate.Scene, f snapshot.Foothold, found *finding) {
	if s.administers.of(f) != 0 {
		return // the account's foothold speaks for it
	}
	hub := s.e.s.Kind(f.Node) == graph.KindAccount
	changed := f.Hold == graph.WithOwnPolicy || f.Hold.Without() != 0
	abroad := s.seen.of(f) == byAdministrator && !hub
	if changed {
		found.assumed = s.e.assumable(scene, f, abroad)
	}
	if abroad {
		return
	}
	if hub {
		abroad := s.e.namedAbroad(strings.TrimPrefix(string(s.e.s.Ref(f.Node)), "account:"))
		scene.Gains(f, func(to snapshot.Foothold) bool {
			return to.Hold == graph.WithOwnPolicy && !abroad[to.Node]
		}, found.add)
		return
	}
	if changed {
		a := &administrator{estate: s.e, p: s.e.actor(f), hold: s.e.heldAs(f)}
		if ruling := a.compared(); ruling.Verdict != graph.Denied {
			found.became = &snapshot.Administration{From: f, Scope: s.e.principal(f.Node).account.node, Ruling: ruling}
		}
	}
	if found.became == nil || found.became.Ruling.Verdict != graph.Allowed {
		scene.From(f, found.add)
	}
}

// add writes a match down.
func (f *finding) add(m escalate.Match) {
	f.gains = append(f.gains, snapshot.Pivot{
		From: m.From, To: m.To, Relation: graph.CanEscalate, Technique: m.Technique.ID, Ruling: m.Ruling,
	})
}

// reasonOf is why a foothold is looked at to which another leads.
func (e *Estate) reasonOf(from, to snapshot.Foothold) reason {
	if e.s.Kind(from.Node) == graph.KindAccount && to.Hold == graph.WithOwnPolicy {
		return byAdministrator
	}
	return byOthers
}

// gain notes the footholds that techniques yield and that are not looked at yet.
// Data is no foothold: nothing starts there.
func (s *spread) gain(gains []snapshot.Pivot, reached map[snapshot.Foothold]reason) {
	own := slices.ContainsFunc(gains, func(p snapshot.Pivot) bool {
		return p.To == snapshot.Foothold{Node: p.From.Node, Hold: graph.WithOwnPolicy} && p.Ruling.Verdict == graph.Allowed
	})
	for i := range gains {
		from, to := gains[i].From, gains[i].To
		if to.Hold == graph.DataOnly || own && to.Hold.Without() != 0 && s.e.exceeded(to) {
			continue
		}
		why := s.e.reasonOf(from, to)
		if s.e.s.Kind(to.Node) != graph.KindFederatedSubject && s.seen.of(to) < why {
			reached[to] = max(reached[to], why) // whoever signs in somewhere can do nothing but assume roles
		}
	}
}
