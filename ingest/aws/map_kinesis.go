package aws

import "github.com/clewgraph/clew/graph"

func kinesisOperations() []operation {
	describe := func(name, mark string, f recordFunc) operation {
		return operation{service: "kinesis", name: name, lone: true, subject: "stream name", selfEvident: true, marks: []string{mark},
			whole: f, refOf: ofSubject("kinesis", "stream/")}
	}
	return []operation{
		{service: "kinesis", name: "list-streams", marks: []string{"StreamNames"}, each: map[string]recordFunc{"StreamNames": listedName("kinesis", "stream/")}},
		describe("describe-stream", "StreamDescription", record(mapStream)),
		describe("describe-stream-summary", "StreamDescriptionSummary", record(mapStreamSummary)),
		{service: "kinesis", name: "get-resource-policy", subject: "stream name, or ARN of a stream or consumer", marks: []string{"Policy"}, layers: resourceLayers,
			whole: policyDocument("Policy", "kinesis", "stream/", "kinesis:stream"), refOf: ofSubject("kinesis", "stream/")},
	}
}

type stream struct{ StreamARN, StreamName, StreamStatus, KeyID string }

func mapStream(m *mapper, d struct{ StreamDescription stream }) error {
	return m.stream(d.StreamDescription)
}

func mapStreamSummary(m *mapper, d struct{ StreamDescriptionSummary stream }) error {
	return m.stream(d.StreamDescriptionSummary)
}

func (m *mapper) stream(s stream) error {
	_, err := m.resource(thing{arn: s.StreamARN, of: graph.Ref(s.StreamARN), kind: "kinesis:stream", name: s.StreamName,
		attrs: attrs("status", s.StreamStatus, "kms-key", keyARN(s.StreamARN, s.KeyID))})
	return err
}
