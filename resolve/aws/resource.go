package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// A resource is one thing that is acted on, with everything of it that a
// decision reads.
type resource struct {
	arn   string
	parts ARN
	node  snapshot.Index // snapshot.None where no document describes it
	// owner is the account that holds it; ownerKnown is false where neither
	// the ARN nor a document tells.
	owner      *account
	ownerKnown bool
	typ        string // the node's type, "" where it has no node
	tags       tagSet
	tagsKnown  bool
	attrs      map[string]string // native properties that decisions read; nil where it has none

	types []reference.TypeID // of the reference table; empty where it knows none

	policies []bound // resource policy, or trust of a role
	gap      *policy.Formula
	assumed  bool // nobody collected its policy
	layer    layerNumber

	restrictPublic *policy.Formula // True or False for a bucket, nil for other things
	publicGap      *policy.Formula // settings that did not come
	ignoreACL      *policy.Formula // True where public lists count for nothing; a gap holds where they count
}

// maxResources bounds how many resources are remembered.
const maxResources = 1 << 15

// resourceByNode returns the view of a described resource.
func (e *Estate) resourceByNode(node snapshot.Index) *resource {
	e.mu.RLock()
	r, ok := e.resources[node]
	e.mu.RUnlock()
	if ok {
		return r
	}
	r = e.readResource(string(e.s.Ref(node)), node)
	e.mu.Lock()
	if len(e.resources) >= maxResources && e.concern == nil {
		clear(e.resources) // who needs one of them reads it again
	}
	e.resources[node] = r
	e.mu.Unlock()
	return r
}

// resourceByARN returns the view of whatever arn names. What a bucket holds
// has the bucket's owner and policies.
func (e *Estate) resourceByARN(arn string) *resource {
	if node, ok := e.find(graph.Ref(arn)); ok {
		return e.resourceByNode(node)
	}
	holder, ok := e.find(graph.Ref(holderOf(arn)))
	if !ok {
		return e.readResource(arn, snapshot.None)
	}
	return e.resourceByNode(holder).part(arn)
}

// part is the view of what a bucket holds.
func (b *resource) part(arn string) *resource {
	part := *b
	part.arn = arn
	part.parts, _ = ParseARN(arn)
	part.tags, part.tagsKnown = nil, false
	part.types = typesOf(arn)
	return &part
}

// holderOf returns the ARN of what holds a part: the bucket of an object.
func holderOf(arn string) string {
	a, ok := ParseARN(arn)
	if !ok || a.Service != "s3" || a.Account != "" {
		return ""
	}
	bucket, _, found := strings.Cut(a.Resource, "/")
	if !found {
		return ""
	}
	a.Resource = bucket
	return a.String()
}

// policyTypes are the resource types whose policies Clew reads. A resource of
// another type has no policy of its own as far as a decision goes.
//
// Source: IAM user guide, "AWS services that work with IAM".
var policyTypes = map[string]bool{
	"s3:bucket": true, "sqs:queue": true, "sns:topic": true, "kms:key": true, "secretsmanager:secret": true,
	"secretsmanager:Secret": true, "lambda:function": true, "ecr:repository": true, "dynamodb:table": true,
	"iam:role": true, "events:event-bus": true, "kinesis:stream": true, "elasticfilesystem:file-system": true,
	"es:domain": true, "execute-api:": true, "glue:catalog": true, "backup:backup-vault": true,
	"s3:accesspoint": true, "codeartifact:domain": true, "codeartifact:repository": true, "lambda:layer": true,
}

// taggedTypes are the types whose documents always show their tags: where one
// shows none, there are none.
var taggedTypes = map[string]bool{
	"iam:user": true, "iam:role": true, "ec2:instance": true, "secretsmanager:secret": true,
}

func carriesPolicy(typ string) bool { return policyTypes[typ] }

// needsExplicitGrant tells the requests for which identity policies alone
// never suffice: assuming a role, and everything on a KMS key.
//
// Sources: IAM user guide, "Policy evaluation for requests within a single
// account" (role trust policies and KMS key policies are the exceptions); KMS
// developer guide, "Key policies in AWS KMS".
func (r *request) needsExplicitGrant() bool {
	action := r.action.name
	switch r.action.service {
	case "sts":
		return strings.HasPrefix(action, "assumerole") || action == "tagsession" || action == "setsourceidentity"
	case "kms":
		return strings.HasPrefix(r.resource.parts.Resource, "key/") && action != "retiregrant" && r.holds(ruleKMS)
	}
	return false
}

// needsBothSides: a service that wants its own policy and the caller's to
// allow, in one account too.
//
// Source: VPC Lattice user guide, "Control access to VPC Lattice services
// using auth policies".
func needsBothSides(service string) bool { return service == "vpc-lattice-svcs" }

// An action is an action of a request, split and looked up once.
type action struct {
	text          string // as asked
	folded        string // all of it in lower case
	service, name string // its two parts
	id            reference.ActionID
	known         bool
}

func parseAction(text string) action {
	folded := strings.ToLower(text)
	service, name, _ := strings.Cut(folded, ":")
	a := action{text: text, folded: folded, service: service, name: name}
	if a.id, a.known = reference.Find(text); a.known {
		a.text = a.id.String()
	}
	return a
}
