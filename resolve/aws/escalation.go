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
	"github.com/clewgraph/clew/resolve/policy"
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
		e: e, out: w.Out, matcher: e.matcher(), administers: map[snapshot.Foothold]bool{}, seen: map[snapshot.Foothold]reason{},
		limits: map[string]snapshot.Ruling{},
	}
	for a := range w.Out.Administrations() {
		if len(a.Through) == 0 && a.Ruling.Verdict == graph.Allowed {
			s.administers[a.From] = true
			s.meet(a.From, a.Scope, a.Ruling)
		}
	}
	for _, node := range e.callers() {
		if p := e.principal(node); p.kind <= kindRole || p.kind == kindRoot {
			s.reach(e.foothold(node), byOthers)
		}
	}
	for len(s.frontier) > 0 {
		if err := s.round(ctx); err != nil {
			return err
		}
	}
	e.lean = map[snapshot.Foothold]bool{}
	for f, why := range s.seen {
		if why == byAdministrator {
			e.lean[f] = true
		}
	}
	return nil
}

// spread is the search for footholds on its way.
type spread struct {
	e           *Estate
	out         *snapshot.Conclusions
	matcher     *escalate.Matcher
	administers map[snapshot.Foothold]bool
	seen        map[snapshot.Foothold]reason
	frontier    []snapshot.Foothold

	mu     sync.Mutex
	limits map[string]snapshot.Ruling // what comparisons came to, by what bounds whom
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
	if s.seen[f] < why {
		s.seen[f] = why
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
		leads[i].reached = map[snapshot.Foothold]reason{}
		for _, at := range scenes[i].batch {
			s.hand(s.from(scene, batch[at]), &leads[i])
		}
	})
	for i := range leads {
		s.follow(&leads[i])
	}
	return err
}

