#!/bin/sh
# Loads files to import, as clew writes them, into the empty database of a
# server that is not running yet.
#
#   import.sh DIR FILES [VERSION]
#
# DIR is what start.sh will be called with, FILES the folder of the files.
# VERSION and settings are those of start.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: import.sh DIR FILES [VERSION]}
files=${2:?usage: import.sh DIR FILES [VERSION]}
version=${3:-5.26.16}
# shellcheck source=fetch.sh
. "$here/fetch.sh"

mkdir -p "$dir/conf"
touch "$dir/conf/neo4j.conf"
dir=$(cd "$dir" && pwd)
cd "$files"
# shellcheck disable=SC2086
NEO4J_HOME="$dir" NEO4J_CONF="$dir/conf" "$java" -Xmx"${NEO4J_HEAP:-1g}" $opens \
	-cp "$lib/*" org.neo4j.cli.AdminTool database import full neo4j @import.args
