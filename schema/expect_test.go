package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/testdata"
)

// TestExpectedPaths asks for every path that the bundled organization argues
// for by hand, wanted and must-not.
func TestExpectedPaths(t *testing.T) {
	api, inTurn := acme(t), acme(t)
	inTurn.Limits.Few = 1
	paths, short := expectations(t)
	wanted, forbidden := 0, 0
	for line := range strings.Lines(paths) {
		line, _, _ = strings.Cut(line, "  #")
		words := strings.Fields(line)
		if len(words) < 4 || words[2] != "=>" {
			continue
		}
		e := expectation{line: line, from: short(words[1]), to: short(words[3]), forbidden: words[0] == "!path"}
		e.read(words[4:], short)
		if e.forbidden {
			forbidden++
		} else {
			wanted++
		}
		answer := ask(t, api, pathQuery, e.variables())
		e.check(t, at(t, answer, "accessPaths"))
		if other := ask(t, inTurn, pathQuery, e.variables()); asJSON(t, other) != asJSON(t, answer) {
			t.Errorf("%s: %v where everybody is asked, else %v", line, other, answer)
		}
	}
	if wanted < 30 || forbidden < 30 {
		t.Errorf("only %d wanted and %d forbidden paths were asked for", wanted, forbidden)
	}
}

// expectations returns the lines, and what spells their references out.
func expectations(t *testing.T) (string, func(string) string) {
	archive, err := testdata.Estate("acme")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	accounts := map[string]string{}
	for line := range strings.Lines(files["expect/accounts"]) {
		if f := strings.Fields(line); len(f) == 2 {
			accounts[f[0]] = f[1]
		}
	}
	return files["expect/paths"], func(word string) string {
		account, rest, _ := strings.Cut(word, ":")
		if id, ok := accounts[account]; ok {
			return "arn:aws:iam::" + id + ":" + rest
		}
		return word
	}
}

type expectation struct {
	line, from, to, action, verdict string
	via                             []string
	forbidden                       bool
}

func (e *expectation) read(words []string, short func(string) string) {
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--action" && i+1 < len(words):
			i++
			e.action = words[i]
		case words[i] == "via" && i+1 < len(words):
			i++
			for _, held := range strings.Split(words[i], ",") {
				e.via = append(e.via, short(held))
			}
		default:
			e.verdict = words[i]
		}
	}
}

func (e *expectation) variables() object {
	vars := object{"from": e.from, "to": e.to}
	if e.action != "" {
		vars["options"] = object{"actions": []string{e.action}}
	}
	return vars
}

func (e *expectation) check(t *testing.T, answer any) {
	edges := at(t, answer, "edges").([]any)
	if e.forbidden {
		if len(edges) > 0 || at(t, answer, "noPathReason") == nil {
			t.Errorf("%s\nfound %v", e.line, each(t, edges, "node", "steps"))
		}
		return
	}
	if len(edges) != 1 {
		t.Errorf("%s\nfound nothing: %s", e.line, text(t, answer, "noPathReason", "text"))
		return
	}
	if got := text(t, edges[0], "node", "verdict"); got != e.verdict {
		t.Errorf("%s\ngot %s", e.line, got)
	}
	steps := at(t, edges[0], "node", "steps").([]any)
	held := []string{}
	for _, step := range steps[:len(steps)-1] {
		held = append(held, text(t, step, "to", "ref"))
	}
	if !slices.Equal(held, append([]string{}, e.via...)) {
		t.Errorf("%s\nvia %v", e.line, held)
	}
}
