package snapshot_test

import (
	"bytes"
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

// A staying is which claims about a world stay when it changes.
type staying struct {
	was, is world
	from    map[graph.Ref]bool
	pivot   func(from, to graph.Ref) bool
	stale   map[graph.Ref]bool // at which something starts that cannot stay, though it should
}

func (k *staying) starts(f claimedFoothold) bool {
	return k.from[f.ref] && slices.Contains(k.is.refs(), f.ref)
}

// kept returns the claims that stay, and notes those that cannot.
func (k *staying) kept(all claims) (out claims) {
	k.stale = map[graph.Ref]bool{}
	for _, p := range all.pivots {
		if k.starts(p.from) && k.pivot(p.from.ref, p.to.ref) {
			k.check(p.from, k.there(p.to.ref) && k.evident(p.ruling, false))
			out.pivots = append(out.pivots, p)
		}
	}
	for _, a := range all.admins {
		if k.starts(a.from) {
			k.check(a.from, k.there(a.scope) && k.evident(a.ruling, false))
			out.admins = append(out.admins, a)
		}
	}
	out.parts = all.parts
	for _, class := range all.classes {
		class.members = slices.DeleteFunc(slices.Clone(class.members), func(f claimedFoothold) bool { return !k.starts(f) })
		for _, f := range class.members {
			for _, p := range class.parts {
				k.check(f, k.tellable(all.parts[p]))
			}
		}
		if len(class.members) > 0 {
			out.classes = append(out.classes, class)
		}
	}
	return out.without(len(k.stale) > 0)
}

// without returns no claims if they cannot be told anyway, and else without
// the parts that cannot be told, which no class has.
func (c claims) without(everything bool) claims {
	if everything {
		return claims{}
	}
	has := map[int]bool{}
	for _, class := range c.classes {
		for _, p := range class.parts {
			has[p] = true
		}
	}
	c.parts = slices.Clone(c.parts)
	for p := range c.parts {
		if !has[p] {
			c.parts[p] = claimedPart{}
		}
	}
	return c
}

func (k *staying) check(f claimedFoothold, ok bool) {
	if !ok {
		k.stale[f.ref] = true
	}
}

func (k *staying) there(ref graph.Ref) bool { return slices.Contains(k.is.refs(), ref) }

func (k *staying) tellable(p claimedPart) bool {
	for _, row := range p.rows {
		if slices.ContainsFunc(row.to, k.there) && !k.evident(row.ruling, true) {
			return false
		}
	}
	return true
}

// evident reports whether the attachments of a ruling are still there; for
// rows and one layer, whether any is that spoke alike.
func (k *staying) evident(r claimedRuling, row bool) bool {
	for _, e := range r.evidence {
		stays := k.is.has(bindingOf(e.in))
		for _, a := range k.was.policies {
			stays = stays || row && e.in.Layer == identity && speechOf(a) == speechOf(e.in) && k.is.has(bindingOf(a))
		}
		if !stays {
			return false
		}
	}
	return true
}

// keep is what Carry is told.
func (k *staying) keep(last *snapshot.Snapshot) snapshot.Keep {
	return snapshot.Keep{
		From:      func(i snapshot.Index) bool { return k.from[last.Ref(i)] },
		Pivot:     func(from, to snapshot.Index) bool { return k.pivot(last.Ref(from), last.Ref(to)) },
		Canonical: isIdentity,
	}
}

func drawStaying(r *rand.Rand, was world) *staying {
	k := &staying{was: was, is: was.edited(r), from: map[graph.Ref]bool{}}
	share := []int{0, 2, 5, 20}[r.IntN(4)] // one in so many goes
	for _, ref := range was.refs() {
		k.from[ref] = share == 0 || r.IntN(share) > 0
	}
	k.pivot = func(graph.Ref, graph.Ref) bool { return true }
	if r.IntN(3) == 0 {
		k.pivot = func(from, to graph.Ref) bool { return from[len(from)-1] != to[len(to)-1] }
	}
	return k
}

// What is carried over and what is added make the file that all of it given
// anew makes, whatever went, came or changed; what cannot stay is told.
func TestCarriedConclusionsAreAsGivenAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	fine, refused, dropped := 0, 0, 0
	for range 300 {
		was := drawWorld(r)
		b, facts := was.builder(t)
		all := newClaimant(r, was, "old").draw(func(claimedFoothold) bool { return true })
		concluded(t, b, facts, all)
		last := opened(t, b)
		k := drawStaying(r, was)
		k.kept(all)
		if r.IntN(4) > 0 { // whoever knows what went tells what cannot stay
			for len(k.stale) > 0 {
				for ref := range k.stale {
					k.from[ref] = false
				}
				k.kept(all)
			}
		}
		dropped += len(all.classes) - len(k.kept(all).classes)
		if checkCarried(t, r, last, k, all) {
			fine++
		} else {
			refused++
		}
	}
	if fine < 150 || refused < 15 || dropped < 300 {
		t.Errorf("%d carried, %d refused, %d classes dropped: the draws say too little", fine, refused, dropped)
	}
}

