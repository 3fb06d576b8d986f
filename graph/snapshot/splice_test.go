package snapshot_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// An estate is what each listing says, in words that several share.
type estate struct {
	*rand.Rand
	says     map[graph.Listing][]fact
	versions map[graph.Ref]int // of what is true of a ref
	tick     int64
	things   int // of an account
}

func newEstate(seed uint64, things int) *estate {
	e := &estate{
		things: things,
		Rand:   rand.New(rand.NewPCG(seed, 7)), says: map[graph.Listing][]fact{}, versions: map[graph.Ref]int{}}
	for account := range 5 {
		for operation := range 3 {
			e.collect(listingOf(account, operation))
		}
	}
	return e
}

func listingOf(account, operation int) graph.Listing {
	l := graph.Listing{Scope: accountRef(account), Service: "iam", Operation: fmt.Sprint("list-", operation)}
	if operation == 2 {
		l.Service, l.Region, l.Subject = "s3", "eu-west-1", graph.Ref(fmt.Sprint("subject-", account))
	}
	return l
}

func accountRef(i int) graph.Ref { return graph.Ref(fmt.Sprintf("arn:aws:iam::%04d:root", i)) }

// anyRef is mostly a thing of an account, sometimes a scope.
func (e *estate) anyRef(account int) graph.Ref {
	switch e.IntN(8) {
	case 0:
		return accountRef(e.IntN(7))
	case 1:
		return graph.Ref(fmt.Sprint("ou-", e.IntN(3)))
	case 2:
		account = e.IntN(6)
	}
	return graph.Ref(fmt.Sprintf("arn:aws:iam::%04d:thing/%d", account, e.IntN(e.things)))
}

// truth is what is so of a ref; its version changes name, type, scope and tags.
func (e *estate) truth(ref graph.Ref) graph.Node {
	version := e.versions[ref]
	r := rand.New(rand.NewPCG(uint64(version), uint64(len(ref))*1000+uint64(ref[len(ref)-1])))
	n := graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindRole, Type: []string{"iam:role", "s3:bucket", "plain"}[r.IntN(3)], Name: fmt.Sprint("name-", r.IntN(6))}
	var account int
	switch {
	case ref[0] == 'o':
		n.Kind, n.Type, n.Scope = graph.KindFolder, "organizations:ou", ""
		if r.IntN(3) == 0 {
			n.Scope = "ou-top"
		}
	case ref[len(ref)-4:] == "root":
		n.Kind, n.Type = graph.KindAccount, "organizations:account"
		n.Scope = []graph.Ref{"", "ou-0", "ou-1", "ou-2"}[r.IntN(4)]
	default:
		fmt.Sscanf(string(ref), "arn:aws:iam::%04d", &account)
		n.Scope = accountRef(account)
		if r.IntN(5) == 0 {
			n.Scope = graph.Ref(fmt.Sprint("ou-", r.IntN(3)))
		}
	}
	if r.IntN(2) == 0 {
		n.NativeID = fmt.Sprint("NATIVE", r.IntN(9))
	}
	for i := range r.IntN(3) {
		n.Tags = append(n.Tags, graph.Tag{Key: fmt.Sprint("k", i), Value: fmt.Sprint(r.IntN(4))})
		n.Attrs = append(n.Attrs, graph.Attr{Key: fmt.Sprint("path", i), Value: fmt.Sprint(r.IntN(4))})
	}
	if r.IntN(9) == 0 && n.Kind == graph.KindRole {
		n.Provider = graph.IDP
	}
	return n
}

// collect lets a listing say something new.
func (e *estate) collect(l graph.Listing) {
	var account int
	fmt.Sscanf(string(l.Scope), "arn:aws:iam::%04d", &account)
	e.says[l] = nil
	for range e.things + e.IntN(e.things) {
		e.add(l, account)
	}
}

func (e *estate) origin(l graph.Listing) *graph.Origin {
	if e.IntN(40) == 0 {
		return nil
	}
	return &graph.Origin{Listing: l, File: fmt.Sprintf("%s-%d.json", l.Operation, e.IntN(3)), Collector: "test", At: time.Unix(1700000000+e.tick, 0).UTC()}
}

