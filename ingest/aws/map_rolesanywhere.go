package aws

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerSessionPolicy holds a policy that limits every session that something
// hands out. The attachment is to what hands it out.
const LayerSessionPolicy graph.LayerID = "aws:session-policy"

func rolesanywhereOperations() []operation {
	return []operation{
		{service: "rolesanywhere", name: "list-trust-anchors", lone: true, marks: []string{"trustAnchors"},
			each: map[string]recordFunc{"trustAnchors": record(mapTrustAnchor)}},
		{service: "rolesanywhere", name: "list-profiles", lone: true, marks: []string{"profiles"}, tells: has("profileArn"),
			layers: []graph.LayerID{LayerSessionPolicy}, each: map[string]recordFunc{"profiles": record(mapRolesProfile)}},
	}
}

// mapTrustAnchor writes whose certificates stand for workloads outside of AWS.
func mapTrustAnchor(m *mapper, t struct {
	TrustAnchorArn, TrustAnchorID, Name string
	Enabled                             bool
	Source                              struct {
		SourceType string
		SourceData struct{ AcmPcaArn string }
	}
}) error {
	_, err := m.resource(thing{arn: t.TrustAnchorArn, kind: "rolesanywhere:trust-anchor", name: t.Name, nativeID: t.TrustAnchorID,
		attrs: attrs("enabled", fmt.Sprint(t.Enabled), "source-type", t.Source.SourceType, "authority", t.Source.SourceData.AcmPcaArn)})
	return err
}

type rolesProfile struct {
	ProfileArn, ProfileID, Name string
	Enabled                     bool
	AcceptRoleSessionName       bool
	RoleArns, ManagedPolicyArns []string
	SessionPolicy               jsontext.Value
}

// mapRolesProfile writes which roles certificates may ask for, and what limits
// their sessions.
func mapRolesProfile(m *mapper, p rolesProfile) error {
	ref := graph.Ref(p.ProfileArn)
	o, err := m.resource(thing{arn: p.ProfileArn, kind: "rolesanywhere:profile", name: p.Name, nativeID: p.ProfileID,
		attrs: attrs("enabled", fmt.Sprint(p.Enabled), "roles", joined(p.RoleArns), "accepts-session-name", yes(p.AcceptRoleSessionName))})
	if err != nil {
		return err
	}
	for _, policy := range distinct(p.ManagedPolicyArns) {
		if err := m.managed(ref, LayerSessionPolicy, attachedPolicy{PolicyArn: policy}, o); err != nil {
			return err
		}
	}
	if isNoPolicy(p.SessionPolicy) {
		return nil
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerSessionPolicy, Policy: ref + "#session", Name: "session", Inline: true, Origin: o},
		p.SessionPolicy, "/sessionPolicy")
}
