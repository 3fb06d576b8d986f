package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

const vulnerableState = "../../../shared/data/aws/accounts/iam-vulnerable.tfstate.json"

// Every set-up of iam-vulnerable leads to administration by the technique that
// it is named after, as surely as the Terraform state shows what it needs.
func TestVulnerableSetUps(t *testing.T) {
	if _, err := os.Stat(vulnerableState); err != nil {
		t.Skipf("needs the shared data: %v", err)
	}
	s := resolved(t, vulnerableState)
	for _, line := range expectations(t, "iam-vulnerable.expect") {
		name, none := strings.CutPrefix(line, "!")
		f := strings.Fields(name)
		node, ok := s.Find(graph.Ref("arn:aws:iam::111111111111:" + f[0]))
		if !ok {
			t.Errorf("%s: no such principal", f[0])
			continue
		}
		technique, want := "", ""
		if !none {
			technique, want = f[1], f[2]
		}
		if got := administersBy(t, s, node, technique); got != want {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

// Without the policies that grant them, no set-up leads anywhere.
func TestVulnerableSetUpsWithoutGrants(t *testing.T) {
	text, err := os.ReadFile(vulnerableState)
	if err != nil {
		t.Skipf("needs the shared data: %v", err)
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	removeAttachments(state)
	path := filepath.Join(t.TempDir(), "state.json")
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	s := resolved(t, path)
	for _, line := range expectations(t, "iam-vulnerable.expect") {
		f := strings.Fields(strings.TrimPrefix(line, "!"))
		if len(f) > 2 && f[1] == "-" {
			continue // these stand on trust
		}
		node, ok := s.Find(graph.Ref("arn:aws:iam::111111111111:" + f[0]))
		if !ok {
			t.Errorf("%s: no such principal", f[0])
			continue
		}
		if got := administersBy(t, s, node, ""); got != "" {
			t.Errorf("%s: got %q without its policies", f[0], got)
		}
	}
}

// removeAttachments takes the policy attachments of the set-ups' principals out
// of a state: those of the roles that they take over stay.
func removeAttachments(value any) {
	switch v := value.(type) {
	case map[string]any:
		if list, ok := v["resources"].([]any); ok {
			v["resources"] = slices.DeleteFunc(list, func(item any) bool {
				r := item.(map[string]any)
				kind, _ := r["type"].(string)
				role, _ := r["values"].(map[string]any)["role"].(string)
				kept := strings.Contains(role, "high-priv") || strings.Contains(role, "ending")
				return strings.HasSuffix(kind, "_policy_attachment") && !kept
			})
		}
		if name, _ := v["name"].(string); !strings.Contains(name, "high-priv") && !strings.Contains(name, "ending") {
			delete(v, "managed_policy_arns")
		}
		for _, inner := range v {
			removeAttachments(inner)
		}
	case []any:
		for _, inner := range v {
			removeAttachments(inner)
		}
	}
}

// administersBy returns how surely whoever holds a principal comes to
// administer its account by a path that begins with a technique: "-" for a
// path that begins with a role assumption, "" for any path.
func administersBy(t *testing.T, s *snapshot.Snapshot, node snapshot.Index, technique string) string {
	t.Helper()
	best := graph.Denied
	for _, start := range s.FootholdsOf(node) {
		if s.Foothold(start).Hold == graph.WithOwnPolicy {
			continue
		}
		for _, p := range s.PivotsOut(start) {
			pivot := s.Pivot(p)
			first := pivot.Technique
			if pivot.Relation == graph.CanAssume {
				first = "-"
			}
			if technique != "" && first != technique {
				continue
			}
			_, to := s.PivotEnds(p)
			best = max(best, min(pivot.Ruling.Verdict, administeredFrom(s, to)))
		}
	}
	if best == graph.Denied {
		return ""
	}
	return best.String()
}

// administeredFrom is how surely an account is administered from a foothold on.
func administeredFrom(s *snapshot.Snapshot, from snapshot.FootholdIndex) graph.Verdict {
	best := graph.Denied
	goal := func(f snapshot.FootholdIndex) bool {
		return s.Kind(s.Foothold(f).Node) == graph.KindAccount && s.Foothold(f).Hold == graph.WithOwnPolicy
	}
	if goal(from) {
		return graph.Allowed
	}
	for _, verdicts := range [][]graph.Verdict{{graph.Allowed}, {graph.Allowed, graph.Conditional}, nil} {
		answer := walk.Shortest(context.Background(), s, []snapshot.FootholdIndex{from}, goal, walk.Options{Verdicts: verdicts})
		if len(answer.Paths) > 0 {
			best = max(best, answer.Paths[0].Verdict)
			break
		}
	}
	return best
}
