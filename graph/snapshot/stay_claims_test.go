package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Claims are conclusions in words: they name nodes by refs and attachments by
// what they are.
type claims struct {
	pivots  []claimedPivot
	admins  []claimedAdmin
	parts   []claimedPart
	classes []claimedClass
}

type (
	claimedFoothold struct {
		ref  graph.Ref
		hold graph.Hold
	}
	claimedRuling struct {
		snapshot.Ruling // without evidence
		evidence        []claimedEvidence
	}
	claimedEvidence struct {
		in        graph.Attachment
		statement uint32
	}
	claimedPivot struct {
		from, to          claimedFoothold
		relation          graph.Relation
		action, technique string
		ruling            claimedRuling
	}
	claimedAdmin struct {
		from    claimedFoothold
		scope   graph.Ref
		through []string
		ruling  claimedRuling
	}
	claimedRow struct {
		to                        []graph.Ref
		actions, include, exclude []string
		ruling                    claimedRuling
	}
	claimedPart struct {
		abroad bool
		rows   []claimedRow
	}
	claimedClass struct {
		members []claimedFoothold
		parts   []int
		home    []graph.Ref
	}
)

// A claimant draws claims about a world. What it draws from is little, so that
// much is said twice; words of its own show where something was left over.
type claimant struct {
	*rand.Rand
	w    world
	word string
	sets [][]graph.Ref
}

func newClaimant(r *rand.Rand, w world, word string) *claimant {
	c := &claimant{Rand: r, w: w, word: word}
	refs := sortedRefs(w)
	for range 10 {
		var set []graph.Ref
		most := 1 + r.IntN(20)
		for i := r.IntN(len(refs)); i < len(refs) && len(set) < most; i += 1 + r.IntN(2)*r.IntN(3) {
			set = append(set, refs[i])
		}
		c.sets = append(c.sets, set)
	}
	return c
}

func sortedRefs(w world) []graph.Ref {
	nodes := slices.Clone(w.nodes)
	slices.SortFunc(nodes, func(a, b graph.Node) int {
		return slices.Compare([]string{string(a.Scope), a.Type, a.Name}, []string{string(b.Scope), b.Type, b.Name})
	})
	return world{nodes: nodes}.refs()
}

func oneOf[T any](c *claimant, list ...T) T { return list[c.IntN(len(list))] }

func (c *claimant) foothold() claimedFoothold {
	return claimedFoothold{oneOf(c, c.w.refs()...), oneOf(c, graph.Hold(0), graph.AsSession)}
}

func (c *claimant) text(list ...string) string {
	if c.IntN(10) == 0 {
		return fmt.Sprint(c.word, c.IntN(3))
	}
	return oneOf(c, list...)
}

func (c *claimant) ruling() (r claimedRuling) {
	r.Verdict, r.Formula = graph.Verdict(1+c.IntN(3)), c.text("", "mfa", "never")
	r.Bounds = graph.Bounds{Most: r.Verdict}
	for range c.IntN(4) * min(1, len(c.w.policies)) {
		r.evidence = append(r.evidence, claimedEvidence{oneOf(c, c.w.policies...), uint32(c.IntN(2))})
	}
	return r
}

func (c *claimant) part() (p claimedPart) {
	p.abroad = c.IntN(2) == 0
	for range c.IntN(5) {
		row := claimedRow{to: oneOf(c, c.sets...), ruling: c.ruling()}
		row.actions = oneOf(c, []string{"s3:GetObject"}, []string{"sqs:B", "sqs:A"}, []string{c.text("iam:A")}, nil)
		row.include = oneOf(c, nil, nil, []string{c.text("a/*")})
		p.rows = append(p.rows, row)
	}
	return p
}

