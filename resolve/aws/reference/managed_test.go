package reference

import (
	"encoding/json"
	"testing"
)

type document struct {
	Version   string
	Statement json.RawMessage
}

func TestManagedPolicy(t *testing.T) {
	for _, ask := range []struct{ arn, version, document string }{
		{"arn:aws:iam::aws:policy/AdministratorAccess", "v1", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
		{"arn:aws-cn:iam::aws:policy/AdministratorAccess", "v1", ""},
		{"arn:aws-us-gov:iam::aws:policy/PowerUserAccess", "v12", ""},
		{"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", "", ""},
		{"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "", ""},
		{"arn:aws:iam::aws:policy/service-role/AWSDataPipelineRole", "v6", ""}, // withdrawn
		{"arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", "v1", ""},
		{"arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess", "v1", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`},
	} {
		got, version, ok := ManagedPolicy(ask.arn)
		var doc document
		if err := json.Unmarshal(got, &doc); !ok || err != nil || len(doc.Statement) == 0 {
			t.Errorf("%s: %v, %v, %.60s", ask.arn, ok, err, got)
		}
		if ask.version != "" && version != ask.version || ask.document != "" && string(got) != ask.document {
			t.Errorf("%s: version %s, document %s", ask.arn, version, got)
		}
	}
}

func TestNoManagedPolicy(t *testing.T) {
	for _, arn := range []string{
		"", "AdministratorAccess",
		"arn:aws:iam::123456789012:policy/AdministratorAccess", // a customer's namesake
		"arn:aws:iam::123456789012:policy/AWSDataPipelineRole",
		"arn:aws:iam::aws:role/AdministratorAccess",
		"arn:aws:iam::aws:policy/administratoraccess",
		"arn:aws:iam::aws:policy/no/AdministratorAccess",
		"arn:aws:organizations::aws:policy/service_control_policy/p-RCPFullAWSAccess",
		"arn:aws:organizations::aws:policy/AWSDataPipelineRole",
	} {
		if got, _, ok := ManagedPolicy(arn); ok {
			t.Errorf("ManagedPolicy(%q) = %s", arn, got)
		}
	}
}

// Each line says the same to a JSON parser as to the cutter, and every ARN
// that is listed is found.
func TestCatalogue(t *testing.T) {
	listed := 0
	for arn, doc := range ManagedPolicies() {
		listed++
		if got, version, ok := ManagedPolicy(arn); !ok || string(got) != string(doc) || version == "" {
			t.Errorf("%s is listed and not found", arn)
		}
	}
	lines, err := unpack(packedPolicies)
	if err != nil {
		t.Fatal(err)
	}
	total, withARN := 0, 0
	for _, p := range policies().policies {
		var line struct {
			ARN, Name, Version string
			Document           json.RawMessage
		}
		end := 0
		for lines[end] != '\n' {
			end++
		}
		if err := json.Unmarshal(lines[:end], &line); err != nil {
			t.Fatal(err)
		}
		lines = lines[end+1:]
		if line.ARN != p.arn || line.Version != p.version || string(line.Document) != string(p.document) {
			t.Errorf("%s: the cutter reads another policy", line.Name)
		}
		total++
		if line.ARN != "" {
			withARN++
		}
	}
	if total < 1640 || withARN != listed || len(lines) != 0 {
		t.Errorf("%d policies, %d with an ARN, %d listed, %d bytes left", total, withARN, listed, len(lines))
	}
}

func TestCutPolicyRefuses(t *testing.T) {
	for _, line := range []string{"", "{}", `{"arn":"a"}`, `{"arn":"a","name":"b","version":"v1"}`, `{"name":"b","arn":"a","version":"v1","document":{}}`, `{"arn":"a","name":"b","version":"v1","document":{`} {
		if _, _, ok := cutPolicy([]byte(line)); ok {
			t.Errorf("%q is taken", line)
		}
	}
	if _, err := readCatalogue([]byte("{}\n")); err == nil {
		t.Error("a broken catalogue is read")
	}
}
