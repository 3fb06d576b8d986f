package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file knows what is to know of context keys that a request leaves open.

// openKey describes a key that the request leaves open.
func (r *request) openKey(folded, name string) keyState {
	k := &policy.Key{Name: name, Control: controlOf(folded)}
	if spelled, typ, ok := keyType(folded); ok {
		k.Type, k.Multi = typ, strings.HasPrefix(spelled, "ArrayOf")
	}
	r.narrow(k, folded)
	return keyState{open: k}
}

func keyType(folded string) (spelled string, typ policy.ValueType, ok bool) {
	spelled, ok = reference.KeyType(folded)
	switch strings.TrimPrefix(spelled, "ArrayOf") {
	case "ARN":
		typ = policy.TypeARN
	case "Bool":
		typ = policy.TypeBool
	case "Numeric":
		typ = policy.TypeNumeric
	case "Date":
		typ = policy.TypeDate
	case "IPAddress":
		typ = policy.TypeIP
	case "Binary":
		typ = policy.TypeBinary
	}
	return spelled, typ, ok
}

// narrow adds what is known of an open key's values.
func (r *request) narrow(k *policy.Key, folded string) {
	p := r.principal
	switch folded {
	case "aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:useragent":
		k.Required = true
	case "aws:userid":
		k.Required = true
		if p.kind == kindRole && p.uniqueID != "" {
			k.Like = p.uniqueID + ":*"
		}
	case "aws:principalorgid", "aws:principalorgpaths", "aws:resourceorgid", "aws:resourceorgpaths":
		k.Except = r.estate.organizations()
	case "aws:multifactorauthpresent":
		k.Type = policy.TypeBool
	case "aws:tokenissuetime":
		k.Required = p.kind == kindRole || p.kind == kindFederatedUser
		k.NotBefore = oldestSession()
	case "aws:principalarn":
		k.Required = true
		k.Like = "arn:" + p.partition + ":*:*:" + p.account.id + ":*"
	case "iam:passedtoservice":
		k.Within, k.Required = r.passableServices(), r.passableServices() != nil
	}
	t := p.assertion()
	if p.kind == kindWebIdentity && strings.HasSuffix(folded, ":sub") && strings.HasPrefix(folded, t.issuer) {
		k.Like, k.Required = t.subject, true
	}
	if p.kind == kindWebIdentity && strings.HasSuffix(folded, ":aud") && strings.HasPrefix(folded, t.issuer) && len(t.clientIDs) > 0 {
		k.Within, k.Required = t.clientIDs, true
	}
}

// passableServices are the services that the role acted on trusts: it can be
// passed to no other.
func (r *request) passableServices() []string {
	if r.resource.layer != numTrust || r.resource.node == snapshot.None || !r.holds(rulePassRole) {
		return nil
	}
	var hosts []string
	for _, b := range r.resource.policies {
		if b.doc == nil {
			return nil
		}
		for i := range b.doc.Statements {
			for _, name := range b.doc.Statements[i].Principals {
				if name.Type == "Service" && !b.doc.Statements[i].Deny {
					hosts = append(hosts, name.Value)
				}
			}
		}
	}
	return hosts
}

// controlOf says who decides the value of an open key.
func controlOf(folded string) policy.Control {
	switch folded {
	case "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip",
		"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:currenttime", "aws:epochtime",
		"aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4":
		return policy.Environment
	case "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:principalorgid", "aws:principalorgpaths",
		"aws:principalarn", "aws:tokenissuetime", "aws:federatedprovider", "aws:sourceidentity", "aws:userid":
		return policy.CallerHolds
	}
	switch {
	case strings.HasPrefix(folded, "aws:principaltag/"), strings.HasPrefix(folded, "saml:"),
		strings.HasSuffix(folded, ":sub"), strings.HasSuffix(folded, ":aud"), strings.HasSuffix(folded, ":amr"):
		return policy.CallerHolds
	case strings.Contains(folded, "resourcetag/"), strings.Contains(folded, "existingobjecttag/"),
		strings.HasPrefix(folded, "aws:resource"):
		return policy.Environment
	}
	return policy.CallerChooses
}
