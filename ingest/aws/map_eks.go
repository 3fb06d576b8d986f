package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerEKSAccess holds which access policies of EKS a principal has in a
// cluster. The attachment is to the cluster.
const LayerEKSAccess graph.LayerID = "aws:eks-access"

func eksOperations() []operation {
	access := []graph.LayerID{LayerEKSAccess}
	one := func(name, subject, mark, prefix string, f recordFunc) operation {
		return operation{service: "eks", name: name, lone: true, subject: subject, selfEvident: true, marks: []string{mark},
			whole: f, refOf: ofSubject("eks", prefix)}
	}
	entry := one("describe-access-entry", "cluster name/principal ARN", "accessEntry", "", record(mapAccessEntry))
	entry.refOf, entry.layers = accessEntryOf, access
	return []operation{
		{service: "eks", name: "list-clusters", marks: []string{"clusters"}, each: map[string]recordFunc{"clusters": listedName("eks", "cluster/")}},
		one("describe-cluster", "cluster name", "cluster", "cluster/", record(mapEKSCluster)),
		one("describe-nodegroup", "cluster name/nodegroup name", "nodegroup", "nodegroup/", record(mapNodegroup)),
		one("describe-fargate-profile", "cluster name/profile name", "fargateProfile", "fargateprofile/", record(mapFargateProfile)),
		one("describe-pod-identity-association", "cluster name/association id", "association", "podidentityassociation/", record(mapPodIdentity)),
		entry,
		{service: "eks", name: "list-associated-access-policies", subject: "cluster name/principal ARN", marks: []string{"associatedAccessPolicies"},
			layers: access, whole: mapAccessPolicies, refOf: accessEntryOf},
	}
}

type eksCluster struct {
	Name, Arn, RoleArn, Version, Status string
	ResourcesVpcConfig                  struct {
		EndpointPublicAccess bool
		PublicAccessCidrs    []string
	}
	Identity         struct{ Oidc struct{ Issuer string } }
	AccessConfig     struct{ AuthenticationMode string }
	EncryptionConfig []struct{ Provider struct{ KeyArn string } }
	Tags             tagMap
}

// mapEKSCluster writes a cluster as AWS knows it. Its service role is used by
// the control plane and by nothing that a user runs, so it is no RUNS_AS.
func mapEKSCluster(m *mapper, d struct{ Cluster eksCluster }) error {
	c := d.Cluster
	key := ""
	for _, e := range c.EncryptionConfig {
		key = e.Provider.KeyArn
	}
	slices.Sort(c.ResourcesVpcConfig.PublicAccessCidrs)
	_, err := m.resource(thing{arn: c.Arn, of: graph.Ref(c.Arn), kind: "eks:cluster", name: c.Name, tags: c.Tags.list(), attrs: attrs(
		"service-role", c.RoleArn, "version", c.Version, "status", c.Status, "oidc-issuer", strings.TrimPrefix(c.Identity.Oidc.Issuer, "https://"),
		"authentication-mode", c.AccessConfig.AuthenticationMode, "public-endpoint", yes(c.ResourcesVpcConfig.EndpointPublicAccess),
		"public-cidrs", strings.Join(c.ResourcesVpcConfig.PublicAccessCidrs, ","), "kms-key", key)})
	return err
}

type nodegroup struct {
	NodegroupName, NodegroupArn, ClusterName, NodeRole, Status string
	Tags                                                       tagMap
}

func mapNodegroup(m *mapper, d struct{ Nodegroup nodegroup }) error {
	g := d.Nodegroup
	_, err := m.resource(thing{arn: g.NodegroupArn, of: subjectInPath(m, g.NodegroupArn), kind: "eks:nodegroup", is: graph.KindWorkload, name: g.NodegroupName,
		tags: g.Tags.list(), attrs: attrs("cluster", g.ClusterName, "status", g.Status), role: g.NodeRole})
	return err
}

// subjectInPath returns the listing's subject of a thing whose ARN ends in an
// id that its path does not hold: the path's own words count, so that a refusal
// and the answer of the next day are of one listing.
func subjectInPath(m *mapper, s string) graph.Ref {
	if m.doc.resource == "" {
		return graph.Ref(s)
	}
	if of, err := m.doc.op.refOf(m); err == nil {
		return of
	}
	return graph.Ref(s)
}

