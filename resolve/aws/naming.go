package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// naming is how a Principal element names a caller. What the grant is worth
// depends on it.
//
// Source: IAM user guide, "AWS JSON policy elements: Principal", and
// "Permissions boundaries for IAM entities".
type naming int

const (
	// namedDirectly: the user, the session, the service, the federated
	// subject, or everyone.
	namedDirectly naming = iota
	// namedAsRole: the role whose session asks, or the user whose federated
	// session asks.
	namedAsRole
	// namedByAccount: the account, which delegates.
	namedByAccount
)

// grantsTo returns when an Allow names the caller in the given way.
func (r *request) grantsTo(s *Statement, how naming) *policy.Formula {
	if s.NotPrincipals {
		if how != namedDirectly {
			return policy.False
		}
		return policy.Not(r.named(s, namedDirectly, namedAsRole, namedByAccount))
	}
	return r.named(s, how)
}

// deniesTo returns when a Deny names the caller. NotPrincipal spares a caller
// only if its account is listed too, for a session also its role and the
// session itself, and never one with a permissions boundary.
//
// Source: IAM user guide, "AWS JSON policy elements: NotPrincipal".
func (r *request) deniesTo(s *Statement) *policy.Formula {
	if !s.NotPrincipals {
		return r.named(s, namedDirectly, namedAsRole, namedByAccount)
	}
	if !r.holds(ruleNotPrincipal) {
		return policy.Not(r.named(s, namedDirectly, namedAsRole, namedByAccount))
	}
	switch r.principal.kind {
	case kindUser:
		if len(r.principal.ownBoundary()) > 0 {
			return policy.True
		}
		return policy.Not(policy.And(r.named(s, namedDirectly), r.named(s, namedByAccount)))
	case kindRole:
		if len(r.principal.ownBoundary()) > 0 {
			return policy.True
		}
		return policy.Not(policy.And(r.named(s, namedDirectly), policy.And(r.named(s, namedAsRole), r.named(s, namedByAccount))))
	case kindRoot:
		return policy.Not(r.named(s, namedByAccount))
	}
	return policy.Not(r.named(s, namedDirectly))
}

// namedAtAll returns when a statement with principals names the caller in any
// way; a statement without any names everyone.
func (r *request) namedAtAll(s *Statement) *policy.Formula {
	if !s.HasPrincipals {
		return policy.True
	}
	f := r.named(s, namedDirectly, namedAsRole, namedByAccount)
	if s.NotPrincipals {
		return policy.Not(f)
	}
	return f
}

// named returns when the Principal or NotPrincipal list holds the caller in
// one of the given ways.
func (r *request) named(s *Statement, ways ...naming) *policy.Formula {
	result := policy.False
	for i := range s.Principals {
		how, f := r.name(&s.Principals[i])
		for _, way := range ways {
			if f != policy.False && how == way {
				result = policy.Or(result, f)
			}
		}
	}
	return result
}

// name compares one entry of a Principal element with the caller.
func (r *request) name(n *PrincipalName) (naming, *policy.Formula) {
	p := r.principal
	if p.kind == kindOutsider {
		return namedDirectly, policy.False
	}
	switch n.Type {
	case "*":
		return namedDirectly, policy.True
	case anonymousCallers:
		return namedDirectly, policy.Constant(p.kind == kindAnonymous)
	case "Service":
		return namedDirectly, policy.Constant(p.kind == kindService && n.Value == p.ref)
	case "Federated":
		federated := p.kind == kindWebIdentity || p.kind == kindSAML
		return namedDirectly, policy.Constant(federated && n.Value == p.assertion().provider)
	case "CanonicalUser":
		return namedByAccount, r.canonicalUser(n.Value)
	}
	if n.Value == "*" {
		return namedDirectly, policy.Constant(p.kind != kindWebIdentity && p.kind != kindSAML)
	}
	if p.kind > kindExternal {
		return namedDirectly, policy.False
	}
	return r.nameAWS(n.Value)
}

// canonicalUser stands for an account by an id that no document ties to it.
func (r *request) canonicalUser(id string) *policy.Formula {
	if r.principal.kind > kindExternal {
		return policy.False
	}
	return policy.Missing(&policy.Gap{
		Of: graph.Ref(r.resource.arn), Layer: Layers[r.resource.layer].ID, Reason: graph.ReasonUnsupported,
		Detail: "the policy names canonical user " + id + ", and no document says which account that is",
	})
}

// nameAWS compares an account, user, role or session. Unique ids (AIDA…,
// AROA…) stand for deleted principals and name nobody.
func (r *request) nameAWS(value string) (naming, *policy.Formula) {
	p := r.principal
	if isAccountID(value) {
		return namedByAccount, r.delegates(value == p.account.id)
	}
	arn, ok := ParseARN(value)
	if !ok || arn.Account != p.account.id || arn.Partition != p.partition {
		return namedDirectly, policy.False
	}
	if arn.Service == "iam" && arn.Resource == "root" {
		return namedByAccount, r.delegates(true)
	}
	switch p.kind {
	case kindUser:
		return namedDirectly, policy.Constant(value == p.ref)
	case kindFederatedUser:
		if value == p.ref {
			return namedAsRole, policy.True
		}
		return namedDirectly, policy.Constant(arn.Service == "sts" && arn.Resource == "federated-user/"+r.session)
	case kindRole:
		if value == p.ref {
			return namedAsRole, policy.True
		}
		return namedDirectly, r.nameSession(arn)
	}
	return namedDirectly, policy.False
}

// delegates: naming an account delegates to its identity policies. Of a
// principal whose account nobody collected they are taken as given where a
// policy names that principal, and as absent where it names the account only;
// the account's root stands for whoever may use what is given to the account.
func (r *request) delegates(same bool) *policy.Formula {
	return policy.Constant(same && !r.principal.uncollected)
}

// sessionNameKey is the name of the session that asks. AWS has no condition key
// for it (sts:RoleSessionName is the name of a session that is being made), so
// the word is Clew's own.
const sessionNameKey = "session:Name"

// nameSession compares assumed-role/NAME/SESSION, which drops the role's
// path. Whoever makes a session chooses its name.
func (r *request) nameSession(arn ARN) *policy.Formula {
	if !r.holds(ruleSessions) {
		return policy.Constant(arn.Resource == "assumed-role/"+r.principal.name)
	}
	rest, ok := strings.CutPrefix(arn.Resource, "assumed-role/"+r.principal.name+"/")
	if !ok || arn.Service != "sts" {
		return policy.False
	}
	if r.session != "" {
		return policy.Constant(rest == r.session)
	}
	test := policy.Test{Operator: policy.StringEquals, Values: []string{rest}}
	if state := r.key(sessionNameKey); state.known {
		return policy.Constant(test.Holds(state.values, state.values != nil))
	}
	test.Key = &policy.Key{Name: sessionNameKey, Required: true, Control: policy.CallerChooses}
	return policy.Leaf(&test)
}
