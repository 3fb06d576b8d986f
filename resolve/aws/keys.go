package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// A keyState is what a decision knows of one context key: its values (nil:
// the request does not carry it), or that it is open.
type keyState struct {
	known  bool
	values []string
	open   *policy.Key
}

var absent = keyState{known: true}

// fixed is a key with one value. The slice lives as long as the request.
func (r *request) fixed(value string) keyState {
	r.values = append(r.values, value)
	n := len(r.values)
	return keyState{known: true, values: r.values[n-1 : n : n]}
}

func (r *request) present(value string) keyState {
	if value == "" {
		return absent
	}
	return r.fixed(value)
}

// key returns the state of a context key; name may be in any case. What the
// asker stated comes first.
func (r *request) key(name string) keyState { return r.foldedKey(strings.ToLower(name), name) }

func (r *request) foldedKey(folded, name string) keyState {
	for i := range r.stated {
		if r.stated[i].key != folded || r.via != "" && isNetworkKey(folded) || r.besides && r.stated[i].here {
			continue
		}
		return r.stated[i].state()
	}
	if state, ok := r.derivedKey(folded, name); ok && r.holds(ruleKeys) {
		return state
	}
	return r.openKey(folded, name)
}

func (k *statedKey) state() keyState {
	if k.absent {
		return absent
	}
	return keyState{known: true, values: k.values}
}

// derivedKey knows the keys that follow from principal, resource, action and
// route. ok is false where the request leaves the key open.
//
// Source: IAM user guide, "AWS global condition context keys", the
// availability paragraph of each key, unless a case says otherwise.
func (r *request) derivedKey(folded, name string) (keyState, bool) {
	service, rest, _ := strings.Cut(folded, ":")
	switch service {
	case "aws":
		if state, ok := r.principalKey(rest); ok {
			return state, true
		}
		if state, ok := r.routeKey(rest); ok {
			return state, true
		}
		return r.resourceKey(rest)
	case "kms":
		if state, ok := r.kmsKey(rest); ok {
			return state, true
		}
	case "iam":
		if state, ok := r.iamKey(rest); ok {
			return state, true
		}
	case "lambda":
		if rest == "functionurlauthtype" {
			if state, ok := r.urlTypeKey(); ok {
				return state, true
			}
		}
	case "s3":
		if rest == "resourceaccount" {
			return r.resourceKey(rest)
		}
	}
	if tag, ok := strings.CutPrefix(rest, "resourcetag/"); ok {
		return r.resourceTag(tag)
	}
	if isSourceKey(folded) {
		// Of code that runs: in every request of that code and in no other.
		return absent, r.hold != graph.AsCode
	}
	if strings.HasSuffix(service, r.principal.assertion().issuer) && r.principal.kind == kindWebIdentity {
		return r.webIdentityKey(rest)
	}
	return r.unsupportedKey(folded, service)
}

func isSourceKey(folded string) bool {
	switch folded {
	case "ec2:sourceinstancearn", "ec2:roledelivery", "lambda:sourcefunctionarn",
		"codebuild:buildarn", "codebuild:projectarn", "glue:roleassumedby", "glue:credentialissuingservice":
		return true
	}
	return false
}

// unsupportedKey: a key of a service that the reference table does not list
// for an action that it knows is absent.
func (r *request) unsupportedKey(folded, service string) (keyState, bool) {
	if service == "saml" || strings.Contains(service, ".") {
		// A provider's own keys: carried by its subjects' requests alone.
		own := service == "saml" && r.principal.kind == kindSAML || service == r.principal.assertion().issuer
		return absent, !own && r.principal.kind != kindExternal
	}
	if !r.known() {
		return keyState{}, false
	}
	if r.action.id.Supports(folded) {
		return keyState{}, false
	}
	return absent, reference.KnownService(service)
}

func (r *request) known() bool { return r.action.known }
