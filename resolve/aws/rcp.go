package aws

import (
	"strings"

	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

var rcpLayer = policy.Layer{
	ID: LayerRCP, Provider: "aws", Name: "resource control policy", Mode: policy.Ceiling,
	Doc: "Limits what anybody may do to the resources of member accounts, for the services that support it " +
		"(AWS Organizations user guide, \"Resource control policies\"). " +
		"Resources of the management account and requests of service-linked roles are not limited.",
}

func (r *request) readRCP() {
	r.words[termRCP] = policy.True
	owner := r.resource.owner
	if owner == nil || owner.management || !reference.SupportsRCP(r.action.service) || r.escapesRCP() {
		return
	}
	if owner.rcp.assumed {
		r.words[termRCP] = r.uncollected(numRCP, assumeRCP, AccountRef(owner.id))
		return
	}
	// RCPFullAWSAccess is attached everywhere and cannot be detached, so a
	// level always allows; other policies of the type can only deny.
	r.words[termRCP], r.words[termDenyRCP] = r.readLevels(numRCP, &owner.rcp, policy.True)
}

// escapesRCP: requests of and for service-linked roles, AWS managed keys, and
// the retiring of grants are not limited.
//
// Source: AWS Organizations user guide, "Resource control policies", section
// "Resources and entities not restricted by RCPs".
func (r *request) escapesRCP() bool {
	return r.principal.serviceLinked || strings.HasPrefix(r.resource.parts.Resource, "role/aws-service-role/") ||
		awsManagedKey(r.resource.arn) || r.action.service == "kms" && r.action.name == "retiregrant"
}
