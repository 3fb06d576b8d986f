package escalate

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// An Evaluator decides what a matcher asks, in rooms.
type Evaluator interface {
	// Room prepares for many questions about the things of one account. kinds
	// are all the sorts of question that there are, each at its number.
	Room(kinds []Kind) Room
	// Enough reports whether whoever holds f administers its account once a
	// managed policy has another version of it as default, or a user is a
	// member of a group, further gifts to itself included.
	Enough(f snapshot.Foothold, policyOrGroup snapshot.Index) bool
	// Limits are what limits the principal of a foothold and could be taken off,
	// if somebody may.
	Limits(f snapshot.Foothold) []Limit
	// Speaks reports whether a managed policy or a group, which documents show
	// for the principal of a foothold, speaks for it still as it is held.
	Speaks(f snapshot.Foothold, policyOrGroup snapshot.Index) bool
}

// A Kind is a sort of question: an action with what the request states.
type Kind struct {
	Number  int
	Action  string
	Context []policy.Value
	Given   bool // as in Need
}

// Things is a list of described things that many questions are asked about.
type Things struct{ Nodes []snapshot.Index }

// An Asking is a question about any of some things: with what is stated beside
// its kind, and about a part of the thing, if one is named.
type Asking struct {
	Kind *Kind
	More []policy.Value
	Part string
	// Aside: a no to it rules nothing out. It tells things apart alone.
	Aside bool
}

// A Room is where the questions of one account are asked. It remembers what
// asking taught it, and is not safe for concurrent use.
type Room interface {
	// Asker returns whoever asks the questions of a foothold.
	Asker(snapshot.Foothold) Asker
	// Actor is Asker, in place of the last actor, which asks no more.
	Actor(snapshot.Foothold) Asker
	// Service returns whoever asks for a service. It answers DENIED to
	// everything where no document names it.
	Service(graph.Ref) Asker
	// MayTrust returns the places of those roles that could let a service assume
	// them, in order: a first, cheap look.
	MayTrust(service graph.Ref, roles *Things) []int
	// Clear forgets everything: the next questions are about another account, and
	// whoever asked asks no more.
	Clear()
}

// An Asker asks for one principal. Rulings are shared: they must not change.
type Asker interface {
	// Tried are the sorts of question, by number, of which something could allow
	// some to the principal on some resource: a first, cheap look. What is given
	// counts where it alone would do: abroad, on things of other accounts, it does
	// not. The sets are good until the next are asked for.
	Tried() (home, abroad compile.Set)
	// Samples returns references of things of a type that do not exist yet and
	// that the principal could name in a request for the action: one that no
	// policy names, and those that its policies do name. k may be nil: the
	// first alone.
	Samples(k *Kind, typ string) []graph.Ref
	// Tags returns sets of tags with which the answers to questions about them
	// may differ: those that the documents in play test, and others.
	Tags([]Tagging) [][]graph.Tag
	// TestsTags is false where no document in play asks for tags in a request of
	// a sort about any of some things, or about one that does not exist yet.
	TestsTags(*Kind, *Things) bool
	// Of decides a question about a described thing; more is what the request
	// states beside what its kind does.
	Of(k *Kind, more []policy.Value, thing snapshot.Index) *snapshot.Ruling
	// Inside is Of for a part of a thing: an object that a bucket holds.
	Inside(k *Kind, more []policy.Value, thing snapshot.Index, part string) *snapshot.Ruling
	// Parts cuts a list of things into those about which the answers to some
	// questions are equally sure, whatever is evidence for them: by places in
	// the list, in order, those apart about which nothing could be allowed. ok is
	// false where that is not told so cheaply.
	Parts(asks []Asking, list *Things) (parts [][]int, ok bool)
	// Beyond returns the places of those things about which a question of gets, of
	// part of them where one is named, could be answered less surely than one of
	// does; of all others it is known that it is not. ok is false where that is not
	// told so cheaply.
	Beyond(does, gets *Kind, part string, list *Things) (rest []int, ok bool)
	// About is Of for a reference, or "*".
	About(k *Kind, more []policy.Value, ref graph.Ref) *snapshot.Ruling
}
