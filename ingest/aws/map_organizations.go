package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

var ceilingLayers = []graph.LayerID{LayerSCP, LayerRCP}

// policyTypes maps the policy types of AWS Organizations that limit access to
// their layers. Other types (tags, backups …) say nothing of access.
var policyTypes = map[string]graph.LayerID{
	"SERVICE_CONTROL_POLICY":  LayerSCP,
	"RESOURCE_CONTROL_POLICY": LayerRCP,
}

func organizationOperations() []operation {
	op := func(name, mark string, record recordFunc) operation {
		return operation{service: "organizations", name: name, lone: true, marks: []string{mark},
			each: map[string]recordFunc{mark: record}, layers: ceilingLayers}
	}
	of := func(subject string, o operation) operation {
		o.lone, o.subject, o.refOf = false, subject, plainSubject
		return o
	}
	policies := op("list-policies", "Policies", mapPolicySummary)
	policies.tells = has("Type", "AwsManaged")
	policies.subject, policies.selfEvident, policies.refOf = "policy type", true, plainSubject
	policy := op("describe-policy", "Policy", mapDescribedPolicy)
	policy.tells = has("PolicySummary")
	policy.subject, policy.selfEvident, policy.refOf = "policy id", true, plainSubject
	units := op("list-organizational-units-for-parent", "OrganizationalUnits", mapUnit)
	units.subject, units.selfEvident, units.refOf = "parent id", true, plainSubject
	return []operation{
		op("describe-organization", "Organization", mapOrganization),
		op("list-roots", "Roots", mapRoot),
		units,
		op("list-accounts", "Accounts", mapAccount),
		policies,
		policy,
		of("parent id", op("list-accounts-for-parent", "Accounts", mapAccount)),
		of("child id", op("list-parents", "Parents", mapParent)),
		of("policy id", op("list-targets-for-policy", "Targets", mapTarget)),
		of("target id", op("list-policies-for-target", "Policies", mapTargetPolicy)),
	}
}

// plainSubject names a subject of AWS Organizations by its id.
func plainSubject(m *mapper) (graph.Ref, error) { return graph.Ref(m.doc.resource), nil }

// orgOrigin returns the origin of what an organization's document says. The
// account is the tree's, or the management account that its ARNs name.
func (m *mapper) orgOrigin(a arn) *graph.Origin {
	account := m.doc.account
	if account == "" {
		account = a.account
		m.c.mention(account, a.partition)
	}
	return m.origin(account, "", graph.Ref(m.doc.resource))
}

// orgPlace checks the ARN of a thing of AWS Organizations.
func (m *mapper) orgPlace(kind, s string) (arn, *graph.Origin, error) {
	a, ok := parseARN(s)
	if !ok || a.service != "organizations" || a.kind() != kind || !isAccountID(a.account) || len(strings.Split(a.resource, "/")) < 2 {
		return a, nil, fmt.Errorf("%w: %s: %q: want the ARN of an organization's %s", ErrContent, m.pointer, s, kind)
	}
	return a, m.orgOrigin(a), nil
}

func mapOrganization(m *mapper, v jsontext.Value) error {
	var o struct{ Id, Arn, FeatureSet, MasterAccountId string }
	if err := decode(v, &o); err != nil {
		return err
	}
	a, origin, err := m.orgPlace("organization", o.Arn)
	if err != nil {
		return err
	}
	management := o.MasterAccountId
	if !isAccountID(management) {
		management = a.account
	}
	m.c.org.described[a.last()] = true
	m.c.mention(management, a.partition)
	return m.node(graph.Node{Ref: graph.Ref(o.Arn), Kind: graph.KindOrganization, Type: "organizations:organization", Name: a.last(),
		NativeID: a.last(), Attrs: attrs("id", a.last(), "management-account", management, "feature-set", o.FeatureSet), Origin: origin})
}

func mapRoot(m *mapper, v jsontext.Value) error {
	var r struct {
		Id, Arn, Name string
		PolicyTypes   []struct{ Type, Status string }
	}
	if err := decode(v, &r); err != nil {
		return err
	}
	a, origin, err := m.orgPlace("root", r.Arn)
	if err != nil {
		return err
	}
	var types []string
	for _, t := range r.PolicyTypes {
		if t.Status == "ENABLED" {
			types = append(types, t.Type)
		}
	}
	slices.Sort(types)
	m.c.org.units[a.last()] = unit{arn: a, origin: origin, node: graph.Node{
		Kind: graph.KindFolder, Type: "organizations:root", Name: r.Name, NativeID: a.last(),
		Attrs: attrs("id", a.last(), "policy-types", strings.Join(types, ","))}}
	return nil
}