func concluded(t testing.TB, b *snapshot.Builder, facts *snapshot.Snapshot, list ...claims) []byte {
	t.Helper()
	c := new(snapshot.Conclusions)
	for _, some := range list {
		giver{t, facts, c}.give(some)
	}
	if err := b.Conclude(c); err != nil {
		t.Fatal(err)
	}
	return written(t, b)
}

// checkCarried carries over what stays, with claims that are new; it is false
// where that was refused, as it should.
func checkCarried(t *testing.T, r *rand.Rand, last *snapshot.Snapshot, k *staying, all claims) bool {
	t.Helper()
	stays := k.kept(all)
	b, facts := k.is.builder(t)
	c := new(snapshot.Conclusions)
	err := c.Carry(last, facts, movesOf(last, facts), k.keep(last))
	if len(k.stale) > 0 {
		equal(t, "stale", errors.Is(err, snapshot.ErrStale), true)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	more := newClaims(r, k.is, stays)
	giver{t, facts, c}.give(more)
	checkCollected(t, facts, c, stays, more)
	if last.NumPivots()%3 > 0 {
		b.Share(last)
	}
	if err := b.Conclude(c); err != nil {
		t.Fatal(err)
	}
	got := written(t, b)
	b.Share(nil)
	want := concluded(t, b, facts, stays, more)
	if !bytes.Equal(got, want) {
		t.Fatalf("other bytes than given anew, first in section %s", firstDifference(got, want))
	}
	return true
}

// newClaims draws what is concluded besides what stays; some of it is said by
// that already.
func newClaims(r *rand.Rand, w world, stays claims) claims {
	c := newClaimant(r, w, "new")
	if r.IntN(5) == 0 {
		return claims{}
	}
	more := c.draw(func(f claimedFoothold) bool {
		return !slices.ContainsFunc(stays.classes, func(class claimedClass) bool { return slices.Contains(class.members, f) })
	})
	if len(stays.pivots) > 0 {
		more.pivots = append(more.pivots, oneOf(c, stays.pivots...))
	}
	if len(stays.admins) > 0 {
		more.admins = append(more.admins, oneOf(c, stays.admins...))
	}
	from := len(more.parts)
	more.parts = append(more.parts, stays.parts...)
	for i := range more.classes {
		if len(stays.parts) > 0 && r.IntN(2) == 0 {
			more.classes[i].parts = append(more.classes[i].parts, from+r.IntN(len(stays.parts)))
		}
	}
	return more
}

// Whoever reads what was collected reads what was carried over too.
func checkCollected(t *testing.T, facts *snapshot.Snapshot, c *snapshot.Conclusions, list ...claims) {
	t.Helper()
	anew := new(snapshot.Conclusions)
	for _, some := range list {
		giver{t, facts, anew}.give(some)
	}
	equal(t, "collected", collected(c), collected(anew))
}

func collected(c *snapshot.Conclusions) (out []string) {
	for p := range c.Pivots() {
		out = append(out, fmt.Sprint("pivot ", p))
	}
	for a := range c.Administrations() {
		out = append(out, fmt.Sprint("administration ", a))
	}
	for held, parts := range c.Classes() {
		slices.SortFunc(held, compareHeld)
		var rows []string
		for _, p := range parts {
			for row := range c.PartRows(p) {
				rows = append(rows, fmt.Sprint(row.Actions, row.Include, row.Exclude, row.Ruling, slices.Collect(row.Runs())))
			}
		}
		out = append(out, fmt.Sprint("class ", held, sortedSet(rows)))
	}
	return sortedSet(out)
}

func compareHeld(a, b snapshot.Foothold) int {
	return slices.Compare([]int{int(a.Node), int(a.Hold)}, []int{int(b.Node), int(b.Hold)})
}

// firstDifference names the first section in which two files differ.
func firstDifference(a, b []byte) string {
	for i := range int(binary.LittleEndian.Uint32(b[12:])) {
		name := strings.TrimRight(string(b[32+48*i:][:24]), "\x00")
		at, n := sectionOf(a, name)
		other, m := sectionOf(b, name)
		if name[:5] != "meta." && !bytes.Equal(a[at:at+n], b[other:other+m]) {
			return fmt.Sprintf("%s: %v, want %v", name, a[at:at+n], b[other:other+m])
		}
	}
	return "none that both have"
}

// Of what is dropped nothing is left in the file.
func TestDroppedConclusionsLeaveNoTrace(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 30 {
		was := drawWorld(r)
		b, facts := was.builder(t)
		all := newClaimant(r, was, "dropped").draw(func(claimedFoothold) bool { return true })
		concluded(t, b, facts, all)
		last := opened(t, b)
		next, now := was.builder(t)
		c := new(snapshot.Conclusions)
		keep := snapshot.Keep{From: func(snapshot.Index) bool { return false }, Canonical: isIdentity}
		if err := c.Carry(last, now, movesOf(last, now), keep); err != nil {
			t.Fatal(err)
		}
		if err := next.Conclude(c); err != nil {
			t.Fatal(err)
		}
		equal(t, "as without conclusions", bytes.Equal(written(t, next), concluded(t, next, now)), true)
	}
}
