// Package escalate knows how an identity turns its permissions into more.
//
// A Technique is data: what the actor needs to be allowed, what has to be true
// of the estate, and what it then holds. One matcher (match.go) reads them
// all. Every need is an ordinary access question that the provider's evaluator
// decides, so boundaries, organization policies, denies and conditions hold at
// every step; nothing here concludes from a permission's name.
//
// The techniques of a provider stand in files named after it, one a family.
package escalate

import (
	"github.com/clewgraph/clew/graph"
)

// A Technique is one known way to gain a foothold.
type Technique struct {
	ID       string // stable, e.g. "iam-001"; the published id where there is one
	Title    string // what is called, e.g. "iam:CreatePolicyVersion"
	Provider graph.Provider
	Category Category
	// Vars are the things that the technique speaks of besides the actor; each
	// is bound to a node of the actor's account.
	Vars  []Var
	Facts []Fact
	Needs []Need
	// Yields is what the actor holds afterwards.
	Yields Yield
	// Log are the events that prove that the step was taken.
	Log       []Event
	Reference string // a public page that describes it
	Status    Status
	// Told, if set, is the relation whose pivots are the technique's uses: they
	// are concluded without it, for every foothold, and are not said again.
	Told graph.Relation
}

// Category sorts techniques by what they turn.
type Category string

// The categories.
const (
	SelfEscalation     Category = "self-escalation"     // the actor's own policies
	PrincipalAccess    Category = "principal-access"    // a credential or session of somebody else
	NewPassRole        Category = "new-passrole"        // new compute with a passed role
	ExistingPassRole   Category = "existing-passrole"   // compute that already runs as a role
	PoisonedInput      Category = "poisoned-input"      // what a workload loads
	ResourcePolicy     Category = "resource-policy"     // who may use a resource
	DataAccess         Category = "data-access"         // a copy of the data
	OrganizationAccess Category = "organization-access" // over account borders
)

// Status says whether a technique works today.
type Status string

// The statuses.
const (
	Known Status = "known"
	Fixed Status = "fixed" // the provider closed it; kept for old logs, never matched
)

// Actor is the name of the variable that is whoever uses the technique.
const Actor = "actor"

// A Var is a thing that a technique speaks of.
type Var struct {
	Name string // e.g. "role"
	Type string // the provider's type, e.g. "iam:role", "lambda:function"
	// Listing, if set, is the operation that shows all things of the type.
	// Where it was not collected of the actor's account, one more thing is
	// considered that no document describes: what hangs on it is UNKNOWN.
	Listing string // "service operation", e.g. "lambda list-functions"
	// New: the actor makes it. It matches no node; needs on it are decided for
	// the name and region that suit the actor best.
	New bool
	// Across: things of every account count, not only of the actor's own.
	Across bool
}

// A FactKind is something that has to be true of the estate.
type FactKind uint8

// The facts. A and B are variables.
const (
	// IsActor: A is the actor itself.
	IsActor FactKind = iota
	// IsNotActor: A is somebody else.
	IsNotActor
	// MemberOf: A (Actor, too) is a member of group B.
	MemberOf
	// AttachedTo: managed policy A is attached to B (Actor, too), or to a group
	// that B is a member of.
	AttachedTo
	// RunsAs: A runs as role B. Of a thing that no document describes it is
	// UNKNOWN where B trusts the service that Value names.
	RunsAs
	// RunsAsNothing: A runs as no role. UNKNOWN of a thing that no document
	// describes.
	RunsAsNothing
	// InProfile: instance profile A holds role B.
	InProfile
	// FewerKeys: user A has fewer than two access keys. UNKNOWN where no
	// document shows any of it and keys were not listed.
	FewerKeys
	// HasLogin, HasNoLogin: user A has (no) console password. UNKNOWN where
	// login profiles were not collected.
	HasLogin
	HasNoLogin
	// HasAttr: A has the native property Value, "key" or "key=value". UNKNOWN
	// of a thing that no document describes.
	HasAttr
	// HasNoAttr: A has no native property Value. UNKNOWN of a thing that no
	// document describes.
	HasNoAttr
	// AttrNames: the native property Value of A is B.
	AttrNames
	// Loads: the native property Value of A, a list of container images, names
	// one of repository B by its tag. One that is named by its digest cannot be
	// another.
	Loads
	// Selects: the native property Value of A, lists of groups of filters, takes
	// machine B in, which is of the same region, by its tags. UNKNOWN of an A that
	// no document describes.
	Selects
	// Binds: limit A, of the kind Value, is on B (Actor, too).
	Binds
	// HasFact: an attachment at layer Value is on A.
	HasFact
	// Enough: with another version of managed policy A as its default, or as a
	// member of group A, the actor administers its account, or can give itself
	// what is missing. UNKNOWN where the versions of a policy were not
	// collected.
	Enough
	// IsManagement: the account of A manages its organization.
	IsManagement
	// OtherAccount: A is not of the actor's account.
	OtherAccount
	// CustomerManaged: policy A is of the account, not of the provider.
	CustomerManaged
)

