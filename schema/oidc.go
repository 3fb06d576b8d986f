package schema

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// OIDCOptions say which tokens of an OpenID Connect issuer are good.
type OIDCOptions struct {
	Issuer   string // URL, as tokens name it in iss
	Audience string // as tokens must name it in aud
	// RoleClaim and AccountsClaim name the claims that hold the role and the
	// list of accounts; "" is clew_role and clew_accounts. A token that lacks
	// one of them gives no access.
	RoleClaim, AccountsClaim string
	Client                   *http.Client // to reach the issuer; nil is one with a timeout
}

// issuer checks tokens of one OpenID Connect issuer.
type issuer struct {
	o        OIDCOptions
	verifier *oidc.IDTokenVerifier
}

// NewOIDC returns who knows the tokens of an issuer. It reads the issuer's
// discovery document now, and its keys when a token is signed by one that it
// does not have yet; ctx must last as long as the Authenticator. Errors are of
// the discovery.
func NewOIDC(ctx context.Context, o OIDCOptions) (Authenticator, error) {
	if o.Audience == "" {
		return nil, fmt.Errorf("OpenID Connect: no audience: tokens made for others would be taken")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	o.RoleClaim, o.AccountsClaim = cmp.Or(o.RoleClaim, "clew_role"), cmp.Or(o.AccountsClaim, "clew_accounts")
	ctx = oidc.ClientContext(ctx, o.Client)
	provider, err := oidc.NewProvider(ctx, o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("OpenID Connect: %w", err)
	}
	return &issuer{o, provider.VerifierContext(ctx, &oidc.Config{ClientID: o.Audience})}, nil
}

// Authenticate checks signature, issuer, audience and time of a token.
func (i *issuer) Authenticate(ctx context.Context, token string) (Caller, error) {
	checked, err := i.verifier.Verify(ctx, token)
	if err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrUnauthenticated, err)
	}
	var claims map[string]any
	if err := checked.Claims(&claims); err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrUnauthenticated, err)
	}
	role, _ := claims[i.o.RoleClaim].(string)
	c, err := newCaller(checked.Subject, role, texts(claims[i.o.AccountsClaim]))
	if err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return c, nil
}

// texts reads a claim that is a text or a list of texts.
func texts(claim any) []string {
	if one, ok := claim.(string); ok {
		return []string{one}
	}
	var out []string
	list, _ := claim.([]any)
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			return nil
		}
		out = append(out, text)
	}
	return out
}
