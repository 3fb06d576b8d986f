package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

const recordedFolder = "../../../shared/data/logs/cloudtrail"

// recorded says of every recorded run which technique's step it holds, and of
// one that holds none, why.
var recorded = []struct{ file, technique, why string }{
	{"aws.credential-access.ec2-steal-instance-credentials", "ssm-002", "a command on the instance prints the credentials of its role"},
	{"aws.execution.ec2-user-data", "ec2-002", "the instance is stopped, given other user data and started"},
	{"aws.execution.ssm-start-session", "ssm-001", "a shell on three instances"},
	{"aws.lateral-movement.ec2-instance-connect", "ec2instanceconnect-003", "a key is pushed to three instances"},
	{"aws.lateral-movement.ec2-serial-console-send-ssh-public-key", "aws-ec2-serial-console", "the serial console is enabled and a key pushed"},
	{"aws.persistence.iam-backdoor-role", "iam-012", "the role's trust is rewritten; who then assumes it is of another account, whose log this is not"},
	{"aws.persistence.iam-create-backdoor-role", "aws-iam-createrole-attachrolepolicy", "a role is made and given AdministratorAccess; assuming it is left to another account"},
	{"aws.persistence.iam-create-user-login-profile", "iam-004", "the password is made; that deleting it again failed is no step"},
	{"aws.privilege-escalation.iam-update-user-login-profile", "iam-006", "the password is changed"},
	{"aws.persistence.lambda-backdoor-function", "aws-lambda-addpermission", "the function's policy lets everyone call it"},
	{"aws.persistence.lambda-layer-extension", "aws-lambda-layer", "the function gets a layer"},
	{"aws.persistence.lambda-overwrite-code", "lambda-003", "the function gets other code, and nobody calls it"},
	{"aws.persistence.rolesanywhere-create-trust-anchor", "aws-rolesanywhere-trust-anchor", "a certificate authority of the actor's speaks for a role"},
	{"aws.exfiltration.ec2-share-ami", "aws-ec2-share-image", "the image is shared with another account"},
	{"aws.exfiltration.ec2-share-ebs-snapshot", "aws-ec2-share-snapshot", "the snapshot is shared with another account"},

	// The runs of these begin by assuming a role. That is a step, by role
	// assumption alone; what is tried with the role is refused.
	{"aws.credential-access.ec2-get-password-data", "sts-001", "GetPasswordData is refused 30 times"},
	{"aws.defense-evasion.organizations-leave", "sts-001", "LeaveOrganization is refused"},
	{"aws.discovery.ec2-download-user-data", "sts-001", "DescribeInstanceAttribute is refused 15 times"},
	{"aws.execution.ec2-launch-unusual-instances", "sts-001", "RunInstances is refused"},

	// Reading is access, which needs no technique: what-can and who-can say it.
	{"aws.credential-access.secretsmanager-batch-retrieve-secrets", "", "secretsmanager:BatchGetSecretValue is access to secrets"},
	{"aws.credential-access.secretsmanager-retrieve-secrets", "", "secretsmanager:GetSecretValue is access to secrets"},
	{"aws.credential-access.ssm-retrieve-securestring-parameters", "", "ssm:GetParameters is access to parameters"},
	{"aws.impact.bedrock-invoke-model", "", "bedrock:InvokeModel is use of a model"},

	// What hides an attacker gives no more than was held before.
	{"aws.defense-evasion.cloudtrail-delete", "", "nothing is gained"},
	{"aws.defense-evasion.cloudtrail-event-selectors", "", "nothing is gained"},
	{"aws.defense-evasion.cloudtrail-stop", "", "nothing is gained"},
	{"aws.defense-evasion.dns-delete-logs", "", "nothing is gained"},
	{"aws.defense-evasion.vpc-remove-flow-logs", "", "nothing is gained"},

	{"aws.exfiltration.ec2-security-group-open-port-22-ingress", "", "opens a network path; identities gain nothing"},
	{"aws.initial-access.console-login-without-mfa", "", "a credential is used, none gained"},
}

// The log signature of a technique matches the recorded run of its step, and no
// other run.
func TestLogSignaturesMatchRecordedRuns(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(recordedFolder, "*.json"))
	if len(paths) == 0 {
		t.Skipf("needs the shared data: no recorded runs in %s", recordedFolder)
	}
	known := map[string]string{}
	for _, r := range recorded {
		if r.why == "" {
			t.Errorf("%s: nothing argued", r.file)
		}
		known[r.file] = r.technique
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		want, ok := known[name]
		if !ok {
			t.Errorf("%s: nobody said what it records", name)
		}
		delete(known, name)
		if got := strings.Join(stepsIn(readRecords(t, path)), " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for name := range known {
		t.Errorf("%s: no such run", name)
	}
}

