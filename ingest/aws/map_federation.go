package aws

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// mentionProvider writes the identity provider that a trust policy names, if
// it is a thing of IAM. Hosts such as cognito-identity.amazonaws.com are built
// into AWS and are no nodes.
func (c *collection) mentionProvider(value string, o *graph.Origin) error {
	a, ok := parseARN(value)
	if !ok || !isAccountID(a.account) {
		return nil
	}
	c.mention(a.account, a.partition)
	kind := "iam:" + a.kind()
	if kind != "iam:oidc-provider" && kind != "iam:saml-provider" {
		return nil
	}
	return c.mentionNode(graph.Node{Ref: graph.Ref(value), Kind: graph.KindResource, Type: kind,
		Name: providerName(a), Scope: accountRef(a.account), Attrs: attrs("url", providerURL(a)), Origin: o})
}

// providerName is the issuer of an OIDC provider, the name of a SAML one.
func providerName(a arn) string {
	_, name, _ := strings.Cut(a.resource, "/")
	return name
}

func providerURL(a arn) string {
	if a.kind() != "oidc-provider" {
		return ""
	}
	return providerName(a)
}

// federatedSubjects writes one node for each subject that a trust statement
// lets in, as its condition on the subject key spells it; one for any subject
// if there is no such condition.
func (c *collection) federatedSubjects(s statement, o *graph.Origin) error {
	for _, p := range principalsOf(s.Principal) {
		if p.kind != "Federated" {
			continue
		}
		issuer, kind := issuerOf(p.value)
		if issuer == "" {
			continue
		}
		key := issuer + ":sub"
		if kind == "sts:saml" {
			key = "SAML:sub"
		}
		subjects := conditionValues(s.Condition, key)
		if len(subjects) == 0 {
			subjects = []string{"*"}
		}
		for _, sub := range subjects {
			if err := c.node(subjectNode(p.value, issuer, kind, sub, o)); err != nil {
				return err
			}
		}
	}
	return nil
}

func subjectNode(provider, issuer, kind, sub string, o *graph.Origin) graph.Node {
	n := graph.Node{Ref: subjectRef(provider, sub), Kind: graph.KindFederatedSubject, Type: kind, Name: sub,
		Attrs: attrs("provider", provider, "issuer", issuer, "sub", sub), Origin: o}
	if a, ok := parseARN(provider); ok {
		n.Scope = accountRef(a.account)
	}
	return n
}

// issuerOf returns the issuer behind a Federated principal (the URL of an OIDC
// provider without its scheme, the name of a SAML provider) and the type of
// its subjects; "" for what is no provider.
func issuerOf(value string) (issuer, kind string) {
	a, ok := parseARN(value)
	switch {
	case !ok && strings.ContainsAny(value, " *:"), value == "":
		return "", ""
	case !ok:
		return value, "sts:web-identity"
	case !isAccountID(a.account):
		return "", ""
	case a.kind() == "oidc-provider":
		return providerName(a), "sts:web-identity"
	case a.kind() == "saml-provider":
		return providerName(a), "sts:saml"
	}
	return "", ""
}

// conditionValues returns the values that string equality and likeness tests
// of a Condition element state for key, each once, sorted.
// Operators and keys have no case in AWS.
func conditionValues(condition jsontext.Value, key string) []string {
	var operators map[string]map[string]jsontext.Value
	if len(condition) == 0 || json.Unmarshal(condition, &operators) != nil {
		return nil
	}
	var out []string
	for op, keys := range operators {
		if !isEquality(op) {
			continue
		}
		for k, v := range keys {
			if strings.EqualFold(k, key) {
				out = append(out, stringsOf(v)...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isEquality reports whether a condition operator tests for a text or pattern.
func isEquality(op string) bool {
	op = strings.ToLower(op)
	op = strings.TrimPrefix(op, "foranyvalue:")
	op = strings.TrimSuffix(op, "ifexists")
	return op == "stringequals" || op == "stringlike" || op == "stringequalsignorecase"
}
