package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

func cloudformationOperations() []operation {
	return []operation{
		{service: "cloudformation", name: "describe-stacks", lone: true, marks: []string{"Stacks"}, tells: has("StackId"),
			each: map[string]recordFunc{"Stacks": record(mapStack)}},
		{service: "cloudformation", name: "list-stack-sets", marks: []string{"Summaries"}, each: map[string]recordFunc{"Summaries": record(mapStackSetSummary)}},
		{service: "cloudformation", name: "describe-stack-set", lone: true, subject: "name of the stack set", selfEvident: true, marks: []string{"StackSet"},
			whole: record(mapStackSet), refOf: ofSubject("cloudformation", "stackset/")},
	}
}

// mapStack reads a stack's name and role: what its template makes is made as
// the role, if it has one. Parameters and outputs may hold secrets and are not
// read.
func mapStack(m *mapper, s struct {
	StackID, StackName, RoleARN, StackStatus, ParentID string
	Capabilities                                       []string
	Tags                                               tagList
}) error {
	slices.Sort(s.Capabilities)
	t := thing{arn: s.StackID, kind: "cloudformation:stack", name: s.StackName, tags: s.Tags, role: s.RoleARN,
		attrs: attrs("status", s.StackStatus, "capabilities", strings.Join(s.Capabilities, ","), "parent", s.ParentID)}
	if s.RoleARN != "" {
		t.is = graph.KindWorkload
	}
	_, err := m.resource(t)
	return err
}

func mapStackSetSummary(m *mapper, s struct{ StackSetName, StackSetID string }) error {
	ref, err := m.inRegion("cloudformation", "stackset/"+s.StackSetID)
	if err != nil {
		return err
	}
	return m.listed("cloudformation:stackset", ref, "")
}

// mapStackSet reads a stack set: it acts as its administration role, which
// takes the execution role of that name in each account. Sets that the
// organization's service runs have neither.
func mapStackSet(m *mapper, d struct {
	StackSet struct {
		StackSetARN, StackSetName, StackSetID, Status, PermissionModel string
		AdministrationRoleARN, ExecutionRoleName                       string
		OrganizationalUnitIDs                                          []string `json:"OrganizationalUnitIds"`
		Tags                                                           tagList
	}
}) error {
	s := d.StackSet
	slices.Sort(s.OrganizationalUnitIDs)
	t := thing{arn: s.StackSetARN, of: subjectInPath(m, s.StackSetARN), kind: "cloudformation:stackset", name: s.StackSetName, nativeID: s.StackSetID,
		tags: s.Tags, role: s.AdministrationRoleARN, attrs: attrs("status", s.Status, "permission-model", s.PermissionModel,
			"execution-role-name", s.ExecutionRoleName, "organizational-units", strings.Join(s.OrganizationalUnitIDs, ","))}
	if t.role != "" {
		t.is = graph.KindWorkload
	}
	_, err := m.resource(t)
	return err
}
