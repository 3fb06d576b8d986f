package aws

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// scattered is a tree of many accounts which lean on each other, with gaps in
// every third of them.
func scattered(accounts int) map[string]string {
	files := map[string]string{}
	for a := range accounts {
		id, next := fmt.Sprint(100000000000+a*7919), fmt.Sprint(100000000000+(a+1)%accounts*7919)
		at := func(rest string) string { return id + "/" + rest + ".json" }
		files[at("global/iam/get-account-authorization-details")] = details("RoleDetailList", fmt.Sprintf(`{"RoleName": "r", "Path": "/p/", "Arn": "arn:aws:iam::%s:role/p/r",
			"AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::%s:role/p/r", "%s"]}, "Action": "sts:AssumeRole"}]},
			"AttachedManagedPolicies": [{"PolicyName": "gone", "PolicyArn": "arn:aws:iam::%s:policy/gone"}]}`, id, next, next, id))
		files[at("global/iam/list-access-keys/u")] = fmt.Sprintf(`{"AccessKeyMetadata": [{"UserName": "u", "AccessKeyId": "AKIAAAAAAAAAAAA%05d", "Status": "Active"}]}`, a)
		files[at("eu-west-1/sqs/list-queues")] = fmt.Sprintf(`{"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/%s/q"]}`, id)
		if a%3 == 0 {
			files[at("eu-west-1/lambda/list-functions")] = "An error occurred (AccessDeniedException) when calling the ListFunctions operation: no"
			files[at("eu-west-1/sns/list-topics")] = `{"Topics": [`
		}
	}
	return files
}

// onCores reads a folder with so many goroutines at once.
func onCores(t *testing.T, cores int, dir string) ([]string, ingest.Summary, error) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	n, sum, err := run(t, dir)
	return n.records(), sum, err
}

// What is told, and in which order gaps are, does not hang on which document is
// read first.
func TestSameWhateverFinishesFirst(t *testing.T) {
	dir := write(t, scattered(60))
	want, sum, err := onCores(t, 1, dir)
	if err != nil || len(sum.Gaps) < 60 {
		t.Fatal(err, len(sum.Gaps))
	}
	for range 5 {
		got, again, err := onCores(t, 8, dir)
		if err != nil {
			t.Fatal(err)
		}
		sameRecords(t, "on many cores", got, want)
		if !reflect.DeepEqual(again, sum) {
			t.Errorf("another summary: %d gaps, want %d", len(again.Gaps), len(sum.Gaps))
		}
	}
}

// Of several faults the first in the order of paths is told, on the first
// reading and on the second.
func TestFirstFaultWhateverFinishesFirst(t *testing.T) {
	outside := `{"FunctionName": "f", "FunctionArn": "arn:aws:lambda:eu-west-1:999999999999:function:f"}`
	for what, broken := range map[string]string{"unknown": `{"Nothing": 1}`, "misplaced": `{"Functions": [` + outside + `]}`} {
		files := scattered(60)
		for a := 10; a < 60; a += 10 {
			files[fmt.Sprint(100000000000+a*7919)+"/eu-west-1/lambda/list-functions.json"] = broken
		}
		dir := write(t, files)
		_, _, want := onCores(t, 1, dir)
		if want == nil {
			t.Fatalf("%s: no error", what)
		}
		for range 5 {
			if _, _, err := onCores(t, 8, dir); err == nil || err.Error() != want.Error() {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
	}
}

// A sink is called by one goroutine at a time, and its error ends all of them.
func TestSinkTakesTurns(t *testing.T) {
	files, err := list([]string{write(t, scattered(60))})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for most := range 40 {
		s := &turns{most: 5 * most, err: full}
		if err := collect(context.Background(), files, s, func(string) {}); !errors.Is(err, full) {
			t.Fatalf("after %d facts: %v", s.most, err)
		}
	}
}

// turns counts without a lock, which the race detector would tell, and fails
// when it holds too much.
type turns struct {
	held, most int
	err        error
}

func (s *turns) take() error {
	if s.held++; s.held > s.most {
		return s.err
	}
	return nil
}

// Node and the others count.
func (s *turns) Node(graph.Node) error         { return s.take() }
func (s *turns) Edge(graph.Edge) error         { return s.take() }
func (s *turns) Attach(graph.Attachment) error { return s.take() }
func (s *turns) Cover(graph.Coverage) error    { return s.take() }
