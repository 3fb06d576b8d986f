#!/usr/bin/env bash
# Load on loopback: 64 clients ask the sample of operations of this folder for a
# while, as fast as they are answered; then hostile requests, 64 at a time and
# then 10,000 one by one, each of which is looked at.
#
#   run.sh [SECONDS]       60 if not given; needs Go, and curl
#
# Fails on any error, and where memory grows. The load tool is vegeta, at the
# version of go.mod, which is this folder's own; what it and /metrics measured is
# printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=${1:-60}
work=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || { kill "$server" && wait "$server" || true; } 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

(cd "$here" && GOBIN=$work go install github.com/tsenart/vegeta/v12)
cd "$root"
go build -o "$work/clew" ./cmd/clew
: >"$work/log"
"$work/clew" demo --no-color --listen 127.0.0.1:0 >>"$work/log" 2>"$work/operations.log" </dev/null &
server=$!
address=
for _ in $(seq 600); do
	address=$(sed -n 's|^GraphQL and its explorer: \(http://[^ ]*\)/.*|\1|p' "$work/log")
	[ -n "$address" ] && break
	kill -0 "$server" 2>/dev/null || break
	sleep 0.2
done
[ -n "$address" ] || { cat "$work/log" "$work/operations.log" >&2; fail 'clew demo does not serve'; }

# Each operation alone, first: an answer without errors.
for body in "$here"/operations/*.json; do
	answer=$(curl -sS -H 'Content-Type: application/json' --data-binary @"$body" "$address/graphql")
	case $answer in
	*'"errors":'*) fail "$(basename "$body") is answered with ${answer:0:300}" ;;
	'{"data":{'*) ;;
	*) fail "$(basename "$body") is not answered: ${answer:0:300}" ;;
	esac
	printf 'POST %s/graphql\nContent-Type: application/json\n@%s\n\n' "$address" "$body" >>"$work/targets"
done

metric() { curl -sS "$address/metrics" | awk -v name="$1" '$1 == name { printf "%d\n", $2 / 1048576 }'; }
# Operations that had an error, by code, of those that became operations.
failed() { curl -sS "$address/metrics" | grep '^clew_operations_total' | grep -v 'code="OK"' || true; }

"$work/vegeta" attack -targets "$work/targets" -duration "${seconds}s" -rate 0 -max-workers 64 -timeout 60s >"$work/results" &
attack=$!
: >"$work/memory"
step=$((seconds > 12 ? seconds / 12 : 1))
while kill -0 "$attack" 2>/dev/null; do
	sleep "$step"
	metric process_resident_memory_bytes >>"$work/memory"
done
wait "$attack" || fail 'vegeta'

"$work/vegeta" report "$work/results" | tee "$work/report"
grep -q '^Success .* 100.00%' "$work/report" || fail 'not every request was answered with 200'
[ -z "$(failed)" ] || fail "operations had errors: $(failed)"
# The first quarter is for caches to fill.
awk '{ m[NR] = $1 } END {
	begin = int(NR / 4) + 1; early = 0; late = 0
	for (i = begin; i <= NR; i++) { if (i <= (begin + NR) / 2) { if (m[i] > early) early = m[i] } else if (m[i] > late) late = m[i] }
	printf "Memory        [first, early, late]           %d MB, %d MB, %d MB\n", m[1], early, late
	exit late > early * 1.2 + 32
}' "$work/memory" || fail "memory grows: $(tr '\n' ' ' <"$work/memory") MB"

mkdir "$work/hostile"
CLEW_TEST_HOSTILE=1350 CLEW_TEST_HOSTILE_DIR=$work/hostile go test -count=1 -run '^TestHostileRequests$' ./schema
for body in "$work"/hostile/*; do
	printf 'POST %s/graphql\nContent-Type: application/json\n@%s\n\n' "$address" "$body"
done >"$work/hostile-targets"
"$work/vegeta" attack -targets "$work/hostile-targets" -duration "$((seconds / 3))s" -rate 0 -max-workers 64 -timeout 90s >"$work/results" &
attack=$!
most=0
while kill -0 "$attack" 2>/dev/null; do
	now=$(metric process_resident_memory_bytes)
	[ "${now:-0}" -le "$most" ] || most=$now
	sleep 1
done
wait "$attack" || fail 'vegeta'
"$work/vegeta" report "$work/results" | sed '/^Error Set/,$d' | tee "$work/report"
printf 'Memory        [most]                         %d MB\n' "$most"
grep '^Status Codes' "$work/report" | grep -qE ' (0|5[0-9][0-9]):' && fail 'hostile requests were not answered'
[ "$most" -lt 4096 ] || fail 'hostile requests took too much memory'
codes=$(failed | grep -vE 'code="(BAD_INPUT|LIMIT|NOT_FOUND|AMBIGUOUS|TIMEOUT|SNAPSHOT_GONE|FORBIDDEN)"' || true)
[ -z "$codes" ] || fail "hostile requests ended as $codes"

CLEW_TEST_HOSTILE=10000 go test -count=1 -v -timeout 20m -run '^TestHostileRequests$' ./schema | tee "$work/hostile.log"
grep -q '^--- PASS: TestHostileRequests' "$work/hostile.log" || fail 'the hostile requests were not sent'
