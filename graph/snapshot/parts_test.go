package snapshot_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// shared are classes that share parts.
type shared struct {
	parts   []snapshot.AccessPart
	classes []sharedClass
}

type sharedClass struct {
	members []snapshot.Foothold
	parts   []int
	home    []snapshot.Index
}

// share draws parts of the rows that draw draws, and classes that have some of
// them; some have one home.
func share(r *rand.Rand, nodes int) (out shared) {
	rows := draw(r, nodes, 1).Access
	for len(out.parts) < 6 {
		part := snapshot.AccessPart{Abroad: r.IntN(2) == 0}
		for range r.IntN(6) {
			if len(rows) > 0 {
				part.Rows = append(part.Rows, rows[r.IntN(len(rows))].AccessRow)
			}
		}
		out.parts = append(out.parts, part)
	}
	homes := [][]snapshot.Index{nil}
	for range 3 {
		var home []snapshot.Index
		for i := r.IntN(nodes); i < nodes && len(home) < nodes/2; i += 1 + r.IntN(2)*r.IntN(4) {
			home = append(home, snapshot.Index(i))
		}
		homes = append(homes, home)
	}
	for i := range 1 + r.IntN(6) {
		class := sharedClass{members: []snapshot.Foothold{{Node: snapshot.Index(i)}}, home: homes[r.IntN(len(homes))]}
		for range r.IntN(5) {
			class.parts = append(class.parts, r.IntN(len(out.parts)))
		}
		out.classes = append(out.classes, class)
	}
	return out
}

func (d shared) conclusions() *snapshot.Conclusions {
	c := new(snapshot.Conclusions)
	numbers := make([]snapshot.PartIndex, len(d.parts))
	for i, p := range d.parts {
		numbers[i] = c.AddPart(p)
	}
	for _, class := range d.classes {
		a := snapshot.AccessClass{Members: class.members, Home: class.home}
		for _, p := range class.parts {
			a.Parts = append(a.Parts, numbers[p])
		}
		c.AddClass(a)
	}
	return c
}

// expand says node by node what the classes may do.
func (d shared) expand() (out []string) {
	for _, class := range d.classes {
		for _, p := range class.parts {
			part := given{Classes: [][]snapshot.Foothold{class.members}}
			for _, row := range d.parts[p].Rows {
				if d.parts[p].Abroad {
					row.To = slices.DeleteFunc(slices.Clone(row.To), func(i snapshot.Index) bool { return slices.Contains(class.home, i) })
				}
				part.Access = append(part.Access, givenRow{0, row})
			}
			out = append(out, expand(part)...)
		}
	}
	return sortedSet(out)
}

// Whatever parts classes share, and wherever their homes are, every read says
// what each class may do by itself.
func TestClassesShareParts(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 4))
	fewer, kept := 0, 0
	for range 200 {
		b, facts := town(t, 10+r.IntN(80))
		in := share(r, facts.NumNodes())
		if err := b.Conclude(in.conclusions()); err != nil {
			t.Fatal(err)
		}
		s := opened(t, b)
		want := in.expand()
		byClass, bySet, byNode := readByClass(t, s), readBySet(t, s), readByNode(t, s)
		for name, got := range map[string][]string{"by class": byClass, "by set": bySet, "by node": byNode, "by part": readByPart(t, s)} {
			if got = sortedSet(got); !slices.Equal(got, want) {
				t.Fatalf("%s: got %d:\n%s\nwant %d:\n%s", name, len(got), strings.Join(got, "\n"), len(want), strings.Join(want, "\n"))
			}
		}
		checkCounts(t, s, r)
		kept += checkKept(t, s)
		if err := s.Verify(); err != nil {
			t.Fatal(err)
		}
		rows := 0
		for class := range uint32(s.NumClasses()) {
			rows += len(slices.Collect(s.RowsOf(class)))
		}
		fewer += rows - s.NumAccessRows()
	}
	if fewer <= 0 || kept == 0 {
		t.Error("no rows were shared, or kept: the draws say too little")
	}
}

