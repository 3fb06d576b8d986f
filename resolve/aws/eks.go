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
	workloads := e.workloadsByCluster()
	for cluster := range e.s.OfKind(graph.KindResource) {
		// With CONFIG_MAP alone the cluster does not read access entries.
		if e.s.Type(cluster) != typeCluster || e.s.Node(cluster).Attr("authentication-mode") == "CONFIG_MAP" {
			continue
		}
		for _, a := range e.s.Attachments(cluster) {
			record := e.s.Attachment(a)
			var access clusterAccess
			if record.Layer != layerEKSAccess || json.Unmarshal(record.Document, &access) != nil {
				continue
			}
			pivots = append(pivots, e.podEntries(access, a, workloads[clusterKey(e.s.Ref(cluster), e.s.Name(cluster))])...)
		}
	}
	return pivots
}

// workloadsByCluster lists what runs in each cluster.
func (e *Estate) workloadsByCluster() map[string][]snapshot.Index {
	list := map[string][]snapshot.Index{}
	for node := range e.s.OfKind(graph.KindWorkload) {
		if t := e.s.Type(node); t == typePodIdentity || t == typeNodegroup {
			key := clusterKey(e.s.Ref(node), e.s.Node(node).Attr("cluster"))
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
	who, ok := e.s.Find(graph.Ref(access.PrincipalArn))
	if !ok || e.gone(who) {
		return nil
	}
	ruling := snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed},
		Evidence: []snapshot.EvidenceRef{{Attachment: a, Effect: graph.EffectAllow}}}
	var pivots []snapshot.Pivot
	for _, w := range workloads {
		if access.gives(e.s.Node(w)) {
			pivots = append(pivots, snapshot.Pivot{From: e.foothold(who), To: snapshot.Foothold{Node: w, Hold: graph.AsCode},
				Relation: graph.CanImpersonate, Ruling: ruling})
		}
	}
	return pivots
}

// gives reports whether somebody with this access can run as a workload.
func (access *clusterAccess) gives(workload graph.Node) bool {
	for _, p := range access.AssociatedAccessPolicies {
		maker, ok := podMakers[p.PolicyArn[strings.LastIndexByte(p.PolicyArn, '/')+1:]]
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
