#!/usr/bin/env bash
# Opens the explorer of `clew demo` in a real headless Chromium: a name is
# completed, a query runs, and no request leaves the machine.
#
#   run.sh        needs Go, Node.js with npm, and a Chromium
#
# The browser is $CHROMIUM, or one on the PATH, or one that Playwright keeps;
# where there is none, it is installed: Debian's by root, else Playwright's.
# Without any browser this fails: a test that did not run is no test.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" || true; } 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

# A file or program that is there, of those named.
first() {
	local one
	for one in "$@"; do
		[ -n "$one" ] && command -v "$one" && return
	done
	return 1
}

kept() { ls -d "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium*/chrome-linux*/{chrome,headless_shell,chrome-headless-shell} 2>/dev/null | tail -1; }

found() { first "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome "$(kept || true)"; }

cp "$here"/package.json "$here"/package-lock.json "$here"/explore.js "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts)

if ! browser=$(found); then
	echo 'no Chromium here: installing one'
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >"$work/install.log" 2>&1 ||
			tail -5 "$work/install.log"
	fi
	found >/dev/null || (cd "$work" && npx playwright-core install chromium) || true
	browser=$(found) || { echo 'FAILED: there is no Chromium to test with; name one by $CHROMIUM' >&2; exit 1; }
fi

(cd "$root" && go build -o "$work/clew" ./cmd/clew)
: >"$work/demo.log"
"$work/clew" demo --no-color --listen 127.0.0.1:0 >>"$work/demo.log" 2>&1 </dev/null &
server=$!
address=
for _ in $(seq 600); do
	address=$(sed -n 's|^GraphQL and its explorer: \(http://[^ ]*\).*|\1|p' "$work/demo.log")
	[ -n "$address" ] && break
	kill -0 "$server" 2>/dev/null || break
	sleep 0.2
done
[ -n "$address" ] || { echo 'FAILED: clew demo does not serve:' >&2; cat "$work/demo.log" >&2; exit 1; }

(cd "$work" && node explore.js "$browser" "$address")
