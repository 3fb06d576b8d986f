package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// Provider returns how AWS decides.
func Provider() resolve.Provider {
	return resolve.Provider{
		Name:    graph.AWS,
		Layers:  Layers,
		Open:    func(s *snapshot.Snapshot) resolve.Evaluator { return NewEstate(s) },
		Sharing: sharing,
		Redraw:  redraw,
		Passes: []resolve.Pass{
			{Name: "membership and attachment", Run: bindPrincipals,
				Doc: "binds to every user and role the documents that speak for it: its own, its groups', its boundary, its account's ceilings"},
			{Name: "held identities", Run: heldIdentities,
				Doc: "credentials lead to their users, workloads to the roles that they run as, " +
					"whoever controls an account that nobody collected to the principals of it that documents name"},
			{Name: "role assumption", Run: roleAssumption,
				Doc: "who may assume which role: identity and trust side, across accounts, federated subjects, services"},
			{Name: "entry points", Run: entryPoints,
				Doc: "where those who are nobody to AWS come in: anybody with a token that anybody gets, guests of identity pools, " +
					"holders of certificates, users of an identity store, users of a cluster"},
			{Name: "effective access of callers", Run: accessOfCallers,
				Doc: "what each class of principals may do to what the documents describe"},
			{Name: "administration", Run: administration,
				Doc: "who administers which account, directly or by giving itself what is missing"},
			{Name: "techniques", Run: escalation,
				Doc: "what each foothold can turn its permissions into, and what that can be turned into in turn"},
			{Name: "effective access of gains", Run: accessOfGains,
				Doc: "what may be done from the footholds that techniques give"},
		},
	}
}

// estateOf returns the evaluator of a pass.
func estateOf(w *resolve.Work) *Estate { return w.Evaluator.(*Estate) }

// callers returns every node that can make requests, in dense order. The list
// is found once, and is not to be changed.
func (e *Estate) callers() []snapshot.Index {
	e.callersOnce.Do(func() {
		for _, kind := range []graph.Kind{graph.KindUser, graph.KindRole, graph.KindFederatedSubject, graph.KindServicePrincipal, graph.KindAnonymous} {
			for i := range e.s.OfKind(kind) {
				if !isOutsider(e.s.Type(i)) && e.concern.asks(e, i) && !e.gone(i) {
					e.callerList = append(e.callerList, i)
				}
			}
		}
		slices.Sort(e.callerList)
	})
	return e.callerList
}

// gone reports whether a principal is only named, by documents of others,
// while its own account's listing does not hold it: it was deleted, or never
// made.
func (e *Estate) gone(node snapshot.Index) bool {
	if !e.s.Mentioned(node) {
		return false
	}
	switch e.s.Kind(node) {
	case graph.KindRole, graph.KindUser:
		arn, _ := ParseARN(string(e.s.Ref(node)))
		return e.s.Type(node) != "iam:root" && e.collectedIAM(arn.Account)
	}
	return false
}

// collectedIAM reports whether some user or role of an account is described.
func (e *Estate) collectedIAM(account string) bool {
	e.iamOnce.Do(func() {
		e.iamAccounts = map[string]bool{}
		for _, kind := range []graph.Kind{graph.KindUser, graph.KindRole} {
			for i := range e.s.OfKind(kind) {
				if !e.s.Mentioned(i) && e.s.Type(i) != "iam:root" {
					arn, _ := ParseARN(string(e.s.Ref(i)))
					e.iamAccounts[arn.Account] = true
				}
			}
		}
	})
	return e.iamAccounts[account]
}

// holdOf is how a principal is held when it makes its own requests.
func holdOf(kind graph.Kind) graph.Hold {
	if kind == graph.KindRole {
		return graph.AsSession
	}
	return graph.ByCredential
}

func (e *Estate) foothold(node snapshot.Index) snapshot.Foothold {
	return snapshot.Foothold{Node: node, Hold: holdOf(e.s.Kind(node))}
}

func bindPrincipals(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	e.documents.interner.borrows = true // facts are not closed while they are concluded from
	callers := e.callers()
	return parallel(ctx, len(callers), func(i int) { e.principal(callers[i]) })
}

// heldIdentities draws the pivots that documents show as they are.
func heldIdentities(_ context.Context, w *resolve.Work) error {
	e := estateOf(w)
	certain := snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	for node := range e.s.OfKind(graph.KindCredential) {
		if strings.EqualFold(e.s.Attr(node, "status"), "inactive") {
			continue
		}
		for _, user := range e.s.Out(node, graph.CredentialOf) {
			w.Out.AddPivot(snapshot.Pivot{
				From: snapshot.Foothold{Node: node, Hold: graph.ByCredential}, To: e.foothold(user),
				Relation: graph.CredentialOf, Ruling: certain,
			})
		}
	}
	for _, node := range e.callers() {
		p := e.principal(node)
		if p.uncollected && p.account.node != snapshot.None {
			if root, ok := e.s.Find(graph.Ref("arn:" + p.partition + ":iam::" + p.account.id + ":root")); ok {
				w.Out.AddPivot(snapshot.Pivot{
					From: e.foothold(root), To: e.foothold(node), Relation: graph.CanImpersonate, Ruling: certain,
				})
			}
		}
	}
	for node := range e.s.OfKind(graph.KindWorkload) {
		if e.s.Type(node) == typePodIdentity {
			w.Out.AddPivots(e.podIdentity(node))
			continue
		}
		for _, role := range e.rolesOf(node) {
			w.Out.AddPivot(snapshot.Pivot{
				From: snapshot.Foothold{Node: node, Hold: graph.AsCode}, To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
				Relation: graph.RunsAs, Ruling: certain,
			})
		}
	}
	return nil
}

// Levels returns what an action does, as the reference table says.
func (e *Estate) Levels(action string) []string {
	id, ok := reference.Find(action)
	if !ok {
		return nil
	}
	var words []string
	for _, l := range id.Levels() {
		words = append(words, l.String())
	}
	return words
}

// Question returns the request behind a pivot.
func (e *Estate) Question(p snapshot.Pivot) (policy.Question, bool) {
	if p.Action == "" {
		return policy.Question{}, false
	}
	to := p.To.Node
	if n := e.s.Bare(to); n.Type == typeProfileSession {
		to, _ = e.handedRole(n) // the pivot stands on it
	}
	return policy.Question{
		Principal: e.s.Ref(p.From.Node), Hold: p.From.Hold, Action: p.Action, Resource: string(e.s.Ref(to)),
	}, true
}

// ruling is the outcome of a request as snapshots keep it.
func (r *request) ruling(o outcome) snapshot.Ruling {
	s := r.estate.stateOf(o.formula)
	ruling := snapshot.Ruling{Verdict: s.verdict, Bounds: s.bounds, Formula: s.text}
	if ruling.Verdict == graph.Denied {
		return ruling
	}
	ruling.Evidence = r.grantsMatched()
	return ruling
}