// hand hands over what one foothold leads to.
func (s *spread) hand(found finding, to *lead) {
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
func (s *spread) from(scene *escalate.Scene, f snapshot.Foothold) (found finding) {
	if s.administers[f] {
		return found // the account's foothold speaks for it
	}
	hub := s.e.s.Kind(f.Node) == graph.KindAccount
	changed := f.Hold == graph.WithOwnPolicy || f.Hold.Without() != 0
	if changed {
		found.assumed = s.e.assumable(f)
	}
	if s.seen[f] == byAdministrator && !hub {
		account := s.e.ownerOf(f.Node)
		found.assumed = slices.DeleteFunc(found.assumed, func(p snapshot.Pivot) bool { return s.e.ownerOf(p.To.Node) == account })
		return found
	}
	if hub {
		abroad := s.e.namedAbroad(strings.TrimPrefix(string(s.e.s.Ref(f.Node)), "account:"))
		scene.Gains(f, func(to snapshot.Foothold) bool {
			return to.Hold == graph.WithOwnPolicy && !abroad[string(s.e.s.Ref(to.Node))]
		}, found.add)
		return found
	}
	if changed {
		if ruling := s.compare(f); ruling.Verdict != graph.Denied {
			found.became = &snapshot.Administration{From: f, Scope: s.e.principal(f.Node).account.node, Ruling: ruling}
		}
	}
	if found.became == nil || found.became.Ruling.Verdict != graph.Allowed {
		scene.From(f, found.add)
	}
	return found
}

// compare decides whether a principal with a policy of its choice administers
// its account, once for all whom the same documents bound.
func (s *spread) compare(f snapshot.Foothold) snapshot.Ruling {
	a := &administrator{estate: s.e, p: s.e.actor(f), hold: s.e.heldAs(f)}
	key, ok := s.e.documentsKey(a.p, a.hold)
	if !ok {
		return a.compare()
	}
	s.mu.Lock()
	ruling, known := s.limits[key]
	s.mu.Unlock()
	if !known {
		ruling = a.compare()
		s.mu.Lock()
		s.limits[key] = ruling
		s.mu.Unlock()
	}
	return ruling
}

// add writes a match down.
func (f *finding) add(m escalate.Match) {
	f.gains = append(f.gains, snapshot.Pivot{
		From: m.From, To: m.To, Relation: graph.CanEscalate, Technique: m.Technique.ID, Ruling: m.Ruling,
	})
}

// gain notes the footholds that techniques yield and that are not looked at yet.
// Data is no foothold: nothing starts there.
func (s *spread) gain(gains []snapshot.Pivot, reached map[snapshot.Foothold]reason) {
	own := slices.ContainsFunc(gains, func(p snapshot.Pivot) bool {
		return p.To == snapshot.Foothold{Node: p.From.Node, Hold: graph.WithOwnPolicy} && p.Ruling.Verdict == graph.Allowed
	})
	for i := range gains {
		from, to := gains[i].From, gains[i].To
		if own && to.Hold.Without() != 0 && s.e.exceeded(to) {
			continue
		}
		why := byOthers
		if s.e.s.Kind(from.Node) == graph.KindAccount && to.Hold == graph.WithOwnPolicy {
			why = byAdministrator
		}
		if to.Hold != graph.DataOnly && s.e.s.Kind(to.Node) != graph.KindFederatedSubject && s.seen[to] < why {
			reached[to] = max(reached[to], why) // whoever signs in somewhere can do nothing but assume roles
		}
	}
}

// namedAbroad are the principals of an account that things of other accounts
// name.
func (e *Estate) namedAbroad(account string) map[string]bool {
	named := map[string]bool{}
	for _, node := range slices.Concat(e.lending().byName[account], e.assumption().named[account]) {
		if e.ownerOf(node) == account {
			continue
		}
		for _, b := range e.resourceByNode(node).policies {
			named = addNamed(named, b.doc, account)
		}
	}
	return named
}

// addNamed adds the principals of an account that a document names.
func addNamed(named map[string]bool, doc *Document, account string) map[string]bool {
	if doc == nil {
		return named
	}
	for i := range doc.Statements {
		for _, n := range doc.Statements[i].Principals {
			if accountNamed(n.Value) == account {
				named[n.Value] = true
			}
		}
	}
	return named
}

// assumable decides which roles a foothold with a policy of its choice may
// assume: those that trust its account, it by name, or everyone.
func (e *Estate) assumable(f snapshot.Foothold) []snapshot.Pivot {
	p, index := e.actor(f), e.assumption()
	r := &request{estate: e, principal: p, hold: e.heldAs(f), action: parseAction("sts:AssumeRole")}
	if e.s.Kind(f.Node) == graph.KindAccount {
		r.kept = &[]bound{}
	}
	var pivots []snapshot.Pivot
	ask := func(role snapshot.Index) {
		if role == f.Node {
			return
		}
		r.resource = e.resourceByNode(role)
		if ruling := r.ruling(r.decide()); ruling.Verdict != graph.Denied {
			pivots = append(pivots, snapshot.Pivot{
				From: f, To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
				Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: ruling,
			})
		}
	}
	for _, role := range index.named[p.account.id] {
		ask(role)
	}
	for doc, roles := range index.everyone {
		r.resource = e.resourceByNode(roles[0])
		if len(roles) > 1 && doc != nil && asksCallerAlone(doc) && !r.trusted() {
			continue // one text, one answer
		}
		for _, role := range roles {
			if e.resourceByNode(role).parts.Account != p.account.id {
				ask(role)
			}
		}
	}
	slices.SortFunc(pivots, func(a, b snapshot.Pivot) int { return cmp.Compare(a.To.Node, b.To.Node) })
	return pivots
}

// trusted reports whether the trust of the role at hand, its own account
// aside, could name who asks.
func (r *request) trusted() bool {
	if r.resource.gap != nil {
		return true
	}
	r.target, r.values = r.targetOf(), r.values[:0]
	for i := range r.words {
		r.words[i] = policy.False
	}
	r.matched = r.matched[:0]
	r.readResource()
	return r.words[termResourceAnyone] != policy.False
}

// extraFootholds are those beyond the ones that callers have from the outset
// and that can do something of their own: for those that administer their
// account, the account's foothold stands.
func (e *Estate) extraFootholds(out *snapshot.Conclusions) []snapshot.Foothold {
	var list []snapshot.Foothold
	seen := map[snapshot.Foothold]bool{}
	for p := range out.Pivots() {
		if p.Relation == graph.Administers && p.Ruling.Verdict == graph.Allowed {
			seen[p.From] = true
		}
	}
	for p := range out.Pivots() {
		if changed := p.To.Hold == graph.WithOwnPolicy || p.To.Hold.Without() != 0; changed && !seen[p.To] {
			seen[p.To] = true
			list = append(list, p.To)
		}
	}
	slices.SortFunc(list, func(a, b snapshot.Foothold) int {
		return strings.Compare(string(e.s.Ref(a.Node)), string(e.s.Ref(b.Node)))
	})
	return list
}

// Use returns how a technique is used at a pivot.
func (e *Estate) Use(p snapshot.Pivot) (resolve.Use, bool) {
	if p.Technique == "" {
		return resolve.Use{}, false
	}
	if t := escalate.ByID(p.Technique); t != nil && t.Told != "" {
		return e.told(t, p)
	}
	for _, m := range e.matcher().FromBy(p.Technique, p.From) {
		if m.To == p.To {
			return useOf(m), true
		}
	}
	return resolve.Use{}, false
}

// told is Use of a technique whose uses are pivots that other passes conclude.
func (e *Estate) told(t *escalate.Technique, p snapshot.Pivot) (resolve.Use, bool) {
	p.Relation, p.Action = t.Told, t.Needs[0].Action
	q, ok := e.Question(p)
	return resolve.Use{
		ID: t.ID, Title: t.Title, Category: string(t.Category), Reference: t.Reference,
		Needs: []resolve.UsedNeed{{Question: q, Ruling: p.Ruling}}, Log: e.Log(p),
	}, ok
}

// matcher is made once for all questions.
func (e *Estate) matcher() *escalate.Matcher {
	e.matcherOnce.Do(func() { e.techniques = escalate.NewMatcher(e.s, e, escalate.AWS) })
	return e.techniques
}

func useOf(m escalate.Match) resolve.Use {
	t := m.Technique
	u := resolve.Use{ID: t.ID, Title: t.Title, Category: string(t.Category), Reference: t.Reference, Missing: m.Missing}
	for _, n := range m.Needs {
		u.Needs = append(u.Needs, resolve.UsedNeed{Question: n.Question, Ruling: n.Ruling})
	}
	for _, event := range t.Log {
		u.Log = append(u.Log, resolve.Event{Source: event.Source, Name: event.Name, Match: t.Fill(event, m.Bound)})
	}
	return u
}

// Log returns what CloudTrail shows of a step.
//
// Source: IAM user guide, "Logging IAM and AWS STS API calls with AWS
// CloudTrail".
func (e *Estate) Log(p snapshot.Pivot) []resolve.Event {
	switch p.Relation {
	case graph.CanAssume:
		_, name, _ := strings.Cut(p.Action, ":")
		return []resolve.Event{{Source: "sts.amazonaws.com", Name: name,
			Match: map[string]string{"requestParameters.roleArn": string(e.s.Ref(p.To.Node))}}}
	case graph.CanEscalate:
		u, _ := e.Use(p)
		return u.Log
	}
	return nil
}
