// Package ingest runs sources into one all-or-nothing collection.
//
// # Words
//
// A Source gets what a provider says (documents in files, answers of a live
// API) and writes facts to a graph.Sink: nodes, observed edges, policy
// attachments and coverage. It concludes nothing. One package below this one
// holds the sources of one provider; reading (fetch*.go) and understanding
// (map*.go) are apart there, and understanding is pure.
//
// A collection is what one call of Run writes. It counts whole or not at all:
// when Run returns an error, the caller throws away what the sink holds and
// the last snapshot stays. What a provider refused, cut short or garbled is no
// error but coverage with Status Failed, so that answers can say UNKNOWN.
//
// A collection replaces the listings that it holds whole, as its coverage tells;
// the caller carries everything else forward from the last snapshot.
//
// # Neighbours
//
// Package graph holds the vocabulary; package resolve concludes from the facts.
// Neither reads a provider's documents, and nothing here imports resolve.
package ingest
