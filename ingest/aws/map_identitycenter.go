package aws

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// The layers of IAM Identity Center.
const (
	// LayerAssignment holds the assignments of a user or group of an identity
	// store: an account and a permission set each. Whoever has one holds the
	// role AWSReservedSSO_<permission set>_<16 digits> of that account.
	LayerAssignment graph.LayerID = "aws:sso-assignment"
	// LayerPermissionSet holds the policies of a permission set, which become
	// those of its roles. The attachments are to the permission set.
	LayerPermissionSet graph.LayerID = "aws:permission-set"
	// LayerPermissionSetReference holds the name and path of a customer's policy
	// that each account is to have, and a set's boundary. To the permission set.
	LayerPermissionSetReference graph.LayerID = "aws:permission-set-reference"
)

func identityCenterOperations() []operation {
	return append(append(identityStoreOperations(), permissionSetOperations()...),
		operation{service: "sso-admin", name: "list-instances", marks: []string{"Instances"}, tells: has("IdentityStoreId"), lone: true, homeless: true,
			each: map[string]recordFunc{"Instances": record(mapSSOInstance)}},
		operation{service: "sso-admin", name: "list-account-assignments", marks: []string{"AccountAssignments"}, lone: true, homeless: true,
			subject: "account id/permission set ARN", selfEvident: true, layers: []graph.LayerID{LayerAssignment},
			each: map[string]recordFunc{"AccountAssignments": mapAssignment}, refOf: assignmentsOf},
	)
}

func permissionSetOperations() []operation {
	layers := []graph.LayerID{LayerPermissionSet}
	of := func(name, mark string, each recordFunc) operation {
		return operation{service: "sso-admin", name: name, subject: "permission set ARN", marks: []string{mark}, layers: layers,
			each: map[string]recordFunc{mark: each}, refOf: permissionSetOf}
	}
	described := operation{service: "sso-admin", name: "describe-permission-set", subject: "permission set ARN", selfEvident: true, lone: true, homeless: true,
		marks: []string{"PermissionSet"}, whole: record(mapPermissionSet), refOf: permissionSetOf}
	return []operation{
		{service: "sso-admin", name: "list-permission-sets", marks: []string{"PermissionSets"}, lone: true, homeless: true,
			each: map[string]recordFunc{"PermissionSets": record(mapListedPermissionSet)}},
		described,
		of("get-inline-policy-for-permission-set", "InlinePolicy", mapPermissionSetInline),
		of("list-managed-policies-in-permission-set", "AttachedManagedPolicies", record(mapPermissionSetManaged)),
		referring(of("list-customer-managed-policy-references-in-permission-set", "CustomerManagedPolicyReferences", mapPermissionSetReference)),
		referring(of("get-permissions-boundary-for-permission-set", "PermissionsBoundary", mapPermissionSetBoundary)),
	}
}

func referring(o operation) operation {
	o.layers = []graph.LayerID{LayerPermissionSetReference}
	return o
}

func identityStoreOperations() []operation {
	return []operation{
		{service: "identitystore", name: "list-users", lone: true, homeless: true, marks: []string{"Users"}, tells: has("IdentityStoreId"),
			each: map[string]recordFunc{"Users": record(mapStoreUser)}},
		{service: "identitystore", name: "list-groups", lone: true, homeless: true, marks: []string{"Groups"}, tells: has("IdentityStoreId"),
			each: map[string]recordFunc{"Groups": record(mapStoreGroup)}},
		{service: "identitystore", name: "list-group-memberships", lone: true, homeless: true, subject: "group id", selfEvident: true,
			marks: []string{"GroupMemberships"}, each: map[string]recordFunc{"GroupMemberships": record(mapStoreMembership)}, refOf: storeGroupOf},
	}
}

// ssoPlace returns the account that runs the instance and the origin of what a
// document says: neither stands in ARNs of Identity Center.
func (m *mapper) ssoPlace(subject graph.Ref) (string, *graph.Origin, error) {
	account, err := m.account()
	if err != nil {
		return "", nil, err
	}
	return account, m.origin(account, m.doc.region, subject), nil
}

