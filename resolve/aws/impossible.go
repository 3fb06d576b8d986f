package aws

import (
	"strings"

	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// settled answers what no policy decides: requests that need no permission,
// and requests that AWS refuses to anybody.
func (r *request) settled() (outcome, bool) {
	for i := range r.words {
		r.words[i] = policy.False
	}
	if r.needsNoPermission() && r.holds(ruleCallers) {
		r.words[termIdentity], r.words[termSameAccount], r.words[termImplicitGrant] = policy.True, policy.True, policy.True
		r.words[termBoundary], r.words[termSession] = policy.True, policy.True
		return outcome{formula: policy.True}, true
	}
	if why := r.impossible(); why != "" && r.holds(ruleCallers) {
		return outcome{formula: policy.False, impossible: why}, true
	}
	return outcome{}, false
}

// needsNoPermission: these two answer whatever policies say, explicit denies
// included.
//
// Sources: STS API reference, GetCallerIdentity; IAM user guide, "Permissions
// for GetSessionToken".
func (r *request) needsNoPermission() bool {
	if r.action.service != "sts" || !r.principal.hasIdentity() {
		return false
	}
	return r.action.name == "getcalleridentity" ||
		r.action.name == "getsessiontoken" && (r.principal.kind == kindUser || r.principal.kind == kindRoot)
}

// impossible says why there is no such request, "" if there is.
func (r *request) impossible() string {
	p, a := r.principal, &r.action
	switch {
	case p.kind == kindRoot && a.service == "sts" && strings.HasPrefix(a.name, "assumerole"):
		return "the root user cannot assume roles" // STS API reference, AssumeRole
	case p.kind == kindRole && a.service == "sts" && (a.name == "getsessiontoken" || a.name == "getfederationtoken"):
		return "a role's session cannot call it" // IAM user guide, "Compare AWS STS credentials"
	case r.crossesPartitions() && r.holds(rulePartitions):
		return "credentials of partition " + p.partition + " are unknown in partition " + r.resource.parts.Partition
	case r.noURL() != "":
		return r.noURL()
	case r.callsAPI() && r.resourceAttr("endpoint-types") == "PRIVATE" && r.principal.kind == kindAnonymous:
		return "the API is reached through VPC endpoints alone"
	case r.editsProtected() && r.holds(rulePartitions):
		return r.resource.arn + " can only be changed by AWS"
	}
	return ""
}

// crossesPartitions: credentials of one partition are of no use in another.
//
// Source: AWS whitepaper "AWS Fault Isolation Boundaries", "Partitions".
func (r *request) crossesPartitions() bool {
	to := r.resource.parts.Partition
	return r.principal.kind != kindAnonymous && r.principal.kind != kindService && to != "" && to != r.principal.partition
}

// editsProtected: AWS managed policies, roles of IAM Identity Center and
// service-linked roles cannot be changed by anybody in the account, deleting a
// service-linked role through its own operation apart.
//
// Sources: IAM user guide, "Managed policies and inline policies"; IAM API
// reference, error UnmodifiableEntity of AttachRolePolicy and its like.
func (r *request) editsProtected() bool {
	if r.action.service != "iam" || !r.action.known || r.action.name == "passrole" || r.action.name == "deleteservicelinkedrole" {
		return false
	}
	if level := r.action.id.Level(); level == reference.List || level == reference.Read {
		return false
	}
	return r.resource.protected()
}

// protected: things that only AWS changes.
func (b *resource) protected() bool {
	a := &b.parts
	return a.Service == "iam" && (a.Account == "aws" && strings.HasPrefix(a.Resource, "policy/") ||
		strings.HasPrefix(a.Resource, "role/aws-reserved/") || strings.HasPrefix(a.Resource, "role/aws-service-role/"))
}
