package aws

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// ErrQuestion is wrapped by errors about a question that cannot be asked.
var ErrQuestion = errors.New("question")

// Decide answers one question with every reason. Errors wrap graph.ErrNotFound
// where no document describes the principal, ErrQuestion or ErrPolicy where
// the question itself is wrong.
func (e *Estate) Decide(q policy.Question) (policy.Decision, error) {
	r, err := e.newRequest(q)
	if err != nil {
		return policy.Decision{}, err
	}
	return r.explain(q), nil
}

// Rule answers one question without reasons.
func (e *Estate) Rule(q policy.Question) (snapshot.Ruling, error) {
	r, err := e.newRequest(q)
	if err != nil {
		return snapshot.Ruling{}, err
	}
	return r.ruling(r.decide()), nil
}

func (e *Estate) newRequest(q policy.Question) (*request, error) {
	r := &request{estate: e, hold: q.Hold, at: q.At, strict: q.Strict, assumeNone: q.AssumeNone, given: q.Given}
	if err := r.findPrincipal(q.Principal); err != nil {
		return nil, err
	}
	if q.Hold.Without() != 0 {
		f := snapshot.Foothold{Node: r.principal.node, Hold: q.Hold}
		r.principal, r.hold = e.actor(f), e.heldAs(f)
	}
	if service, name, ok := strings.Cut(q.Action, ":"); !ok || service == "" || name == "" || strings.ContainsAny(q.Action, "*?") {
		return nil, fmt.Errorf("%w: action %q: want service:Name without wildcards", ErrQuestion, q.Action)
	}
	r.action = parseAction(q.Action)
	if err := r.findResource(q.Resource); err != nil {
		return nil, err
	}
	for _, v := range q.Context {
		r.stated = append(r.stated, statedKey{strings.ToLower(v.Key), v.Values, v.Absent, v.Here})
	}
	return r, r.readStatedPolicies(q)
}

func (r *request) findResource(text string) error {
	if text == "*" || text == "" {
		r.resource = &resource{arn: "*", node: snapshot.None, layer: numResource}
		return nil
	}
	if _, ok := ParseARN(text); !ok {
		return fmt.Errorf("%w: resource %q: want an ARN or *", ErrQuestion, text)
	}
	r.resource = r.estate.resourceByARN(text)
	return nil
}

func (r *request) readStatedPolicies(q policy.Question) error {
	for _, text := range q.SessionPolicies {
		b, err := statedPolicy(text, LayerSession)
		if err != nil {
			return fmt.Errorf("session policy: %w", err)
		}
		r.sessions = append(r.sessions, b)
	}
	if q.EndpointPolicy != nil {
		b, err := statedPolicy(q.EndpointPolicy, LayerEndpoint)
		if err != nil {
			return fmt.Errorf("endpoint policy: %w", err)
		}
		r.endpoint = []bound{b}
	}
	return nil
}

// statedAttachment marks a policy that stands in the question, not in a
// document.
const statedAttachment = ^snapshot.AttachmentIndex(0)

func statedPolicy(text []byte, layer graph.LayerID) (bound, error) {
	doc, err := ParseDocument(text)
	if err == nil {
		err = doc.validAs(layer)
	}
	return stated(doc, graph.Evidence{Layer: layer, Policy: "stated", Name: "stated in the question"}), err
}

// findPrincipal resolves who asks: a node, a session of a role or of a
// federated user, or an access key.
func (r *request) findPrincipal(ref graph.Ref) error {
	e := r.estate
	if node, ok := e.find(ref); ok {
		if e.s.Kind(node) == graph.KindAccount {
			r.becomeAdministrator(node)
			return nil
		}
		if e.s.Kind(node) == graph.KindCredential {
			return r.findHolder(node)
		}
		if e.s.Kind(node).Class() != graph.ClassPrincipal || e.s.Kind(node) == graph.KindGroup {
			return fmt.Errorf("%w: %s is a %s, want a principal", ErrQuestion, ref, e.s.Kind(node))
		}
		if e.s.Kind(node) == graph.KindWorkload {
			return r.findRunsAs(node)
		}
		r.principal = e.principal(node)
		return nil
	}
	if arn, ok := ParseARN(string(ref)); ok && arn.Service == "sts" {
		return r.findSession(ref, arn)
	}
	return fmt.Errorf("principal %s is in no document: %w", ref, graph.ErrNotFound)
}

// findAdministrator: an account asks as whoever administers it, a role without
// limits of its own; one that nobody collected as whoever controls it.
// becomeAdministrator makes the request that of whoever administers an account.
func (r *request) becomeAdministrator(node snapshot.Index) {
	account := r.estate.account(strings.TrimPrefix(string(r.estate.s.Ref(node)), "account:"))
	r.principal = r.estate.administratorOf(account)
	if account.described {
		r.hold, r.kept = graph.WithOwnPolicy, &[]bound{}
	}
}

func (r *request) findHolder(credential snapshot.Index) error {
	for _, user := range r.estate.s.Out(credential, graph.CredentialOf) {
		r.principal, r.accessKey = r.estate.principal(user), r.estate.s.Type(credential) == "iam:access-key"
		return nil
	}
	return fmt.Errorf("credential %s is of no principal in the documents: %w", r.estate.s.Ref(credential), graph.ErrNotFound)
}