func (m *mapper) ssoNode(ref, kind, name, id string, of graph.Ref, facts []graph.Attr) error {
	if _, err := wantARN(kind, ref); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	account, o, err := m.ssoPlace(of)
	if err != nil {
		return err
	}
	return m.node(graph.Node{Ref: graph.Ref(ref), Kind: graph.KindResource, Type: kind, Name: name, NativeID: id, Scope: accountRef(account), Attrs: facts, Origin: o})
}

func mapSSOInstance(m *mapper, i struct{ InstanceArn, IdentityStoreID, OwnerAccountID, Name, Status string }) error {
	return m.ssoNode(i.InstanceArn, "sso:Instance", i.Name, "", "", attrs("identity-store", i.IdentityStoreID, "owner-account", i.OwnerAccountID, "status", i.Status))
}

// mapListedPermissionSet: the list shows ARNs alone.
func mapListedPermissionSet(m *mapper, s string) error {
	if _, err := wantARN("permission set", s); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	_, o, err := m.ssoPlace("")
	if err != nil {
		return err
	}
	return m.mentionPermissionSet(graph.Ref(s), o)
}

func (m *mapper) mentionPermissionSet(ref graph.Ref, o *graph.Origin) error {
	return m.c.mentionNode(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "sso:PermissionSet", Scope: o.Listing.Scope, Origin: o})
}

func mapPermissionSet(m *mapper, d struct {
	PermissionSet struct{ Name, PermissionSetArn, SessionDuration string }
}) error {
	p := d.PermissionSet
	return m.ssoNode(p.PermissionSetArn, "sso:PermissionSet", p.Name, "", graph.Ref(p.PermissionSetArn), attrs("session-duration", p.SessionDuration))
}

// permissionSetOf names the set of a path. Its ARN has no account, so no
// shorter name would do.
func permissionSetOf(m *mapper) (graph.Ref, error) {
	if a, ok := parseARN(m.doc.resource); !ok || a.service != "sso" {
		return "", fmt.Errorf("%w: %.200q: want the ARN of a permission set, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	return graph.Ref(m.doc.resource), nil
}

// ofPermissionSet returns the set that a document of a path is of.
func (m *mapper) ofPermissionSet() (graph.Ref, *graph.Origin, error) {
	ref, err := permissionSetOf(m)
	if err != nil {
		return "", nil, err
	}
	_, o, err := m.ssoPlace(ref)
	if err != nil {
		return "", nil, err
	}
	return ref, o, m.mentionPermissionSet(ref, o)
}

func mapPermissionSetInline(m *mapper, v jsontext.Value) error {
	ref, o, err := m.ofPermissionSet()
	if err != nil || isNoPolicy(v) {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerPermissionSet, Policy: ref + "#inline", Name: "inline", Inline: true, Origin: o}, v, "")
}

func mapPermissionSetManaged(m *mapper, p struct{ Name, Arn string }) error {
	ref, o, err := m.ofPermissionSet()
	if err != nil {
		return err
	}
	return m.managed(ref, LayerPermissionSet, attachedPolicy{p.Name, p.Arn}, o)
}

// mapPermissionSetReference reads the name of a customer's policy: the policy
// of that name and path in each account is meant, not its text.
func mapPermissionSetReference(m *mapper, v jsontext.Value) error {
	var p struct{ Name, Path string }
	if err := decode(v, &p); err != nil {
		return err
	}
	return m.permissionSetFact("reference:"+p.Path+p.Name, v, "Name", "Path")
}

func mapPermissionSetBoundary(m *mapper, v jsontext.Value) error {
	return m.permissionSetFact("boundary", v, "CustomerManagedPolicyReference", "ManagedPolicyArn")
}

// permissionSetFact attaches what names a policy and is none, so at a layer of
// its own.
func (m *mapper) permissionSetFact(name string, v jsontext.Value, members ...string) error {
	ref, o, err := m.ofPermissionSet()
	if err != nil {
		return err
	}
	text, err := pick(v, members...)
	if err != nil {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerPermissionSetReference, Policy: ref + "#" + graph.Ref(name), Name: name, Inline: true, Origin: o}, text, "")
}

// storeRef is the ARN of a user or group of an identity store. Their ids are
// unique among all stores.
func (m *mapper) storeRef(kind, id string) graph.Ref {
	return graph.Ref("arn:" + m.partition() + ":identitystore:::" + kind + "/" + id)
}

