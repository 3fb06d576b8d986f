package snapshot_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// differing names the sections that two files have differently.
func differing(t *testing.T, a, b []byte) string {
	t.Helper()
	one, other := sectionsOf(a), sectionsOf(b)
	var out []string
	for name := range one {
		if one[name] != other[name] {
			out = append(out, fmt.Sprintf("%s: %d and %d bytes", name, len(one[name]), len(other[name])))
		}
	}
	for name := range other {
		if _, also := one[name]; !also {
			out = append(out, name+" is missing")
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func sectionsOf(file []byte) map[string]string {
	out := map[string]string{}
	for i := range int(binary.LittleEndian.Uint32(file[12:])) {
		e := file[32+48*i:]
		off, length := binary.LittleEndian.Uint64(e[24:]), binary.LittleEndian.Uint64(e[32:])
		out[strings.TrimRight(string(e[:24]), "\x00")] = string(file[off : off+length])
	}
	return out
}

// sayings are what a snapshot says of each ref, as sets of lines.
type sayings map[graph.Ref]map[string]bool

func (s sayings) add(ref graph.Ref, format string, args ...any) {
	if ref == "" {
		return
	}
	if s[ref] == nil {
		s[ref] = map[string]bool{}
	}
	s[ref][fmt.Sprintf(format, args...)] = true
}

func sayingsOf(s *snapshot.Snapshot) sayings {
	out := sayings{}
	isNode := func(ref graph.Ref) bool { _, ok := s.Find(ref); return ok }
	for i := range snapshot.Index(s.NumNodes()) {
		n := s.Node(i)
		n.Origin = nil
		out.add(n.Ref, "node %+v in account %s, scope is a node: %v", n, accountOf(s, n), isNode(n.Scope))
	}
	for e := range s.Edges() {
		line := fmt.Sprintf("edge %s %s %s %v, nodes %v %v", e.From, e.Relation, e.To, e.Attrs, isNode(e.From), isNode(e.To))
		out.add(e.From, "%s", line)
		out.add(e.To, "%s", line)
	}
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		at := s.Attachment(a)
		at.Origin, at.Pointer = nil, ""
		out.add(at.To, "attachment %s %s %s %s %v %q %v", at.Layer, at.Policy, at.Name, at.Version, at.Inline, at.Document, at.Document == nil)
	}
	for _, c := range s.Coverage() {
		of := c.Of
		if of == "" {
			of = c.Listing.Scope
		}
		out.add(of, "%s", coverageLine(c))
	}
	return out
}

func coverageLine(c graph.Coverage) string {
	return fmt.Sprintf("coverage %+v %v %v %v %s", c.Listing, c.Status, c.Reason, c.Affects, c.Of)
}

// accountOf goes up the scopes of a node.
func accountOf(s *snapshot.Snapshot, n graph.Node) graph.Ref {
	for range 64 {
		if n.Kind == graph.KindAccount || n.Scope == "" {
			break
		}
		i, ok := s.Find(n.Scope)
		if !ok {
			return n.Scope
		}
		n = s.Node(i)
	}
	if n.Kind == graph.KindAccount {
		return n.Ref
	}
	return ""
}

// checkMoves compares what is said to have moved with what two snapshots say.
func checkMoves(t *testing.T, name string, last, next *snapshot.Snapshot, m *snapshot.Moves) {
	t.Helper()
	var gone []snapshot.Index
	nodes := make([]snapshot.Index, last.NumNodes())
	for i := range nodes {
		if nodes[i], _ = next.Find(last.Ref(snapshot.Index(i))); nodes[i] == snapshot.None {
			gone = append(gone, snapshot.Index(i))
		}
	}
	same(t, name+": nodes", m.Nodes, nodes)
	same(t, name+": gone", m.Gone, gone)
	same(t, name+": attachments", m.Attachments, attachmentsMoved(last, next))
	var touched []snapshot.Index
	var loose []graph.Ref
	before, after := sayingsOf(last), sayingsOf(next)
	refs := maps.Clone(before)
	maps.Copy(refs, after)
	for ref := range refs {
		if maps.Equal(before[ref], after[ref]) {
			continue
		}
		if i, ok := next.Find(ref); ok {
			touched = append(touched, i)
		} else {
			loose = append(loose, ref)
		}
	}
	slices.Sort(touched)
	slices.Sort(loose)
	same(t, name+": touched", m.Touched, touched)
	same(t, name+": loose", m.Loose, loose)
	same(t, name+": listings", m.Listings, listingsDiffering(last, next))
}

func same[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func attachmentsMoved(last, next *snapshot.Snapshot) []snapshot.AttachmentIndex {
	type binding struct {
		to, policy graph.Ref
		layer      graph.LayerID
	}
	stands := map[binding]snapshot.AttachmentIndex{}
	for a := range snapshot.AttachmentIndex(next.NumAttachments()) {
		at := next.Attachment(a)
		stands[binding{at.To, at.Policy, at.Layer}] = a
	}
	out := make([]snapshot.AttachmentIndex, last.NumAttachments())
	for a := range out {
		at := last.Attachment(snapshot.AttachmentIndex(a))
		to, ok := stands[binding{at.To, at.Policy, at.Layer}]
		if !ok || last.AttachmentDocument(snapshot.AttachmentIndex(a)) != next.AttachmentDocument(to) {
			to = snapshot.AttachmentIndex(snapshot.None)
		}
		out[a] = to
	}
	return out
}

func listingsDiffering(last, next *snapshot.Snapshot) (out []graph.Listing) {
	lines := func(s *snapshot.Snapshot) map[graph.Listing]map[string]bool {
		out := map[graph.Listing]map[string]bool{}
		for _, c := range s.Coverage() {
			if out[c.Listing] == nil {
				out[c.Listing] = map[string]bool{}
			}
			out[c.Listing][coverageLine(c)+fmt.Sprint(has(s.Find(c.Of)))] = true
		}
		return out
	}
	before, after := lines(last), lines(next)
	all := maps.Clone(before)
	maps.Copy(all, after)
	for l := range all {
		if !maps.Equal(before[l], after[l]) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b graph.Listing) int {
		return slices.Compare(
			[]string{string(a.Scope), a.Region, a.Service, a.Operation, string(a.Subject)},
			[]string{string(b.Scope), b.Region, b.Service, b.Operation, string(b.Subject)})
	})
	return out
}
