package aws

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func sqsOperations() []operation {
	return []operation{
		{service: "sqs", name: "list-queues", marks: []string{"QueueUrls"}, lone: true, mayBeEmpty: true,
			each: map[string]recordFunc{"QueueUrls": mapQueueURL}},
		{service: "sqs", name: "get-queue-attributes", subject: "queue name", selfEvident: true, lone: true, mayBeEmpty: true,
			marks: []string{"Attributes"}, tells: has("QueueArn"), layers: resourceLayers,
			whole: mapQueue, refOf: ofSubject("sqs", "")},
	}
}

func mapQueueURL(m *mapper, v jsontext.Value) error {
	var text string
	if err := decode(v, &text); err != nil {
		return err
	}
	a, err := queueARN(text)
	if err != nil {
		return err
	}
	_, err = m.resource(thing{arn: a.String(), kind: "sqs:queue", name: a.resource})
	return err
}

// mapQueue reads a queue's policy. Its ARN stands in the document if all
// attributes were asked for, in the tree otherwise.
func mapQueue(m *mapper, v jsontext.Value) error {
	var q struct {
		Attributes struct {
			QueueArn string
			Policy   jsontext.Value
		}
	}
	if err := decode(v, &q); err != nil {
		return err
	}
	ref := graph.Ref(q.Attributes.QueueArn)
	if ref == "" {
		var err error
		if ref, err = m.subjectARN("sqs", ""); err != nil {
			return err
		}
	}
	return m.resourcePolicy(ref, "sqs:queue", q.Attributes.Policy, "/Attributes/Policy")
}

// queueARN reads a queue's URL, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME,
// or the older https://REGION.queue.amazonaws.com/ACCOUNT/NAME.
func queueARN(queueURL string) (arn, error) {
	_, rest, ok := strings.Cut(queueURL, "://")
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	hostname, path, _ := strings.Cut(rest, "/")
	hostname, _, _ = strings.Cut(hostname, ":")
	account, name, _ := strings.Cut(strings.Trim(path, "/"), "/")
	host := strings.Split(hostname, ".")
	if !ok || !isAccountID(account) || name == "" || strings.Contains(name, "/") || len(host) < 3 {
		return arn{}, fmt.Errorf("%w: %.100q: want the URL of a queue", ErrContent, queueURL)
	}
	region := host[1]
	if host[1] == "queue" {
		region = host[0]
	}
	return arn{partitionOf(region), "sqs", region, account, name}, nil
}
