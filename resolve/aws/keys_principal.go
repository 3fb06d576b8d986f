package aws

import (
	"strings"
	"sync"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file knows what context keys say of who asks, and of its session.

// principalKey knows what follows from who asks.
func (r *request) principalKey(rest string) (keyState, bool) {
	p := r.principal
	if tag, ok := strings.CutPrefix(rest, "principaltag/"); ok {
		return r.principalTag(tag)
	}
	iam := p.kind <= kindFederatedUser
	switch rest {
	case "principalarn":
		switch {
		case iam:
			return r.present(r.principalARN()), true
		case p.kind == kindExternal:
			return keyState{}, false
		}
		return absent, true
	case "principalaccount":
		switch {
		case p.kind <= kindExternal:
			return r.present(p.account.id), true
		case p.kind == kindAnonymous:
			return r.fixed("anonymous"), true
		}
		return absent, true
	case "principaltype":
		return r.principalType(), p.kind != kindExternal
	case "principalorgid", "principalorgpaths":
		if p.kind > kindExternal {
			return absent, true
		}
		return r.organizationKey(p.account, strings.HasSuffix(rest, "paths"))
	case "userid":
		return r.userID()
	case "username":
		if p.kind == kindUser {
			return r.present(p.name), true
		}
		return absent, p.kind != kindExternal
	case "principalisawsservice":
		if p.kind == kindAnonymous {
			return absent, true
		}
		return r.fixed(boolText(p.kind == kindService)), true
	case "principalservicename", "principalservicenameslist":
		if p.kind == kindService {
			return r.fixed(p.ref), true
		}
		return absent, true
	}
	return r.sessionKey(rest)
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// principalTag: a user's tags are fixed; a role's may be joined and overridden
// by session tags where trust allows sts:TagSession.
func (r *request) principalTag(tag string) (keyState, bool) {
	p := r.principal
	if p.openTags {
		return keyState{}, false
	}
	switch p.kind {
	case kindExternal, kindWebIdentity, kindSAML, kindFederatedUser:
		return keyState{}, false
	case kindService, kindAnonymous, kindOutsider:
		return absent, true
	}
	if p.kind == kindRole && p.trust.tags {
		return keyState{}, false
	}
	value, ok := p.tags.of(tag)
	if !ok {
		return absent, true
	}
	return r.fixed(value), true
}

func (r *request) principalARN() string {
	if r.principal.kind == kindFederatedUser {
		return "arn:" + r.principal.partition + ":sts::" + r.principal.account.id + ":federated-user/" + r.session
	}
	return r.principal.ref
}

func (r *request) principalType() keyState {
	switch r.principal.kind {
	case kindUser:
		return r.fixed("User")
	case kindRole:
		return r.fixed("AssumedRole")
	case kindRoot:
		return r.fixed("Account")
	case kindFederatedUser:
		return r.fixed("FederatedUser")
	case kindAnonymous:
		return r.fixed("Anonymous")
	}
	return absent
}

// userID: a session's is its role's id and its name, which whoever makes the
// session chooses.
func (r *request) userID() (keyState, bool) {
	p := r.principal
	switch p.kind {
	case kindUser:
		if p.uniqueID != "" {
			return r.fixed(p.uniqueID), true
		}
		return keyState{}, false
	case kindRoot:
		return r.fixed(p.account.id), true
	case kindRole:
		if p.uniqueID != "" && r.session != "" {
			return r.fixed(p.uniqueID + ":" + r.session), true
		}
		return keyState{}, false
	case kindAnonymous:
		return r.fixed("anonymous"), true
	}
	return keyState{}, false
}

// organizationKey: known where an organization was collected. An account that
// is in none of them may be in another: its value is then some other one.
func (r *request) organizationKey(a *account, paths bool) (keyState, bool) {
	switch {
	case a.org != nil && paths:
		return r.fixed(a.org.path), true
	case a.org != nil:
		return r.fixed(a.org.id), true
	}
	return keyState{}, false
}

// sessionKey knows what only sessions carry.
func (r *request) sessionKey(rest string) (keyState, bool) {
	p := r.principal
	session := p.kind == kindRole || p.kind == kindFederatedUser || p.kind == kindExternal
	switch rest {
	case "multifactorauthpresent", "multifactorauthage", "tokenissuetime":
		if r.accessKey || p.kind > kindExternal {
			return absent, true
		}
	case "sourceidentity":
		if !session || p.kind == kindRole && !p.trust.sourceIdentity {
			return absent, true
		}
	case "federatedprovider":
		if p.kind == kindWebIdentity || p.kind == kindSAML {
			return r.present(p.assertion().provider), true
		}
		if !session || p.kind == kindRole && !p.trust.federated {
			return absent, true
		}
	case "assumedroot":
		if p.kind != kindRoot && p.kind != kindExternal {
			return absent, true
		}
	case "ec2instancesourcevpc", "ec2instancesourceprivateipv4":
		if r.hold != graph.AsCode {
			return absent, true
		}
	case "chatbotsourcearn", "signinsessionarn":
		if !session && p.kind != kindUser {
			return absent, true
		}
	}
	return keyState{}, false
}

// webIdentityKey: the audience is one of the provider's client ids; the
// subject is the pattern that the foothold stands for.
func (r *request) webIdentityKey(rest string) (keyState, bool) {
	t := r.principal.assertion()
	if t.ofNewcomer(rest) {
		return r.fixed(anyKey), true
	}
	if rest == "sub" && t.subject != "" && !strings.ContainsAny(t.subject, "*?") {
		return r.fixed(t.subject), true
	}
	if rest == "aud" && len(t.clientIDs) == 1 {
		return r.fixed(t.clientIDs[0]), true
	}
	return keyState{}, false
}

// oldestSession is before every session that a request of today can be of:
// none lives longer than 36 hours (STS API reference, GetSessionToken), and
// nobody asks about the time before the reference table was made.
var oldestSession = sync.OnceValue(func() time.Time {
	made, _ := policy.ParseDate(reference.Date())
	return made.Add(-36 * time.Hour)
})
