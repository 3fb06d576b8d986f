#!/bin/sh
# Fetches the explorer's files anew from their npm packages, at the versions
# below, into this folder. Run it after changing a version, look at the
# difference, and adapt NOTICE.
set -eu
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for package in graphiql@3.9.0 react@18.3.1 react-dom@18.3.1; do
  name=${package%@*}
  mkdir "$dir/$name"
  (cd "$dir" && tar xzf "$(npm pack --silent "$package")" -C "$name" --strip-components=1)
done
for file in graphiql/graphiql.min.js graphiql/graphiql.min.css \
  react/umd/react.production.min.js react-dom/umd/react-dom.production.min.js; do
  # Source maps are not served.
  sed 's|^//# sourceMappingURL=.*$||; s|/\*# sourceMappingURL=[^*]*\*/$||' "$dir/$file" >"$(basename "$file")"
done
cp "$dir/graphiql/LICENSE" LICENSE.graphiql
cp "$dir/react/LICENSE" LICENSE.react
