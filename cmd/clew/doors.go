package main

import (
	"context"
	"crypto/tls"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/schema"
)

// doors are the flags that say who may ask a server, and how.
type doors struct {
	listen, tokenFile, tokens   string
	issuer, audience            string
	roleClaim, accountsClaim    string
	certificate, key, persisted string
}

func (o *doors) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "where to serve")
	f.StringVar(&o.tokenFile, "token-file", "", "a file with a token that may see everything")
	f.StringVar(&o.tokens, "tokens", "", "a JSON file with tokens, each with name, role and accounts")
	f.StringVar(&o.issuer, "oidc-issuer", "", "take tokens of this OpenID Connect issuer")
	f.StringVar(&o.audience, "oidc-audience", "", "whom tokens of the issuer must be made for")
	f.StringVar(&o.roleClaim, "oidc-role-claim", "", "the claim that holds the role; clew_role if not given")
	f.StringVar(&o.accountsClaim, "oidc-accounts-claim", "", "the claim that lists the accounts; clew_accounts if not given")
	f.StringVar(&o.certificate, "tls-cert", "", "a file with the certificate to serve HTTPS with")
	f.StringVar(&o.key, "tls-key", "", "a file with the key of the certificate")
	f.StringVar(&o.persisted, "persisted-only", "", "a JSON file of SHA-256 to query: answer no other")
	c.MarkFlagsRequiredTogether("oidc-issuer", "oidc-audience")
	c.MarkFlagsRequiredTogether("tls-cert", "tls-key")
}

// guarded says whether requests must say who asks.
func (o *doors) guarded() bool { return o.tokenFile != "" || o.tokens != "" || o.issuer != "" }

// tls is what to serve HTTPS with; nil for HTTP.
func (o *doors) tls() (*tls.Config, error) {
	if o.certificate == "" {
		return nil, nil
	}
	return schema.ReadTLS(o.certificate, o.key)
}

// handler reads the files that the flags name, and asks the issuer for its
// keys. ctx is that of the whole serving.
func (o *doors) handler(ctx context.Context) (out schema.HandlerOptions, err error) {
	if out.Token, err = readToken(o.tokenFile); err != nil {
		return out, err
	}
	if o.tokens != "" {
		list, err := schema.ReadTokens(o.tokens)
		if err != nil {
			return out, err
		}
		out.Authenticators = append(out.Authenticators, list)
	}
	if o.issuer != "" {
		issuer, err := schema.NewOIDC(ctx, schema.OIDCOptions{
			Issuer: o.issuer, Audience: o.audience, RoleClaim: o.roleClaim, AccountsClaim: o.accountsClaim,
		})
		if err != nil {
			return out, err
		}
		out.Authenticators = append(out.Authenticators, issuer)
	}
	if o.persisted != "" {
		out.PersistedOnly, err = schema.ReadPersisted(o.persisted)
	}
	return out, err
}
