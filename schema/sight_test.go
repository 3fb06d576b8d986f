package schema_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// tells lists the accounts that an answer names and may not.
func tells(t *testing.T, value any) (out []string) {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.FieldsFunc(string(raw), func(r rune) bool { return strings.ContainsRune(`"{}[], `, r) }) {
		if slices.ContainsFunc(others, func(id string) bool { return strings.Contains(word, id) }) && !slices.Contains(above, word) {
			out = append(out, word)
		}
	}
	return out
}

const useQuery = `query($id: ID!) { whoCanUse(technique: $id, first: 100) { totalCount { value } edges { node { formula held from { ...E } to { ...E } conditions { expression values }
	evidence { policy { ref attachedTo } file } breakers { text statements { policy { attachedTo } } } logSignature { match } explanation { text }
	technique { missing needs { principal resource with { values } formula conditions { values } evidence { policy { attachedTo } } breakers { text } explanation { text layers { evidence { policy { attachedTo } } } } } } } } } }
	fragment E on GraphEntity { __typename ref name }`

// What a technique takes and shows is told within the accounts of a token.
func TestSightOfTechniques(t *testing.T) {
	h := staff(t)
	used := 0
	for _, id := range each(t, at(t, ask(t, acme(t), `{ techniques { id } }`, nil), "techniques"), "id") {
		part := asked(t, h, prodToken, useQuery, object{"id": id})
		if part["errors"] != nil {
			t.Fatalf("%s: %v", id, part)
		}
		whole := asked(t, h, adminToken, `query($id: ID!) { whoCanUse(technique: $id) { totalCount { value } } }`, object{"id": id})
		n, all := at(t, part, "data", "whoCanUse", "totalCount", "value").(float64), at(t, whole, "data", "whoCanUse", "totalCount", "value").(float64)
		if used += int(n); n > all {
			t.Errorf("%s: %v of %v", id, n, all)
		}
		shownIn(part, func(typename, ref string) {
			if typename != "Boundary" && !slices.Contains(above, ref) && slices.ContainsFunc(others, func(id string) bool { return strings.Contains(ref, id) }) {
				t.Errorf("%s: %s %s", id, typename, ref)
			}
		})
		for _, edge := range at(t, part, "data", "whoCanUse", "edges").([]any) {
			for _, field := range []string{"technique", "logSignature", "breakers", "explanation", "evidence"} {
				if words := tells(t, at(t, edge, "node", field)); len(words) > 0 {
					t.Errorf("%s: %s tells %v", id, field, words)
				}
			}
		}
	}
	if used == 0 {
		t.Error("no technique is used within the account")
	}
}

// By key, in lists of questions and by labels, too, what is hidden is not there.
func TestHiddenInLists(t *testing.T) {
	h := staff(t)
	const role, ledger = data + "role/ledger-writer", "arn:aws:s3:::acme-ledger"
	list := []object{{"__typename": "Principal", "ref": role}, {"__typename": "Resource", "ref": ledger}, {"__typename": "Scope", "ref": "account:555566667777"}, {"__typename": "Principal", "ref": tomas}}
	got := at(t, asked(t, h, prodToken, entitiesQuery, object{"r": list}), "data", "_entities").([]any)
	if got[0] != nil || got[1] != nil || got[2] != nil || got[3] == nil {
		t.Errorf("by key: %v", got)
	}
	questions := []object{{"principal": role, "action": "s3:GetObject", "resource": "*"}, {"principal": tomas, "action": "s3:GetObject", "resource": ledger}, {"principal": tomas, "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-orders/x"},
		{"principal": tomas, "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-orders/x", "also": []string{ledger + "/y"}}}
	many := at(t, asked(t, h, prodToken, `query($q: [AccessQuestion!]!) { explainMany(questions: $q) { error { code message } explanation { text } } }`, object{"q": questions}), "data", "explainMany").([]any)
	for i, hidden := range []bool{true, true, false, true} {
		if hidden != (at(t, many, i, "error") != nil) || hidden && text(t, many, i, "error", "code") != "NOT_FOUND" {
			t.Errorf("question %d: %v", i, many[i])
		}
	}
	if words := tells(t, at(t, many, 2)); len(words) > 0 {
		t.Errorf("an explanation tells %v", words)
	}
	jewels := asked(t, h, prodToken, `{ accessPaths(from: {ref: "tomas.release"}, to: {label: "crown-jewel"}, algorithm: K_SHORTEST, first: 50) { edges { node { to { __typename ref name } } } } }`, nil)
	shownIn(jewels, func(typename, ref string) {
		if typename != "Boundary" && strings.Contains(ref, "ledger") {
			t.Errorf("a jewel of another account: %s", ref)
		}
	})
	for _, name := range []string{"OrganizationAccountAccessRole", "crown-jewels"} {
		if words := tells(t, asked(t, h, prodToken, `{ entity(ref: "`+name+`") { ref } }`, nil)); len(words) > 0 {
			t.Errorf("an ambiguous name tells %v", words)
		}
	}
}
