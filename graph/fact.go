package graph

import "time"

// A Listing names one answer that a provider gives whole: everything that one
// operation returns for one scope (and region, where the operation has one).
// A collection replaces exactly the listings that it holds; what it does not
// hold is carried forward.
type Listing struct {
	Scope     Ref    // the account or organization that was asked
	Region    string // empty for global operations
	Service   string // the provider's service, e.g. "iam"
	Operation string // the provider's operation, e.g. "get-account-authorization-details"
	Subject   Ref    // the one resource that was asked for; empty for operations that list
}

// An Origin says where a fact was read. Many facts share one.
type Origin struct {
	Listing   Listing
	File      string    // the document's path as the user gave it; empty for a live API
	Collector string    // who wrote it down, e.g. "aws-cli-documents"
	At        time.Time // when it was collected; zero if unknown. Not part of content hashes.
}

// A Tag is a key and a value that the owner of a node put on it.
type Tag struct{ Key, Value string }

// An Attr is a native property of a node or edge: vendor words, kept for the
// provider's own evaluator and for display.
type Attr struct{ Key, Value string }

// A Node is one thing that a provider knows.
type Node struct {
	Provider Provider
	Ref      Ref
	Kind     Kind
	Type     string // the provider's own type, "service:type", e.g. "iam:role", "s3:bucket"
	Name     string
	Scope    Ref    // the innermost scope that holds it; empty for a root
	NativeID string // the provider's own unique id (AIDA…, AROA…), if it has one
	Tags     []Tag  // sorted by key
	Attrs    []Attr // sorted by key
	// Mentioned: some document names it and this record does not describe it
	// (an account in a trust policy, a service principal). A record that
	// describes the same Ref replaces it.
	Mentioned bool
	Origin    *Origin
}

// ID returns the public identity of n.
func (n Node) ID() ID { return IDOf(n.Provider, n.Ref) }

// Attr returns the value of a native property, "" if n has none of that key.
func (n Node) Attr(key string) string {
	for _, a := range n.Attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// An Edge is an observed relation. Both ends are named by Ref; an end that no
// node describes is reported as dangling, never invented.
type Edge struct {
	From, To Ref
	Relation Relation
	Attrs    []Attr // sorted by key
	Origin   *Origin
}

// LayerID names a policy layer of one provider, e.g. "aws:identity". The
// resolver of the provider documents its layers.
type LayerID string

// An Attachment binds a policy document to a node at a layer.
type Attachment struct {
	To       Ref     // what the policy is attached to
	Layer    LayerID // at which layer it speaks
	Policy   Ref     // the policy's own reference; inline policies get To + "#" + Name
	Name     string
	Version  string // the provider's version id, e.g. "v3"
	Inline   bool
	Document []byte // the JSON document as collected; nil where it is missing, which Coverage explains
	Pointer  string // JSON Pointer of the document inside the file of Origin
	Origin   *Origin
}

// Status says what came of asking.
type Status uint8

// The four answers to "what do we have of this listing?".
const (
	// NotAsked: no document claims to hold it. An assumption, not a gap.
	NotAsked Status = iota
	// Collected whole.
	Collected
	// NoneExists: the provider said that there is nothing.
	NoneExists
	// Failed: asked for and did not come. A gap.
	Failed
)

// String returns the words of s.
func (s Status) String() string {
	return [...]string{"not asked", "collected", "none exists", "asked and failed"}[s]
}

// GapReason says why something that was asked for did not come.
type GapReason string

// The reasons of a gap.
const (
	ReasonAccessDenied  GapReason = "ACCESS_DENIED"
	ReasonThrottled     GapReason = "THROTTLED"
	ReasonTimeout       GapReason = "TIMEOUT"
	ReasonNotConfigured GapReason = "NOT_CONFIGURED"
	ReasonParseError    GapReason = "PARSE_ERROR"
	ReasonTruncated     GapReason = "TRUNCATED"
	ReasonMissing       GapReason = "MISSING" // named by another document, and in none
	ReasonUnsupported   GapReason = "UNSUPPORTED"
	ReasonStale         GapReason = "STALE"
)

// Coverage is what is known of one listing, or, where Subject or a layer is
// named, of one part of it.
type Coverage struct {
	Listing Listing
	Status  Status
	Reason  GapReason // of a Failed status
	Detail  string    // one sentence for a person, naming file and position where there is one
	// Affects lists the layers whose answers hang on this. Empty: none.
	Affects []LayerID
	// Of is the node whose layer is meant (a bucket whose policy was refused,
	// an account whose SCPs could not be read). Empty: all of Listing.Scope.
	Of     Ref
	Origin *Origin
}

// A Sink takes the facts of one collection, in any order. Records that name
// the same thing with the same content are one; with other content they are a
// conflict that Sink's owner reports.
type Sink interface {
	Node(Node) error
	Edge(Edge) error
	Attach(Attachment) error
	Cover(Coverage) error
}
