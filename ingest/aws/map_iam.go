package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// detailsOperation prints a whole account's identities at once.
const detailsOperation = "get-account-authorization-details"

var principalLayers = []graph.LayerID{LayerIdentity, LayerBoundary, LayerTrust}

func iamOperations() []operation {
	details := operation{
		service: "iam", name: detailsOperation, lone: true, common: true, layers: principalLayers,
		marks: []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"},
		tells: func(member string, v jsontext.Value) bool {
			return member != "Policies" || has("PolicyVersionList")(member, v)
		},
		survey: map[string]recordFunc{"Policies": surveyPolicy, "GroupDetailList": surveyGroup},
		each: map[string]recordFunc{"UserDetailList": mapUser, "GroupDetailList": mapGroup,
			"RoleDetailList": mapRole, "Policies": mapPolicy},
	}
	return append([]operation{details}, iamListOperations()...)
}

// A namedPolicy is an inline policy.
type namedPolicy struct {
	PolicyName     string
	PolicyDocument jsontext.Value
}

// An attachedPolicy names a managed policy.
type attachedPolicy struct{ PolicyName, PolicyArn string }

// identity is what users, groups and roles have in common.
type identity struct {
	Arn, Path               string
	AttachedManagedPolicies []attachedPolicy
	PermissionsBoundary     struct{ PermissionsBoundaryArn string }
	Tags                    tagList
}

type userDetail struct {
	identity
	UserName       string
	UserId         string
	GroupList      []string
	UserPolicyList []namedPolicy
}

type groupDetail struct {
	identity
	GroupName       string
	GroupId         string
	GroupPolicyList []namedPolicy
}

type roleDetail struct {
	identity
	RoleName                 string
	RoleId                   string
	AssumeRolePolicyDocument jsontext.Value
	RolePolicyList           []namedPolicy
	InstanceProfileList      []instanceProfile
}