// assignmentsOf names the assignments of one permission set in one account.
func assignmentsOf(m *mapper) (graph.Ref, error) {
	account, set, ok := strings.Cut(m.doc.resource, "/")
	if _, isARN := parseARN(set); !ok || !isARN || !isAccountID(account) {
		return "", fmt.Errorf("%w: %.200q: want <account id>/<permission set ARN>, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	return assignments(account, set), nil
}

func assignments(account, set string) graph.Ref { return accountRef(account) + "#" + graph.Ref(set) }

// mapAssignment attaches an assignment to who has it.
func mapAssignment(m *mapper, v jsontext.Value) error {
	var a struct{ AccountID, PermissionSetArn, PrincipalType, PrincipalID string }
	if err := decodeFold(v, &a); err != nil {
		return err
	}
	kind, typ := graph.KindUser, "user"
	if a.PrincipalType == "GROUP" {
		kind, typ = graph.KindGroup, "group"
	}
	set, ok := parseARN(a.PermissionSetArn)
	if !ok || !isAccountID(a.AccountID) || a.PrincipalID == "" {
		return fmt.Errorf("%w: %s: want AccountId, PermissionSetArn and PrincipalId", ErrContent, m.pointer)
	}
	m.c.mention(a.AccountID, set.partition)
	_, o, err := m.ssoPlace(assignments(a.AccountID, a.PermissionSetArn))
	if err != nil {
		return err
	}
	to := m.storeRef(typ, a.PrincipalID)
	err = m.c.mentionNode(graph.Node{Ref: to, Kind: kind, Type: "identitystore:" + typ, NativeID: a.PrincipalID, Scope: o.Listing.Scope, Origin: o})
	if err != nil {
		return err
	}
	if err := m.mentionPermissionSet(graph.Ref(a.PermissionSetArn), o); err != nil {
		return err
	}
	text, err := pick(v, "AccountId", "PermissionSetArn", "PrincipalType", "PrincipalId")
	if err != nil {
		return err
	}
	name := a.AccountID + "/" + a.PermissionSetArn
	return m.attach(graph.Attachment{To: to, Layer: LayerAssignment, Policy: to + "#" + graph.Ref(name), Name: name, Inline: true, Origin: o}, text, "")
}

// mapStoreUser keeps a user's name: addresses, phone numbers and e-mails are
// not read.
func mapStoreUser(m *mapper, u struct{ UserName, UserID, IdentityStoreID, UserStatus string }) error {
	return m.storeNode(graph.KindUser, "user", u.UserID, u.UserName, attrs("identity-store", u.IdentityStoreID, "status", u.UserStatus))
}

func mapStoreGroup(m *mapper, g struct{ DisplayName, GroupID, IdentityStoreID string }) error {
	return m.storeNode(graph.KindGroup, "group", g.GroupID, g.DisplayName, attrs("identity-store", g.IdentityStoreID))
}

func (m *mapper) storeNode(kind graph.Kind, typ, id, name string, facts []graph.Attr) error {
	if id == "" {
		return fmt.Errorf("%w: %s: want the id of a %s", ErrContent, m.pointer, typ)
	}
	account, o, err := m.ssoPlace("")
	if err != nil {
		return err
	}
	return m.node(graph.Node{Ref: m.storeRef(typ, id), Kind: kind, Type: "identitystore:" + typ, Name: name, NativeID: id,
		Scope: accountRef(account), Attrs: facts, Origin: o})
}

func storeGroupOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource == "" {
		return "", nil
	}
	return m.storeRef("group", m.doc.resource), nil
}

func mapStoreMembership(m *mapper, g struct {
	GroupID  string
	MemberID struct{ UserID string }
}) error {
	if g.GroupID == "" || g.MemberID.UserID == "" {
		return fmt.Errorf("%w: %s: want GroupId and MemberId", ErrContent, m.pointer)
	}
	group := m.storeRef("group", g.GroupID)
	_, o, err := m.ssoPlace(group)
	if err != nil {
		return err
	}
	return m.edge(m.storeRef("user", g.MemberID.UserID), graph.MemberOf, group, o)
}