// findRunsAs: a workload acts as the role that it runs as.
func (r *request) findRunsAs(workload snapshot.Index) error {
	for _, role := range r.estate.rolesOf(workload) {
		r.principal, r.hold = r.estate.principal(role), graph.AsCode
		return nil
	}
	return fmt.Errorf("workload %s runs as no role in the documents: %w", r.estate.s.Ref(workload), graph.ErrNotFound)
}

// rolesOf follows RUNS_AS from a workload to roles, through instance profiles.
func (e *Estate) rolesOf(workload snapshot.Index) []snapshot.Index {
	var roles []snapshot.Index
	for _, to := range e.s.Out(workload, graph.RunsAs) {
		if e.s.Kind(to) == graph.KindRole {
			roles = append(roles, to)
			continue
		}
		roles = append(roles, e.s.Out(to, graph.RunsAs)...)
	}
	return roles
}

// findSession reads assumed-role/NAME/SESSION, which drops the role's path,
// and federated-user/NAME#USER, the session named NAME that the IAM user USER
// made. Without #USER the user is taken to bear the session's name.
func (r *request) findSession(ref graph.Ref, arn ARN) error {
	kind, rest, _ := strings.Cut(arn.Resource, "/")
	name, session, _ := strings.Cut(rest, "/")
	want := graph.KindRole
	if kind == "federated-user" {
		want = graph.KindUser
		var stated bool
		if session, name, stated = strings.Cut(rest, "#"); !stated {
			name = session
			r.sameName = true
		}
	}
	for _, node := range r.estate.s.FindName(name) {
		if p, _ := ParseARN(string(r.estate.s.Ref(node))); p.Account != arn.Account || r.estate.s.Kind(node) != want {
			continue
		}
		r.principal, r.session, r.hold = r.estate.principal(node), session, graph.AsSession
		if want == graph.KindUser {
			federated := *r.principal
			federated.kind = kindFederatedUser
			r.principal = &federated
		}
		return nil
	}
	return fmt.Errorf("session %s: its %s is in no document: %w", ref, strings.ToLower(string(want)), graph.ErrNotFound)
}

// An outcome is what a request came to.
type outcome struct {
	formula          *policy.Formula
	include, exclude []string
	// impossible says why no such request exists: the action acts on nothing
	// like the resource, or the principal cannot make it at all.
	impossible string
}

// decide evaluates the request and whatever else has to be allowed with it.
func (r *request) decide() outcome {
	r.matched, r.assumed = r.matched[:0], r.assumed[:0]
	if r.sameName {
		r.assume(assumeSameName)
	}
	if o, ok := r.throughTicket(); ok {
		return o
	}
	if o, ok := r.settled(); ok {
		return o
	}
	if o, ok := r.throughMethods(); ok {
		return o
	}
	switch r.fit() {
	case fitsNot:
		return outcome{formula: policy.False, impossible: r.action.text + " does not act on " + r.resource.arn}
	case fitsParts:
		return r.decideParts()
	}
	return outcome{formula: r.evaluateAll()}
}

// evaluateAll decides the request together with what else it needs. The words
// that are left to explain are those of whichever decided.
func (r *request) evaluateAll() *policy.Formula {
	f := r.evaluate()
	if f == policy.False {
		return f
	}
	words := r.words
	needed := r.alsoNeeded()
	if v, _ := needed.State(); v != graph.Denied {
		r.words = words
	}
	return policy.And(f, needed)
}

type fitness uint8

const (
	fitsWhole fitness = iota
	fitsParts         // the action acts on what the resource holds
	fitsNot
)

// fit compares the resource types of the action with those of the resource.
// What the table does not know is taken to fit.
func (r *request) fit() fitness {
	if !r.action.known || r.resource.arn == "*" || !r.holds(ruleResources) {
		return fitsWhole
	}
	uses := infoOf(r.action.id).uses
	types := r.resource.types
	if len(uses) == 0 || len(types) == 0 {
		return fitsWhole
	}
	parts := false
	for _, u := range uses {
		for _, t := range types {
			if u.Type == t || u.Type == qualified()[t] {
				return fitsWhole
			}
		}
		parts = parts || u.Type == objectType() && isBucket(r.resource)
	}
	if parts {
		return fitsParts
	}
	return fitsNot
}

var objectType = sync.OnceValue(func() reference.TypeID {
	t, _ := reference.FindType("s3", "object")
	return t
})

// qualified maps types that are kinds of another: actions on a function act on
// its versions and aliases too.
//
// Source: Lambda developer guide, "Fine-tuning the Resources and Conditions
// sections of policies".
var qualified = sync.OnceValue(func() map[reference.TypeID]reference.TypeID {
	kinds := map[reference.TypeID]reference.TypeID{}
	function, _ := reference.FindType("lambda", "function")
	for _, name := range []string{"function alias", "function version"} {
		if t, ok := reference.FindType("lambda", name); ok {
			kinds[t] = function
		}
	}
	return kinds
})

func isBucket(b *resource) bool {
	return b.parts.Service == "s3" && b.parts.Account == "" && !strings.Contains(b.parts.Resource, "/")
}
