package aws

import (
	"bytes"
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// doors are the things that let outsiders in, found once: estates have millions
// of others.
type doors struct{ pools, profiles, clusters []snapshot.Index }

func (e *Estate) letIn() *doors {
	e.doorsOnce.Do(func() {
		e.doors = doors{pools: e.s.OfType(typePool), profiles: e.s.OfType(typeProfile), clusters: e.s.OfType(typeCluster)}
	})
	return &e.doors
}

// entryPoints finds where those who are nobody to AWS come in: anybody at all,
// whoever has a certificate, the users of an identity store.
func entryPoints(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	if err := e.signInEntries(ctx, w); err != nil {
		return err
	}
	for node := range e.s.OfKind(graph.KindFederatedSubject) {
		switch e.s.Type(node) {
		case typeCertificates:
			w.Out.AddPivots(e.certificateEntries(node))
		case typeGuests:
			w.Out.AddPivots(e.guestEntries(node))
		}
	}
	w.Out.AddPivots(e.clusterEntries())
	return e.strangerEntries(ctx, w)
}

// strangerEntries leads anybody to the roles that take tokens which anybody can
// get.
func (e *Estate) strangerEntries(ctx context.Context, w *resolve.Work) error {
	internet, ok := e.s.Find(graph.Internet)
	if !ok {
		return nil
	}
	var roles []snapshot.Index
	for _, role := range e.roles() {
		if e.mayTakeTokens(role) {
			roles = append(roles, role)
		}
	}
	return parallel(ctx, len(roles), func(i int) {
		w.Out.AddPivots(e.entry(nil, snapshot.Pivot{
			From: e.foothold(internet), To: snapshot.Foothold{Node: roles[i], Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: "sts:AssumeRoleWithWebIdentity",
		}, roles[i]))
	})
}

// mayTakeTokens is a first, cheap look at whether a trust could name an identity
// provider: most roles trust none, and need not be read for this.
func (e *Estate) mayTakeTokens(role snapshot.Index) bool {
	for _, a := range e.s.Attached(role, LayerTrust) {
		if text := e.textOf(a); text == nil || bytes.Contains(text, []byte("Federated")) || bytes.Contains(text, []byte(`\u`)) {
			return true
		}
	}
	return e.gapOf(role, LayerTrust) != nil
}

// entry decides the request behind a pivot and adds it where it is not denied.
func (e *Estate) entry(pivots []snapshot.Pivot, p snapshot.Pivot, asked snapshot.Index) []snapshot.Pivot {
	r := &request{
		estate: e, principal: e.principal(p.From.Node), hold: p.From.Hold,
		action: parseAction(p.Action), resource: e.resourceByNode(asked),
	}
	if p.Ruling = r.ruling(r.decide()); p.Ruling.Verdict != graph.Denied {
		pivots = append(pivots, p)
	}
	return pivots
}

// guestEntries leads anybody to the credentials that a pool hands to guests. No
// log of the account shows that, so it is no assumption of a role there.
func (e *Estate) guestEntries(guests snapshot.Index) []snapshot.Pivot {
	internet, ok := e.s.Find(graph.Internet)
	pool, known := e.poolOf(guests)
	if !ok || !known {
		return nil
	}
	if _, because, gap := e.guestRole(pool); because == nil && gap != nil {
		return e.unknownGuests(internet, pool, gap)
	}
	return e.entry(nil, snapshot.Pivot{
		From: e.foothold(internet), To: e.foothold(guests), Relation: graph.CanImpersonate, Action: "cognito-identity:GetCredentialsForIdentity",
	}, guests)
}

// unknownGuests: where no document says which role a pool hands to guests, it
// may be any that would let them in.
func (e *Estate) unknownGuests(internet, pool snapshot.Index, gap *policy.Formula) []snapshot.Pivot {
	had := policy.And(gap, e.poolAllows(pool, "unauthenticated"))
	if had == policy.False {
		return nil
	}
	var pivots []snapshot.Pivot
	t := e.guestToken(pool, had)
	for role := range e.s.OfKind(graph.KindRole) {
		if e.s.Mentioned(role) || !e.mayTakeTokens(role) {
			continue
		}
		r := &request{estate: e, principal: e.principal(internet), action: parseAction("sts:AssumeRoleWithWebIdentity"), resource: e.resourceByNode(role)}
		if ruling := r.ruling(outcome{formula: r.show(&t)}); ruling.Verdict != graph.Denied {
			pivots = append(pivots, snapshot.Pivot{
				From: e.foothold(internet), To: snapshot.Foothold{Node: role, Hold: graph.AsSession}, Relation: graph.CanImpersonate, Ruling: ruling,
			})
		}
	}
	return pivots
}

// isOutsider tells the nodes that act in AWS only through what they show.
func isOutsider(typ string) bool { return typ == typeCertificates || typ == typeDirectoryUser }

// outsiderTokens are what an outsider can show for a request.
func (e *Estate) outsiderTokens(r *request) []ticket {
	if r.resource.layer != numTrust || r.principal.node == snapshot.None {
		return nil
	}
	n := e.s.Bare(r.principal.node)
	switch {
	case n.Type == typeDirectoryUser && r.action.folded == "sts:assumerolewithsaml":
		return e.signInTokens(r.principal.node, r.resource)
	case n.Type == typeCertificates && r.action.folded == "sts:assumerole":
		return e.certificateTokens(n, r.resource)
	}
	return nil
}
