package schema_test

import (
	"slices"
	"strings"
	"testing"
)

const usesQuery = `query($id: ID!, $first: Int! = 500, $after: String) { whoCanUse(technique: $id, first: $first, after: $after) {
  edges { node { id from { ref } held to { ref } heldAfter relation verdict formula action explanation { verdict }
    technique { id title category url missing needs { principal action resource given verdict formula with { key values }
      conditions { key } evidence { pointer statement } breakers { text } explanation { verdict } } }
    logSignature { source eventNames match } breakers { text statements { policy { ref } } } } }
  pageInfo { hasNextPage endCursor } totalCount { value } coverage { gapCount } } }`

// Every step by a technique shows what it takes, what the log shows, and what
// ends it.
func TestWhoCanUse(t *testing.T) {
	api := acme(t)
	steps := 0
	for _, technique := range at(t, ask(t, api, `{ techniques { id title provider category url status data needs { who action on with { key values } } log { source eventNames match } } }`, nil), "techniques").([]any) {
		if len(at(t, technique, "needs").([]any)) == 0 || !strings.HasPrefix(text(t, technique, "url"), "https://") {
			t.Errorf("%v", technique)
		}
		id := text(t, technique, "id")
		for _, edge := range at(t, ask(t, api, usesQuery, object{"id": id, "first": 3}), "whoCanUse", "edges").([]any) {
			steps++
			checkUse(t, id, at(t, edge, "node"))
		}
	}
	if steps < 10 {
		t.Errorf("only %d steps were seen", steps)
	}
	if got, _ := code(t, api, usesQuery, object{"id": "no-such-technique", "first": 3}); got != "NOT_FOUND" {
		t.Errorf("an unknown technique: %s", got)
	}
}

func checkUse(t *testing.T, id string, step any) {
	if text(t, step, "relation") != "CAN_ESCALATE" || text(t, step, "technique", "id") != id || text(t, step, "technique", "title") == "" {
		t.Errorf("%s: %v", id, step)
	}
	if at(t, step, "explanation") != nil {
		t.Errorf("%s: a technique is no single request", id)
	}
	needs := at(t, step, "technique", "needs").([]any)
	if len(needs) == 0 || len(at(t, step, "logSignature").([]any)) == 0 {
		t.Errorf("%s: no needs, or no log: %v", id, step)
	}
	breakers := each(t, at(t, step, "breakers"), "text")
	for _, need := range needs {
		if v := text(t, need, "verdict"); v == "DENIED" || v != text(t, need, "explanation", "verdict") {
			t.Errorf("%s: need %s is %s", id, text(t, need, "action"), v)
		}
		for _, b := range each(t, at(t, need, "breakers"), "text") {
			if !slices.Contains(breakers, b) {
				t.Errorf("%s: %q ends a need and not the step", id, b)
			}
		}
	}
}

// Which techniques a search follows can be said.
func TestTechniqueOptions(t *testing.T) {
	api := acme(t)
	path := func(options object) []any {
		return at(t, ask(t, api, techniquePath, object{"options": options}), "accessPaths", "edges").([]any)
	}
	found := path(object{"relations": []string{"CAN_ESCALATE"}})
	if len(found) != 1 || text(t, found, 0, "node", "steps", 0, "relation") != "CAN_ESCALATE" {
		t.Fatalf("%v", found)
	}
	id := text(t, found, 0, "node", "steps", 0, "technique", "id")
	if n := len(path(object{"relations": []string{"CAN_ESCALATE"}, "techniques": false})); n != 0 {
		t.Errorf("without techniques: %d paths", n)
	}
	if n := len(path(object{"relations": []string{"CAN_ESCALATE"}, "techniqueIds": []string{}})); n != 0 {
		t.Errorf("with none of them: %d paths", n)
	}
	if n := len(path(object{"relations": []string{"CAN_ESCALATE"}, "techniqueIds": []string{id}})); n != 1 {
		t.Errorf("with %s: %d paths", id, n)
	}
	got := path(object{"relations": []string{"CAN_ESCALATE"}, "excludeEdges": []string{text(t, found, 0, "node", "steps", 0, "id")}})
	if len(got) == 1 && text(t, got, 0, "node", "steps", 0, "id") == text(t, found, 0, "node", "steps", 0, "id") {
		t.Error("a step that is excluded is taken")
	}
	// What a request carries is asked of every need.
	denied := object{"relations": []string{"CAN_ESCALATE"}, "context": []object{{"key": "aws:SourceIp", "values": []string{"203.0.113.9"}}}}
	if n := len(path(denied)); n != 1 {
		t.Errorf("context that nothing asks for: %d paths", n)
	}
}

const techniquePath = `query($options: TraversalOptions) { accessPaths(from: {ref: "karl.identity"}, to: {ref: "` + prod + `user/ci-legacy"}, options: $options) {
  edges { node { verdict steps { id relation held heldAfter technique { id } } } } noPathReason { text } } }`

// Whoever administers an account holds what its principals can come to hold.
func TestAccountOnTheWay(t *testing.T) {
	api := acme(t)
	answer := at(t, ask(t, api, pathQuery, object{"from": prod + "user/gwen.platform", "to": prod + "user/ci-legacy"}), "accessPaths", "edges", 0, "node")
	steps := at(t, answer, "steps").([]any)
	last := steps[len(steps)-1]
	if text(t, last, "from", "ref") != "account:333344445555" || text(t, last, "held") != "whoever administers it" ||
		text(t, steps, 0, "relation") != "ADMINISTERS" {
		t.Errorf("%v", answer)
	}
}

// The statements of a policy that the provider keeps show from its catalogue.
func TestProvidersOwnPolicy(t *testing.T) {
	answer := ask(t, acme(t), pathQuery, object{"from": "karl.identity", "to": "account:333344445555", "options": object{"techniques": false}})
	for _, e := range at(t, answer, "accessPaths", "edges", 0, "node", "steps", 0, "evidence").([]any) {
		if text(t, e, "policy", "name") != "IAMFullAccess" {
			continue
		}
		statement, ok := at(t, e, "statement").(object)
		if !ok || statement["Effect"] != "Allow" || len(text(t, e, "documentSha256")) != 64 {
			t.Errorf("%v", e)
		}
		return
	}
	t.Errorf("no statement of IAMFullAccess in %v", answer)
}
