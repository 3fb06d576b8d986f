package answer

import (
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// strength is the order of levels, the one that gives away most first.
var strength = []string{"PERMISSIONS", "WRITE", "READ", "TAGGING", "LIST"}

// wanted is which access counts: all where nothing is said.
type wanted struct {
	v        *View
	patterns []string // lower case
	exact    []string // the patterns that are one action each, as they were given
	levels   []string
	known    *sync.Map // action -> its levels
	lists    *sync.Map // listOf -> those of its actions that count
}

// A listOf is a list of actions, by where it lies, and who knows them. Rows of
// access share lists, and each is looked at once.
type listOf struct {
	first *string
	n     int
	by    resolve.Evaluator
}

func (v *View) newWanted(actions, levels []string) (wanted, error) {
	w := wanted{v: v, levels: levels, known: &sync.Map{}, lists: &sync.Map{}}
	for _, a := range actions {
		a = strings.TrimSpace(a)
		if a == "" {
			return w, fault(BadInput, "actions: an empty action")
		}
		w.patterns = append(w.patterns, strings.ToLower(a))
		if !strings.ContainsAny(a, "*?") {
			w.exact = append(w.exact, a)
		}
	}
	return w, nil
}

// String says in words which access counts.
func (w wanted) String() string {
	parts := slices.Clone(w.patterns)
	if len(w.exact) == len(w.patterns) {
		parts = slices.Clone(w.exact)
	}
	if len(w.levels) > 0 {
		parts = append(parts, strings.Join(w.levels, " or ")+" actions")
	}
	return strings.Join(parts, ", ")
}

// some reports whether anything was said.
func (w wanted) some() bool { return len(w.patterns)+len(w.levels) > 0 }

// ofRow returns those actions of a recorded row that count. Neither list may be
// changed while the search goes on.
func (w wanted) ofRow(e resolve.Evaluator, actions []string) []string {
	if !w.some() || len(actions) == 0 {
		return actions
	}
	list := listOf{&actions[0], len(actions), e}
	if have, ok := w.lists.Load(list); ok {
		return have.([]string)
	}
	out := slices.Clip(w.of(e, actions))
	w.lists.Store(list, out)
	return out
}

// of returns those of some actions that count.
func (w wanted) of(e resolve.Evaluator, actions []string) []string {
	if !w.some() {
		return actions
	}
	var out []string
	for _, a := range actions {
		if w.action(a) && w.level(e, a) {
			out = append(out, a)
		}
	}
	return out
}

func (w wanted) action(a string) bool {
	if len(w.patterns) == 0 {
		return true
	}
	folded := strings.ToLower(a)
	return slices.ContainsFunc(w.patterns, func(p string) bool { return policy.Glob(p, folded) })
}

func (w wanted) level(e resolve.Evaluator, a string) bool {
	if len(w.levels) == 0 {
		return true
	}
	return slices.ContainsFunc(w.levelsOf(e, a), func(l string) bool { return slices.Contains(w.levels, l) })
}

func (w wanted) levelsOf(e resolve.Evaluator, a string) []string {
	if have, ok := w.known.Load(a); ok {
		return have.([]string)
	}
	var levels []string
	if e != nil {
		levels = e.Levels(a)
	}
	w.known.Store(a, levels)
	return levels
}

// levelsIn returns the levels of actions, the strongest first.
func (w wanted) levelsIn(e resolve.Evaluator, actions []string) []string {
	have := map[string]bool{}
	for _, a := range actions {
		for _, l := range w.levelsOf(e, a) {
			have[l] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(strength), func(l string) bool { return !have[l] })
}

// strongest returns the action that gives away most; the first of several.
func (w wanted) strongest(e resolve.Evaluator, actions []string) string {
	for _, l := range strength {
		for _, a := range actions {
			if slices.Contains(w.levelsOf(e, a), l) {
				return a
			}
		}
	}
	if len(actions) == 0 {
		return ""
	}
	return actions[0]
}

// starts returns the footholds that whoever has some nodes holds: a principal
// as itself, in whatever way, but with no policy of the holder's choice; an
// account's root user for the account.
func (v *View) starts(nodes []snapshot.Index) []snapshot.FootholdIndex {
	var out []snapshot.FootholdIndex
	for _, node := range nodes {
		for _, i := range append([]snapshot.Index{node}, v.rootOf(node)...) {
			for _, f := range v.Snapshot.FootholdsOf(i) {
				if v.Snapshot.Foothold(f).Hold < graph.WithOwnPolicy {
					out = append(out, f)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rootOf returns the root user of an account.
func (v *View) rootOf(account snapshot.Index) []snapshot.Index {
	if v.Snapshot.Kind(account) != graph.KindAccount {
		return nil
	}
	for i := range v.Snapshot.Members(account) {
		if v.Snapshot.Type(i) == "iam:root" {
			return []snapshot.Index{i}
		}
	}
	return nil
}