// draw draws claims. free says whose class is not taken yet.
func (c *claimant) draw(free func(claimedFoothold) bool) (out claims) {
	for range c.IntN(80) {
		out.pivots = append(out.pivots, claimedPivot{
			c.foothold(), c.foothold(), oneOf(c, graph.CanAssume, graph.CanEscalate),
			c.text("", "sts:AssumeRole"), c.text("", "pass-role"), c.ruling(),
		})
	}
	for range c.IntN(6) {
		out.admins = append(out.admins, claimedAdmin{c.foothold(), oneOf(c, c.w.refs()...), oneOf(c, nil, []string{c.text("iam:Z"), "iam:A"}), c.ruling()})
	}
	for range c.IntN(16) {
		out.parts = append(out.parts, c.part())
	}
	taken := map[claimedFoothold]bool{}
	for range c.IntN(20) {
		out.classes = append(out.classes, c.class(len(out.parts), func(f claimedFoothold) bool {
			ok := free(f) && !taken[f]
			taken[f] = true
			return ok
		}))
	}
	out.classes = slices.DeleteFunc(out.classes, func(c claimedClass) bool { return len(c.members) == 0 })
	return out
}

func (c *claimant) class(parts int, free func(claimedFoothold) bool) (out claimedClass) {
	for range 1 + c.IntN(3) {
		if f := c.foothold(); free(f) {
			out.members = append(out.members, f)
		}
	}
	for range c.IntN(6) * min(1, parts) {
		out.parts = append(out.parts, c.IntN(parts))
	}
	if c.IntN(2) == 0 {
		out.home = oneOf(c, c.sets...)
	}
	return out
}

// A giver gives claims about the facts of a world.
type giver struct {
	t   testing.TB
	s   *snapshot.Snapshot
	out *snapshot.Conclusions
}

func (g giver) give(c claims) {
	for _, p := range c.pivots {
		g.out.AddPivot(snapshot.Pivot{From: g.foothold(p.from), To: g.foothold(p.to), Relation: p.relation, Action: p.action, Technique: p.technique, Ruling: g.ruling(p.ruling, false)})
	}
	for _, a := range c.admins {
		g.out.AddAdministration(snapshot.Administration{From: g.foothold(a.from), Scope: find(g.t, g.s, a.scope), Through: a.through, Ruling: g.ruling(a.ruling, false)})
	}
	var numbers []snapshot.PartIndex
	for _, p := range c.parts {
		numbers = append(numbers, g.out.AddPart(g.part(p)))
	}
	for _, class := range c.classes {
		a := snapshot.AccessClass{Home: g.nodes(class.home)}
		for _, f := range class.members {
			a.Members = append(a.Members, g.foothold(f))
		}
		for _, p := range class.parts {
			a.Parts = append(a.Parts, numbers[p])
		}
		g.out.AddClass(a)
	}
}

func (g giver) foothold(f claimedFoothold) snapshot.Foothold {
	return snapshot.Foothold{Node: find(g.t, g.s, f.ref), Hold: f.hold}
}

// nodes leaves out what is gone.
func (g giver) nodes(refs []graph.Ref) (out []snapshot.Index) {
	for _, ref := range refs {
		if i, ok := g.s.Find(ref); ok {
			out = append(out, i)
		}
	}
	return out
}

func (g giver) part(p claimedPart) snapshot.AccessPart {
	out := snapshot.AccessPart{Abroad: p.abroad}
	for _, row := range p.rows {
		if to := g.nodes(row.to); len(to) > 0 {
			out.Rows = append(out.Rows, snapshot.AccessRow{To: to, Actions: row.actions, Include: row.include, Exclude: row.exclude, Ruling: g.ruling(row.ruling, true)})
		}
	}
	return out
}

// ruling points the evidence of rows at the first attachment that speaks alike,
// at one layer; it is then enough that some attachment says it.
func (g giver) ruling(r claimedRuling, row bool) snapshot.Ruling {
	for _, e := range r.evidence {
		at := g.attachment(func(a graph.Attachment) bool {
			return bindingOf(a) == bindingOf(e.in) || row && e.in.Layer == identity && speechOf(a) == speechOf(e.in)
		})
		if row && e.in.Layer == identity {
			at = g.s.Canonical(at)
		}
		r.Evidence = append(r.Evidence, snapshot.EvidenceRef{Attachment: at, Statement: e.statement, Effect: graph.EffectAllow})
	}
	return r.Ruling
}

func (g giver) attachment(is func(graph.Attachment) bool) snapshot.AttachmentIndex {
	for i := range snapshot.AttachmentIndex(g.s.NumAttachments()) {
		if is(g.s.Attachment(i)) {
			return i
		}
	}
	g.t.Fatal("no such attachment")
	return 0
}
