package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file tells how a technique is used at a pivot, and what the log shows.

// Use returns how a technique is used at a pivot.
func (e *Estate) Use(p snapshot.Pivot) (resolve.Use, bool) {
	if p.Technique == "" {
		return resolve.Use{}, false
	}
	if t := escalate.ByID(p.Technique); t != nil && t.Told != "" {
		return e.told(t, p)
	}
	for _, m := range e.matcher().FromBy(p.Technique, p.From) {
		if m.To == p.To {
			return useOf(m), true
		}
	}
	return resolve.Use{}, false
}

// told is Use of a technique whose uses are pivots that other passes conclude.
func (e *Estate) told(t *escalate.Technique, p snapshot.Pivot) (resolve.Use, bool) {
	p.Relation, p.Action = t.Told, t.Needs[0].Action
	q, ok := e.Question(p)
	return resolve.Use{
		ID: t.ID, Title: t.Title, Category: string(t.Category), Reference: t.Reference,
		Needs: []resolve.UsedNeed{{Question: q, Ruling: p.Ruling}}, Log: e.Log(p),
	}, ok
}

// matcher is made once for all questions.
func (e *Estate) matcher() *escalate.Matcher {
	e.matcherOnce.Do(func() { e.techniques = escalate.NewMatcher(e.s, e, escalate.AWS) })
	return e.techniques
}

func useOf(m escalate.Match) resolve.Use {
	t := m.Technique
	u := resolve.Use{ID: t.ID, Title: t.Title, Category: string(t.Category), Reference: t.Reference, Missing: m.Missing}
	for _, n := range m.Needs {
		u.Needs = append(u.Needs, resolve.UsedNeed{Question: n.Question, Ruling: n.Ruling})
	}
	for _, event := range t.Log {
		u.Log = append(u.Log, resolve.Event{Source: event.Source, Name: event.Name, Match: t.Fill(event, m.Bound)})
	}
	return u
}

// Log returns what CloudTrail shows of a step.
//
// Source: IAM user guide, "Logging IAM and AWS STS API calls with AWS
// CloudTrail".
func (e *Estate) Log(p snapshot.Pivot) []resolve.Event {
	switch p.Relation {
	case graph.CanAssume:
		_, name, _ := strings.Cut(p.Action, ":")
		return []resolve.Event{{Source: "sts.amazonaws.com", Name: name,
			Match: map[string]string{"requestParameters.roleArn": string(e.s.Ref(p.To.Node))}}}
	case graph.CanEscalate:
		u, _ := e.Use(p)
		return u.Log
	}
	return nil
}
