package aws

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// What an organization lets services and its management account do in member
// accounts. The attachments are to the account that was asked.
const (
	// LayerRootSessions: privileged sessions of the root users of member accounts
	// are switched on (sts:AssumeRoot).
	LayerRootSessions graph.LayerID = "aws:root-sessions"
	// LayerStackSetsAccess: CloudFormation may deploy into every member account.
	LayerStackSetsAccess graph.LayerID = "aws:stacksets-access"
)

func organizationAccessOperations() []operation {
	return []operation{
		{service: "iam", name: "list-organizations-features", lone: true, homeless: true, marks: []string{"EnabledFeatures"},
			layers: []graph.LayerID{LayerRootSessions}, whole: mapOrganizationFeatures},
		{service: "organizations", name: "list-aws-service-access-for-organization", lone: true, homeless: true, marks: []string{"EnabledServicePrincipals"},
			layers: []graph.LayerID{LayerStackSetsAccess}, whole: mapServiceAccess},
	}
}

func mapOrganizationFeatures(m *mapper, v jsontext.Value) error {
	var d struct{ EnabledFeatures []string }
	return m.switchedOn(v, LayerRootSessions, &d, func() bool { return slices.Contains(d.EnabledFeatures, "RootSessions") }, "EnabledFeatures")
}

// mapServiceAccess looks for the service principal by which stack sets reach
// member accounts.
//
// Source: AWS Organizations user guide, "AWS CloudFormation StackSets and AWS
// Organizations".
func mapServiceAccess(m *mapper, v jsontext.Value) error {
	var d struct {
		EnabledServicePrincipals []struct{ ServicePrincipal string }
	}
	return m.switchedOn(v, LayerStackSetsAccess, &d, func() bool {
		return slices.ContainsFunc(d.EnabledServicePrincipals, func(s struct{ ServicePrincipal string }) bool {
			return strings.HasSuffix(s.ServicePrincipal, "stacksets.cloudformation.amazonaws.com")
		})
	}, "EnabledServicePrincipals")
}

// switchedOn attaches a fact to the account where a document says that
// something is on.
func (m *mapper) switchedOn(v jsontext.Value, layer graph.LayerID, into any, on func() bool, member string) error {
	if err := decodeFold(v, into); err != nil {
		return err
	}
	account, err := m.account()
	if err != nil {
		return err
	}
	o := m.origin(account, "", "")
	if !on() {
		return nil
	}
	return m.fact(fact{accountRef(account), layer, string(layer)}, v, o, member)
}
