package schema_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/clewgraph/clew/schema/answer"
)

// Where there are more rows than an answer holds, a blast radius is counted by
// sets: the counts, and the crown jewels, are those of the whole answer.
func TestBlastRadiusOfTooManyRows(t *testing.T) {
	const question = `query($of: CloudRef!, $options: TraversalOptions) { blastRadius(of: {ref: $of}, options: $options) {
		principalsReached { value exact } resourcesReached { value exact } scopesReached { value exact }
		byLevel { level count { value exact } } byScope(first: 100) { scope { ref } count { value exact } }
		crownJewels(first: 100) { to { ref } verdict hops } cutBy } }`
	whole, cut := acme(t), acme(t)
	cut.Limits.Limits = answer.Limits{Rows: 3}
	resources, jewels := 0, 0
	for _, of := range []string{"tomas.release", "ci-legacy", "gwen.platform", "olivia.owner", "internet", "account:333344445555"} {
		for _, options := range []object{
			{}, {"actions": []string{"s3:*"}}, {"levels": []string{"WRITE"}}, {"verdicts": []string{"CONDITIONAL"}}, {"techniques": false}, {"maxHops": 1},
		} {
			with := object{"of": of, "options": options}
			want := at(t, ask(t, whole, question, with), "blastRadius").(object)
			got := at(t, ask(t, cut, question, with), "blastRadius").(object)
			if want["cutBy"] == "ROWS" {
				t.Fatalf("%v: the whole answer is cut", with)
			}
			if want["cutBy"] == nil && got["cutBy"] != nil && got["cutBy"] != "ROWS" {
				t.Errorf("%v: cut by %v", with, got["cutBy"])
			}
			if got["cutBy"] == "ROWS" {
				resources += int(number(t, got, "resourcesReached", "value"))
				jewels += len(got["crownJewels"].([]any))
			}
			delete(want, "cutBy")
			delete(got, "cutBy")
			if a, b := asJSON(t, got), asJSON(t, want); a != b {
				t.Errorf("%v:\n got %s\nwant %s", with, a, b)
			}
		}
	}
	if resources < 100 || jewels < 5 {
		t.Errorf("cut answers count %d resources and %d crown jewels: they say too little", resources, jewels)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func number(t *testing.T, v any, path ...any) (n float64) {
	t.Helper()
	if _, err := fmt.Sscan(text(t, v, path...), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
