package answer

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// Limits bound what one question may cost. A field that is zero has the value
// of DefaultLimits.
type Limits struct {
	PageSize int           // edges of a page, items of a list that is asked for
	Rows     int           // rows that an answer considers
	Paths    int           // paths that an answer lists
	Nodes    int           // footholds that one search visits
	Few      int           // rows of access to one thing, and classes that have it, that are gathered; of more, whoever may have it is asked in turn
	Time     time.Duration // of one question
}

// DefaultLimits are what holds where nothing else is said.
var DefaultLimits = Limits{PageSize: 500, Rows: 100_000, Paths: 2_000, Nodes: 20_000_000, Few: 4_096, Time: 30 * time.Second}

// OrDefault fills in what is zero.
func (l Limits) OrDefault() Limits {
	d := DefaultLimits
	set := func(have, otherwise int) int {
		if have > 0 {
			return have
		}
		return otherwise
	}
	l.PageSize, l.Rows = set(l.PageSize, d.PageSize), set(l.Rows, d.Rows)
	l.Paths, l.Nodes, l.Few = set(l.Paths, d.Paths), set(l.Nodes, d.Nodes), set(l.Few, d.Few)
	if l.Time <= 0 {
		l.Time = d.Time
	}
	return l
}

// An Opened is a snapshot with the evaluators of its providers. It may be
// shared by many Views.
type Opened struct {
	Snapshot   *snapshot.Snapshot
	Info       graph.SnapshotInfo
	evaluators map[graph.Provider]resolve.Evaluator
	layers     map[graph.LayerID]*policy.Layer
	anybody    func() []uint32 // the access classes of whoever is anonymous
}

// Open returns a snapshot with evaluators.
func Open(s *snapshot.Snapshot, info graph.SnapshotInfo, providers []resolve.Provider) *Opened {
	o := &Opened{
		Snapshot: s, Info: info,
		evaluators: map[graph.Provider]resolve.Evaluator{}, layers: map[graph.LayerID]*policy.Layer{},
	}
	o.anybody = sync.OnceValue(func() []uint32 { return anonymous(s) })
	for _, p := range providers {
		o.evaluators[p.Name] = p.Open(s)
		for _, l := range p.Layers {
			o.layers[l.ID] = l
		}
	}
	return o
}

func anonymous(s *snapshot.Snapshot) (classes []uint32) {
	for i := range s.OfKind(graph.KindAnonymous) {
		for _, f := range s.FootholdsOf(i) {
			if class, ok := s.ClassOf(f); ok {
				classes = append(classes, class)
			}
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

// A View is one snapshot as one question sees it. It is safe for concurrent
// use.
type View struct {
	*Opened
	limits Limits
	labels []graph.Label // sorted by Ref and Label
	sight  *sight        // nil: everything is seen
}

// NewView returns a view of a snapshot. Labels are sorted as stores give them.
func NewView(o *Opened, labels []graph.Label, limits Limits) *View {
	return &View{Opened: o, limits: limits.OrDefault(), labels: labels}
}

// evaluator returns who decides about a node; where its provider has none, or
// there is no node, whoever decides alone; else nil.
func (v *View) evaluator(node snapshot.Index) resolve.Evaluator {
	if node != snapshot.None {
		if e := v.evaluators[v.Snapshot.Provider(node)]; e != nil {
			return e
		}
	}
	if len(v.evaluators) == 1 {
		for _, e := range v.evaluators {
			return e
		}
	}
	return nil
}

// Layer returns the layer of an id; for one that no provider lists, one that
// has nothing but the id and a name made of it.
func (v *View) layer(id graph.LayerID) *policy.Layer {
	if l := v.layers[id]; l != nil {
		return l
	}
	_, name, _ := strings.Cut(string(id), ":")
	return &policy.Layer{ID: id, Name: cmp.Or(strings.ReplaceAll(name, "-", " "), string(id)), Provider: graph.Generic}
}

func (v *View) labelsOf(ref graph.Ref) []string {
	out := []string{}
	at, _ := slices.BinarySearchFunc(v.labels, ref, func(l graph.Label, r graph.Ref) int {
		return compareRefs(l.Ref, r)
	})
	for ; at < len(v.labels) && v.labels[at].Ref == ref; at++ {
		out = append(out, v.labels[at].Label)
	}
	return out
}

// labelled returns the nodes with a label, in dense order.
func (v *View) labelled(label string) []snapshot.Index {
	var out []snapshot.Index
	for _, l := range v.labels {
		if l.Label != label {
			continue
		}
		if i, ok := v.Snapshot.Find(l.Ref); ok {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return v.seen(out)
}

func compareRefs(a, b graph.Ref) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
