// Starts the explorer. It asks this server alone.
(function () {
  "use strict";
  const first = `# Which identities can do something to the crown jewels?
# With a token: put {"Authorization": "Bearer …"} under Headers.
{
  accessPaths(from: {ref: "internet"}, to: {label: "crown-jewel"}) {
    edges { node { verdict steps { from { name } held relation to { name } breakers { text } } } }
    noPathReason { text }
    cutBy
  }
}
`;
  const fetcher = GraphiQL.createFetcher({ url: "graphql" });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, { fetcher: fetcher, defaultQuery: first, shouldPersistHeaders: false })
  );
})();
