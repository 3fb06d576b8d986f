package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// The facts about Amazon EKS that ingest writes.
const (
	typeCluster     = "eks:cluster"
	typePodIdentity = "eks:podidentityassociation"
	typeNodegroup   = "eks:nodegroup"
	typePodSession  = "eks:pod-session" // the sessions of a role that an association with a policy hands to pods
	// layerEKSAccess holds which access policies a principal has in a cluster.
	// To the cluster.
	layerEKSAccess graph.LayerID = "aws:eks-access"
)

// podMakers are the access policies that let their holder make pods, and with
// them use every service account of the namespace; of those, whole says whether
// they also give the nodes, by pods that share them.
//
// Source: Amazon EKS user guide, "Review access policy permissions".
var podMakers = map[string]struct{ whole bool }{
	"AmazonEKSClusterAdminPolicy": {whole: true},
	"AmazonEKSAdminPolicy":        {},
	"AmazonEKSEditPolicy":         {},
}

// clusterAccess is what `eks list-associated-access-policies` prints.
type clusterAccess struct {
	PrincipalArn             string
	AssociatedAccessPolicies []struct {
		PolicyArn   string
		AccessScope struct {
			Type       string
			Namespaces []string
		}
	}
}

// clusterEntries leads principals to the code that they can run in a cluster:
// whoever may make pods in a namespace runs as the roles of its service
// accounts. The cluster asks IAM who the caller is and for no permission, so no
// policy of his account decides.
//
// Sources: Amazon EKS user guide, "Grant IAM users access to Kubernetes with EKS
// access entries" and "Learn how EKS Pod Identity grants pods access to AWS
// services".
func (e *Estate) clusterEntries() []snapshot.Pivot {
	var pivots []snapshot.Pivot
	workloads, subjects := e.workloadsByCluster(), e.subjectsByIssuer()
	for _, cluster := range e.letIn().clusters {
		// With CONFIG_MAP alone the cluster does not read access entries.
		if e.s.Attr(cluster, "authentication-mode") == "CONFIG_MAP" {
			continue
		}
		for _, a := range e.s.Attached(cluster, layerEKSAccess) {
			var access clusterAccess
			if json.Unmarshal(e.textOf(a), &access) != nil {
				continue
			}
			pivots = append(pivots, e.podEntries(access, a, workloads[clusterKey(e.s.Ref(cluster), e.s.Name(cluster))])...)
			pivots = append(pivots, e.tokenEntries(access, a, subjects[strings.TrimPrefix(e.s.Attr(cluster, "oidc-issuer"), "https://")])...)
		}
	}
	return pivots
}

// workloadsByCluster lists what runs in each cluster.
func (e *Estate) workloadsByCluster() map[string][]snapshot.Index {
	list := map[string][]snapshot.Index{}
	for node := range e.s.OfKind(graph.KindWorkload) {
		if t := e.s.Type(node); t == typePodIdentity || t == typeNodegroup {
			key := clusterKey(e.s.Ref(node), e.s.Attr(node, "cluster"))
			list[key] = append(list[key], node)
		}
	}
	return list
}

func clusterKey(ref graph.Ref, cluster string) string {
	arn, _ := ParseARN(string(ref))
	return arn.Account + "/" + arn.Region + "/" + cluster
}

func (e *Estate) podEntries(access clusterAccess, a snapshot.AttachmentIndex, workloads []snapshot.Index) []snapshot.Pivot {
	var to []snapshot.Foothold
	for _, w := range workloads {
		if access.gives(e.s.Bare(w)) {
			to = append(to, snapshot.Foothold{Node: w, Hold: graph.AsCode})
		}
	}
	return e.byAccess(access, a, to)
}

// byAccess leads whom an access policy names to footholds.
func (e *Estate) byAccess(access clusterAccess, a snapshot.AttachmentIndex, to []snapshot.Foothold) []snapshot.Pivot {
	who, ok := e.s.Find(graph.Ref(access.PrincipalArn))
	if !ok || e.gone(who) {
		return nil
	}
	var pivots []snapshot.Pivot
	for _, f := range to {
		pivots = append(pivots, snapshot.Pivot{
			From: e.foothold(who), To: f, Relation: graph.CanImpersonate,
			Ruling: snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed},
				Evidence: []snapshot.EvidenceRef{{Attachment: a, Effect: graph.EffectAllow}}},
		})
	}
	return pivots
}

// tokenEntries leads whoever may make pods to the tokens of their service
// accounts, which roles take that trust the cluster's own issuer.
//
// Source: Amazon EKS user guide, "IAM roles for service accounts".
func (e *Estate) tokenEntries(access clusterAccess, a snapshot.AttachmentIndex, subjects []snapshot.Index) []snapshot.Pivot {
	var to []snapshot.Foothold
	for _, s := range subjects {
		if access.givesAccount(e.s.Attr(s, "sub")) {
			to = append(to, e.foothold(s))
		}
	}
	return e.byAccess(access, a, to)
}

