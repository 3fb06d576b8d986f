// Package answer gives the answers of Clew's GraphQL schema: Go values whose
// fields and methods are the fields of the types in schema/*.graphqls, by
// name. What a field means is written there.
//
// A View is one snapshot as it is asked: with its evaluators, the labels that
// people put on nodes, and limits. Every value here hangs on the View that
// gave it and may read the snapshot when a field of it is asked for, so none
// may outlive the snapshot.
//
// # Words
//
// An ending is what a path ends with: holding a principal, an access to a
// resource or the administration of a scope. A row is one line of effective
// access: who, to what, which actions, how surely, over how many hops.
//
// Package schema, next door, knows GraphQL, HTTP and stores; this package
// knows none of them. It decides nothing either: evaluators do.
package answer
