package aws

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// The facts about IAM Identity Center that ingest writes.
const (
	typeDirectoryUser = "identitystore:user"
	// layerAssignment holds the assignments of a user or group of the identity
	// store: an account and a permission set each.
	layerAssignment graph.LayerID = "aws:sso-assignment"
	// layerPermissionSet stands for what names a permission set, where it is
	// missing.
	layerPermissionSet graph.LayerID = "aws:permission-set"
)

// signInAudience is that of every assertion that Identity Center makes.
//
// Source: IAM user guide, "Available keys for SAML-based AWS STS federation".
const signInAudience = "https://signin.aws.amazon.com/saml"

// An assignment gives whoever has it the sessions of one role of one account.
type assignment struct {
	AccountID        string `json:"AccountId"`
	PermissionSetArn string
	fact             *bound
}

// assignmentsOf are those of a user of the identity store and of the groups
// that it is in. A disabled user has none, nor has one that was deleted:
// assignments outlive users.
func (e *Estate) assignmentsOf(user snapshot.Index) []assignment {
	if !e.signsIn(user) {
		return nil
	}
	var list []assignment
	for _, node := range append([]snapshot.Index{user}, e.s.Out(user, graph.MemberOf)...) {
		list = append(list, e.assignedTo(node)...)
	}
	return list
}

// assignedTo reads the assignments of one user or group, once.
func (e *Estate) assignedTo(node snapshot.Index) []assignment {
	e.mu.RLock()
	list, ok := e.assigned[node]
	e.mu.RUnlock()
	if ok {
		return list
	}
	for _, a := range e.s.Attached(node, layerAssignment) {
		one := assignment{fact: e.fact(a)}
		if json.Unmarshal(e.textOf(a), &one) == nil {
			list = append(list, one)
		}
	}
	e.mu.Lock()
	e.assigned[node] = list
	e.mu.Unlock()
	return list
}

// signsIn reports whether a user is there and enabled.
func (e *Estate) signsIn(user snapshot.Index) bool {
	return !strings.EqualFold(e.s.Attr(user, "status"), "DISABLED") && !(e.s.Mentioned(user) && e.listsUsers(e.s.ScopeOf(user)))
}

// listsUsers reports whether the users of the identity store of an account are
// listed.
func (e *Estate) listsUsers(account snapshot.Index) bool {
	return account != snapshot.None && slices.ContainsFunc(e.s.CoverageOf(account), func(c graph.Coverage) bool {
		return c.Status == graph.Collected && c.Listing.Service == "identitystore" && c.Listing.Operation == "list-users"
	})
}

// reservedName is the name of the role that a permission set becomes in an
// account: AWSReservedSSO_<name of the set>_<16 hexadecimal digits>.
//
// Source: IAM Identity Center user guide, "Referencing permission sets in
// resource policies, Amazon EKS Cluster config maps, and AWS KMS key policies".
var reservedName = regexp.MustCompile(`^AWSReservedSSO_(.+)_[0-9a-f]{16}$`)

// reservedRole returns the name of the permission set that a role was made of.
func reservedRole(role *resource) (set string, ok bool) {
	path := role.parts.Resource
	if !strings.HasPrefix(path, "role/aws-reserved/sso.amazonaws.com/") {
		return "", false
	}
	m := reservedName.FindStringSubmatch(path[strings.LastIndexByte(path, '/')+1:])
	if m == nil {
		return "", false
	}
	return m[1], true
}

// makes reports whether a role may be the one that an assignment gives: True or
// False by the set's name, a gap where no document names the set.
func (e *Estate) makes(a assignment, role *resource) *policy.Formula {
	name, ok := reservedRole(role)
	if !ok || role.parts.Account != a.AccountID {
		return policy.False
	}
	set, found := e.s.Find(graph.Ref(a.PermissionSetArn))
	if found && e.s.Name(set) != "" {
		return policy.Constant(e.s.Name(set) == name)
	}
	gap := policy.Gap{Of: graph.Ref(a.PermissionSetArn), Layer: layerPermissionSet, Reason: graph.ReasonMissing,
		Detail: "which role the permission set became is in no document: sso-admin describe-permission-set"}
	if found {
		for _, c := range e.s.CoverageOf(set) {
			if c.Status == graph.Failed && c.Listing.Operation == "describe-permission-set" {
				gap.Reason, gap.Detail = c.Reason, c.Detail
			}
		}
	}
	return policy.Missing(&gap)
}

// signInTokens are what Identity Center says of a user to the account of a role:
// a SAML assertion of the provider that it made there.
func (e *Estate) signInTokens(user snapshot.Index, role *resource) []ticket {
	var list []ticket
	for _, a := range e.assignmentsOf(user) {
		list = append(list, e.assignmentTickets(a, role)...)
	}
	if gap := e.refusedTo(role); gap != nil && e.signsIn(user) {
		for _, provider := range e.ownProviders(role) {
			list = append(list, ticket{p: e.samlBearer(provider), had: gap, stated: []statedKey{{key: "saml:aud", values: []string{signInAudience}}}})
		}
	}
	return list
}