// add adds one fact.
func (e *estate) add(l graph.Listing, account int) {
	ref, other, o := e.anyRef(account), e.anyRef(account), e.origin(l)
	switch e.IntN(10) {
	case 0, 1, 2:
		n := e.truth(ref)
		n.Origin = o
		e.put(l, putNode(n))
	case 3:
		n := e.truth(ref) // says less
		n.Tags, n.Attrs, n.NativeID, n.Origin = nil, nil, "", o
		e.put(l, putNode(n))
	case 4:
		n := e.truth(ref)
		n.Name, n.Tags, n.Attrs, n.NativeID, n.Mentioned, n.Origin = fmt.Sprint("called-", e.IntN(2)), nil, nil, "", true, o
		e.put(l, putNode(n))
	case 5, 6:
		r := []graph.Relation{graph.Contains, graph.MemberOf, graph.CredentialOf, graph.RunsAs}[e.IntN(4)]
		edge := graph.Edge{From: ref, To: other, Relation: r, Origin: o}
		if e.versions[ref]%2 == 1 {
			edge.Attrs = []graph.Attr{{Key: "since", Value: fmt.Sprint(e.versions[ref])}}
		}
		e.put(l, putEdge(edge))
	case 7, 8:
		e.put(l, putPolicy(e.attachment(ref, o)))
	case 9:
		e.put(l, putCover(e.coverage(l, ref, o)))
	}
}

func (e *estate) put(l graph.Listing, f fact) { e.says[l] = append(e.says[l], f) }

func (e *estate) attachment(to graph.Ref, o *graph.Origin) graph.Attachment {
	k := e.IntN(4)
	a := graph.Attachment{To: to, Layer: graph.LayerID(fmt.Sprint("layer-", k%2)), Policy: graph.Ref(fmt.Sprint("policy-", k)), Pointer: fmt.Sprint("/", e.IntN(3)), Origin: o}
	if e.IntN(5) > 0 {
		a.Name, a.Inline = fmt.Sprint("name-", k), k == 1
		a.Document = fmt.Appendf(nil, `{"Statement":[%d]}`, (k+e.versions[to])%5)
	}
	return a
}

func (e *estate) coverage(l graph.Listing, of graph.Ref, o *graph.Origin) graph.Coverage {
	c := graph.Coverage{Listing: l, Status: graph.Status(e.IntN(int(graph.Failed) + 1)), Detail: fmt.Sprint("detail ", e.IntN(2)), Origin: o}
	if e.IntN(2) == 0 {
		c.Of = of
	}
	if e.IntN(6) == 0 {
		c.Listing = listingOf(e.IntN(5), e.IntN(3))
	}
	if c.Status == graph.Failed {
		c.Reason, c.Affects = graph.ReasonAccessDenied, []graph.LayerID{graph.LayerID(fmt.Sprint("layer-", e.IntN(2)))}
	}
	return c
}

// edit changes what some listings say and returns which.
func (e *estate) edit() map[graph.Listing]bool {
	e.tick++
	out := map[graph.Listing]bool{}
	account := e.IntN(6) // the last is a new one
	for operation := range 3 {
		l := listingOf(account, operation)
		if e.IntN(3) > 0 {
			out[l] = true
			e.change(l, account)
		}
	}
	if e.IntN(6) == 0 { // the account disappears
		for operation := range 3 {
			l := listingOf(account, operation)
			out[l] = true
			delete(e.says, l)
		}
	}
	return out
}

// change changes a little of what one listing says, or nothing, or all.
func (e *estate) change(l graph.Listing, account int) {
	switch e.IntN(8) {
	case 0:
		e.collect(l)
	case 1: // the same again
	case 2:
		ref := e.anyRef(account)
		e.versions[ref]++
		fallthrough
	case 3:
		e.says[l] = slices.DeleteFunc(slices.Clone(e.says[l]), func(fact) bool { return e.IntN(3) == 0 })
		fallthrough
	case 4:
		e.add(l, account)
	default:
		e.says[l] = slices.Clone(e.says[l])
		for range e.IntN(3) {
			e.add(l, account)
			if n := len(e.says[l]); n > 1 {
				e.says[l] = slices.Delete(e.says[l], 0, 1)
			}
		}
	}
}

