package aws

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerEventTarget holds what an EventBridge rule calls, and as which role. The
// attachments are to the rule.
const LayerEventTarget graph.LayerID = "aws:event-target"

func eventsOperations() []operation {
	return []operation{
		{service: "events", name: "list-event-buses", lone: true, marks: []string{"EventBuses"}, layers: resourceLayers,
			each: map[string]recordFunc{"EventBuses": record(mapEventBus)}},
		{service: "events", name: "list-rules", lone: true, subject: "event bus name", selfEvident: true, marks: []string{"Rules"}, tells: has("EventBusName"),
			each: map[string]recordFunc{"Rules": record(mapRule)}, refOf: busOf},
		{service: "events", name: "list-targets-by-rule", subject: "rule name, or bus name/rule name", marks: []string{"Targets"},
			layers: []graph.LayerID{LayerEventTarget}, each: map[string]recordFunc{"Targets": mapRuleTarget}, refOf: ofSubject("events", "rule/")},
	}
}

type eventBus struct {
	Name, Arn string
	Policy    jsontext.Value
}

func mapEventBus(m *mapper, b eventBus) error {
	o, err := m.resource(thing{arn: b.Arn, kind: "events:event-bus", name: b.Name})
	if err != nil || isNoPolicy(b.Policy) {
		return err
	}
	return m.attach(resourceAttachment(graph.Ref(b.Arn), o), b.Policy, "/Policy")
}

type rule struct{ Name, Arn, State, RoleArn, EventBusName, ManagedBy, ScheduleExpression string }

// busOf names the bus whose rules a document lists; the default one where the
// path names none, as the operation does.
func busOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource == "" {
		s, err := m.inRegion("events", "event-bus/default")
		return graph.Ref(s), err
	}
	return m.subjectARN("events", "event-bus/")
}

// mapRule writes a rule. Its own role is what EventBridge calls targets of
// other accounts with; each target may have a role of its own.
func mapRule(m *mapper, r rule) error {
	a, _ := parseARN(r.Arn)
	kind := "events:rule-on-default-event-bus"
	if strings.Count(a.resource, "/") > 1 {
		kind = "events:rule-on-custom-event-bus"
	}
	a.resource = "event-bus/" + r.EventBusName
	_, err := m.resource(thing{arn: r.Arn, of: graph.Ref(a.String()), kind: kind, name: r.Name, role: r.RoleArn,
		attrs: attrs("state", r.State, "event-bus", r.EventBusName, "managed-by", r.ManagedBy, "schedule", r.ScheduleExpression)})
	return err
}

// mapRuleTarget reads what a rule calls. Its input may hold anything and is not
// read.
func mapRuleTarget(m *mapper, v jsontext.Value) error {
	var t struct{ ID, Arn, RoleArn string }
	if err := decodeFold(v, &t); err != nil {
		return err
	}
	ref, err := m.subjectARN("events", "rule/")
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, ref)
	if err := m.fact(fact{ref, LayerEventTarget, "target:" + t.ID}, v, o, "Id", "Arn", "RoleArn"); err != nil {
		return err
	}
	return m.runsAs(ref, "role", t.RoleArn, o)
}
