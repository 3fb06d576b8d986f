// Package schema is Clew's GraphQL contract (*.graphqls, one file a topic),
// its resolvers, and the HTTP handler that serves it.
//
// API is the root of all answers; query.go has one short method for each field
// of Query. Each opens a view of the snapshot that was asked for and lets
// package schema/answer answer. Package schema/exec is generated from the
// contract and gqlgen.yml, and nothing else:
//
//	go tool gqlgen generate
//
// Execute runs an operation in this process, for the command line; NewHandler
// serves operations over HTTP. Both apply the same limits: what a query may
// cost is bounded before it is validated, since validation itself can be made
// to burn time.
package schema