// facts are what some listings say.
func (e *estate) facts(of func(graph.Listing) bool) (out []fact) {
	for _, l := range slices.SortedFunc(maps.Keys(e.says), func(a, b graph.Listing) int { return bytes.Compare(fmt.Append(nil, a), fmt.Append(nil, b)) }) {
		if of(l) {
			out = append(out, e.says[l]...)
		}
	}
	return out
}

// next builds the next facts from the last ones.
func (e *estate) next(t *testing.T, last *snapshot.Snapshot, replaced map[graph.Listing]bool, manner func(*snapshot.Builder), carryFirst bool) *snapshot.Builder {
	t.Helper()
	b := snapshot.NewBuilder()
	manner(b)
	carry := func() {
		if err := b.CarryForward(last, func(l graph.Listing) bool { return replaced[l] }); err != nil {
			t.Fatal(err)
		}
	}
	if carryFirst {
		carry()
	}
	for _, put := range e.facts(func(l graph.Listing) bool { return replaced[l] }) {
		if err := put(b); err != nil {
			t.Fatal(err)
		}
	}
	if !carryFirst {
		carry()
	}
	return b
}

// TestSpliceIsFreezingAnew: whatever changes in an estate, facts that are
// spliced are those that come of freezing everything anew, byte for byte, and
// what is said to have moved or changed has.
func TestSpliceIsFreezingAnew(t *testing.T) {
	why := map[string]int{}
	for seed := range uint64(60) {
		newEstate(seed, 12).steps(t, fmt.Sprint("seed ", seed), why)
	}
	t.Log(why)
	if why[""] < 3*(why["a scope changed accounts under things that stay"]+why["what is brought conflicts, or is more than words number"]) {
		t.Errorf("facts were seldom spliced: %v", why)
	}
}

// In larger estates most numbers move together, and columns have many parts.
func TestSpliceOfManyParts(t *testing.T) {
	snapshot.SmallParts(t)
	snapshot.SmallPieces(t)
	why := map[string]int{}
	for seed := range uint64(3) {
		newEstate(seed, 300).steps(t, fmt.Sprint("seed ", seed), why)
	}
	if t.Log(why); why[""] < 10 {
		t.Errorf("facts were seldom spliced: %v", why)
	}
}

// steps changes the estate again and again. Every other estate begins as a file.
func (e *estate) steps(t *testing.T, name string, why map[string]int) {
	t.Helper()
	first := build(t, e.facts(func(graph.Listing) bool { return true })...)
	last, err := first.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if e.IntN(2) == 0 {
		last = opened(t, first)
	}
	for step := range 8 {
		last = e.step(t, last, fmt.Sprintf("%s, step %d", name, step), why)
	}
}

// step changes the estate and compares both ways; it returns what comes next.
func (e *estate) step(t *testing.T, last *snapshot.Snapshot, name string, why map[string]int) *snapshot.Snapshot {
	t.Helper()
	says, versions := maps.Clone(e.says), maps.Clone(e.versions)
	replaced := e.edit()
	spliced := e.next(t, last, replaced, snapshot.Spliced, e.IntN(2) == 0)
	anew := e.next(t, last, replaced, snapshot.Anew, true)
	ahead := &page{until: -1}
	spliced.WriteAhead(ahead)
	if e.tick%2 == 0 {
		spliced.Share(last)
	}
	want, err := anew.Facts()
	got, gotErr := spliced.Facts()
	if fmt.Sprint(err) != fmt.Sprint(gotErr) {
		t.Fatalf("%s: error %v, want %v", name, gotErr, err)
	}
	if err != nil {
		why["conflicts"]++
		e.says, e.versions = says, versions
		return last
	}
	why[snapshot.WhyAnew(spliced)]++
	if !bytes.Equal(written(t, spliced), written(t, anew)) {
		t.Fatalf("%s: other bytes (%s)\n%s", name, snapshot.WhyAnew(spliced), differing(t, written(t, spliced), written(t, anew)))
	}
	if _, err := spliced.WriteFile(ahead); err != nil || !bytes.Equal(ahead.data, written(t, anew)) {
		t.Fatalf("%s: other bytes where facts were written ahead: %v", name, err)
	}
	if moves, ok := spliced.Moves(); ok {
		checkMoves(t, name, last, want, moves)
	} else if snapshot.WhyAnew(spliced) == "" {
		t.Errorf("%s: no moves", name)
	}
	if err := opened(t, spliced).Verify(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return got
}