// A Fact is one precondition.
type Fact struct {
	Kind  FactKind
	A, B  string
	Value string
	// Listing, if set, is the operation that shows the fact: where it was not
	// collected, the want of the fact is UNKNOWN.
	Listing string
}

// A Need is one access question.
type Need struct {
	// Who asks: Actor if empty; "$name" a variable; "service:HOST" asks whether
	// the service may (whether role R trusts service S is sts:AssumeRole on R
	// asked for S).
	Who    string
	Action string
	// On is a variable, Actor, "*", "name/part" for a part of a variable,
	// "name@property" for what a native property of it names, or a reference with ${Partition}, ${Region} and ${Account} to be filled.
	On string
	// With is what the actor puts into the request: condition keys with values;
	// "$name" is the reference of a variable. A key with "!" before it is left
	// out of the request.
	With map[string]string
	// Given: the policy of On is what the actor wrote before: it grants, and
	// denies nothing. Ceilings and the actor's own denies still count.
	Given bool
}

// A Yield is what a technique gives. A principal that is New can be given every
// policy of the account: what is held then is the account, as by whoever
// administers it.
type Yield struct {
	// Of is the variable that is held afterwards, or Actor.
	Of   string
	Hold graph.Hold
	// Data, if set, says in words what is read or changed instead of a
	// foothold being gained; Of is then the resource, which is held by its data
	// alone (graph.DataOnly).
	Data string
	// Without, if set, is a limit that the actor then is rid of: what is held is
	// the actor itself, as it was, without it.
	Without string
}

// Gives returns the actions that a technique that yields data makes possible:
// what the actor could not do before, and what it does where that is all.
func (t *Technique) Gives() []string {
	var given, all []string
	for _, n := range t.Needs {
		if n.Who != "" {
			continue
		}
		all = append(all, n.Action)
		if n.Given {
			given = append(given, n.Action)
		}
	}
	if len(given) > 0 {
		return given
	}
	return all
}

// Tells reports whether a pivot of some relation by an action is a use of the
// technique that names none.
func (t *Technique) Tells(r graph.Relation, action string) bool {
	return t.Told != "" && t.Told == r && t.Needs[0].Action == action
}

// ByID returns the technique of an id, nil if there is none.
func ByID(id string) *Technique {
	for i := range AWS {
		if AWS[i].ID == id {
			return &AWS[i]
		}
	}
	return nil
}

// An Event is what a provider's log shows of a step.
type Event struct {
	Source string // e.g. "iam.amazonaws.com"
	Name   string // e.g. "CreatePolicyVersion"
	// Match are fields of the event that name the things of the step: JSON
	// path in the event (of a list, every element counts) to a literal or to a
	// variable, "$policy" where the log holds its reference and "$policy.name"
	// where it holds its name or id, or whichever of them the caller wrote: a
	// reference ends in the name. "$job@script" is what a native property names,
	// if a need is on it. The same variable is the same thing in every
	// event of the technique.
	Match map[string]string
}