// assignmentTickets are those of one assignment.
func (e *Estate) assignmentTickets(a assignment, role *resource) []ticket {
	had := e.makes(a, role)
	if had == policy.False {
		return nil
	}
	var list []ticket
	for _, provider := range e.ownProviders(role) {
		list = append(list, ticket{
			p: e.samlBearer(provider), had: had, because: []*bound{a.fact},
			stated: []statedKey{{key: "saml:aud", values: []string{signInAudience}}},
		})
	}
	return list
}

// ownProviders are the SAML providers of Identity Center that a role trusts.
func (e *Estate) ownProviders(role *resource) []string {
	var list []string
	for _, provider := range federatedBy(role) {
		if strings.Contains(provider, ":saml-provider/AWSSSO_") {
			list = append(list, provider)
		}
	}
	if len(list) == 0 && (role.gap != nil || len(role.policies) > 0 && role.policies[0].doc == nil) {
		list = append(list, "arn:"+role.parts.Partition+":iam::"+role.parts.Account+":saml-provider/AWSSSO_")
	}
	return list
}

func (e *Estate) samlBearer(provider string) *principal {
	p := e.bearer(provider, "")
	p.kind = kindSAML
	return p
}

// A signIn is the sign-in of users of an identity store. Many share an
// assignment, and with it the decision.
type signIn struct {
	e       *Estate
	roles   map[string][]snapshot.Index // of Identity Center, by account and permission set, and by account alone
	rulings map[signInKey]snapshot.Ruling
}

type signInKey struct {
	fact *bound
	role snapshot.Index
}

// signInEntries leads users of identity stores to the roles that their
// assignments give.
func (e *Estate) signInEntries(ctx context.Context, w *resolve.Work) error {
	in := &signIn{e: e, rulings: map[signInKey]snapshot.Ruling{}}
	var users []snapshot.Index
	for user := range e.s.OfKind(graph.KindUser) {
		if e.s.Type(user) != typeDirectoryUser {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if in.roles == nil {
			in.roles = e.reservedRoles()
		}
		w.Out.AddPivots(in.of(user))
		if e.signsIn(user) {
			users = append(users, user)
		}
	}
	w.Out.AddPivots(in.unknownAssignments(users))
	return nil
}

func (in *signIn) of(user snapshot.Index) []snapshot.Pivot {
	best := map[snapshot.Index]snapshot.Ruling{}
	var order []snapshot.Index
	for _, a := range in.e.assignmentsOf(user) {
		for _, role := range in.roles[in.e.roleKey(a)] {
			ruling := in.rule(user, a, role)
			have, seen := best[role]
			if ruling.Verdict > have.Verdict {
				best[role] = ruling
				if !seen {
					order = append(order, role)
				}
			}
		}
	}
	var pivots []snapshot.Pivot
	for _, role := range order {
		pivots = append(pivots, snapshot.Pivot{
			From: in.e.foothold(user), To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: "sts:AssumeRoleWithSAML", Ruling: best[role],
		})
	}
	return pivots
}

// roleKey says where the roles are that an assignment may give: those of one
// name, or all of the account where the name is not known.
func (e *Estate) roleKey(a assignment) string {
	if set, ok := e.s.Find(graph.Ref(a.PermissionSetArn)); ok && e.s.Name(set) != "" {
		return a.AccountID + "/" + e.s.Name(set)
	}
	return a.AccountID
}

// rule decides whether an assignment gives a role, once for all who have it.
func (in *signIn) rule(user snapshot.Index, a assignment, role snapshot.Index) snapshot.Ruling {
	key := signInKey{a.fact, role}
	if ruling, ok := in.rulings[key]; ok {
		return ruling
	}
	r := &request{
		estate: in.e, principal: in.e.principal(user), action: parseAction("sts:AssumeRoleWithSAML"), resource: in.e.resourceByNode(role),
	}
	ruling := r.ruling(r.through(in.e.assignmentTickets(a, r.resource)))
	in.rulings[key] = ruling
	return ruling
}

// reservedRoles lists the roles of Identity Center by account, and by account
// and permission set.
func (e *Estate) reservedRoles() map[string][]snapshot.Index {
	list := map[string][]snapshot.Index{}
	for role := range e.s.OfKind(graph.KindRole) {
		if e.s.Mentioned(role) || !strings.Contains(string(e.s.Ref(role)), ":role/aws-reserved/sso.") {
			continue
		}
		r := e.resourceByNode(role)
		if set, ok := reservedRole(r); ok {
			for _, key := range []string{r.parts.Account, r.parts.Account + "/" + set} {
				list[key] = append(list[key], role)
			}
		}
	}
	return list
}
