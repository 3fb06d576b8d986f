package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/testdata"
)

// TestCombinations holds the estates whose name begins with "combine-": how
// techniques, trusts, policies and accounts come together. The lines of
// expect/paths and of every near miss:
//
//	path FROM TO VERDICT by STEP…  FROM comes to hold TO (administer it, of an account), at best so surely, by these
//	                               steps among others: ids of techniques, or relations
//	!path FROM TO                  in no way
//
// A near miss, miss/NAME, begins with edits: "in FILE", then "- TEXT" and
// "+ TEXT" that replaces it. expect/names spells references.
func TestCombinations(t *testing.T) {
	for _, name := range testdata.Estates() {
		if !strings.HasPrefix(name, "combine-") {
			continue
		}
		archive, err := testdata.Estate(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { combination(t, archive, "expect/paths") })
		misses := 0
		for _, f := range archive.Files {
			if miss, ok := strings.CutPrefix(f.Name, "miss/"); ok {
				misses++
				t.Run(name+"/"+miss, func(t *testing.T) { combination(t, archive, f.Name) })
			}
		}
		if misses == 0 {
			t.Errorf("%s: no near miss", name)
		}
	}
}

// combination resolves an estate with the edits of a file and checks its lines.
func combination(t *testing.T, archive *txtar.Archive, file string) {
	edited, wants, err := edit(archive, fileOf(t, archive, file))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	unpack(t, edited, "documents/", dir)
	c := combined{s: resolved(t, dir), names: readShorthand(fileOf(t, archive, "expect/names"))}
	if len(wants) == 0 {
		t.Error("says nothing")
	}
	for _, line := range wants {
		if problem := c.check(line); problem != "" {
			t.Errorf("%s\n  %s", line, problem)
		}
	}
}

// edit applies the edits of a near miss to a copy of an archive and returns its
// other lines.
func edit(archive *txtar.Archive, text string) (*txtar.Archive, []string, error) {
	edited := &txtar.Archive{Files: slices.Clone(archive.Files)}
	at, before := -1, ""
	var wants []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "in "):
			at = slices.IndexFunc(edited.Files, func(f txtar.File) bool { return f.Name == line[3:] })
			if at < 0 {
				return nil, nil, fmt.Errorf("no file %q", line[3:])
			}
		case strings.HasPrefix(line, "- "):
			before = line[2:]
		case strings.HasPrefix(line, "+ ") && at >= 0:
			data := string(edited.Files[at].Data)
			if strings.Count(data, before) != 1 {
				return nil, nil, fmt.Errorf("%s holds %q %d times", edited.Files[at].Name, before, strings.Count(data, before))
			}
			edited.Files[at].Data = []byte(strings.Replace(data, before, line[2:], 1))
		default:
			wants = append(wants, lines(line)...)
		}
	}
	return edited, wants, nil
}

type combined struct {
	s     *snapshot.Snapshot
	names map[string]string
}

func (c *combined) check(line string) string {
	text, not := strings.CutPrefix(line, "!")
	f := strings.Fields(text)
	if f[0] != "path" || !not && (len(f) < 6 || f[4] != "by") {
		return "no such line"
	}
	from, ok := c.s.Find(graph.Ref(c.names[f[1]]))
	to, known := c.s.Find(graph.Ref(c.names[f[2]]))
	if !ok || !known {
		return "not in the documents"
	}
	best := c.anyWay(from)[to]
	if not {
		return differ(best.String(), graph.Denied.String(), "there is a way")
	}
	if problem := differ(best.String(), f[3], "at best"); problem != "" {
		return problem
	}
	return differ(c.along(from, f[5:])[to].String(), f[3], "along these steps")
}

// own are the ways in which something is held from the outset.
func (c *combined) own(node snapshot.Index) map[snapshot.FootholdIndex]graph.Verdict {
	held := map[snapshot.FootholdIndex]graph.Verdict{}
	for _, f := range c.s.FootholdsOf(node) {
		if c.s.Foothold(f).Hold != graph.WithOwnPolicy {
			held[f] = graph.Allowed
		}
	}
	return held
}

// along takes one step after the other and returns what is held at the end.
func (c *combined) along(from snapshot.Index, steps []string) map[snapshot.Index]graph.Verdict {
	held := c.own(from)
	for _, step := range steps {
		held = c.step(held, func(p snapshot.Pivot) bool { return p.Technique == step || string(p.Relation) == step })
	}
	return c.nodes(held)
}

// anyWay takes steps of every sort until nothing new is held.
func (c *combined) anyWay(from snapshot.Index) map[snapshot.Index]graph.Verdict {
	all := c.own(from)
	for grown := true; grown; {
		grown = false
		for f, v := range c.step(all, func(snapshot.Pivot) bool { return true }) {
			if v > all[f] {
				all[f], grown = v, true
			}
		}
	}
	return c.nodes(all)
}

func (c *combined) step(held map[snapshot.FootholdIndex]graph.Verdict, by func(snapshot.Pivot) bool) map[snapshot.FootholdIndex]graph.Verdict {
	next := map[snapshot.FootholdIndex]graph.Verdict{}
	for f, v := range held {
		for _, i := range c.s.PivotsOut(f) {
			if p := c.s.Pivot(i); by(p) {
				_, to := c.s.PivotEnds(i)
				next[to] = max(next[to], min(v, p.Ruling.Verdict))
			}
		}
	}
	return next
}

func (c *combined) nodes(held map[snapshot.FootholdIndex]graph.Verdict) map[snapshot.Index]graph.Verdict {
	nodes := map[snapshot.Index]graph.Verdict{}
	for f, v := range held {
		node := c.s.Foothold(f).Node
		nodes[node] = max(nodes[node], v)
	}
	return nodes
}
