package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// The facts about IAM Roles Anywhere that ingest writes.
const (
	typeProfile        = "rolesanywhere:profile"
	typeCertificates   = "rolesanywhere:certificates" // whoever has a certificate of a trust anchor's authority
	typeProfileSession = "rolesanywhere:session"      // the sessions of one role that a profile with session policies hands out
	// layerSessionPolicy holds what limits the sessions of a profile.
	layerSessionPolicy graph.LayerID = "aws:session-policy"
)

// certificateTokens: the service assumes the role for whoever has a
// certificate, if an enabled profile lists the role. It tags the session and
// sets its source identity, so the trust has to allow these too, and the trust
// may ask for the anchor and for what the certificate says.
//
// Source: IAM Roles Anywhere user guide, "The IAM Roles Anywhere trust model".
func (e *Estate) certificateTokens(certificates graph.Node, role *resource) []ticket {
	anchor, ok := e.s.Find(graph.Ref(certificates.Attr("anchor")))
	if !ok || e.s.Attr(anchor, "enabled") != "true" || !e.profiled(anchor, role) {
		return nil
	}
	arn, _ := ParseARN(string(e.s.Ref(anchor)))
	service := &principal{
		node: snapshot.None, ref: "rolesanywhere.amazonaws.com", kind: kindService,
		partition: arn.Partition, account: e.account(""), openTags: true,
	}
	return []ticket{{
		p: service, had: policy.True, also: []string{"sts:TagSession", "sts:SetSourceIdentity"},
		stated: []statedKey{
			{key: "aws:sourcearn", values: []string{arn.String()}},
			{key: "aws:sourceaccount", values: []string{arn.Account}},
		},
	}}
}

// profiled reports whether some profile beside an anchor lists a role.
func (e *Estate) profiled(anchor snapshot.Index, role *resource) bool {
	return slices.ContainsFunc(e.profilesOf(anchor), func(profile snapshot.Index) bool {
		return slices.Contains(rolesIn(e.s.Bare(profile)), role.arn)
	})
}

// profilesOf are the enabled profiles that certificates of an anchor can use:
// those of its account and region.
func (e *Estate) profilesOf(anchor snapshot.Index) []snapshot.Index {
	at, _ := ParseARN(string(e.s.Ref(anchor)))
	var list []snapshot.Index
	for _, node := range e.letIn().profiles {
		if e.s.Attr(node, "enabled") != "true" {
			continue
		}
		if arn, _ := ParseARN(string(e.s.Ref(node))); arn.Account == at.Account && arn.Region == at.Region {
			list = append(list, node)
		}
	}
	return list
}

func rolesIn(n graph.Node) []string {
	if roles := n.Attr("roles"); roles != "" {
		return strings.Split(roles, ",")
	}
	return nil
}

// certificateEntries leads whoever has a certificate of an anchor to the
// sessions that its profiles hand out.
func (e *Estate) certificateEntries(certificates snapshot.Index) []snapshot.Pivot {
	anchor, ok := e.s.Find(graph.Ref(e.s.Attr(certificates, "anchor")))
	if !ok {
		return nil
	}
	var pivots []snapshot.Pivot
	for _, profile := range e.profilesOf(anchor) {
		for _, ref := range rolesIn(e.s.Bare(profile)) {
			role, ok := e.s.Find(graph.Ref(ref))
			if !ok {
				continue
			}
			to := snapshot.Foothold{Node: role, Hold: graph.AsSession}
			if session, limited := e.s.Find(profileSession(e.s.Ref(profile), ref)); limited {
				to = e.foothold(session)
			}
			p := snapshot.Pivot{From: e.foothold(certificates), To: to, Relation: graph.CanAssume, Action: "sts:AssumeRole"}
			pivots = e.entry(pivots, p, role)
		}
	}
	return pivots
}

// profileSession is the node of the limited sessions of a role.
func profileSession(profile graph.Ref, role string) graph.Ref {
	return profile + "#" + graph.Ref(role)
}
