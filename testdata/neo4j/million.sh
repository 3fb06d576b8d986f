#!/bin/sh
# Takes an estate of a million nodes and five million relations to a Neo4j
# server and back: written as files, loaded by neo4j-admin, and served by a
# program whose disk is empty. Says what each step takes, and compares the
# answers with those of the folder that the estate came from. No part of CI,
# where the same test runs over five thousand nodes.
#
#   million.sh [NODES] [VERSION]     wants 4 GB of memory, 15 GB of disk, and ten minutes
#
# Needs what start.sh needs. What the resolver would conclude is made up along
# with the estate: its time is measured elsewhere.
set -eu

cd "$(dirname "$0")/../.."
export CLEW_TEST_NEO4J_NODES="${1:-1000000}"
export CLEW_TEST_NEO4J_IMPORT="${2:-5.26.16}"
export NEO4J_HEAP="${NEO4J_HEAP:-2g}" NEO4J_PAGECACHE="${NEO4J_PAGECACHE:-1g}"
go test -count=1 -v -timeout 2h -run '^TestNeo4jFromFiles$' ./cmd/clew
