// An OpenID Connect issuer on loopback, made with oidc-provider, a certified
// one: discovery, keys and the client credentials grant are its own.
//
//   node issuer.js PORT
//
// Each start makes a new signing key, as an issuer does that rotates them. The
// role and accounts of a client stand in its tokens; which resource it asks for
// decides whom they are for and how long they last.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const port = Number(process.argv[2]);
const secret = "a-secret-of-tests-alone";

const clients = {
  pager: { clew_role: "responder", clew_accounts: ["account:333344445555"] },
  directory: { clew_role: ["offline_access", "reader", "responder"], clew_accounts: ["*"] },
  silent: {},
};

const resources = {
  "https://clew.example/": { audience: "clew", accessTokenTTL: 600 },
  "https://clew.example/short": { audience: "clew", accessTokenTTL: 1 },
  "https://others.example/": { audience: "others", accessTokenTTL: 600 },
};

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [key] },
  clients: Object.keys(clients).map((id) => ({
    client_id: id, client_secret: secret, grant_types: ["client_credentials"], redirect_uris: [], response_types: [],
  })),
  extraTokenClaims: (_, token) => clients[token.clientId],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({ scope: "ask", accessTokenFormat: "jwt", ...resources[resource] }),
    },
  },
});

createServer(provider.callback()).listen(port, "127.0.0.1", () => console.log("listening"));
