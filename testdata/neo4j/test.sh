#!/bin/sh
# Runs all tests that need a Neo4j server against one that it starts, and fails
# where any of them was skipped.
#
#   test.sh [VERSION]
#
# NEO4J_PASSWORD, if set, turns authentication on. Needs what start.sh needs.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
version=${1:-5.26.16}
dir=$(mktemp -d)
trap '"$here/stop.sh" "$dir/server"; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# Servers that live for minutes are quicker where Java optimises less.
export JDK_JAVA_OPTIONS="${JDK_JAVA_OPTIONS:--XX:TieredStopAtLevel=1}"
export NEO4J_HEAP="${NEO4J_HEAP:-1g}"
"$here/start.sh" "$dir/server" "$version" >"$dir/env"
cat "$dir/env"
set -a
# shellcheck disable=SC1091
. "$dir/env"
set +a
export CLEW_TEST_NEO4J_IMPORT="$version"
# Without a password there is nothing to ask for: that one is for a run with.
skip='^$'
[ -n "${NEO4J_PASSWORD:-}" ] || skip='^TestAuthentication$'

tests() {
	echo "+ go test -v -count=1 -skip $skip $*"
	go test -v -count=1 -timeout 15m -skip "$skip" "$@" >"$dir/log" 2>&1 || {
		grep -v '^=== ' "$dir/log" | tail -200
		echo "failed against Neo4j $version"
		exit 1
	}
	if grep -E -- '--- SKIP' "$dir/log"; then
		echo "skipped, though Neo4j $version is there"
		exit 1
	fi
	ran=$(grep -c -- '^--- PASS' "$dir/log") || {
		echo 'no test ran'
		exit 1
	}
	grep -E '^(ok|--- PASS: .*\([0-9]{2,}\.)' "$dir/log"
	echo "$ran tests passed against Neo4j $version"
}
# One package after the other: the tests of the store empty the server.
tests ./graph/neo4j
tests -run Neo4j ./cmd/clew
