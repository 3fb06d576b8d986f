// Package graph is Clew's vocabulary: the words that every other package
// uses for what a cloud holds and for what is concluded of it.
//
// # Words
//
// A Node is one thing that a provider knows: a Principal (who acts: user,
// group, role, service account, workload, federated subject, anonymous), a
// Resource (what is acted on), a Scope (what contains: organization, folder,
// account) or a Credential (how a secret stands for a principal; only its
// public id is ever kept). One thing is one node, whatever roles it plays: an
// IAM role is a principal and is acted on as well, and has one node of kind
// Role. Ref is the name that people and machines use for it (an ARN, say), ID
// the hash of provider and Ref.
//
// An Edge is an observed relation between two nodes. A Policy attachment is a
// document bound to a node at a Layer. Coverage says, listing by listing, what
// was asked of the provider and what came back. Together these are facts:
// what an ingester may write. Package ingest writes facts and nothing else.
//
// A Foothold is a principal together with how it is held. A Pivot leads from
// one foothold to another: whoever holds the first can come to hold the
// second. Access is what a principal may do to a resource in the end. These
// are conclusions, each with a Verdict and Evidence down to the statement.
// Package resolve writes conclusions and nothing else.
//
// # Directions
//
// Edges and pivots point the way control flows, from who gains to what is
// gained:
//
//	Credential --CREDENTIAL_OF--> User --MEMBER_OF--> Group
//	Foothold   --CAN_ASSUME-----> Role          Workload --RUNS_AS--> Role
//	Foothold   --CAN_ACCESS-----> Resource      Foothold --ADMINISTERS--> Scope
//	Scope      --CONTAINS-------> Scope, Principal, Resource
//
// # Neighbours
//
// Package graph/snapshot stores one estate's nodes, facts and conclusions as
// one immutable file; graph/walk asks questions of it; graph/embedded keeps
// snapshots in a folder. This package imports the standard library alone.
package graph
