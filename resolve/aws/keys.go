package aws

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
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
		if r.stated[i].key != folded || r.via != "" && isNetworkKey(folded) {
			continue
		}
		if r.stated[i].absent {
			return absent
		}
		return keyState{known: true, values: r.stated[i].values}
	}
	if state, ok := r.derivedKey(folded, name); ok && r.holds(ruleKeys) {
		return state
	}
	return r.openKey(folded, name)
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

// resourceTag: tags of a described resource are fixed. A bucket answers with
// its tags only where attribute-based access is switched on for it.
//
// Source: Amazon S3 user guide, "Using tags with S3 general purpose buckets".
func (r *request) resourceTag(tag string) (keyState, bool) {
	if r.resource.typ == "s3:bucket" && r.resourceAttr("abac") != "true" {
		return absent, true
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

func (r *request) callerAccount() string {
	if r.principal.kind <= kindExternal {
		return r.principal.account.id
	}
	return ""
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

// oldestSession is before every session that a request of today can be of:
// none lives longer than 36 hours (STS API reference, GetSessionToken), and
// nobody asks about the time before the reference table was made.
var oldestSession = sync.OnceValue(func() time.Time {
	made, _ := policy.ParseDate(reference.Date())
	return made.Add(-36 * time.Hour)
})

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
