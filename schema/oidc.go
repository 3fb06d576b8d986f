package schema

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// OIDCOptions say which tokens of an OpenID Connect issuer are good.
type OIDCOptions struct {
	Issuer   string // URL, as tokens name it in iss
	Audience string // as tokens must name it in aud
	// RoleClaim and AccountsClaim name the claims that hold the role and the
	// list of accounts; "" is clew_role and clew_accounts. A token that lacks
	// one of them gives no access. Where the first is a list, as directories
	// write the roles and groups of somebody, the strongest role in it counts,
	// and what is no role does not.
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
// does not have yet, a few times a minute at most; ctx must last as long as the
// Authenticator. Errors are of the discovery.
func NewOIDC(ctx context.Context, o OIDCOptions) (Authenticator, error) {
	if o.Audience == "" {
		return nil, fmt.Errorf("OpenID Connect: no audience: tokens made for others would be taken")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	o.Client = sparing(o.Client)
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
	c, err := newCaller(checked.Subject, strongest(texts(claims[i.o.RoleClaim])), texts(claims[i.o.AccountsClaim]))
	if err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return c, nil
}

// strongest returns the role of a claim: the one that it is, or the strongest
// of a list. What a list holds beside roles is somebody else's business.
func strongest(claim []string) string {
	if len(claim) == 1 {
		return claim[0]
	}
	for _, role := range []Role{Admin, Responder, Reader} {
		if slices.Contains(claim, string(role)) {
			return string(role)
		}
	}
	return ""
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