// A signature without one of its fields or events is found wanting: each says
// something.
func TestRecordedRunsNeedTheirEvents(t *testing.T) {
	for _, r := range recorded {
		if r.technique == "" {
			continue
		}
		path := filepath.Join(recordedFolder, r.file+".json")
		if _, err := os.Stat(path); err != nil {
			t.Skipf("needs the shared data: %v", err)
		}
		records := readRecords(t, path)
		for _, event := range techniqueOf(t, r.technique).Log {
			left := slices.DeleteFunc(slices.Clone(records), func(x record) bool { return x.is(event) })
			if len(left) < len(records) && slices.Contains(stepsIn(left), r.technique) {
				t.Errorf("%s: %s is found without %s", r.file, r.technique, event.Name)
			}
		}
	}
}

func techniqueOf(t *testing.T, id string) *escalate.Technique {
	t.Helper()
	i := slices.IndexFunc(escalate.AWS, func(x escalate.Technique) bool { return x.ID == id })
	if i < 0 {
		t.Fatalf("no technique %s", id)
	}
	return &escalate.AWS[i]
}

// A record is one event of CloudTrail.
type record map[string]any

// readRecords reads the events of a run that did something: a refused request
// carries an errorCode, and took no step.
func readRecords(t *testing.T, path string) []record {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []record
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return slices.DeleteFunc(all, func(r record) bool { return r["errorCode"] != nil })
}

func (r record) is(e escalate.Event) bool {
	return r["eventSource"] == e.Source && r["eventName"] == e.Name
}

// at returns what stands at a path, of a list what stands in every element.
func at(value any, path []string) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		var all []string
		for _, inner := range v {
			all = append(all, at(inner, path)...)
		}
		return all
	case map[string]any:
		if len(path) == 0 {
			return nil
		}
		return at(v[path[0]], path[1:])
	}
	if len(path) > 0 {
		return nil
	}
	return []string{fmt.Sprint(value)}
}

// stepsIn returns the techniques whose steps records hold. Of two that the same
// records prove, the one that more of them prove is what was done: making a
// role and giving it a policy is not giving a policy to a role that was there.
func stepsIn(records []record) []string {
	proofs := map[string]map[int]bool{}
	for i := range escalate.AWS {
		if p := proof(&escalate.AWS[i], records); p != nil {
			proofs[escalate.AWS[i].ID] = p
		}
	}
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(proofs)) {
		explained := false
		for _, other := range proofs {
			explained = explained || len(other) > len(proofs[id]) && holds(other, proofs[id])
		}
		if !explained {
			ids = append(ids, id)
		}
	}
	return ids
}

func holds(all, some map[int]bool) bool {
	for i := range some {
		if !all[i] {
			return false
		}
	}
	return true
}

// proof returns the records that prove a technique's step, nil without one.
// Assuming the role that a change opened is the use of what was gained, and may
// stand in another account's log: the change before it is the proof.
func proof(t *escalate.Technique, records []record) map[int]bool {
	events := t.Log
	if last := len(events) - 1; last > 0 && events[last].Name == "AssumeRole" {
		events = events[:last]
	}
	named := map[string]string{}
	for _, f := range t.Facts {
		if name, ok := strings.CutPrefix(f.Value, "name="); ok && f.Kind == escalate.HasAttr {
			named[f.A] = name // a technique of roles that are called so
		}
	}
	return prove(events, records, named)
}

// prove finds a record for every event such that a variable is the same thing
// in all of them.
func prove(events []escalate.Event, records []record, named map[string]string) map[int]bool {
	if len(events) == 0 {
		return map[int]bool{}
	}
	for i, r := range records {
		if !r.is(events[0]) {
			continue
		}
		for _, bound := range bind(slices.Sorted(maps.Keys(events[0].Match)), events[0].Match, r, named) {
			if rest := prove(events[1:], records, bound); rest != nil {
				rest[i] = true
				return rest
			}
		}
	}
	return nil
}

// bind returns the ways to fill the variables of an event's fields.
func bind(paths []string, match map[string]string, r record, bound map[string]string) []map[string]string {
	if len(paths) == 0 {
		return []map[string]string{bound}
	}
	var ways []map[string]string
	variable, isVariable := strings.CutPrefix(match[paths[0]], "$")
	variable = strings.TrimSuffix(variable, ".name")
	for _, value := range at(map[string]any(r), strings.Split(paths[0], ".")) {
		have, known := bound[variable]
		switch {
		case !isVariable && value == match[paths[0]], isVariable && known && have == called(value):
			ways = append(ways, bind(paths[1:], match, r, bound)...)
		case isVariable && !known:
			more := maps.Clone(bound)
			more[variable] = called(value)
			ways = append(ways, bind(paths[1:], match, r, more)...)
		}
	}
	return ways
}

// called is the name by which both an ARN and a bare name speak of a thing.
func called(value string) string {
	return value[strings.LastIndexAny(value, "/:")+1:]
}
