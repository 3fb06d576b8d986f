#!/bin/sh
# Stops the server that start.sh started in DIR and waits until it is gone.
set -eu

dir=${1:?usage: stop.sh DIR}
[ -e "$dir/pid" ] || exit 0
pid=$(cat "$dir/pid")
tries=0
while kill "$pid" 2>/dev/null && [ "$tries" -lt 60 ]; do
	tries=$((tries + 1))
	sleep 0.5
done
kill -9 "$pid" 2>/dev/null || true
rm -f "$dir/pid"
