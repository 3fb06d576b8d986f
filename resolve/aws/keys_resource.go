package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
)

// This file knows what context keys say of what is acted on.

func (r *request) resourceAttr(key string) string { return r.resource.attrs[key] }

// ownerless are the actions whose requests do not carry the keys of the
// resource's account and organization.
//
// Source: IAM user guide, "AWS global condition context keys",
// aws:ResourceAccount, list of unsupported actions.
var ownerless = map[string]bool{
	"auditmanager:updateassessmentframeworkshare": true, "detective:acceptinvitation": true, "ds:acceptshareddirectory": true,
	"ec2:accepttransitgatewaypeeringattachment": true, "ec2:acceptvpcendpointconnections": true, "ec2:acceptvpcpeeringconnection": true,
	"ec2:createtransitgatewaypeeringattachment": true, "ec2:createvpcendpoint": true, "ec2:createvpcpeeringconnection": true,
	"es:acceptinboundconnection": true, "guardduty:acceptadministratorinvitation": true, "macie2:acceptinvitation": true,
	"route53:associatevpcwithhostedzone": true, "route53:createvpcassociationauthorization": true, "securityhub:acceptadministratorinvitation": true,
}

// resourceKey knows what follows from what is acted on.
func (r *request) resourceKey(rest string) (keyState, bool) {
	if rest == "resourceaccount" || strings.HasPrefix(rest, "resourceorg") {
		if ownerless[r.action.folded] || r.action.service == "ebs" {
			return absent, true
		}
	}
	switch rest {
	case "resourceaccount":
		return r.present(r.ownerID()), r.ownerID() != ""
	case "resourceorgid", "resourceorgpaths":
		if owner := r.ownerAccount(); owner != nil {
			return r.organizationKey(owner, strings.HasSuffix(rest, "paths"))
		}
		return keyState{}, false
	}
	if tag, ok := strings.CutPrefix(rest, "resourcetag/"); ok {
		return r.resourceTag(tag)
	}
	return keyState{}, false
}

// ownerAccount is the resource's account, or the principal's own for requests
// that act on no resource.
func (r *request) ownerAccount() *account {
	switch {
	case r.resource.owner != nil:
		return r.resource.owner
	case r.principal.kind <= kindExternal:
		return r.principal.account
	}
	return nil
}

func (r *request) ownerID() string {
	if a := r.ownerAccount(); a != nil {
		return a.id
	}
	return ""
}

// resourceTag: tags of a described resource are fixed, unless others are
// stated; services have keys of their own that look at the same tags. A bucket answers with
// its tags only where attribute-based access is switched on for it.
//
// Source: Amazon S3 user guide, "Using tags with S3 general purpose buckets".
func (r *request) resourceTag(tag string) (keyState, bool) {
	if r.resource.typ == "s3:bucket" && r.resourceAttr("abac") != "true" {
		return absent, true
	}
	for i := range r.stated {
		if name, ok := strings.CutPrefix(r.stated[i].key, "aws:resourcetag/"); ok && name == tag && !(r.besides && r.stated[i].here) {
			return r.stated[i].state(), true
		}
	}
	if !r.resource.tagsKnown {
		return keyState{}, false
	}
	value, ok := r.resource.tags.of(tag)
	if !ok {
		return absent, true
	}
	return r.fixed(value), true
}

// kmsKey: KMS condition keys that follow from the route.
//
// Source: KMS developer guide, "AWS KMS condition keys".
func (r *request) kmsKey(rest string) (keyState, bool) {
	switch rest {
	case "calleraccount":
		return r.present(r.callerAccount()), true
	case "viaservice":
		return r.present(r.viaHost()), true
	case "grantisforawsresource":
		// True only where a service makes the grant for the caller.
		return r.fixed("false"), r.via == ""
	}
	if tag, ok := strings.CutPrefix(rest, "resourcetag/"); ok {
		return r.resourceTag(tag)
	}
	return keyState{}, false
}

// iamKey: condition keys of IAM that follow from the entity acted on.
//
// Source: service authorization reference, "Actions, resources, and condition
// keys for AWS Identity and Access Management".
func (r *request) iamKey(rest string) (keyState, bool) {
	if tag, ok := strings.CutPrefix(rest, "resourcetag/"); ok {
		return r.resourceTag(tag)
	}
	if rest == "permissionsboundary" {
		return r.boundaryKey()
	}
	return keyState{}, false
}

// boundaryKey: the caller names a boundary when it makes an entity or sets
// one; else the key is the boundary that the entity has.
func (r *request) boundaryKey() (keyState, bool) {
	switch r.action.name {
	case "createuser", "createrole", "putuserpermissionsboundary", "putrolepermissionsboundary":
		return keyState{}, false
	}
	if r.resource.node == snapshot.None {
		return keyState{}, false
	}
	for _, a := range r.estate.s.Attached(r.resource.node, LayerBoundary) {
		return r.fixed(string(r.estate.s.Attachment(a).Policy)), true
	}
	return absent, r.estate.gapOf(r.resource.node, LayerBoundary) == nil
}
