package aws

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

// crowd puts four more of each resource and workload beside it, about which
// documents say the same: things are looked at together where there are many.
func crowd(files map[string][]byte) map[string][]byte {
	more := maps.Clone(files)
	for line := range strings.Lines(string(files["setup"])) {
		f := splitQuoted(strings.TrimSpace(line))
		if len(f) < 3 || f[0] != "resource" && f[0] != "workload" || !strings.HasPrefix(f[2], "arn:") {
			continue
		}
		for i := range 4 {
			n := strconv.Itoa(i)
			copied := strings.Replace(line, f[1]+" "+f[2], f[1]+"-"+n+" "+f[2]+n, 1)
			if copied == line {
				continue
			}
			more["setup"] = append(slices.Clone(more["setup"]), copied...)
			if text, ok := files["resource/"+f[1]+".json"]; ok {
				more["resource/"+f[1]+"-"+n+".json"] = text
			}
		}
	}
	return more
}

// TestTechniquesWorkAmongMany: what a technique gives where there is one thing of a
// sort, it gives where there are more.
func TestTechniquesWorkAmongMany(t *testing.T) {
	stories, asked := readStories(t), 0
	for i := range escalate.AWS {
		technique := &escalate.AWS[i]
		s := stories[technique.ID]
		if s == nil || technique.Told != "" {
			continue
		}
		sc := scenarioOf(crowd(s.files))
		snap, err := sc.build()
		if err != nil {
			t.Fatalf("%s: %v", technique.ID, err)
		}
		e := NewEstate(snap)
		m := escalate.NewMatcher(snap, e, escalate.AWS)
		for _, w := range s.wants {
			if w.not {
				continue
			}
			actor, to := mustFind(t, e, sc.ref(w.actor)), mustFind(t, e, sc.ref(w.to))
			got := ""
			m.Scene(m.AccountOf(actor)).From(e.foothold(actor), func(match escalate.Match) {
				if match.Technique.ID == technique.ID && match.To.Node == to && (w.defaultHolds || match.To.Hold == w.hold) {
					got = match.Ruling.Verdict.String()
				}
			})
			if asked++; got != w.verdict {
				t.Errorf("%s among many: got %q", w.line, got)
			}
		}
	}
	if asked < 200 {
		t.Errorf("only %d uses are asked for", asked)
	}
}

// TestLookedAtTogether: the matcher judges things that are alike by the first of
// them. It leaves out of account what no technique has: a thing that both a
// service and a policy of the actor's own decide about, tags that are not set
// last, and tags of what a property names.
func TestLookedAtTogether(t *testing.T) {
	for i := range escalate.AWS {
		technique := &escalate.AWS[i]
		served, given := map[string]bool{}, map[string]bool{}
		last := len(technique.Vars) - 1
		at := slices.IndexFunc(technique.Vars, func(v escalate.Var) bool { return v.Type == escalate.Tags })
		if at >= 0 && at != last {
			t.Errorf("%s: tags are set before %s is known", technique.ID, technique.Vars[last].Name)
		}
		for _, n := range technique.Needs {
			on, _, _ := strings.Cut(n.On, "/")
			served[on] = served[on] || strings.HasPrefix(n.Who, "service:")
			given[on] = given[on] || n.Given && technique.Yields.Data != ""
			if at >= 0 && strings.Contains(n.On, "@") {
				t.Errorf("%s: %s asks for tags of what a property names", technique.ID, n.Action)
			}
		}
		for _, v := range technique.Vars {
			if served[v.Name] && given[v.Name] {
				t.Errorf("%s: a service and a policy of the actor's decide about %s", technique.ID, v.Name)
			}
		}
	}
}
