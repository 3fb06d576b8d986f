package aws

import (
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
)

// knownAccess is what footholds may do, as far as it is worked out.
type knownAccess struct {
	mu    sync.RWMutex
	out   *snapshot.Conclusions
	parts map[snapshot.Foothold][]snapshot.PartIndex
}

func (k *knownAccess) add(out *snapshot.Conclusions, classes []snapshot.AccessClass) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.parts == nil {
		k.out, k.parts = out, map[snapshot.Foothold][]snapshot.PartIndex{}
	}
	for _, class := range classes {
		for _, f := range class.Members {
			k.parts[f] = class.Parts
		}
	}
}

func (k *knownAccess) of(f snapshot.Foothold) ([]snapshot.PartIndex, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	parts, ok := k.parts[f]
	return parts, ok
}

// ActsOn returns a test that is false of things on which an action is denied
// to a foothold whatever the request carries; nil where access was not worked
// out.
func (e *Estate) ActsOn(f snapshot.Foothold, text string) func(snapshot.Index) bool {
	parts, ok := e.known.of(f)
	if _, known := reference.Find(text); !ok || !known || strings.HasPrefix(text, "sts:") {
		return nil
	}
	var may []snapshot.Run
	for _, part := range parts {
		for row := range e.known.out.PartRows(part) {
			if _, found := slices.BinarySearch(row.Actions, text); found {
				may = slices.AppendSeq(may, row.Runs())
			}
		}
	}
	slices.SortFunc(may, func(a, b snapshot.Run) int { return int(int64(a.First) - int64(b.First)) })
	return func(node snapshot.Index) bool { return inRuns(may, node) || !e.isEvaluated(node) }
}

// inRuns reports whether sorted runs, which may overlap, hold a node.
func inRuns(runs []snapshot.Run, node snapshot.Index) bool {
	return slices.ContainsFunc(runs, func(r snapshot.Run) bool { return r.First <= node && node <= r.Last })
}

// isEvaluated reports whether a thing is among those that rows speak of.
func (e *Estate) isEvaluated(node snapshot.Index) bool {
	return e.isTarget(node) && len(e.resourceByNode(node).types) > 0
}
