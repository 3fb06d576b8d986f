package answer

import (
	"context"
	"errors"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// An AccessQuestion asks for one decision.
type AccessQuestion struct {
	Principal      graph.Ref
	Action         string
	Resource       graph.Ref
	Context        []ContextInput
	SessionPolicy  *JSON
	EndpointPolicy *JSON
	Time           *DateTime
	Strict         *bool
	AssumeNone     []string
	Also           []graph.Ref
}

// A ContextInput states what a request carries for one key.
type ContextInput struct {
	Key    string
	Values []string
}

// An ExplainItem is one answer of many.
type ExplainItem struct {
	Explanation *Explanation
	Error       *UserError
}

// A UserError says why a part of an answer is missing.
type UserError struct{ Code, Message string }

// Explain answers one question.
func (v *View) Explain(q AccessQuestion) (*Explanation, error) {
	question, who, err := v.question(q)
	if err != nil {
		return nil, err
	}
	evaluator := v.evaluator(who)
	if evaluator == nil {
		return nil, fault(BadInput, "nobody here decides for %s", q.Principal)
	}
	d, err := evaluator.Decide(question)
	if err != nil {
		return nil, asked(err)
	}
	return &Explanation{v, d}, nil
}

// asked makes what an evaluator says of a question an error that may be read:
// it never touches anything but the question and the snapshot.
func asked(err error) error {
	if errors.Is(err, graph.ErrNotFound) {
		return &Error{Code: NotFound, Message: err.Error(), Err: err}
	}
	return &Error{Code: BadInput, Message: err.Error(), Err: err}
}

// ExplainMany answers questions, each with its own error, until ctx is done.
func (v *View) ExplainMany(ctx context.Context, questions []*AccessQuestion) ([]*ExplainItem, error) {
	if len(questions) > v.limits.PageSize {
		return nil, fault(Limit, "questions: %d are more than %d", len(questions), v.limits.PageSize)
	}
	out := make([]*ExplainItem, len(questions))
	for i, q := range questions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = &ExplainItem{}
		x, err := v.Explain(*q)
		if err != nil {
			out[i].Error = &UserError{string(Internal), "internal error"}
			if e, ok := AsError(err); ok {
				out[i].Error = &UserError{string(e.Code), e.Message}
			}
			continue
		}
		out[i].Explanation = x
	}
	return out, nil
}

// question makes a question of the schema one of the evaluator.
func (v *View) question(q AccessQuestion) (policy.Question, snapshot.Index, error) {
	principal, who, err := v.asker(q.Principal)
	if err != nil {
		return policy.Question{}, who, err
	}
	out := policy.Question{Principal: principal, Action: strings.TrimSpace(q.Action), Context: stated(q.Context), AssumeNone: layerIDs(q.AssumeNone)}
	if who != snapshot.None {
		out.Hold = v.ownHold(who)
	}
	if out.Resource, err = v.acted(q.Resource); err != nil {
		return out, who, err
	}
	for _, also := range q.Also {
		ref, err := v.acted(also)
		if err != nil {
			return out, who, err
		}
		out.Also = append(out.Also, ref)
	}
	if q.SessionPolicy != nil {
		out.SessionPolicies = [][]byte{*q.SessionPolicy}
	}
	if q.EndpointPolicy != nil {
		out.EndpointPolicy = *q.EndpointPolicy
	}
	if q.Time != nil {
		out.At = q.Time.Time
	}
	out.Strict = q.Strict != nil && *q.Strict
	return out, who, nil
}

// asker resolves who asks. The ARN of a session names no node: the evaluator
// reads it.
func (v *View) asker(ref graph.Ref) (graph.Ref, snapshot.Index, error) {
	who, err := v.find(ref)
	if err == nil {
		return v.Snapshot.Ref(who), who, nil
	}
	if e, ok := AsError(err); ok && e.Code == NotFound && strings.HasPrefix(string(ref), "arn:") && v.ofSight(string(ref)) {
		return ref, snapshot.None, nil
	}
	return "", snapshot.None, err
}

// acted resolves what is acted on, which may be in no document.
func (v *View) acted(ref graph.Ref) (string, error) {
	if ref == "*" || strings.HasPrefix(string(ref), "arn:") && v.ofSight(string(ref)) {
		return string(ref), nil
	}
	i, err := v.find(ref)
	if err != nil {
		return "", err
	}
	return string(v.Snapshot.Ref(i)), nil
}

// ownHold returns how a node is held when it makes its own requests, as the
// snapshot has it.
func (v *View) ownHold(node snapshot.Index) graph.Hold {
	for _, f := range v.Snapshot.FootholdsOf(node) {
		if hold := v.Snapshot.Foothold(f).Hold; hold < graph.WithOwnPolicy {
			return hold
		}
	}
	return graph.ByCredential
}

func stated(list []ContextInput) []policy.Value {
	var out []policy.Value
	for _, c := range list {
		out = append(out, policy.Value{Key: c.Key, Values: c.Values, Absent: len(c.Values) == 0})
	}
	return out
}

func layerIDs(list []string) []graph.LayerID {
	var out []graph.LayerID
	for _, id := range list {
		out = append(out, graph.LayerID(id))
	}
	return out
}
