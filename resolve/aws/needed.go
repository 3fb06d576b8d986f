package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// alsoNeeded returns when everything else is allowed that the request needs:
// the other resource types that its action touches, the key under which what it
// reads is encrypted, and a function that is called by its URL.
func (r *request) alsoNeeded() *policy.Formula {
	f := policy.True
	if r.action.known {
		f = r.otherTypes()
	}
	if f != policy.False {
		f = policy.And(f, r.sessionExtras())
	}
	if f != policy.False {
		f = policy.And(f, r.encryption())
	}
	if f != policy.False {
		f = policy.And(f, r.calledByURL())
	}
	return f
}

// otherTypes: an action with several required resource types needs every one.
// Of those that the question does not name, one that the principal may use is
// enough.
func (r *request) otherTypes() *policy.Formula {
	result := policy.True
	uses := infoOf(r.action.id).uses
	if len(uses) < 2 || r.resource.arn == "*" {
		return result
	}
	asked := r.resource
	for _, u := range uses {
		if !u.Required || fitsType(asked, u.Type) || hasAlternative(asked, u.Type) {
			continue
		}
		r.assume(assumeOtherResources)
		some := policy.False
		for _, arn := range r.samplesOf(u.Type) {
			r.resource, r.besides = r.estate.resourceByARN(arn), true
			if some = policy.Or(some, r.evaluate()); some == policy.True {
				break
			}
		}
		r.resource, r.besides = asked, false
		if result = policy.And(result, some); result == policy.False {
			break
		}
	}
	return result
}

// hasAlternative: the reference table marks a type and its "-custom" kind both
// as required, where a request names one of the two.
func hasAlternative(b *resource, t reference.TypeID) bool {
	for _, have := range b.types {
		if have.Service() == t.Service() && (have.Name() == t.Name()+"-custom" || have.Name()+"-custom" == t.Name()) {
			return true
		}
	}
	return false
}

func fitsType(b *resource, t reference.TypeID) bool {
	for _, have := range b.types {
		if have == t {
			return true
		}
	}
	return false
}

// samplesOf returns ARNs of a type: one that no statement names, and those
// that the principal's own statements name.
func (r *request) samplesOf(t reference.TypeID) []string {
	arns := []string{r.fillTemplate(t.ARN(), "any")}
	for i := range r.principal.identity {
		b := &r.principal.identity[i]
		if b.doc == nil {
			continue
		}
		for j := range b.doc.Statements {
			s := &b.doc.Statements[j]
			if s.Deny || s.NotResources || !s.matchesAction(r.action.service, r.action.name) {
				continue
			}
			for _, text := range s.Resources {
				if arn, ok := r.sampleFor(text, t); ok {
					arns = append(arns, arn)
				}
			}
		}
	}
	return arns
}

// anyName makes a name that a pattern covers.
var anyName = strings.NewReplacer("*", "any", "?", "x")

// sampleFor makes an ARN of a type that a resource pattern covers.
func (r *request) sampleFor(text string, t reference.TypeID) (string, bool) {
	arn := anyName.Replace(text)
	if a, ok := ParseARN(text); ok {
		// Wildcards in the fields before the last stand for what those hold.
		for field, value := range map[*string]string{&a.Partition: r.principal.partition, &a.Region: "us-east-1", &a.Account: r.principal.account.id} {
			if strings.ContainsAny(*field, "*?") {
				*field = value
			}
		}
		arn = anyName.Replace(a.String())
	}
	return arn, slices.Contains(typesOf(arn), t)
}

// fillTemplate makes an ARN of a template, in the account and region of the
// resource that was asked about, with name for everything else.
func (r *request) fillTemplate(template, name string) string {
	account := r.principal.account.id
	if r.resource.ownerKnown {
		account = r.resource.owner.id
	}
	region := r.resource.parts.Region
	if region == "" {
		region = "us-east-1"
	}
	for _, known := range [...][2]string{{"${Partition}", r.principal.partition}, {"${Region}", region}, {"${Account}", account}} {
		template = strings.ReplaceAll(template, known[0], known[1])
	}
	for {
		start := strings.Index(template, "${")
		end := strings.Index(template, "}")
		if start < 0 || end < start {
			return template
		}
		template = template[:start] + name + template[end+1:]
	}
}

