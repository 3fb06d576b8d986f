package aws

import (
	"slices"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// A request is one question on its way through the layers. It is reused from
// question to question; nothing of it outlives an answer.
type request struct {
	estate    *Estate
	principal *principal
	hold      graph.Hold
	session   string // the session's name, where it is stated
	given     bool   // the resource's own policy says what the principal likes
	sameName  bool   // a federated user whose IAM user is guessed by its name
	accessKey bool   // made with a long-term access key
	action    action
	resource  *resource
	target    string // what statements are compared with: an ARN, or "*"
	via       string // service host that calls on the principal's behalf
	besides   bool   // the resource is another than the one that the question names

	stated     []statedKey
	at         time.Time
	strict     bool
	assumeNone []graph.LayerID
	kept       *[]bound // denies that a principal with a policy of its choice keeps, where they are still being found out
	sessions   []bound  // session policies
	endpoint   []bound

	words   [termCount]*policy.Formula
	matched []match
	assumed []assumptionCode
	values  []string              // of fixed keys
	skip    map[statementKey]bool // statements taken away, to see what flips
}

type statedKey struct {
	key    string
	values []string
	absent bool
	here   bool // of the resource of the question alone
}

// A statementKey names a statement of an attachment.
type statementKey struct {
	bound     *bound
	statement int
}

// A match is a statement that speaks of the request.
type match struct {
	layer     layerNumber
	bound     *bound
	statement *Statement
	formula   *policy.Formula // when it speaks
	gap       bool            // the whole document is missing
}

// evaluate asks every layer and combines their words.
func (r *request) evaluate() *policy.Formula {
	r.target, r.values = r.targetOf(), r.values[:0]
	for i := range r.words {
		r.words[i] = policy.False
	}
	r.words[termSameAccount] = policy.Constant(r.sameAccount() && !needsBothSides(r.action.service) || !r.holds(ruleAccounts))
	r.words[termIdentitySide] = policy.Constant(r.principal.hasIdentity())
	r.words[termImplicitGrant] = policy.Constant(!r.needsExplicitGrant())
	r.words[termUnbounded] = policy.Constant(r.action.service != "sts" && r.holds(ruleBoundary))
	r.readOrganization()
	r.readEndpoint()
	r.readResource()
	r.readPublicBlock()
	r.readIdentity()
	r.readBoundary()
	r.readSession()
	return policy.ReadFormula(&Combine, r.word)
}

func (r *request) word(t policy.Term) *policy.Formula {
	if t >= termDenyRCP && !r.holds(ruleExplicitDeny) {
		return policy.False
	}
	return r.words[t]
}

// readOrganization asks the ceilings of both accounts' organizations.
func (r *request) readOrganization() {
	r.words[termRCP], r.words[termSCP] = policy.True, policy.True
	if r.holds(ruleOrganization) {
		r.readRCP()
		r.readSCP()
	}
}

// starActions are actions that the reference table lists without resource
// types and whose service nevertheless checks an ARN.
//
// Sources, AWS's own examples: Amazon S3 user guide, "Identity-based policy
// examples" (ListAllMyBuckets); the managed policies AmazonBraketJobs-
// ExecutionPolicy (iam:ListRoles) and AdministratorAccess-Amplify
// (logs:DescribeLogGroups).
var starActions = map[string]string{
	"s3:listallmybuckets":    "arn:${Partition}:s3:::*",
	"iam:listroles":          "arn:${Partition}:iam::${Account}:role/",
	"logs:describeloggroups": "arn:${Partition}:logs:${Region}:${Account}:log-group::log-stream:",
}

// targetOf returns what statements are compared with. An action without
// resource types is checked against "*".
func (r *request) targetOf() string {
	if !r.action.known || len(infoOf(r.action.id).uses) > 0 {
		return r.resource.arn
	}
	if template, ok := starActions[r.action.folded]; ok {
		return r.fillTemplate(template, "any")
	}
	return "*"
}

// sameAccount compares the accounts of both sides. A resource whose owner is
// in no document is taken to be the principal's.
func (r *request) sameAccount() bool {
	if r.principal.kind > kindExternal {
		return false
	}
	if r.target == "*" || r.resource.arn == "*" {
		return true
	}
	if !r.resource.ownerKnown {
		r.assume(assumeOwner)
		return true
	}
	return r.resource.owner.id == r.principal.account.id
}

// applies returns when a statement speaks of the request, its principals
// aside.
func (r *request) applies(s *Statement) *policy.Formula {
	if !r.matchesAction(s) {
		return policy.False
	}
	f := r.matchesResource(s)
	if f == policy.False || len(s.Conditions) == 0 || !r.holds(ruleConditions) {
		return f
	}
	return policy.And(f, r.conditions(s))
}

// matchesAction reports whether a statement speaks of the request's action.
func (r *request) matchesAction(s *Statement) bool {
	if !r.holds(ruleActions) {
		return slices.Contains(s.Actions, r.action.text) || slices.Contains(s.Actions, "*")
	}
	return s.matchesAction(r.action.service, r.action.name)
}

// matchesResource returns when a statement covers the target.
func (r *request) matchesResource(s *Statement) *policy.Formula {
	if !s.HasResources {
		return policy.True // trust policies have no Resource
	}
	result := policy.False
	for i := range s.compiled.resources {
		p := &s.compiled.resources[i]
		switch {
		case !r.holds(ruleResources):
			result = policy.Or(result, policy.Constant(policy.Glob(p.text, r.target)))
		case p.parts != nil && !r.holds(ruleVariables):
			result = policy.Or(result, policy.Constant(policy.Glob(p.text, r.target)))
		case p.parts != nil:
			result = policy.Or(result, r.matchesVariable(p))
		case p.matches(r.target):
			result = policy.True
		}
		if result == policy.True {
			break
		}
	}
	if s.NotResources {
		return policy.Not(result)
	}
	return result
}

// matchesVariable returns when a pattern with variables covers the target.
// For one open variable, these are the values that make it match.
func (r *request) matchesVariable(p *resourcePattern) *policy.Formula {
	f := r.fill(p.parts)
	switch {
	case f.unresolved:
		return policy.False
	case len(f.open) == 0:
		return policy.Constant(matchTokens(f.tokens(""), r.target))
	}
	for _, other := range f.open[1:] {
		if other.open.Folded() != f.open[0].open.Folded() {
			whole := policy.Key{Name: "resource " + p.text + " for " + r.target, Type: policy.TypeBool, Required: true}
			return policy.Leaf(&policy.Test{Key: &whole, Operator: policy.BoolEquals, Values: []string{"true"}})
		}
	}
	values := f.solutions(r.target)
	if len(values) == 0 {
		return policy.False
	}
	return policy.Leaf(&policy.Test{Key: f.open[0].open, Operator: policy.StringEquals, Values: values})
}

// solutions returns the values of the open variable under which the text
// matches target: every one is a piece of target.
func (f *filled) solutions(target string) []string {
	var values []string
	seen := map[string]bool{}
	for from := 0; from <= len(target); from++ {
		for to := from; to <= len(target); to++ {
			piece := target[from:to]
			if seen[piece] || piece == "" {
				continue
			}
			seen[piece] = true
			if matchTokens(f.tokens(piece), target) {
				values = append(values, piece)
			}
		}
	}
	return values
}

// say reads one document of a layer that names no principals.
func (r *request) say(n layerNumber, b *bound) (allow, deny *policy.Formula) {
	allow, deny = policy.False, policy.False
	if b.doc == nil {
		return r.missing(n, b, b.missing)
	}
	for i := range b.doc.Statements {
		s := &b.doc.Statements[i]
		if r.skip != nil && r.skip[statementKey{b, i}] {
			continue
		}
		f := r.applies(s)
		if f == policy.False {
			continue
		}
		r.matched = append(r.matched, match{layer: n, bound: b, statement: s, formula: f})
		if s.Deny {
			deny = policy.Or(deny, f)
		} else {
			allow = policy.Or(allow, f)
		}
	}
	return allow, deny
}

// sayAll reads documents that add up.
func (r *request) sayAll(n layerNumber, list []bound) (allow, deny *policy.Formula) {
	allow, deny = policy.False, policy.False
	for i := range list {
		a, d := r.say(n, &list[i])
		allow, deny = policy.Or(allow, a), policy.Or(deny, d)
	}
	return allow, deny
}

// missing returns the words of a layer of which a document did not come: it
// may allow everything or deny everything. Where the asker says to take the
// layer as empty, a ceiling does not limit and a grant grants nothing.
func (r *request) missing(n layerNumber, b *bound, f *policy.Formula) (allow, deny *policy.Formula) {
	if r.takenAsEmpty(f) {
		return policy.Constant(Layers[n].Mode == policy.Ceiling), policy.False
	}
	r.matched = append(r.matched, match{layer: n, bound: b, formula: f, gap: true})
	return f, policy.Not(f)
}

func (r *request) takenAsEmpty(f *policy.Formula) bool {
	for _, layer := range r.assumeNone {
		for _, g := range f.Gaps() {
			if g.Layer == layer {
				return true
			}
		}
	}
	return false
}

// An assumptionCode names what an answer takes for granted.
type assumptionCode uint8

const (
	assumeOwner assumptionCode = iota
	assumeTLS
	assumeSCP
	assumeRCP
	assumeResourcePolicy
	assumeKeyPolicy
	assumeTrust
	assumeExternal
	assumeOtherResources
	assumeSameName
)

// assumptions says each code in words.
var assumptions = [...]policy.Assumption{
	assumeOwner:          {Code: "OWNER_UNKNOWN", Message: "No document describes the resource; it is taken to be in the principal's account.", Widens: true},
	assumeTLS:            {Code: "SECURE_TRANSPORT", Message: "The request is taken to use TLS (aws:SecureTransport is true)."},
	assumeSCP:            {Code: "SCP_NOT_COLLECTED", Message: "No service control policies were collected; the account is taken to have none.", Widens: true},
	assumeRCP:            {Code: "RCP_NOT_COLLECTED", Message: "No resource control policies were collected; the resource's account is taken to have none.", Widens: true},
	assumeResourcePolicy: {Code: "RESOURCE_POLICY_NOT_COLLECTED", Message: "The resource's policy was not collected; it is taken to have none."},
	assumeKeyPolicy:      {Code: "KEY_POLICY_NOT_COLLECTED", Message: "The key's policy was not collected; it is taken to be the default one, which lets identity policies decide.", Widens: true},
	assumeTrust:          {Code: "TRUST_NOT_COLLECTED", Message: "The role's trust policy was not collected; it is taken to trust nobody."},
	assumeExternal:       {Code: "EXTERNAL_ACCOUNT", Message: "The principal's own account was not collected; its policies are taken to allow everything.", Widens: true},
	assumeOtherResources: {Code: "OTHER_RESOURCES", Message: "The action needs more resources than the one that was asked about; some that the principal may use are taken to exist.", Widens: true},
	assumeSameName:       {Code: "FEDERATED_USER_NAME", Message: "The federated session is taken to be of the IAM user of the same name; state another as federated-user/NAME#USER."},
}

func (r *request) assume(code assumptionCode) {
	for _, have := range r.assumed {
		if have == code {
			return
		}
	}
	r.assumed = append(r.assumed, code)
}

// uncollected is what a ceiling says that nobody asked for: nothing, or, where
// the asker is strict, a gap.
func (r *request) uncollected(n layerNumber, code assumptionCode, of graph.Ref) *policy.Formula {
	if !r.strict {
		r.assume(code)
		return policy.True
	}
	gap := policy.Gap{Of: of, Layer: Layers[n].ID, Reason: graph.ReasonNotConfigured, Detail: assumptions[code].Message}
	allow, _ := r.missing(n, nil, policy.Missing(&gap))
	return allow
}