func readByClass(t *testing.T, s *snapshot.Snapshot) (out []string) {
	for class := range uint32(s.NumClasses()) {
		last := snapshot.Access{}
		for a := range s.AccessOf(class) {
			if a.To < last.To || a.Class != class {
				t.Fatalf("class %d: %+v after %+v", class, a, last)
			}
			last = a
			out = append(out, said(principalOf(s, class), a))
		}
	}
	return out
}

// readBySet reads rows, and checks that one number stands for the same nodes.
func readBySet(t *testing.T, s *snapshot.Snapshot) (out []string) {
	nodes := map[uint64][]snapshot.Index{}
	for class := range uint32(s.NumClasses()) {
		for row := range s.RowsOf(class) {
			out = append(out, checkSet(t, s, row)...)
			same := slices.Collect(row.To.Nodes())
			if len(same) == 0 {
				t.Errorf("class %d has a row of no nodes", class)
			}
			if known, ok := nodes[row.To.Number()]; ok && !slices.Equal(known, same) {
				t.Errorf("number %d is %v and %v", row.To.Number(), known, same)
			}
			nodes[row.To.Number()] = same
		}
	}
	return out
}

func readByNode(t *testing.T, s *snapshot.Snapshot) (out []string) {
	for i := range snapshot.Index(s.NumNodes()) {
		var classes []uint32
		surest := map[uint32]graph.Verdict{}
		for a := range s.AccessTo(i) {
			classes = append(classes, a.Class)
			surest[a.Class] = max(surest[a.Class], a.Ruling.Verdict)
			out = append(out, said(principalOf(s, a.Class), a))
		}
		equal(t, "in the order of classes", slices.IsSorted(classes), true)
		for class := range uint32(s.NumClasses() + 1) {
			equal(t, "surest", s.SurestAccess(class, i), surest[class])
		}
	}
	return out
}

// In which order parts and classes come leaves no trace in the file, nor does
// the home of a class that nothing from abroad is told of.
func TestOrderOfPartsIsFree(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 4))
	for range 60 {
		b, facts := town(t, 60)
		in := share(r, facts.NumNodes())
		file := func() []byte {
			if err := b.Conclude(in.conclusions()); err != nil {
				t.Fatal(err)
			}
			return written(t, b)
		}
		want := file()
		order := r.Perm(len(in.parts))
		parts := make([]snapshot.AccessPart, len(order))
		for from, to := range order {
			parts[to] = in.parts[from]
			r.Shuffle(len(parts[to].Rows), func(i, j int) { rows := parts[to].Rows; rows[i], rows[j] = rows[j], rows[i] })
		}
		in.parts = parts
		for _, class := range in.classes {
			for i, p := range class.parts {
				class.parts[i] = order[p]
			}
			r.Shuffle(len(class.parts), func(i, j int) { class.parts[i], class.parts[j] = class.parts[j], class.parts[i] })
		}
		r.Shuffle(len(in.classes), func(i, j int) { in.classes[i], in.classes[j] = in.classes[j], in.classes[i] })
		equal(t, "another order", slices.Equal(file(), want), true)
		more := draw(r, facts.NumNodes(), 1).Access
		for _, row := range more {
			row.Actions, row.Ruling.Formula = append(slices.Clip(row.Actions), "no:Body"), "never"
			row.Ruling.Evidence = nil
			in.parts = append(in.parts, snapshot.AccessPart{Rows: []snapshot.AccessRow{row.AccessRow}})
		}
		equal(t, "parts that no class has", slices.Equal(file(), want), true)
		for i := range in.classes {
			class := &in.classes[i]
			if !slices.ContainsFunc(class.parts, func(p int) bool { return in.parts[p].Abroad }) {
				class.home = []snapshot.Index{0, 5}
			}
		}
		equal(t, "homes of nobody abroad", slices.Equal(file(), want), true)
	}
}

