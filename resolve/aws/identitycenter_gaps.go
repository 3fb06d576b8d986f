package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A refusal is a list of assignments that was asked for and did not come: who
// has a permission set in an account is not known.
type refusal struct {
	set, account string
	gap          *policy.Formula
}

// refusals are those of the accounts that have roles of Identity Center.
func (e *Estate) refusals(account snapshot.Index) []refusal {
	var list []refusal
	for _, c := range e.s.CoverageOf(account) {
		of, set, ok := strings.Cut(string(c.Listing.Subject), "#")
		if c.Status != graph.Failed || !ok || of != string(e.s.Ref(account)) || !slices.Contains(c.Affects, layerAssignment) {
			continue
		}
		list = append(list, refusal{set: set, account: strings.TrimPrefix(of, "account:"), gap: policy.Missing(&policy.Gap{
			Of: graph.Ref(of), Layer: layerAssignment, Reason: c.Reason, Detail: c.Detail,
		})})
	}
	return list
}

// refusedTo is the gap of a role whose assignments did not come, nil where they
// did.
func (e *Estate) refusedTo(role *resource) *policy.Formula {
	if role.owner == nil || role.owner.node == snapshot.None {
		return nil
	}
	for _, r := range e.refusals(role.owner.node) {
		if made := e.makes(assignment{AccountID: r.account, PermissionSetArn: r.set}, role); made != policy.False {
			return policy.And(r.gap, made)
		}
	}
	return nil
}

// unknownAssignments leads every user to the permission sets of which some list
// of assignments did not come, and those to the roles of the accounts meant:
// two steps, since users times accounts would be too many.
func (in *signIn) unknownAssignments(users []snapshot.Index) []snapshot.Pivot {
	var pivots []snapshot.Pivot
	var sets []snapshot.Index
	for account := range in.e.s.OfKind(graph.KindAccount) {
		for _, r := range in.e.refusals(account) {
			set, ok := in.e.s.Find(graph.Ref(r.set))
			roles := in.rolesOf(r)
			if !ok || len(roles) == 0 {
				continue
			}
			for _, role := range roles {
				pivots = append(pivots, in.unknown(set, role, policy.And(r.gap, in.e.makes(assignment{AccountID: r.account, PermissionSetArn: r.set}, in.e.resourceByNode(role)))))
			}
			if !slices.Contains(sets, set) {
				sets = append(sets, set)
				for _, user := range users {
					pivots = append(pivots, in.unknown(user, set, r.gap))
				}
			}
		}
	}
	return pivots
}

func (in *signIn) rolesOf(r refusal) []snapshot.Index {
	if in.roles == nil {
		in.roles = in.e.reservedRoles()
	}
	return in.roles[in.e.roleKey(assignment{AccountID: r.account, PermissionSetArn: r.set})]
}

func (in *signIn) unknown(from, to snapshot.Index, gap *policy.Formula) snapshot.Pivot {
	r := &request{estate: in.e}
	return snapshot.Pivot{From: in.e.foothold(from), To: in.e.foothold(to), Relation: graph.CanImpersonate, Ruling: r.ruling(outcome{formula: gap})}
}
