package aws

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerIdentityPoolRoles holds the roles that an identity pool of Cognito hands
// to guests, to those who signed in, and by rule. The attachment is to the pool.
const LayerIdentityPoolRoles graph.LayerID = "aws:identity-pool-roles"

// LayerIdentityPool hangs on the settings of an identity pool: whether it lets
// guests in. No attachment has it.
const LayerIdentityPool graph.LayerID = "aws:identity-pool"

func cognitoOperations() []operation {
	return []operation{
		{service: "cognito-identity", name: "list-identity-pools", marks: []string{"IdentityPools"},
			each: map[string]recordFunc{"IdentityPools": record(mapListedPool)}},
		{service: "cognito-identity", name: "describe-identity-pool", lone: true, homeless: true, subject: "identity pool id", selfEvident: true,
			marks: []string{"AllowUnauthenticatedIdentities"}, layers: []graph.LayerID{LayerIdentityPool}, whole: record(mapPool), refOf: poolOf},
		{service: "cognito-identity", name: "get-identity-pool-roles", subject: "identity pool id", selfEvident: true, marks: []string{"IdentityPoolId"},
			layers: []graph.LayerID{LayerIdentityPoolRoles}, whole: mapPoolRoles, refOf: poolOf},
	}
}

// poolRef makes the ARN of a pool. Its id begins with its region: REGION:UUID.
func (m *mapper) poolRef(id string) (string, error) {
	region, _, ok := strings.Cut(id, ":")
	if !ok || !regionName.MatchString(region) {
		return "", fmt.Errorf("%w: %s: identity pool %.100q: want <region>:<id>", ErrContent, m.pointer, id)
	}
	account, err := m.account()
	return arn{partitionOf(region), "cognito-identity", region, account, "identitypool/" + id}.String(), err
}

// poolOf names the pool of a path: its id, percent-encoded or not, or its ARN.
func poolOf(m *mapper) (graph.Ref, error) {
	if _, ok := parseARN(m.doc.resource); ok {
		return m.subjectARN("cognito-identity", "")
	}
	s, err := m.poolRef(m.doc.resource)
	return graph.Ref(s), err
}

func mapListedPool(m *mapper, p struct{ IdentityPoolID string }) error {
	s, err := m.poolRef(p.IdentityPoolID)
	if err != nil {
		return err
	}
	return m.listed("cognito-identity:identitypool", s, "")
}

type identityPool struct {
	IdentityPoolID, IdentityPoolName string
	AllowUnauthenticatedIdentities   bool
	AllowClassicFlow                 bool
	OpenIDConnectProviderARNs        []string `json:"OpenIdConnectProviderARNs"`
	SamlProviderARNs                 []string
	SupportedLoginProviders          map[string]string
	CognitoIdentityProviders         []struct{ ProviderName string }
}

// providers lists everybody whose word the pool takes.
func (p identityPool) providers() []string {
	out := slices.Concat(p.OpenIDConnectProviderARNs, p.SamlProviderARNs)
	for name := range p.SupportedLoginProviders {
		out = append(out, name)
	}
	for _, c := range p.CognitoIdentityProviders {
		out = append(out, c.ProviderName)
	}
	return out
}

func mapPool(m *mapper, p identityPool) error {
	s, err := m.poolRef(p.IdentityPoolID)
	if err != nil {
		return err
	}
	o, err := m.resource(thing{arn: s, of: graph.Ref(s), kind: "cognito-identity:identitypool", name: p.IdentityPoolName, nativeID: p.IdentityPoolID,
		attrs: attrs("unauthenticated", fmt.Sprint(p.AllowUnauthenticatedIdentities), "classic-flow", fmt.Sprint(p.AllowClassicFlow),
			"providers", joined(p.providers()))})
	if err != nil || !p.AllowUnauthenticatedIdentities {
		return err
	}
	return m.guests(s, o.Listing.Scope, o)
}

// guests writes whoever a pool hands credentials to without a sign-in.
func (m *mapper) guests(pool string, scope graph.Ref, o *graph.Origin) error {
	return m.node(graph.Node{Ref: graph.Ref(pool) + "#guests", Kind: graph.KindFederatedSubject, Type: "cognito-identity:guests",
		Name: "guests", Scope: scope, Attrs: attrs("pool", pool), Origin: o})
}

func mapPoolRoles(m *mapper, v jsontext.Value) error {
	var p struct {
		IdentityPoolID string
		Roles          struct{ Unauthenticated string }
	}
	if err := decodeFold(v, &p); err != nil {
		return err
	}
	s, err := m.poolRef(cmp.Or(p.IdentityPoolID, m.doc.resource))
	if err != nil {
		return err
	}
	a, _ := parseARN(s)
	o := m.origin(a.account, a.region, graph.Ref(s))
	if p.Roles.Unauthenticated != "" {
		if err := m.guests(s, o.Listing.Scope, o); err != nil {
			return err
		}
	}
	return m.fact(fact{graph.Ref(s), LayerIdentityPoolRoles, "identity-pool-roles"}, v, o, "Roles", "RoleMappings")
}
