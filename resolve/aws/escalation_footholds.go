package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file finds what footholds that techniques give can do beside techniques:
// which roles they may assume, and which of them have access of their own.

// namedAbroad are the principals of an account that things of other accounts
// name, itself or by a session of theirs.
func (e *Estate) namedAbroad(account string) map[snapshot.Index]bool {
	named := map[snapshot.Index]bool{}
	for _, value := range e.lending().callers[account] {
		e.addNamed(named, value)
	}
	for _, role := range e.assumption().named[account] {
		if e.ownerOf(role) == account {
			continue
		}
		for _, b := range e.attached(role, LayerTrust) {
			e.addTrusted(named, b.doc, account)
		}
	}
	// A trust that could mean everyone may name some as well.
	for doc, roles := range e.assumption().everyone {
		if doc == nil || !slices.Contains(e.trusted(doc).accounts, account) {
			continue
		}
		if slices.ContainsFunc(roles, func(role snapshot.Index) bool { return e.ownerOf(role) != account }) {
			e.addTrusted(named, doc, account)
		}
	}
	return named
}

// addTrusted adds the principals of an account that a document names.
func (e *Estate) addTrusted(named map[snapshot.Index]bool, doc *Document, account string) {
	if doc == nil {
		return
	}
	for i := range doc.Statements {
		for _, n := range doc.Statements[i].Principals {
			if accountNamed(n.Value) == account {
				e.addNamed(named, n.Value)
			}
		}
	}
}

// addNamed adds the principals that one entry of a Principal element means.
func (e *Estate) addNamed(named map[snapshot.Index]bool, value string) {
	for _, node := range e.named(value) {
		named[node] = true
	}
}

// assumable decides which roles a foothold with a policy of its choice may
// assume: those that trust its account, it by name, or everyone; abroad, those of
// other accounts alone. Roles that have one trust are decided together.
func (e *Estate) assumable(scene *escalate.Scene, f snapshot.Foothold, abroad bool) []snapshot.Pivot {
	p, index := e.actor(f), e.assumption()
	asker, kind := scene.Assumes(f)
	account := ""
	if abroad {
		account = e.ownerOf(f.Node)
	}
	var pivots []snapshot.Pivot
	ask := func(role snapshot.Index) {
		if role == f.Node || abroad && e.ownerOf(role) == account {
			return
		}
		if ruling := asker.Of(kind, nil, role); ruling.Verdict != graph.Denied {
			pivots = append(pivots, snapshot.Pivot{
				From: f, To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
				Relation: graph.CanAssume, Action: kind.Action, Ruling: *ruling,
			})
		}
	}
	var others []snapshot.Index
	for _, role := range index.named[p.account.id] {
		if e.ownerOf(role) == p.account.id {
			ask(role) // first: those of one account are decided together
		} else {
			others = append(others, role)
		}
	}
	for _, role := range others {
		ask(role)
	}
	for doc, roles := range index.everyone {
		if len(roles) > 1 && doc != nil && asksCallerAlone(doc) && !e.trustedBy(f, roles[0]) {
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

// trustedBy reports whether the trust of a role, its own account aside, could
// name whoever holds a foothold.
func (e *Estate) trustedBy(f snapshot.Foothold, role snapshot.Index) bool {
	r := &request{estate: e, principal: e.actor(f), hold: e.heldAs(f), action: parseAction("sts:AssumeRole"), resource: e.resourceByNode(role)}
	if e.s.Kind(f.Node) == graph.KindAccount {
		r.kept = &[]bound{}
	}
	return r.trusted()
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
	led := func(f snapshot.Foothold) {
		if changed := f.Hold == graph.WithOwnPolicy || f.Hold.Without() != 0; changed && !seen[f] {
			seen[f] = true
			list = append(list, f)
		}
	}
	for p := range out.Pivots() {
		led(p.To)
	}
	for f := range e.concern.ledTo() {
		led(f)
	}
	slices.SortFunc(list, func(a, b snapshot.Foothold) int {
		return strings.Compare(string(e.s.Ref(a.Node)), string(e.s.Ref(b.Node)))
	})
	return list
}
