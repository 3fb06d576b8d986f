package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/resolve/policy"
	"github.com/clewgraph/clew/testdata"
)

// TestEntries holds the estates whose name begins with "entry-", how those who
// are nobody to AWS come in, and with "facts-", what single documents tell. The
// lines of expect/lines, "!" for must-not:
//
//	reach FROM TO VERDICT [RELATION [ACTION]]  FROM comes to hold TO, at best so surely; the last step is RELATION by ACTION
//	may WHO ACTION RESOURCE VERDICT            one request, as explain answers it
//	access WHO ACTION RESOURCE VERDICT         as effective access has it
//	administers WHO ACCOUNT
//	gap WHO ACTION RESOURCE LAYER REASON       what an UNKNOWN names
//	breaks WHO ACTION RESOURCE REF             a statement attached to REF breaks it alone
//
// expect/names spells references.
func TestEntries(t *testing.T) {
	for _, name := range testdata.Estates() {
		if !strings.HasPrefix(name, "entry-") && !strings.HasPrefix(name, "facts-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			archive, err := testdata.Estate(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			unpack(t, archive, "documents/", dir)
			s := resolved(t, dir)
			c := entryCheck{s: s, estate: aws.NewEstate(s), names: readShorthand(fileOf(t, archive, "expect/names"))}
			all := lines(fileOf(t, archive, "expect/lines"))
			not := slices.ContainsFunc(all, func(l string) bool { return l[0] == '!' || strings.Contains(l, " DENIED") })
			if !not {
				t.Error("no line says what must not come out")
			}
			for _, line := range all {
				if problem := c.check(line); problem != "" {
					t.Errorf("%s\n  %s", line, problem)
				}
			}
		})
	}
}

type entryCheck struct {
	s      *snapshot.Snapshot
	estate *aws.Estate
	names  map[string]string
}

func (c *entryCheck) ref(word string) graph.Ref {
	if ref, ok := c.names[word]; ok {
		return graph.Ref(ref)
	}
	return graph.Ref(word)
}

func (c *entryCheck) check(line string) string {
	text, not := strings.CutPrefix(line, "!")
	f := strings.Fields(text)
	switch f[0] {
	case "reach":
		return c.reach(f[1:], not)
	case "may":
		d, err := c.decide(f[1:])
		if err != nil {
			return err.Error()
		}
		return differ(d.Verdict.String(), f[4], d.Text)
	case "access":
		return c.access(f[1:], not)
	case "administers":
		return c.administers(f[1:], not)
	case "gap":
		return c.gap(f[1:])
	case "breaks":
		return c.breaks(f[1:])
	}
	return "no such line"
}

func differ(got, want, why string) string {
	if got == want {
		return ""
	}
	return "got " + got + ": " + why
}

func (c *entryCheck) decide(f []string) (policy.Decision, error) {
	return c.estate.Decide(policy.Question{Principal: c.ref(f[0]), Action: f[1], Resource: string(c.ref(f[2]))})
}

// reach walks from every way to hold FROM and keeps the surest way to TO.
func (c *entryCheck) reach(f []string, not bool) string {
	from, ok := c.s.Find(c.ref(f[0]))
	to, known := c.s.Find(c.ref(f[1]))
	if !ok || !known && !not {
		return "not in the documents"
	}
	sure, last := c.surest(from)[to], c.lastStep(from, to)
	if not {
		return differ(sure.String(), graph.Denied.String(), last)
	}
	if problem := differ(sure.String(), f[2], last); problem != "" {
		return problem
	}
	return differ(strings.Join(strings.Fields(last)[:len(f)-3], " "), strings.Join(f[3:], " "), "by "+last)
}

// surest returns how surely each node is held, Denied where it is not.
func (c *entryCheck) surest(from snapshot.Index) map[snapshot.Index]graph.Verdict {
	held := map[snapshot.FootholdIndex]graph.Verdict{}
	var queue []snapshot.FootholdIndex
	for _, f := range c.s.FootholdsOf(from) {
		if c.s.Foothold(f).Hold != graph.WithOwnPolicy {
			held[f] = graph.Allowed
			queue = append(queue, f)
		}
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, i := range c.s.PivotsOut(f) {
			p := c.s.Pivot(i)
			to, _ := c.s.FindFoothold(p.To)
			if v := min(held[f], p.Ruling.Verdict); v > held[to] {
				held[to] = v
				queue = append(queue, to)
			}
		}
	}
	nodes := map[snapshot.Index]graph.Verdict{}
	for f, v := range held {
		node := c.s.Foothold(f).Node
		nodes[node] = max(nodes[node], v)
	}
	delete(nodes, from)
	return nodes
}

// lastStep says by what a node is held from another directly.
func (c *entryCheck) lastStep(from, to snapshot.Index) string {
	for i := range snapshot.PivotIndex(c.s.NumPivots()) {
		if p := c.s.Pivot(i); p.From.Node == from && p.To.Node == to {
			return strings.TrimSpace(string(p.Relation) + " " + p.Action + " " + p.Ruling.Formula)
		}
	}
	return "several steps"
}

func (c *entryCheck) access(f []string, not bool) string {
	who, ok := c.s.Find(c.ref(f[0]))
	on, known := c.s.Find(c.ref(f[2]))
	if !ok || !known {
		return "not in the documents"
	}
	got := "nothing"
	for _, foothold := range c.s.FootholdsOf(who) {
		class, ok := c.s.ClassOf(foothold)
		for row := range c.s.AccessTo(on) {
			if ok && row.Class == class && slices.Contains(row.Actions, f[1]) {
				got = row.Ruling.Verdict.String()
			}
		}
	}
	if not {
		return differ(got, "nothing", "effective access has it")
	}
	return differ(got, f[3], "effective access")
}

func (c *entryCheck) administers(f []string, not bool) string {
	got := "no"
	for a := range c.s.Administrations() {
		if c.s.Ref(a.From.Node) == c.ref(f[0]) && c.s.Ref(a.Scope) == aws.AccountRef(f[1]) {
			got = "yes"
		}
	}
	return differ(got, map[bool]string{true: "no", false: "yes"}[not], "administrators")
}

func (c *entryCheck) gap(f []string) string {
	d, err := c.decide(f)
	if err != nil {
		return err.Error()
	}
	for _, g := range d.Gaps {
		if string(g.Layer) == f[3] && string(g.Reason) == f[4] {
			return ""
		}
	}
	return "no such gap: " + d.Text
}

func (c *entryCheck) breaks(f []string) string {
	d, err := c.decide(f)
	if err != nil {
		return err.Error()
	}
	for _, e := range d.Breaks {
		if e.To == c.ref(f[3]) {
			return ""
		}
	}
	return "nothing there breaks it: " + d.Text
}
