package aws

import (
	"context"
	"slices"
	"strings"

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
	s := &spread{e: e, out: w.Out, matcher: e.matcher(), administers: map[snapshot.Foothold]bool{}}
	for _, a := range w.Out.Administrations {
		if len(a.Through) == 0 && a.Ruling.Verdict == graph.Allowed {
			s.administers[a.From] = true
			s.meet(a.From, a.Scope, a.Ruling)
		}
	}
	for _, node := range e.callers() {
		if p := e.principal(node); p.kind <= kindRole || p.kind == kindRoot {
			s.reach(e.foothold(node))
		}
	}
	for len(s.frontier) > 0 {
		if err := s.round(ctx); err != nil {
			return err
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
	seen        map[snapshot.Foothold]bool
	frontier    []snapshot.Foothold
}

// hub is the foothold in which the administrators of an account meet.
func hub(account snapshot.Index) snapshot.Foothold {
	return snapshot.Foothold{Node: account, Hold: graph.WithOwnPolicy}
}

// meet leads an administrator to its account.
func (s *spread) meet(from snapshot.Foothold, account snapshot.Index, ruling snapshot.Ruling) {
	s.out.Pivots = append(s.out.Pivots, snapshot.Pivot{From: from, To: hub(account), Relation: graph.Administers, Ruling: ruling})
	s.reach(hub(account))
}

// reach puts a foothold on the frontier once.
func (s *spread) reach(f snapshot.Foothold) {
	if s.seen == nil {
		s.seen = map[snapshot.Foothold]bool{}
	}
	if !s.seen[f] {
		s.seen[f] = true
		s.frontier = append(s.frontier, f)
	}
}

// round matches everything on the frontier.
func (s *spread) round(ctx context.Context) error {
	batch := s.frontier
	s.frontier = nil
	matches := make([][]escalate.Match, len(batch))
	assumed := make([][]snapshot.Pivot, len(batch))
	became := make([]*snapshot.Administration, len(batch))
	err := parallel(ctx, len(batch), func(i int) {
		f := batch[i]
		if s.administers[f] {
			return // the account's foothold speaks for it
		}
		if f.Hold == graph.WithOwnPolicy {
			assumed[i] = s.e.assumable(f)
		}
		if f.Hold == graph.WithOwnPolicy && s.e.s.Kind(f.Node) != graph.KindAccount {
			a := &administrator{estate: s.e, p: s.e.principal(f.Node), hold: f.Hold}
			if ruling := a.compare(); ruling.Verdict != graph.Denied {
				became[i] = &snapshot.Administration{From: f, Scope: a.p.account.node, Ruling: ruling}
			}
		}
		if became[i] == nil || became[i].Ruling.Verdict != graph.Allowed {
			matches[i] = slices.DeleteFunc(s.matcher.From(f), s.e.gainsNothing)
		}
	})
	for i := range batch {
		s.out.Pivots = append(s.out.Pivots, assumed[i]...)
		if a := became[i]; a != nil {
			s.out.Administrations = append(s.out.Administrations, *a)
			s.meet(a.From, a.Scope, a.Ruling)
		}
		for _, m := range matches[i] {
			s.gain(m)
		}
	}
	return err
}

// gainsNothing reports whether a technique gives data that its actor may have
// without it, as surely.
func (e *Estate) gainsNothing(m escalate.Match) bool {
	given := false
	for _, n := range m.Needs {
		if q := n.Question; q.Given && m.Technique.Yields.Data != "" {
			q.Given, given = false, true
			if ruling, err := e.Rule(q); err != nil || ruling.Verdict < m.Ruling.Verdict {
				return false
			}
		}
	}
	return given
}

// gain writes a match down and goes on from what it yields. Data is no
// foothold: nothing starts there.
func (s *spread) gain(m escalate.Match) {
	s.out.Pivots = append(s.out.Pivots, snapshot.Pivot{
		From: m.From, To: m.To, Relation: graph.CanEscalate, Technique: m.Technique.ID, Ruling: m.Ruling,
	})
	if m.To.Hold != graph.DataOnly && s.e.s.Kind(m.To.Node) != graph.KindFederatedSubject {
		s.reach(m.To) // whoever signs in somewhere can do nothing but assume roles
	}
}

// assumable decides which roles a foothold with a policy of its choice may
// assume: those that trust its account, it by name, or everyone.
func (e *Estate) assumable(f snapshot.Foothold) []snapshot.Pivot {
	p := e.actor(f)
	var pivots []snapshot.Pivot
	for role := range e.s.OfKind(graph.KindRole) {
		if e.s.Mentioned(role) || role == f.Node || !e.trusts(role, p.account.id) {
			continue
		}
		r := &request{estate: e, principal: p, hold: f.Hold, action: parseAction("sts:AssumeRole"), resource: e.resourceByNode(role)}
		if e.s.Kind(f.Node) == graph.KindAccount {
			r.kept = &[]bound{}
		}
		if ruling := r.ruling(r.decide()); ruling.Verdict != graph.Denied {
			pivots = append(pivots, snapshot.Pivot{
				From: f, To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
				Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: ruling,
			})
		}
	}
	return pivots
}

// trusts reports whether a role's trust could name a principal of an account.
func (e *Estate) trusts(role snapshot.Index, account string) bool {
	r := e.resourceByNode(role)
	if r.gap != nil {
		return true
	}
	return slices.ContainsFunc(r.policies, func(b bound) bool {
		return b.doc == nil || slices.ContainsFunc(b.doc.Statements, func(s Statement) bool {
			return slices.ContainsFunc(s.Principals, func(n PrincipalName) bool {
				return n.Value == "*" || accountNamed(n.Value) == account
			})
		})
	})
}

// extraFootholds are those beyond the ones that callers have from the outset
// and that can do something of their own: for those that administer their
// account, the account's foothold stands.
func (e *Estate) extraFootholds(out *snapshot.Conclusions) []snapshot.Foothold {
	var list []snapshot.Foothold
	seen := map[snapshot.Foothold]bool{}
	for _, p := range out.Pivots {
		if p.Relation == graph.Administers && p.Ruling.Verdict == graph.Allowed {
			seen[p.From] = true
		}
	}
	for _, p := range out.Pivots {
		if p.To.Hold == graph.WithOwnPolicy && !seen[p.To] {
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
	for _, m := range e.matcher().FromBy(p.Technique, p.From) {
		if m.To == p.To {
			return useOf(m), true
		}
	}
	return resolve.Use{}, false
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
