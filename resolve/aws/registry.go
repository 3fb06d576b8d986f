package aws

import "github.com/clewgraph/clew/graph"

// readRegistry adds the policy of the registry that a repository of Amazon ECR
// lies in: it is enforced in all requests, beside the repository's own.
//
// Source: Amazon ECR user guide, "Private registry permissions in Amazon ECR",
// of the scope that is the default. The narrower one knows three actions, none
// of which the policies of repositories have.
func (e *Estate) readRegistry(r *resource) {
	if r.typ != "ecr:repository" {
		return
	}
	at := r.parts
	at.Resource = "registry"
	registry, ok := e.s.Find(graph.Ref(at.String()))
	if !ok {
		return
	}
	r.policies = append(r.policies, e.attached(registry, LayerResource)...)
	if r.gap == nil {
		r.gap = e.gapOf(registry, LayerResource)
	}
}