func mapUnit(m *mapper, v jsontext.Value) error {
	var u struct{ Id, Arn, Name, Path string }
	if err := decode(v, &u); err != nil {
		return err
	}
	a, origin, err := m.orgPlace("ou", u.Arn)
	if err != nil {
		return err
	}
	if m.doc.resource != "" {
		m.c.org.parents[a.last()] = m.doc.resource
	}
	m.c.org.byPath(a.last(), u.Path)
	m.c.org.units[a.last()] = unit{arn: a, origin: origin, node: graph.Node{
		Kind: graph.KindFolder, Type: "organizations:organizational-unit", Name: u.Name, NativeID: a.last(), Attrs: attrs("id", a.last())}}
	return nil
}

// mapAccount notes a member account. Its e-mail address is never kept.
func mapAccount(m *mapper, v jsontext.Value) error {
	var acct struct {
		Id, Arn, Name, Status, State string
		Paths                        []string
	}
	if err := decode(v, &acct); err != nil {
		return err
	}
	a, origin, err := m.orgPlace("account", acct.Arn)
	if err != nil {
		return err
	}
	id := a.last()
	if !isAccountID(id) {
		return fmt.Errorf("%w: %s: %q: want an account id of twelve digits", ErrContent, m.pointer, id)
	}
	known := m.c.mention(id, a.partition)
	known.name, known.described = acct.Name, true
	if known.status = acct.State; acct.State == "" {
		known.status = acct.Status // retired by AWS in favour of State
	}
	known.origin = origin
	m.c.org.members[id] = a
	if m.doc.op.name == "list-accounts-for-parent" {
		m.c.org.parents[id] = m.doc.resource
	}
	for _, path := range acct.Paths {
		m.c.org.byPath(id, path)
	}
	return nil
}

func mapParent(m *mapper, v jsontext.Value) error {
	var p struct{ Id string }
	if err := decode(v, &p); err != nil {
		return err
	}
	m.origin(m.doc.account, "", graph.Ref(m.doc.resource))
	m.c.org.parents[m.doc.resource] = p.Id
	return nil
}

// A policySummary is how lists show a policy.
type policySummary struct {
	Id, Arn, Name, Type string
}

func mapPolicySummary(m *mapper, v jsontext.Value) error {
	var p policySummary
	if err := decode(v, &p); err != nil {
		return err
	}
	return m.orgPolicy(p)
}

// orgPolicy notes a policy; AWS's own carry no account in their ARN.
func (m *mapper) orgPolicy(p policySummary) error {
	a, ok := parseARN(p.Arn)
	if !ok || p.Id == "" {
		return fmt.Errorf("%w: %s: %q: want the id and ARN of a policy", ErrContent, m.pointer, p.Arn)
	}
	known := m.c.org.policy(p.Id)
	known.summary = p
	if isAccountID(a.account) || m.doc.inTree() {
		m.orgOrigin(a)
	}
	return nil
}

func mapDescribedPolicy(m *mapper, v jsontext.Value) error {
	var p struct {
		PolicySummary policySummary
		Content       jsontext.Value
	}
	if err := decode(v, &p); err != nil {
		return err
	}
	if err := m.orgPolicy(p.PolicySummary); err != nil {
		return err
	}
	known := m.c.org.policy(p.PolicySummary.Id)
	text, err := policyText(p.Content)
	if err != nil {
		known.detail = fmt.Sprintf("%s: policy %s: %v", m.position("/Content"), p.PolicySummary.Id, err)
	}
	known.text, known.shown, known.pointer = text, true, m.pointer+"/Content"
	m.c.mentionAccounts(text)
	return nil
}

func mapTarget(m *mapper, v jsontext.Value) error {
	var t struct{ TargetId string }
	if err := decode(v, &t); err != nil {
		return err
	}
	o := m.origin(m.doc.account, "", graph.Ref(m.doc.resource))
	m.c.org.bindings[binding{m.doc.resource, t.TargetId}] = o
	return nil
}

func mapTargetPolicy(m *mapper, v jsontext.Value) error {
	var p policySummary
	if err := decode(v, &p); err != nil {
		return err
	}
	if err := m.orgPolicy(p); err != nil {
		return err
	}
	target, _, _ := strings.Cut(m.doc.resource, ".")
	m.c.org.bindings[binding{p.Id, target}] = m.origin(m.doc.account, "", graph.Ref(m.doc.resource))
	return nil
}