// sessionExtras: a session that is made with tags needs sts:TagSession too, and
// one with a source identity sts:SetSourceIdentity, on both sides.
//
// Sources: IAM user guide, "Pass session tags in AWS STS" and "Monitor and
// control actions taken with assumed roles".
func (r *request) sessionExtras() *policy.Formula {
	f := policy.True
	if r.action.service != "sts" || !strings.HasPrefix(r.action.name, "assumerole") || !r.holds(ruleSessions) {
		return f
	}
	outer := r.action
	defer func() { r.action = outer }()
	for _, s := range r.stated {
		extra := ""
		switch {
		case s.absent || len(s.values) == 0:
		case strings.HasPrefix(s.key, "aws:requesttag/"), s.key == "aws:tagkeys", s.key == "sts:transitivetagkeys":
			extra = "sts:TagSession"
		case s.key == "sts:sourceidentity":
			extra = "sts:SetSourceIdentity"
		}
		if extra != "" && f != policy.False {
			r.action = parseAction(extra)
			f = policy.And(f, r.evaluate())
		}
	}
	return f
}

// A keyUse is what a service asks of a customer managed key for the caller of
// an action.
type keyUse struct {
	service string // the host that calls KMS
	actions []string
}

// keyUses are the actions on things that a key may encrypt.
//
// Sources: Amazon S3 user guide, "Using server-side encryption with AWS KMS
// keys"; Secrets Manager user guide, "Secret encryption and decryption";
// Amazon SQS and SNS developer guides, "Key management"; Systems Manager user
// guide, "How AWS Systems Manager Parameter Store uses AWS KMS".
var keyUses = map[string]keyUse{
	"s3:getobject":                       {"s3.amazonaws.com", []string{"kms:Decrypt"}},
	"s3:getobjectversion":                {"s3.amazonaws.com", []string{"kms:Decrypt"}},
	"s3:putobject":                       {"s3.amazonaws.com", []string{"kms:GenerateDataKey"}},
	"secretsmanager:getsecretvalue":      {"secretsmanager.amazonaws.com", []string{"kms:Decrypt"}},
	"secretsmanager:batchgetsecretvalue": {"secretsmanager.amazonaws.com", []string{"kms:Decrypt"}},
	"secretsmanager:putsecretvalue":      {"secretsmanager.amazonaws.com", []string{"kms:GenerateDataKey", "kms:Decrypt"}},
	"ssm:getparameter":                   {"ssm.amazonaws.com", []string{"kms:Decrypt"}},
	"ssm:getparameters":                  {"ssm.amazonaws.com", []string{"kms:Decrypt"}},
	"sqs:receivemessage":                 {"sqs.amazonaws.com", []string{"kms:Decrypt"}},
	"sqs:sendmessage":                    {"sqs.amazonaws.com", []string{"kms:GenerateDataKey", "kms:Decrypt"}},
	"sns:publish":                        {"sns.amazonaws.com", []string{"kms:GenerateDataKey", "kms:Decrypt"}},
}

// encryption: what is encrypted under a key that the documents name needs that
// key's permission too, asked through the service.
func (r *request) encryption() *policy.Formula {
	use, ok := keyUses[r.action.folded]
	if !ok || r.resource.node == snapshot.None || r.via != "" || !r.holds(ruleKMS) {
		return policy.True
	}
	key := r.resourceAttr("kms-key")
	switch {
	case key == "":
		return policy.True
	case awsManagedKey(key):
		// Its policy lets everyone in the account through the service, and
		// nobody else.
		return policy.Constant(r.sameAccount())
	}
	outerAction, outerResource := r.action, r.resource
	defer func() { r.action, r.resource, r.via, r.besides = outerAction, outerResource, "", false }()
	r.resource, r.via, r.besides = r.estate.resourceByARN(key), use.service, true
	f := policy.True
	for _, a := range use.actions {
		if f != policy.False {
			r.action = parseAction(a)
			f = policy.And(f, r.evaluate())
		}
	}
	return f
}

// awsManagedKey: the aliases that begin with aws/ are reserved for AWS managed
// keys (KMS developer guide, "Aliases").
func awsManagedKey(arn string) bool { return strings.Contains(arn, ":alias/aws/") }
