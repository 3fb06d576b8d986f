package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// The layers of AWS. The order is that in which a decision names the layer
// that decided: what bounds the resource, then what bounds the principal's
// account, then grants, then what bounds the principal.
//
// Source: IAM user guide, "Policy evaluation logic".
var Layers = []*policy.Layer{
	&rcpLayer, &scpLayer, &endpointLayer, &publicAccessLayer,
	&resourceLayer, &trustLayer, &identityLayer, &boundaryLayer, &sessionLayer,
}

// The ids of the layers, as ingest writes them on attachments.
const (
	LayerIdentity     graph.LayerID = "aws:identity"
	LayerResource     graph.LayerID = "aws:resource"
	LayerTrust        graph.LayerID = "aws:trust"
	LayerBoundary     graph.LayerID = "aws:boundary"
	LayerSession      graph.LayerID = "aws:session"
	LayerSCP          graph.LayerID = "aws:scp"
	LayerRCP          graph.LayerID = "aws:rcp"
	LayerEndpoint     graph.LayerID = "aws:vpc-endpoint"
	LayerPublicAccess graph.LayerID = "aws:public-access-block"
	// LayerPolicyVersion marks the versions of a managed policy that are not
	// its default: facts for techniques, no word in a decision.
	LayerPolicyVersion graph.LayerID = "aws:policy-version"
)

// layerNumber numbers the layers inside a request.
type layerNumber uint8

const (
	numRCP layerNumber = iota
	numSCP
	numEndpoint
	numPublicAccess
	numResource
	numTrust
	numIdentity
	numBoundary
	numSession
	layerCount
)

// The terms of the expression.
const (
	// Facts of the request.
	termSameAccount   policy.Term = iota // principal and resource are of one account
	termIdentitySide                     // the principal has identity policies at all
	termImplicitGrant                    // identity policies suffice in the resource's account
	termUnbounded                        // a grant to the user or session itself escapes boundary and session policy
	// Words that let through.
	termSCP
	termRCP
	termEndpoint
	termPublicAccess
	termIdentity
	termBoundary
	termSession
	// Words of the resource's policy, by how it names the principal.
	termResourceDirect  // the session, the user, a service, or everyone
	termResourceRole    // the role
	termResourceAccount // the account, which only delegates
	termResourceAnyone  // any of the three
	// Explicit denies, one term a layer.
	termDenyRCP
	termDenySCP
	termDenyEndpoint
	termDenyResource
	termDenyIdentity
	termDenyBoundary
	termDenySession
	termCount
)

// Combine is how the layers of AWS combine, over every kind of request.
//
// Sources: IAM user guide, "Policy evaluation logic" and its pages "Policy
// evaluation for requests within a single account", "Cross-account policy
// evaluation logic", "Permissions boundaries for IAM entities" (which grants
// of a resource policy a boundary limits), "Update a role trust policy" (a
// boundary has to allow sts:AssumeRole in any case).
var Combine = policy.All(
	policy.Neither(
		policy.Word(termDenyRCP), policy.Word(termDenySCP), policy.Word(termDenyEndpoint), policy.Word(termDenyResource),
		policy.Word(termDenyIdentity), policy.Word(termDenyBoundary), policy.Word(termDenySession),
	),
	policy.Word(termRCP), policy.Word(termSCP), policy.Word(termEndpoint), policy.Word(termPublicAccess),
	policy.Any(
		// Nobody's identity: services, federated subjects, anonymous.
		policy.All(policy.Neither(policy.Word(termIdentitySide)), policy.Word(termResourceDirect)),
		// One account: either side grants. A grant to the session or the user
		// itself is not limited by boundary or session policy, role trust apart.
		policy.All(policy.Word(termIdentitySide), policy.Word(termSameAccount), policy.Any(
			policy.All(policy.Word(termUnbounded), policy.Word(termResourceDirect)),
			policy.All(policy.Word(termBoundary), policy.Word(termSession), policy.Any(
				policy.Word(termResourceDirect), policy.Word(termResourceRole),
				policy.All(policy.Word(termIdentity), policy.Any(
					policy.Word(termImplicitGrant), policy.Word(termResourceAccount))),
			)),
		)),
		// Two accounts: both sides grant.
		policy.All(policy.Word(termIdentitySide), policy.Neither(policy.Word(termSameAccount)),
			policy.Word(termIdentity), policy.Word(termBoundary), policy.Word(termSession), policy.Word(termResourceAnyone)),
	),
)
