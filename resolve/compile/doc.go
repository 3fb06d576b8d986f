// Package compile reads a provider's layers with sets: where Decide
// (resolve/policy's other reader) follows one request through every layer and
// keeps its reasons, this reader takes everything that statements say about a
// block, actions × things, and cuts the block into the fewest cells that no
// statement tells apart. Each cell is decided once.
//
//   - A Claim is what one statement says in one block: about these actions and
//     these things, when. Providers make claims; their matchers of actions and
//     things are their own, and share no code with those of Decide.
//   - A Block is the actions and things of one sort that are decided together.
//   - A Cell is a part of a block with one formula.
//
// The expression by which layers combine is the one that Decide reads.
package compile