// abroad has two classes that share a part from abroad and have homes.
func abroad(t testing.TB) *snapshot.Builder {
	t.Helper()
	b, _ := town(t, 40)
	row := func(action string, from, to snapshot.Index) snapshot.AccessRow {
		r := snapshot.AccessRow{Actions: []string{action}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}
		for i := from; i < to; i += 1 + i/3%2 {
			r.To = append(r.To, i)
		}
		return r
	}
	in := shared{parts: []snapshot.AccessPart{
		{Abroad: true, Rows: []snapshot.AccessRow{row("a:A", 0, 40), row("a:B", 5, 30)}},
		{Rows: []snapshot.AccessRow{row("a:A", 10, 20)}}, {Rows: []snapshot.AccessRow{row("a:C", 2, 9)}},
	}}
	for i := range 4 {
		first := snapshot.Index(9 * i)
		in.classes = append(in.classes, sharedClass{[]snapshot.Foothold{{Node: snapshot.Index(i)}}, []int{0, 1 + i%2}, []snapshot.Index{first, first + 1, first + 6}})
	}
	if err := b.Conclude(in.conclusions()); err != nil {
		t.Fatal(err)
	}
	return b
}

// Parts that rows, lists or classes do not agree about are no snapshot, even
// where every checksum is right.
func TestBrokenParts(t *testing.T) {
	whole := written(t, abroad(t))
	for _, name := range []string{"access.part", "access.by", "parts.item", "parts.by", "class.parts", "class.by", "part.off", "part.abroad", "class.home"} {
		bad := slices.Clone(whole)
		off, length := sectionOf(bad, name)
		if length < 3 {
			t.Fatalf("section %q has %d bytes", name, length)
		}
		switch name {
		case "part.abroad":
			bad[off] = 2
		case "class.home":
			binary.LittleEndian.PutUint32(bad[off:], 1000)
		default:
			binary.LittleEndian.PutUint32(bad[off+4:], binary.LittleEndian.Uint32(bad[off+4:])^1)
		}
		reseal(bad, true)
		s, err := snapshot.FromBytes(bad)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		readAll(s)
		if err = s.Verify(); !errors.Is(err, snapshot.ErrCorrupt) || strings.Contains(err.Error(), "hash") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of what many may do abroad, only what is at home for all of them is left out
// of the union.
func TestUnionOfHomes(t *testing.T) {
	b, facts := town(t, 400)
	var all []snapshot.Index
	for i := range snapshot.Index(facts.NumNodes()) {
		all = append(all, i)
	}
	for want, homes := range map[int][][]snapshot.Index{
		len(all) - 10: {all[:10]},
		len(all):      {all[:10], all[10:20]},
		len(all) - 5:  {all[:10], all[5:20]},
		len(all) - 4:  {all[:10], all[5:20], all[6:300]},
	} {
		c := new(snapshot.Conclusions)
		part := c.AddPart(snapshot.AccessPart{Abroad: true, Rows: []snapshot.AccessRow{{To: all, Actions: []string{"a:A"}}}})
		for i, home := range homes {
			c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{{Node: snapshot.Index(i)}}, Parts: []snapshot.PartIndex{part}, Home: home})
		}
		if err := b.Conclude(c); err != nil {
			t.Fatal(err)
		}
		s := opened(t, b)
		var sets []snapshot.Targets
		for class := range uint32(s.NumClasses()) {
			for row := range s.RowsOf(class) {
				sets = append(sets, row.To)
			}
		}
		n := 0
		for _, run := range s.Union(slices.Values(sets)) {
			n += run.Len()
		}
		equal(t, fmt.Sprint(len(homes), " homes"), n, want)
		equal(t, "rows", s.NumAccessRows(), 1)
	}
}
