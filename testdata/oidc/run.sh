#!/usr/bin/env bash
# Tests clew serve against a real OpenID Connect issuer that runs beside it.
#
#   run.sh        needs Go, and Node.js with npm
#
# Fails where the test did not run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here"/package.json "$here"/package-lock.json "$here"/issuer.js "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)

cd "$here/../.."
CLEW_TEST_OIDC=$work go test -count=1 -v -run '^TestServeToAnIssuersTokens$' ./cmd/clew | tee "$work/log"
grep -q '^--- PASS: TestServeToAnIssuersTokens' "$work/log" || { echo 'FAILED: the test did not run' >&2; exit 1; }