func mapFargateProfile(m *mapper, d struct {
	FargateProfile struct {
		FargateProfileName, FargateProfileArn, ClusterName, PodExecutionRoleArn, Status string
		Tags                                                                            tagMap
	}
}) error {
	p := d.FargateProfile
	_, err := m.resource(thing{arn: p.FargateProfileArn, of: subjectInPath(m, p.FargateProfileArn), kind: "eks:fargateprofile", name: p.FargateProfileName,
		tags: p.Tags.list(), attrs: attrs("cluster", p.ClusterName, "execution-role", p.PodExecutionRoleArn, "status", p.Status)})
	return err
}

type podIdentity struct {
	AssociationArn, AssociationId, ClusterName, Namespace, ServiceAccount, RoleArn, TargetRoleArn string
	DisableSessionTags                                                                            bool
	Policy                                                                                        jsontext.Value
	Tags                                                                                          tagMap
}

// mapPodIdentity writes the pods of one service account of one namespace: they
// run as the role. A target role is assumed from it in turn. Where the
// association has a policy, they run as the role under that policy.
func mapPodIdentity(m *mapper, d struct{ Association podIdentity }) error {
	p := d.Association
	role, limited := p.RoleArn, ""
	if !isNoPolicy(p.Policy) {
		role, limited = "", p.RoleArn
	}
	o, err := m.resource(thing{arn: p.AssociationArn, of: subjectInPath(m, p.AssociationArn), kind: "eks:podidentityassociation", is: graph.KindWorkload,
		name: p.Namespace + "/" + p.ServiceAccount, nativeID: p.AssociationId, tags: p.Tags.list(), role: role,
		attrs: attrs("cluster", p.ClusterName, "namespace", p.Namespace, "service-account", p.ServiceAccount, "target-role", p.TargetRoleArn,
			"limited-role", limited, "session-tags-disabled", yes(p.DisableSessionTags))})
	if err != nil || isNoPolicy(p.Policy) {
		return err
	}
	return m.podSession(p, o)
}

// podSession writes the limited sessions of the role that pods run as.
func (m *mapper) podSession(p podIdentity, o *graph.Origin) error {
	ref := graph.Ref(p.AssociationArn)
	err := m.node(graph.Node{Ref: ref + "#session", Kind: graph.KindFederatedSubject, Type: "eks:pod-session", Name: "pods of " + p.Namespace + "/" + p.ServiceAccount,
		Scope: o.Listing.Scope, Attrs: attrs("association", p.AssociationArn, "role", p.RoleArn), Origin: o})
	if err != nil {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerSessionPolicy, Policy: ref + "#policy", Name: "session", Inline: true, Origin: o}, p.Policy, "/association/policy")
}

type accessEntry struct {
	ClusterName, PrincipalArn, AccessEntryArn, Username, Type string
	KubernetesGroups                                          []string
	Tags                                                      tagMap
}

func mapAccessEntry(m *mapper, d struct{ AccessEntry accessEntry }) error {
	e := d.AccessEntry
	slices.Sort(e.KubernetesGroups)
	o, err := m.resource(thing{arn: e.AccessEntryArn, of: subjectInPath(m, e.AccessEntryArn), kind: "eks:access-entry", name: e.PrincipalArn, tags: e.Tags.list(),
		attrs: attrs("cluster", e.ClusterName, "principal", e.PrincipalArn, "username", e.Username, "type", e.Type,
			"kubernetes-groups", strings.Join(e.KubernetesGroups, ","))})
	if err != nil {
		return err
	}
	return m.mentionThing(graph.Ref(e.PrincipalArn), o)
}

// accessEntryOf names the entry of a principal in a cluster: an entry's own ARN
// ends in an id that the path does not hold.
func accessEntryOf(m *mapper) (graph.Ref, error) {
	name, principal, ok := strings.Cut(m.doc.resource, "/")
	if _, isARN := parseARN(principal); !ok || !isARN {
		return "", fmt.Errorf("%w: %.200q: want <cluster name>/<principal ARN>, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	s, err := m.inRegion("eks", "cluster/"+name)
	return graph.Ref(s + "#access:" + principal), err
}

// mapAccessPolicies reads which access policies a principal has in a cluster.
func mapAccessPolicies(m *mapper, v jsontext.Value) error {
	var p struct{ ClusterName, PrincipalArn string }
	if err := decodeFold(v, &p); err != nil {
		return err
	}
	s, err := m.inRegion("eks", "cluster/"+p.ClusterName)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, graph.Ref(s+"#access:"+p.PrincipalArn))
	if err := m.mentionThing(graph.Ref(p.PrincipalArn), o); err != nil {
		return err
	}
	return m.fact(fact{graph.Ref(s), LayerEKSAccess, "access:" + p.PrincipalArn}, v, o, "clusterName", "principalArn", "associatedAccessPolicies")
}
