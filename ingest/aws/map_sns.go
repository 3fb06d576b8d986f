package aws

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func snsOperations() []operation {
	return []operation{
		{service: "sns", name: "list-topics", lone: true, marks: []string{"Topics"}, tells: has("TopicArn"),
			each: map[string]recordFunc{"Topics": mapTopic}},
		{service: "sns", name: "get-topic-attributes", subject: "topic name", selfEvident: true, lone: true,
			marks: []string{"Attributes"}, tells: has("TopicArn"), layers: resourceLayers,
			whole: mapTopicAttributes, refOf: ofSubject("sns", "")},
	}
}

func mapTopic(m *mapper, v jsontext.Value) error {
	var t struct{ TopicArn string }
	if err := decode(v, &t); err != nil {
		return err
	}
	a, _ := parseARN(t.TopicArn)
	_, err := m.resource(thing{arn: t.TopicArn, kind: "sns:topic", name: a.resource})
	return err
}

func mapTopicAttributes(m *mapper, v jsontext.Value) error {
	var t struct {
		Attributes struct {
			TopicArn string
			Policy   jsontext.Value
		}
	}
	if err := decode(v, &t); err != nil {
		return err
	}
	ref := graph.Ref(t.Attributes.TopicArn)
	if ref == "" {
		var err error
		if ref, err = m.subjectARN("sns", ""); err != nil {
			return err
		}
	}
	return m.resourcePolicy(ref, "sns:topic", t.Attributes.Policy, "/Attributes/Policy")
}
