package schema_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/clewgraph/clew/schema"
)

// Directories write the roles of somebody as a list, among others of their own.
func TestRolesOfAList(t *testing.T) {
	i := newIssuer(t)
	who, err := schema.NewOIDC(t.Context(), schema.OIDCOptions{Issuer: i.URL, Audience: "clew"})
	if err != nil {
		t.Fatal(err)
	}
	for want, claim := range map[string]any{
		"reader": []string{"reader"}, "responder": []string{"everyone", "reader", "responder"}, "admin": []string{"admin", "reader"},
		"": []string{"everyone", "administrators"}, " none": []string{}, " number": 7, " mixed": []any{"admin", 7}, " text": "everyone",
	} {
		caller, err := who.Authenticate(t.Context(), i.token(t, i.key, object{"clew_role": claim}))
		if strings.HasPrefix(want, " ") || want == "" {
			if err == nil {
				t.Errorf("%v: %q", claim, caller.Role)
			}
			continue
		}
		if err != nil || string(caller.Role) != want {
			t.Errorf("%v: %q, %v", claim, caller.Role, err)
		}
	}
}

// Whoever sends tokens of keys that do not exist cannot make the issuer busy,
// and the log tells of them without them.
func TestIssuerIsSpared(t *testing.T) {
	i := newIssuer(t)
	who, err := schema.NewOIDC(t.Context(), schema.OIDCOptions{Issuer: i.URL, Audience: "clew"})
	if err != nil {
		t.Fatal(err)
	}
	api := acme(t)
	var log bytes.Buffer
	api.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := schema.NewHandler(api, schema.HandlerOptions{Token: "the-token-of-an-admin", Authenticators: []schema.Authenticator{who}})
	parts := strings.Split(i.token(t, i.key, nil), ".")
	for n := range 60 {
		parts[0] = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"alg":"RS256","kid":"k%d"}`, n))
		token := strings.Join(parts, ".")
		if got := codeIn(t, call(t, h, "POST", "/graphql", `{"query":"{ __typename }"}`, "Authorization", "Bearer "+token)); got != "UNAUTHENTICATED" {
			t.Fatal(got)
		}
	}
	if n := i.asked.Load(); n == 0 || n > 10 {
		t.Errorf("the issuer was asked %d times", n)
	}
	if told := log.String(); strings.Count(told, "msg=refused") != 60 || strings.Contains(told, parts[1]) || strings.Contains(told, parts[2]) {
		t.Errorf("%s", told)
	}
	metrics := body(t, call(t, h, "GET", "/metrics", "", "Authorization", "Bearer the-token-of-an-admin"))
	if !strings.Contains(metrics, `clew_operations_total{code="UNAUTHENTICATED",field="none"} 60`) {
		t.Error("refusals are not counted")
	}
}
