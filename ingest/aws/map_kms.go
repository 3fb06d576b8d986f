package aws

import "github.com/go-json-experiment/json/jsontext"

func kmsOperations() []operation {
	return []operation{
		{service: "kms", name: "list-keys", lone: true, marks: []string{"Keys"}, tells: has("KeyArn"),
			each: map[string]recordFunc{"Keys": mapKMSKey}},
		{service: "kms", name: "get-key-policy", subject: "key id", marks: []string{"Policy"}, layers: resourceLayers,
			whole: mapKMSKeyPolicy, refOf: ofSubject("kms", "key/")},
	}
}

func mapKMSKey(m *mapper, v jsontext.Value) error {
	var k struct{ KeyId, KeyArn string }
	if err := decode(v, &k); err != nil {
		return err
	}
	_, err := m.resource(thing{arn: k.KeyArn, kind: "kms:key", name: k.KeyId, nativeID: k.KeyId})
	return err
}

func mapKMSKeyPolicy(m *mapper, v jsontext.Value) error {
	var p struct{ Policy jsontext.Value }
	if err := decode(v, &p); err != nil {
		return err
	}
	ref, err := m.subjectARN("kms", "key/")
	if err != nil {
		return err
	}
	return m.resourcePolicy(ref, "kms:key", p.Policy, "/Policy")
}
