package aws

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func secretOperations() []operation {
	return []operation{
		{service: "secretsmanager", name: "list-secrets", lone: true, marks: []string{"SecretList"},
			survey: map[string]recordFunc{"SecretList": surveySecret}, each: map[string]recordFunc{"SecretList": mapSecret}},
		{service: "secretsmanager", name: "get-resource-policy", subject: "secret name or ARN", selfEvident: true, lone: true,
			marks: []string{"ResourcePolicy", "ARN"}, tells: isSecretPolicy, layers: resourceLayers,
			whole: mapSecretPolicy, refOf: secretOf},
	}
}

// isSecretPolicy knows the document by its policy, or by the ARN of a secret
// where there is none.
func isSecretPolicy(member string, v jsontext.Value) bool {
	if member == "ResourcePolicy" {
		return true
	}
	s, err := unquote(v)
	a, ok := parseARN(s)
	return err == nil && ok && a.service == "secretsmanager"
}

type secret struct {
	ARN, Name string
	KmsKeyID  string `json:"KmsKeyId"` // none: the AWS managed key
	Tags      tagList
}

// secretKey names a secret where only its name is known: a secret's ARN ends
// in six characters that nobody can guess.
func secretKey(account, region, name string) string { return account + "/" + region + "/" + name }

func surveySecret(m *mapper, v jsontext.Value) error {
	var s secret
	if err := decode(v, &s); err != nil {
		return err
	}
	if a, ok := parseARN(s.ARN); ok {
		m.c.secrets[secretKey(a.account, a.region, s.Name)] = s.ARN
	}
	return nil
}

func mapSecret(m *mapper, v jsontext.Value) error {
	var s secret
	if err := decode(v, &s); err != nil {
		return err
	}
	_, err := m.resource(thing{arn: s.ARN, kind: "secretsmanager:secret", name: s.Name, tags: s.Tags,
		attrs: attrs("kms-key", keyARN(s.ARN, s.KmsKeyID))})
	return err
}

// keyARN completes the id or alias of a KMS key that something in the same
// account and region is encrypted with.
func keyARN(of, key string) string {
	a, ok := parseARN(of)
	if _, complete := parseARN(key); key == "" || complete || !ok {
		return key
	}
	if !strings.HasPrefix(key, "alias/") {
		key = "key/" + key
	}
	return "arn:" + a.partition + ":kms:" + a.region + ":" + a.account + ":" + key
}

func mapSecretPolicy(m *mapper, v jsontext.Value) error {
	var p struct {
		ARN            string
		ResourcePolicy jsontext.Value
	}
	if err := decode(v, &p); err != nil {
		return err
	}
	return m.resourcePolicy(graph.Ref(p.ARN), "secretsmanager:secret", p.ResourcePolicy, "/ResourcePolicy")
}

// secretOf finds the secret of a document that does not name it: an error.
func secretOf(m *mapper) (graph.Ref, error) {
	if arn := m.c.secret(m.doc.account, m.doc.region, m.doc.resource); arn != "" {
		return graph.Ref(arn), nil
	}
	if _, ok := parseARN(m.doc.resource); ok {
		return graph.Ref(m.doc.resource), nil
	}
	return "", fmt.Errorf("%w: secret %.100q: want its ARN, or list-secrets of the same region to find it in", ErrMisplaced, m.doc.resource)
}
