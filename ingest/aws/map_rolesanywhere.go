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
	o, err := m.resource(thing{arn: t.TrustAnchorArn, kind: "rolesanywhere:trust-anchor", name: t.Name, nativeID: t.TrustAnchorID,
		attrs: attrs("enabled", fmt.Sprint(t.Enabled), "source-type", t.Source.SourceType, "authority", t.Source.SourceData.AcmPcaArn)})
	if err != nil {
		return err
	}
	return m.certificates(t.TrustAnchorArn, t.Name, o.Listing.Scope, o)
}

// certificates writes whoever has a certificate of an anchor's authority.
func (m *mapper) certificates(anchor, name string, scope graph.Ref, o *graph.Origin) error {
	return m.node(graph.Node{Ref: graph.Ref(anchor) + "#certificates", Kind: graph.KindFederatedSubject, Type: "rolesanywhere:certificates",
		Name: "certificates of " + name, Scope: scope, Attrs: attrs("anchor", anchor), Origin: o})
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
	if isNoPolicy(p.SessionPolicy) && len(p.ManagedPolicyArns) == 0 {
		return nil
	}
	if err := m.profileSessions(p, o.Listing.Scope, o); err != nil || isNoPolicy(p.SessionPolicy) {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerSessionPolicy, Policy: ref + "#session", Name: "session", Inline: true, Origin: o},
		p.SessionPolicy, "/sessionPolicy")
}

// profileSessions writes the sessions of each role that a profile limits: they
// may do less than the role.
func (m *mapper) profileSessions(p rolesProfile, scope graph.Ref, o *graph.Origin) error {
	for _, role := range distinct(p.RoleArns) {
		a, ok := parseARN(role)
		if !ok {
			return fmt.Errorf("%w: %s: %.200q: want the ARN of a role", ErrContent, m.pointer, role)
		}
		err := m.node(graph.Node{Ref: graph.Ref(p.ProfileArn + "#" + role), Kind: graph.KindFederatedSubject, Type: "rolesanywhere:session",
			Name: a.last() + " under " + p.Name, Scope: scope, Attrs: attrs("profile", p.ProfileArn, "role", role), Origin: o})
		if err != nil {
			return err
		}
	}
	return nil
}
