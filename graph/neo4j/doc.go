// Package neo4j keeps snapshots in a Neo4j server: the record of what was
// observed, which other people and programs can read with Cypher, and what was
// concluded of it. It is the only package that speaks Cypher.
//
// # What a person finds
//
//	(:Principal:Role) (:Resource:S3Bucket) (:Scope:Account) (:Credential)
//	      one node each; :Resource has the provider's type as label too
//	(:Dangling)
//	      a ref that documents name and none describes
//	(:Principal)-[:MEMBER_OF|RUNS_AS|CREDENTIAL_OF|CONTAINS]->()
//	      as observed; CONTAINS also where a node's scope says it
//	(:Policy)-[:ATTACHED_TO {layer}]->()
//	      the policy and its document, at each thing that it is attached to
//	(:Coverage)
//	      what was asked of a provider and what came back
//	(:Origin)
//	      where facts were read; their property origins names its key
//	(:Superseded)
//	      what a document said of a thing that another document says better;
//	      (:Superseded)-[:MENTIONED_FOR]->() of an attachment
//	()-[:CAN_ASSUME|CAN_IMPERSONATE|CAN_ESCALATE|… {verdict, action, formula}]->()
//	      concluded pivots; what is concluded has a verdict, what is observed none
//	()-[:ADMINISTERS {verdict}]->(:Scope)
//	()-[:IN_CLASS {hold}]->(:AccessClass)-[:CAN_ACCESS {actions, verdict}]->()
//	      all effective access, factorised; who has it is a principal, or an
//	      account, which is its root user. In estates with more pairs of a
//	      class and a thing than Options.AccessPairs it is that to crown
//	      jewels alone: the compiled snapshot, which keeps sets of things,
//	      answers for the others
//	()-[:CAN_ACCESS {hold, actions, verdict}]->()
//	      the same in one hop, to crown jewels and in estates that are small
//	(:Label) (:Snapshot) (:Estate)
//
// # One snapshot
//
// Every node and relation of the first list has from and, when it is no more,
// to: the number of the first snapshot that has it, and of the first that has
// not. (:Estate).current is the newest number. What a reader of one snapshot
// sees is
//
//	MATCH (e:Estate {name: 'default'}) WITH e.current AS s
//	MATCH (p:Principal)-[r:CAN_ASSUME]->(q)
//	WHERE r.from <= s AND (r.to IS NULL OR r.to > s) RETURN p.ref, q.ref
//
// A relation never outlives its ends, so that asking it is enough. A node that
// changes becomes another one, and its relations go over to it.
//
// # Publishing
//
// An update writes what differs from the newest snapshot, under the next
// number, in transactions of some ten thousand rows. None of it is visible at
// the numbers that readers know. A last small transaction adds the (:Snapshot)
// and raises current. Whatever dies on the way leaves the old snapshot
// current, and the next update goes on from what is there: it keeps what it
// wants and closes the rest. One writer holds an estate at a time, by a lease
// that it renews; every transaction of a writer checks that it still has it.
//
// The server holds the rows of the two newest snapshots. Older ones stay as
// files in the cache folder of whoever published or opened them.
//
// # Reading
//
// Questions are answered by compiled snapshots. One that is not in the cache
// folder is built again: its facts from the server, which must come to the
// hash that was published, its conclusions by Options.Conclude.
//
// # Text
//
// A text that is no valid UTF-8, which a Neo4j string cannot hold, or that
// holds the control character U+001F, stands as "base64:" and its bytes. A ref of more than 4,000 bytes, which an index
// cannot hold, stands in refLong. Tags and attrs are lists of "key=value",
// where a backslash goes before '=' and '\' of keys.
package neo4j