// iamPlace checks the ARN of an IAM thing and returns it with its account and
// the origin of what is said of it.
func (m *mapper) iamPlace(kind, s string) (arn, string, *graph.Origin, error) {
	a, err := wantARN(kind, s)
	if err != nil {
		return a, "", nil, fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	if a.service != "iam" || a.kind() != kind || !isAccountID(a.account) {
		return a, "", nil, fmt.Errorf("%w: %s: %q: want the ARN of an IAM %s", ErrContent, m.pointer, s, kind)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return a, "", nil, err
	}
	return a, account, m.origin(account, "", ""), nil
}

func surveyGroup(m *mapper, v jsontext.Value) error {
	if m.c.hears == hearCommon {
		return nil
	}
	var g struct{ Arn, GroupName string }
	if err := decode(v, &g); err != nil {
		return err
	}
	a, err := wantARN("group", g.Arn)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	m.c.groups[a.account+"/"+g.GroupName] = g.Arn
	m.claim(a)
	return nil
}

func mapUser(m *mapper, v jsontext.Value) error {
	var u userDetail
	if err := decode(v, &u); err != nil {
		return err
	}
	a, account, o, err := m.iamPlace("user", u.Arn)
	if err != nil {
		return err
	}
	m.claim(a)
	ref := graph.Ref(u.Arn)
	m.c.noteOwner(account, u.UserName, u.Arn)
	err = m.node(graph.Node{Ref: ref, Kind: graph.KindUser, Type: "iam:user", Name: u.UserName, NativeID: u.UserId,
		Scope: accountRef(account), Tags: u.Tags.sorted(), Attrs: attrs("path", u.Path), Origin: o})
	if err != nil {
		return err
	}
	for _, name := range u.GroupList {
		if err := m.member(ref, a, account, name, o); err != nil {
			return err
		}
	}
	return m.policies(ref, u.identity, "/UserPolicyList", u.UserPolicyList, o)
}

// member binds a user to a group of which the document says the name alone.
func (m *mapper) member(user graph.Ref, u arn, account, name string, o *graph.Origin) error {
	group := m.c.group(account, name)
	if group == "" {
		group = "arn:" + u.partition + ":iam::" + account + ":group/" + name
		detail := fmt.Sprintf("%s: user %s is a member of group %q, which no document describes", m.position("/GroupList"), user, name)
		if err := m.gap(user, LayerIdentity, graph.ReasonMissing, detail, o); err != nil {
			return err
		}
	}
	return m.edge(user, graph.MemberOf, graph.Ref(group), o)
}

func mapGroup(m *mapper, v jsontext.Value) error {
	var g groupDetail
	if err := decode(v, &g); err != nil {
		return err
	}
	_, account, o, err := m.iamPlace("group", g.Arn)
	if err != nil {
		return err
	}
	ref := graph.Ref(g.Arn)
	err = m.node(graph.Node{Ref: ref, Kind: graph.KindGroup, Type: "iam:group", Name: g.GroupName, NativeID: g.GroupId,
		Scope: accountRef(account), Attrs: attrs("path", g.Path), Origin: o})
	if err != nil {
		return err
	}
	return m.policies(ref, g.identity, "/GroupPolicyList", g.GroupPolicyList, o)
}

func mapRole(m *mapper, v jsontext.Value) error {
	var r roleDetail
	if err := decode(v, &r); err != nil {
		return err
	}
	a, account, o, err := m.iamPlace("role", r.Arn)
	if err != nil {
		return err
	}
	m.claim(a)
	ref := graph.Ref(r.Arn)
	m.c.noteOwner(account, "role/"+r.RoleName, r.Arn)
	if err := m.node(roleNode(r, account, "", o)); err != nil {
		return err
	}
	err = m.attach(graph.Attachment{To: ref, Layer: LayerTrust, Policy: ref + "#trust", Name: "trust", Inline: true, Origin: o},
		r.AssumeRolePolicyDocument, "/AssumeRolePolicyDocument")
	if err != nil {
		return err
	}
	for _, p := range r.InstanceProfileList {
		if err := m.instanceProfile(p); err != nil {
			return err
		}
	}
	return m.policies(ref, r.identity, "/RolePolicyList", r.RolePolicyList, o)
}

// roleNode describes a role. A path below /aws-service-role/ is kept for the
// roles that AWS's services make for themselves.
func roleNode(r roleDetail, account, session string, o *graph.Origin) graph.Node {
	linked := ""
	if strings.HasPrefix(r.Path, "/aws-service-role/") {
		linked = "true"
	}
	return graph.Node{Ref: graph.Ref(r.Arn), Kind: graph.KindRole, Type: "iam:role", Name: r.RoleName, NativeID: r.RoleId,
		Scope: accountRef(account), Tags: r.Tags.sorted(), Origin: o,
		Attrs: attrs("path", r.Path, "service-linked", linked, "max-session-duration", session)}
}

// policies writes what is attached to a user, group or role: inline policies,
// managed ones and the boundary.
func (m *mapper) policies(to graph.Ref, id identity, pointer string, inline []namedPolicy, o *graph.Origin) error {
	for i, p := range inline {
		a := graph.Attachment{To: to, Layer: LayerIdentity, Policy: to + "#" + graph.Ref(p.PolicyName), Name: p.PolicyName, Inline: true, Origin: o}
		if err := m.attach(a, p.PolicyDocument, pointer+"/"+strconv.Itoa(i)+"/PolicyDocument"); err != nil {
			return err
		}
	}
	for _, p := range id.AttachedManagedPolicies {
		if err := m.managed(to, LayerIdentity, p, o); err != nil {
			return err
		}
	}
	if b := id.PermissionsBoundary.PermissionsBoundaryArn; b != "" {
		return m.managed(to, LayerBoundary, attachedPolicy{PolicyArn: b}, o)
	}
	return nil
}

// managed attaches a managed policy by its ARN, with the text of its default
// version if some document shows it. A customer's policy that none shows is a
// gap; AWS's own are public, so the resolver may know them.
func (m *mapper) managed(to graph.Ref, layer graph.LayerID, p attachedPolicy, o *graph.Origin) error {
	a, err := wantARN("attached policy", p.PolicyArn)
	if err != nil {
		return m.gap(to, layer, graph.ReasonParseError, fmt.Sprintf("%s: %v", m.position(""), err), o)
	}
	ref := graph.Ref(p.PolicyArn)
	known, shown := m.c.policy(ref)
	err = m.c.attach(graph.Attachment{To: to, Layer: layer, Policy: ref, Name: a.last(), Version: known.version,
		Document: known.text, Pointer: known.pointer, Origin: o})
	if err != nil || known.text != nil {
		return err
	}
	if err := m.mentionPolicy(a, o); err != nil {
		return err
	}
	switch {
	case shown:
		return m.gap(to, layer, graph.ReasonMissing, known.detail, o)
	case a.account != "aws":
		return m.gap(to, layer, graph.ReasonMissing, fmt.Sprintf("%s: policy %s is attached to %s and no document shows its text", m.position(""), ref, to), o)
	}
	return nil
}

func (m *mapper) mentionPolicy(a arn, o *graph.Origin) error {
	n := graph.Node{Ref: graph.Ref(a.String()), Kind: graph.KindResource, Type: "iam:policy", Name: a.last(), Origin: o}
	if isAccountID(a.account) {
		n.Scope = accountRef(a.account)
	}
	return m.c.mentionNode(n)
}

// A policyDetail is a managed policy with its versions.
type policyDetail struct {
	Arn, PolicyName, PolicyId string
	Path, DefaultVersionId    string
	PolicyVersionList         []struct {
		VersionId        string
		IsDefaultVersion bool
		Document         jsontext.Value
	}
}

// hears reports whether the text of a policy is news. What accounts have in common
// are policies that are not their own.
func (m *mapper) hears(policy arn) bool {
	if m.c.hears == hearCommon {
		return policy.account != m.doc.account
	}
	if m.c.below == nil {
		return true
	}
	_, known := m.c.below.policy(graph.Ref(policy.String()))
	return !known
}

// policyARN reads the ARN of a managed policy alone.
func (m *mapper) policyARN(v jsontext.Value) (arn, error) {
	var p struct{ Arn string }
	if err := decode(v, &p); err != nil {
		return arn{}, err
	}
	a, err := wantARN("policy", p.Arn)
	if err != nil {
		return a, fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	return a, nil
}

// surveyPolicy notes the text of a policy's default version.
func surveyPolicy(m *mapper, v jsontext.Value) error {
	if a, err := m.policyARN(v); err != nil || !m.hears(a) {
		return err
	}
	var p policyDetail
	if err := decode(v, &p); err != nil {
		return err
	}
	a, _ := parseARN(p.Arn)
	known := managedPolicy{version: p.DefaultVersionId}
	for i, version := range p.PolicyVersionList {
		if version.VersionId != p.DefaultVersionId {
			continue
		}
		inner := fmt.Sprintf("/PolicyVersionList/%d/Document", i)
		known.pointer = m.pointer + inner
		text, err := policyText(version.Document)
		if err != nil {
			known.detail = fmt.Sprintf("%s: policy %s: %v", m.position(inner), p.Arn, err)
		}
		known.text = text
	}
	if known.pointer == "" {
		known.detail = m.position(fmt.Sprintf(": policy %s: its default version %q is not among its versions", p.Arn, p.DefaultVersionId))
	}
	m.c.managed.add(p.Arn, known)
	if !isAccountID(a.account) {
		return nil // AWS's own stand in everybody's dumps
	}
	m.claim(a)
	return nil
}

// mapPolicy writes a managed policy as a node, and its other versions.
func mapPolicy(m *mapper, v jsontext.Value) error {
	var p policyDetail
	if err := decode(v, &p); err != nil {
		return err
	}
	a, err := wantARN("policy", p.Arn)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	if !isAccountID(a.account) {
		return m.publicPolicy(p)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	o := m.origin(account, "", "")
	var versions []string
	for i, version := range p.PolicyVersionList {
		versions = append(versions, version.VersionId)
		if version.VersionId == p.DefaultVersionId {
			continue
		}
		if err := m.otherVersion(p.Arn, version.VersionId, version.Document, i, o); err != nil {
			return err
		}
	}
	slices.Sort(versions)
	m.c.mentionAccountsOf(graph.Ref(p.Arn))
	return m.node(graph.Node{Ref: graph.Ref(p.Arn), Kind: graph.KindResource, Type: "iam:policy", Name: p.PolicyName,
		NativeID: p.PolicyId, Scope: accountRef(account), Origin: o,
		Attrs: attrs("path", p.Path, "default-version", p.DefaultVersionId, "versions", strings.Join(versions, ","))})
}

// publicPolicy writes a policy of AWS's own. It belongs to no account, and what
// is said of it does not hang on whose dump it stood in, or when: its version
// stands with each attachment.
func (m *mapper) publicPolicy(p policyDetail) error {
	return m.node(graph.Node{Ref: graph.Ref(p.Arn), Kind: graph.KindResource, Type: "iam:policy", Name: p.PolicyName, NativeID: p.PolicyId,
		Attrs: attrs("path", p.Path), Origin: &graph.Origin{File: m.doc.path, Collector: collector, At: m.doc.at}})
}

func (m *mapper) otherVersion(policy, id string, document jsontext.Value, i int, o *graph.Origin) error {
	return m.attach(graph.Attachment{To: graph.Ref(policy), Layer: LayerPolicyVersion,
		Policy: graph.Ref(policy + "#" + id), Name: id, Version: id, Origin: o},
		document, fmt.Sprintf("/PolicyVersionList/%d/Document", i))
}
