package snapshot

import "github.com/clewgraph/clew/graph"

// An Index is the dense number of a node inside one snapshot. Indexes never
// leave the snapshot that gave them.
type Index uint32

// None is no node.
const None = ^Index(0)

// A Foothold is a principal and how it is held: the vertex of every walk.
type Foothold struct {
	Node Index
	Hold graph.Hold
}

// An AttachmentIndex is the dense number of a policy attachment.
type AttachmentIndex uint32

// EvidenceRef points at one statement of one attachment of the snapshot.
type EvidenceRef struct {
	Attachment AttachmentIndex
	Statement  uint32
	Effect     graph.Effect
}

// A Ruling is what a decision came to, in the form that a snapshot keeps:
// enough to list, filter and sort by. The full explanation is decided again
// from the documents when somebody asks for it.
type Ruling struct {
	Verdict graph.Verdict
	Bounds  graph.Bounds
	// Formula is what is left to hold, as text; empty for Allowed and Denied.
	Formula  string
	Evidence []EvidenceRef // the statements that grant, in attachment order
}

// A Pivot leads from one foothold to another.
type Pivot struct {
	From, To  Foothold
	Relation  graph.Relation
	Action    string // the request that was decided, e.g. "sts:AssumeRole"; empty where the relation was observed
	Technique string // id of the technique of a CanEscalate pivot
	Ruling    Ruling
}

// An Administration says that whoever holds From administers Scope.
type Administration struct {
	From  Foothold
	Scope Index
	// Through says how, where it is not by direct grant: the actions by which
	// From can give itself the rest, in the order of use.
	Through []string
	Ruling  Ruling
}

// An Access says what the members of a class may do to one resource: all of
// Actions, under one ruling.
type Access struct {
	Class   uint32
	To      Index
	Actions []string // sorted
	// Include and Exclude narrow the target to parts of it ("logs/*" of a
	// bucket, without "logs/private/*"). Patterns joined by "&" must all
	// match. Both empty: the resource itself.
	Include, Exclude []string
	Ruling           Ruling
}

// An AccessRow says what may be done to each node of a set, as Access does for
// one. Effective access is told in rows, so that nothing grows with principals
// times resources.
type AccessRow struct {
	// To is the set, sorted and without repetition. Nobody is told anything by
	// a row of no nodes: it is left out.
	To               []Index
	Actions          []string // sorted
	Include, Exclude []string
	Ruling           Ruling
}

// An AccessPart is rows that classes share. The order of rows is free; those
// that differ in their nodes alone become one.
type AccessPart struct {
	// Abroad says that the rows hold for a class on those nodes alone that are
	// not in its Home.
	Abroad bool
	Rows   []AccessRow
}

// A PartIndex is the number that Conclusions gave a part. Equal parts have one.
type PartIndex uint32

// An AccessClass is footholds that may do the same: what their parts say.
type AccessClass struct {
	// Members are the footholds of the class, in any order. A foothold belongs
	// to one class at most.
	Members []Foothold
	// Parts are numbers that AddPart returned, in any order.
	Parts []PartIndex
	// Home is where parts from Abroad do not hold: as a rule, the things of
	// the account of the members.
	Home []Index
}
