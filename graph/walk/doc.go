// Package walk asks questions of the pivots of a snapshot: which paths lead
// from some footholds to others, what can be reached, who can reach, and what
// stops it.
//
// A path is a start and the pivots taken in turn. Its verdict is that of its
// least sure pivot. Paths stand in one total order: fewer hops first, then the
// surer verdict, then the lower start, then the lower pivots from the start
// on. Two pivots between the same footholds make two paths. A path ends at the
// first goal that it meets; a start that is a goal itself is a path of no hops.
//
// Every search is bounded by Options and by the deadline of its context, and
// says which bound cut it. An answer without a path and without a Cut was
// searched to the end: there is none. What an answer does hold is always true
// of the snapshot, cut or not; only what is missing may be due to the cut.
//
// Package graph/snapshot holds the pivots; this package never decides whether
// one is there, save through Options.Decide, which the caller gives.
package walk
