package graph

// Kind says what a node is, in words that hold for every provider. The
// provider's own word for it is the node's Type.
type Kind string

// The kinds of node. The list is closed: stores make labels of it.
const (
	KindUser             Kind = "User"
	KindGroup            Kind = "Group"
	KindRole             Kind = "Role"
	KindServiceAccount   Kind = "ServiceAccount"
	KindServicePrincipal Kind = "ServicePrincipal"
	KindManagedIdentity  Kind = "ManagedIdentity"
	KindWorkload         Kind = "Workload"
	KindFederatedSubject Kind = "FederatedSubject"
	KindAnonymous        Kind = "Anonymous"
	KindAIAgent          Kind = "AIAgent"

	KindResource Kind = "Resource"

	KindOrganization Kind = "Organization"
	KindFolder       Kind = "Folder"
	KindAccount      Kind = "Account"
	KindCluster      Kind = "Cluster"
	KindNamespace    Kind = "Namespace"

	KindCredential Kind = "Credential"
)

// Kinds lists every kind, in the order in which this file declares them.
var Kinds = []Kind{
	KindUser, KindGroup, KindRole, KindServiceAccount, KindServicePrincipal, KindManagedIdentity,
	KindWorkload, KindFederatedSubject, KindAnonymous, KindAIAgent,
	KindResource,
	KindOrganization, KindFolder, KindAccount, KindCluster, KindNamespace,
	KindCredential,
}

// Class is the coarse sort of a kind.
type Class uint8

// The four classes.
const (
	ClassUnknown Class = iota
	ClassPrincipal
	ClassResource
	ClassScope
	ClassCredential
)

// Class returns the class of k, ClassUnknown for a kind that is not listed.
func (k Kind) Class() Class {
	switch k {
	case KindUser, KindGroup, KindRole, KindServiceAccount, KindServicePrincipal, KindManagedIdentity,
		KindWorkload, KindFederatedSubject, KindAnonymous, KindAIAgent:
		return ClassPrincipal
	case KindResource:
		return ClassResource
	case KindOrganization, KindFolder, KindAccount, KindCluster, KindNamespace:
		return ClassScope
	case KindCredential:
		return ClassCredential
	}
	return ClassUnknown
}

// Relation names what leads from one node or foothold to another.
type Relation string

// The relations. The list is closed: stores make relationship types of it.
const (
	// Observed: ingesters write them.
	Contains     Relation = "CONTAINS"
	MemberOf     Relation = "MEMBER_OF"
	CredentialOf Relation = "CREDENTIAL_OF"
	RunsAs       Relation = "RUNS_AS"

	// Concluded: the resolver writes them.
	CanAssume      Relation = "CAN_ASSUME"
	CanImpersonate Relation = "CAN_IMPERSONATE"
	CanEscalate    Relation = "CAN_ESCALATE"
	CanAccess      Relation = "CAN_ACCESS"
	Administers    Relation = "ADMINISTERS"
)

// Relations lists every relation, observed ones first.
var Relations = []Relation{
	Contains, MemberOf, CredentialOf, RunsAs,
	CanAssume, CanImpersonate, CanEscalate, CanAccess, Administers,
}
