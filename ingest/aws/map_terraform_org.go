package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// Terraform's resources of AWS Organizations go into the same tables as the
// live documents, which come first and win.

// terraformNested is a thing inside of aws_organizations_organization.
type terraformNested struct {
	ID          string `json:"id"`
	ARN         string `json:"arn"`
	Name        string `json:"name"`
	Status      string `json:"status"`
	PolicyTypes []struct {
		Type   string `json:"type"`
		Status string `json:"status"`
	} `json:"policy_types"`
}

// nested returns the things of a list attribute; none if it has another shape.
func (r terraformResource) nested(name string) []terraformNested {
	var out []terraformNested
	for _, v := range listOf(r.values[name]) {
		var n terraformNested
		if v.Kind() == '{' && decode(v, &n) == nil {
			out = append(out, n)
		}
	}
	return out
}

// orgARN reads the ARN of a thing of AWS Organizations.
func orgARN(s string) (arn, bool) {
	a, ok := parseARN(s)
	return a, ok && a.service == "organizations" && isAccountID(a.account) && len(strings.Split(a.resource, "/")) > 1
}

func terraformOrganization(m *mapper, r terraformResource, _ string, o *graph.Origin) error {
	a, ok := orgARN(r.text("arn"))
	if !ok {
		return nil // planned: the organization is not there yet
	}
	for _, root := range r.nested("roots") {
		m.terraformRoot(root, o)
	}
	for _, n := range r.nested("accounts") {
		if member, ok := orgARN(n.ARN); ok {
			m.terraformMemberAccount(member, n.Name, n.Status, "", o)
		}
	}
	if m.c.org.described[a.last()] {
		return nil
	}
	m.c.org.described[a.last()] = true
	return m.describes(graph.Node{Ref: graph.Ref(a.String()), Kind: graph.KindOrganization, Type: "organizations:organization", Name: a.last(),
		NativeID: a.last(), Attrs: attrs("id", a.last(), "management-account", a.account, "feature-set", r.text("feature_set")), Origin: o})
}

func (m *mapper) terraformRoot(root terraformNested, o *graph.Origin) {
	a, ok := orgARN(root.ARN)
	if _, known := m.c.org.units[a.last()]; !ok || known {
		return
	}
	var types []string
	for _, t := range root.PolicyTypes {
		if t.Status == "ENABLED" {
			types = append(types, t.Type)
		}
	}
	slices.Sort(types)
	m.c.org.units[a.last()] = unit{arn: a, origin: o, node: graph.Node{
		Kind: graph.KindFolder, Type: "organizations:root", Name: root.Name, NativeID: a.last(),
		Attrs: attrs("id", a.last(), "policy-types", strings.Join(types, ","))}}
}

// terraformMemberAccount notes an account; a later resource of its own may add
// what holds it.
func (m *mapper) terraformMemberAccount(a arn, name, status, parent string, o *graph.Origin) {
	id := a.last()
	if !isAccountID(id) {
		return
	}
	known := m.c.mention(id, a.partition)
	if known.name == "" {
		known.name, known.status = name, status
	}
	if !known.described {
		known.described, known.origin = true, o
	}
	if _, member := m.c.org.members[id]; !member {
		m.c.org.members[id] = a
	}
	m.terraformParent(id, parent)
}

func (m *mapper) terraformParent(id, parent string) {
	if m.c.org.parents[id] == "" && parent != "" {
		m.c.org.parents[id] = parent
	}
}

func terraformOrgAccount(m *mapper, r terraformResource, _ string, o *graph.Origin) error {
	if a, ok := orgARN(r.text("arn")); ok {
		m.terraformMemberAccount(a, r.text("name"), r.text("status"), r.text("parent_id"), o)
	}
	return nil
}

func terraformOrgUnit(m *mapper, r terraformResource, _ string, o *graph.Origin) error {
	a, ok := orgARN(r.text("arn"))
	if _, known := m.c.org.units[a.last()]; !ok || known {
		return nil
	}
	m.terraformParent(a.last(), r.text("parent_id"))
	m.c.org.units[a.last()] = unit{arn: a, origin: o, node: graph.Node{
		Kind: graph.KindFolder, Type: "organizations:organizational-unit", Name: r.text("name"), NativeID: a.last(), Attrs: attrs("id", a.last())}}
	return nil
}

func terraformOrgPolicy(m *mapper, r terraformResource, _ string, _ *graph.Origin) error {
	id := r.text("id")
	if id == "" {
		return nil
	}
	known := m.c.org.policy(id)
	if known.summary.Arn == "" {
		known.summary = policySummary{Id: id, Arn: r.text("arn"), Name: r.text("name"), Type: r.text("type")}
	}
	if known.shown {
		return nil
	}
	text, err := policyText(r.values["content"])
	if err != nil {
		known.detail = m.position("/values/content") + ": " + err.Error()
	}
	known.text, known.shown, known.pointer = text, true, m.pointer+"/values/content"
	m.c.mentionAccounts(text)
	return nil
}

func terraformOrgAttachment(m *mapper, r terraformResource, _ string, o *graph.Origin) error {
	b := binding{r.text("policy_id"), r.text("target_id")}
	if b.policy != "" && b.target != "" && m.c.org.bindings[b] == nil {
		m.c.org.bindings[b] = o
	}
	return nil
}
