package aws

import (
	"strconv"
	"strings"
)

// This file knows what context keys say of the way that a request takes.

// routeKey knows what follows from how the request comes: directly, or from a
// service on its own behalf.
func (r *request) routeKey(rest string) (keyState, bool) {
	service := r.principal.kind == kindService
	switch rest {
	case "sourcearn", "sourceaccount", "sourceorgid", "sourceorgpaths", "sourceowner":
		if !service {
			return absent, true
		}
	case "calledvia", "calledviafirst", "calledvialast", "calledviaawsmcp":
		if r.via == "" {
			return absent, true
		}
		return r.fixed(r.via), true
	case "viaawsservice":
		return r.fixed(boolText(r.via != "")), true
	case "viaawsmcpservice", "ismcpserviceaction":
		return r.fixed("false"), true
	case "securetransport":
		r.assume(assumeTLS)
		return r.fixed("true"), true
	case "requestedregion":
		return r.requestedRegion()
	case "sourcevpc", "sourcevpce", "sourcevpcarn", "vpcsourceip", "vpceaccount", "vpceorgid", "vpceorgpaths":
		if service || r.via != "" {
			return absent, true
		}
	case "sourceip":
		if service {
			return absent, true
		}
	case "currenttime", "epochtime":
		if !r.at.IsZero() {
			if rest == "epochtime" {
				return r.fixed(strconv.FormatInt(r.at.Unix(), 10)), true
			}
			return r.fixed(r.at.UTC().Format("2006-01-02T15:04:05Z")), true
		}
	case "tagkeys":
		return absent, r.known() && !r.action.id.Supports("aws:TagKeys")
	}
	if strings.HasPrefix(rest, "requesttag/") {
		return absent, r.known() && !r.action.id.Supports("aws:"+rest)
	}
	return keyState{}, false
}

// isNetworkKey: these tell of the network of a direct request; a request that
// a service makes for the caller does not carry them on.
func isNetworkKey(folded string) bool {
	switch folded {
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths":
		return true
	}
	return false
}

// globalServices answer in one region, whatever the caller's.
//
// Source: IAM user guide, "AWS global condition context keys",
// aws:RequestedRegion: services with a single endpoint are in us-east-1.
var globalServices = map[string]bool{
	"iam": true, "organizations": true, "cloudfront": true, "route53": true, "support": true,
	"account": true, "budgets": true, "ce": true, "globalaccelerator": true, "waf": true, "shield": true,
	"aws-portal": true, "billing": true, "importexport": true, "trustedadvisor": true, "health": true,
}

func (r *request) requestedRegion() (keyState, bool) {
	if region := r.resource.parts.Region; region != "" && !strings.ContainsAny(region, "*?$") {
		return r.fixed(region), true
	}
	if region := r.resourceAttr("region"); region != "" {
		return r.fixed(region), true
	}
	if globalServices[r.action.service] && r.principal.partition == "aws" {
		return r.fixed("us-east-1"), true
	}
	return keyState{}, false
}

// viaHost is the name under which KMS sees a service that calls for someone:
// "s3.us-east-1.amazonaws.com".
func (r *request) viaHost() string {
	name, domain, found := strings.Cut(r.via, ".")
	if !found {
		return ""
	}
	return name + "." + r.resource.parts.Region + "." + domain
}

func (r *request) callerAccount() string {
	if r.principal.kind <= kindExternal {
		return r.principal.account.id
	}
	return ""
}