// subjectsByIssuer lists the subjects that trusts let in by issuer.
func (e *Estate) subjectsByIssuer() map[string][]snapshot.Index {
	list := map[string][]snapshot.Index{}
	for node := range e.s.OfKind(graph.KindFederatedSubject) {
		if issuer := e.s.Attr(node, "issuer"); strings.HasPrefix(issuer, "oidc.eks.") {
			list[issuer] = append(list[issuer], node)
		}
	}
	return list
}

// givesAccount reports whether somebody with this access can have a token of
// some service account that a pattern covers: system:serviceaccount:NAMESPACE:NAME.
func (access *clusterAccess) givesAccount(pattern string) bool {
	parts := strings.SplitN(pattern, ":", 4)
	for _, p := range access.AssociatedAccessPolicies {
		switch _, ok := podMakers[policyOfARN(p.PolicyArn)]; {
		case !ok:
		case p.AccessScope.Type == "cluster", len(parts) < 4:
			return true
		case slices.ContainsFunc(p.AccessScope.Namespaces, func(n string) bool {
			return policy.Glob(n, parts[2]) || policy.Glob(parts[2], n)
		}):
			return true
		}
	}
	return false
}

func policyOfARN(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// podIdentity leads pods to the role that their association names, if the role
// lets the service assume it for them: the session is tagged with where the pods
// run, and the trust may ask for that.
//
// Source: Amazon EKS user guide, "Create IAM role with trust policy required by
// EKS Pod Identity".
func (e *Estate) podIdentity(pods snapshot.Index) []snapshot.Pivot {
	n, roles := e.s.Bare(pods), e.rolesOf(pods)
	if role, ok := e.s.Find(graph.Ref(n.Attr("limited-role"))); ok {
		roles = append(roles, role)
	}
	var pivots []snapshot.Pivot
	for _, role := range roles {
		pivots = append(pivots, e.podRole(n, pods, role)...)
	}
	return pivots
}

// podRole decides one role for pods.
func (e *Estate) podRole(n graph.Node, pods, role snapshot.Index) []snapshot.Pivot {
	arn, _ := ParseARN(string(n.Ref))
	cluster := ARN{Partition: arn.Partition, Service: "eks", Region: arn.Region, Account: arn.Account, Resource: "cluster/" + n.Attr("cluster")}
	r := &request{
		estate: e, action: parseAction("sts:AssumeRole"), resource: e.resourceByNode(role),
		principal: &principal{node: snapshot.None, ref: "pods.eks.amazonaws.com", kind: kindService, partition: arn.Partition, account: e.account("")},
		stated:    []statedKey{{key: "aws:sourcearn", values: []string{cluster.String()}}, {key: "aws:sourceaccount", values: []string{arn.Account}}},
	}
	if n.Attr("session-tags-disabled") == "" {
		r.stated = append(r.stated, podTags(n, cluster)...)
	}
	ruling := r.ruling(r.decide())
	if ruling.Verdict == graph.Denied {
		return nil
	}
	to := snapshot.Foothold{Node: role, Hold: graph.AsSession}
	if session, limited := e.s.Find(n.Ref + "#session"); limited {
		to = e.foothold(session)
	}
	return []snapshot.Pivot{{From: snapshot.Foothold{Node: pods, Hold: graph.AsCode}, To: to, Relation: graph.RunsAs, Ruling: ruling}}
}

// podTags are the tags of a session that say where its pods run. Two more tell
// the pod itself, and are open.
func podTags(pods graph.Node, cluster ARN) []statedKey {
	tag := func(key, value string) statedKey {
		return statedKey{key: "aws:requesttag/" + key, values: []string{value}}
	}
	return []statedKey{
		tag("eks-cluster-arn", cluster.String()), tag("eks-cluster-name", pods.Attr("cluster")),
		tag("kubernetes-namespace", pods.Attr("namespace")), tag("kubernetes-service-account", pods.Attr("service-account")),
	}
}

// gives reports whether somebody with this access can run as a workload.
func (access *clusterAccess) gives(workload graph.Node) bool {
	for _, p := range access.AssociatedAccessPolicies {
		maker, ok := podMakers[policyOfARN(p.PolicyArn)]
		everywhere := p.AccessScope.Type == "cluster"
		switch {
		case !ok:
		case workload.Type == typeNodegroup:
			if maker.whole && everywhere {
				return true
			}
		case everywhere || slices.ContainsFunc(p.AccessScope.Namespaces, func(n string) bool { return policy.Glob(n, workload.Attr("namespace")) }):
			return true
		}
	}
	return false
}
