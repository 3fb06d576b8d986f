package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A world is an estate in words: it is edited, and the conclusions about it are
// told in words too, so that they can be given anew about what it became.
type world struct {
	nodes    []graph.Node
	policies []graph.Attachment
}

const identity = graph.LayerID("l:identity") // whose evidence in rows is canonical

func isIdentity(l graph.LayerID) bool { return l == identity }

var layersOfWorld = []graph.LayerID{identity, "l:resource"}

func drawNode(r *rand.Rand, n int) graph.Node {
	return graph.Node{
		Provider: graph.AWS, Ref: graph.Ref(fmt.Sprint("thing", n)), Kind: graph.KindResource, Name: fmt.Sprint(r.IntN(1000)),
		Type: []string{"s3:bucket", "sqs:queue", "iam:role"}[n%3], Scope: graph.Ref(fmt.Sprint("account:", r.IntN(3)+1)),
	}
}

func drawPolicy(r *rand.Rand, to graph.Ref, n int) graph.Attachment {
	a := graph.Attachment{To: to, Layer: layersOfWorld[r.IntN(2)], Policy: graph.Ref(fmt.Sprint("policy", n))}
	if doc := r.IntN(6); doc > 0 {
		a.Document = fmt.Appendf(nil, "{%d}", doc)
	}
	return a
}

func drawWorld(r *rand.Rand) (w world) {
	for n := range 3 {
		w.nodes = append(w.nodes, graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprint("account:", n+1)), Kind: graph.KindAccount})
	}
	for n := range 8 + r.IntN(40) {
		w.nodes = append(w.nodes, drawNode(r, n))
	}
	for _, n := range w.nodes {
		for k := range r.IntN(3) {
			w.policies = append(w.policies, drawPolicy(r, n.Ref, k))
		}
	}
	return w
}

// edited is the world after some of it went, came or changed.
func (w world) edited(r *rand.Rand) (out world) {
	seldom := []int{12, 50, 1000}[r.IntN(3)]
	rare := func() bool { return r.IntN(seldom) == 0 }
	renames := r.IntN(2) == 0
	gone := map[graph.Ref]bool{}
	for _, n := range w.nodes {
		if n.Kind != graph.KindAccount && rare() {
			gone[n.Ref] = true
			continue
		}
		if renames && r.IntN(6) == 0 {
			n.Name = fmt.Sprint(r.IntN(1000))
		}
		out.nodes = append(out.nodes, n)
	}
	for _, p := range w.policies {
		if gone[p.To] || rare() {
			continue
		}
		if rare() {
			p.Document = []byte("{1}")
		}
		out.policies = append(out.policies, p)
	}
	for n := range r.IntN(6) {
		added := drawNode(r, 100+n)
		out.nodes = append(out.nodes, added)
		out.policies = append(out.policies, drawPolicy(r, added.Ref, 1))
	}
	return out
}

// builder builds the world, and returns it with its facts.
func (w world) builder(t testing.TB) (*snapshot.Builder, *snapshot.Snapshot) {
	t.Helper()
	b := snapshot.NewBuilder()
	for _, n := range w.nodes {
		if err := b.Node(n); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range w.policies {
		if err := b.Attach(p); err != nil {
			t.Fatal(err)
		}
	}
	return b, frozen(t, b)
}

// movesOf looks nodes up by ref, and attachments by binding and document.
func movesOf(last, facts *snapshot.Snapshot) *snapshot.Moves {
	m := &snapshot.Moves{}
	for i := range snapshot.Index(last.NumNodes()) {
		now, ok := facts.Find(last.Ref(i))
		if !ok {
			now = snapshot.None
		}
		m.Nodes = append(m.Nodes, now)
	}
	at := map[string]snapshot.AttachmentIndex{}
	for i := range snapshot.AttachmentIndex(facts.NumAttachments()) {
		at[bindingOf(facts.Attachment(i))] = i
	}
	for i := range snapshot.AttachmentIndex(last.NumAttachments()) {
		now, ok := at[bindingOf(last.Attachment(i))]
		if !ok {
			now = snapshot.AttachmentIndex(snapshot.None)
		}
		m.Attachments = append(m.Attachments, now)
	}
	return m
}

// bindingOf is what of an attachment must be the same, for it to be the same.
func bindingOf(a graph.Attachment) string {
	return fmt.Sprintf("%s %s %s %s", a.To, a.Layer, a.Policy, a.Document)
}

// speechOf is equal of attachments that speak alike.
func speechOf(a graph.Attachment) string {
	if a.Document == nil {
		return fmt.Sprintf("%s policy %s", a.Layer, a.Policy)
	}
	return fmt.Sprintf("%s %s", a.Layer, a.Document)
}

func (w world) has(binding string) bool {
	return slices.ContainsFunc(w.policies, func(a graph.Attachment) bool { return bindingOf(a) == binding })
}

func (w world) refs() (out []graph.Ref) {
	for _, n := range w.nodes {
		out = append(out, n.Ref)
	}
	return out
}
