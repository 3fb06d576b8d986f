package aws

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
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

// signIn is the audience of every assertion that Identity Center makes.
//
// Source: IAM user guide, "Available keys for SAML-based AWS STS federation".
const signIn = "https://signin.aws.amazon.com/saml"

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
	if strings.EqualFold(e.s.Node(user).Attr("status"), "DISABLED") || e.s.Mentioned(user) && e.listsUsers(e.s.ScopeOf(user)) {
		return nil
	}
	var list []assignment
	for _, node := range append([]snapshot.Index{user}, e.s.Out(user, graph.MemberOf)...) {
		for _, a := range e.s.Attachments(node) {
			record := e.s.Attachment(a)
			one := assignment{fact: e.fact(a)}
			if record.Layer == layerAssignment && json.Unmarshal(record.Document, &one) == nil {
				list = append(list, one)
			}
		}
	}
	return list
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
		had := e.makes(a, role)
		if had == policy.False {
			continue
		}
		for _, provider := range e.ownProviders(role) {
			list = append(list, ticket{
				p: e.samlBearer(provider), had: had, because: []*bound{a.fact},
				stated: []statedKey{{key: "saml:aud", values: []string{signIn}}},
			})
		}
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

// signInEntries leads a user of the identity store to the roles that its
// assignments give.
func (e *Estate) signInEntries(user snapshot.Index, reserved map[string][]snapshot.Index) []snapshot.Pivot {
	var pivots []snapshot.Pivot
	done := map[snapshot.Index]bool{}
	for _, a := range e.assignmentsOf(user) {
		for _, role := range reserved[a.AccountID] {
			if done[role] || e.makes(a, e.resourceByNode(role)) == policy.False {
				continue
			}
			done[role] = true
			pivots = e.entry(pivots, snapshot.Pivot{
				From: e.foothold(user), To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
				Relation: graph.CanAssume, Action: "sts:AssumeRoleWithSAML",
			}, role)
		}
	}
	return pivots
}

// reservedRoles lists the roles of Identity Center by account.
func (e *Estate) reservedRoles() map[string][]snapshot.Index {
	list := map[string][]snapshot.Index{}
	for role := range e.s.OfKind(graph.KindRole) {
		arn, _ := ParseARN(string(e.s.Ref(role)))
		if !strings.HasPrefix(arn.Resource, "role/aws-reserved/") || e.s.Mentioned(role) {
			continue
		}
		if _, ok := reservedRole(e.resourceByNode(role)); ok {
			list[arn.Account] = append(list[arn.Account], role)
		}
	}
	return list
}
