package aws

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// entryPoints finds where those who are nobody to AWS come in: anybody at all,
// whoever has a certificate, the users of an identity store.
func entryPoints(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	reserved := e.reservedRoles()
	for node := range e.s.OfKind(graph.KindUser) {
		if e.s.Type(node) == typeDirectoryUser {
			w.Out.Pivots = append(w.Out.Pivots, e.signInEntries(node, reserved)...)
		}
	}
	for node := range e.s.OfKind(graph.KindFederatedSubject) {
		switch e.s.Type(node) {
		case typeCertificates:
			w.Out.Pivots = append(w.Out.Pivots, e.certificateEntries(node)...)
		case typeGuests:
			w.Out.Pivots = append(w.Out.Pivots, e.guestEntries(node)...)
		}
	}
	w.Out.Pivots = append(w.Out.Pivots, e.clusterEntries()...)
	return e.strangerEntries(ctx, w)
}

// strangerEntries leads anybody to the roles that take tokens which anybody can
// get.
func (e *Estate) strangerEntries(ctx context.Context, w *resolve.Work) error {
	internet, ok := e.s.Find(graph.Internet)
	if !ok {
		return nil
	}
	for role := range e.s.OfKind(graph.KindRole) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.s.Mentioned(role) || len(e.strangerTokens(e.resourceByNode(role))) == 0 {
			continue
		}
		w.Out.Pivots = e.entry(w.Out.Pivots, snapshot.Pivot{
			From: e.foothold(internet), To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: "sts:AssumeRoleWithWebIdentity",
		}, role)
	}
	return nil
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
		r := &request{estate: e, principal: e.principal(internet), action: parseAction("sts:AssumeRoleWithWebIdentity"), resource: e.resourceByNode(role)}
		if e.s.Mentioned(role) || len(federatedBy(r.resource)) == 0 {
			continue
		}
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
	n := e.s.Node(r.principal.node)
	switch {
	case n.Type == typeDirectoryUser && r.action.folded == "sts:assumerolewithsaml":
		return e.signInTokens(r.principal.node, r.resource)
	case n.Type == typeCertificates && r.action.folded == "sts:assumerole":
		return e.certificateTokens(n, r.resource)
	}
	return nil
}
