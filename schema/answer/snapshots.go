package answer

import "github.com/clewgraph/clew/graph"

// A Snapshot describes one snapshot.
type Snapshot struct {
	info graph.SnapshotInfo
	// part: the asker sees a part of it, so nothing is counted.
	part bool
}

// IsNode marks what node finds.
func (s Snapshot) IsNode() {}

// ID returns the snapshot's id.
func (s Snapshot) ID() string { return s.info.ID }

// TakenAt returns when it was published.
func (s Snapshot) TakenAt() DateTime { return DateTime{s.info.TakenAt} }

// Accounts returns how many accounts it has.
func (s Snapshot) Accounts() *int { return s.count(s.info.Accounts) }

// Nodes returns how many things it has.
func (s Snapshot) Nodes() *int { return s.count(s.info.Nodes) }

// Edges returns how many observed relations it has.
func (s Snapshot) Edges() *int { return s.count(s.info.Edges) }

func (s Snapshot) count(n int) *int {
	if s.part {
		return nil
	}
	return &n
}

// ContentHash returns the hash of facts and conclusions.
func (s Snapshot) ContentHash() string { return s.info.ContentHash }

// Complete reports whether there is no gap.
func (s Snapshot) Complete() *bool {
	if s.part {
		return nil
	}
	return &s.info.Complete
}

// SnapshotOf describes the snapshot of info; part is for who sees a part of it.
func SnapshotOf(info graph.SnapshotInfo, part bool) Snapshot { return Snapshot{info, part} }

// Snapshots returns a page of a list of snapshots, newest first. Its cursors
// name the snapshot that they stand behind.
func Snapshots(list []graph.SnapshotInfo, part bool, limits Limits, first int, after *string) (*SnapshotConnection, error) {
	w, err := newWindow(limits.OrDefault(), "", first, nil)
	if err != nil {
		return nil, err
	}
	if after != nil && *after != "" {
		if w.from, err = snapshotsBefore(list, *after); err != nil {
			return nil, err
		}
	}
	c := &SnapshotConnection{PageInfo: w.info(len(list), false), TotalCount: Count{len(list), true}}
	c.Edges = page(w, list, func(_ string, info graph.SnapshotInfo) SnapshotEdge {
		return SnapshotEdge{cursor{snapshot: info.ID, question: "snapshots"}.String(), Snapshot{info, part}}
	})
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// snapshotsBefore counts the snapshots up to the one that a cursor names. Ids
// sort in the order of publishing, so a page goes on where it ended even if
// snapshots were published or deleted meanwhile.
func snapshotsBefore(list []graph.SnapshotInfo, after string) (int, error) {
	c, err := parseCursor(after)
	if err != nil {
		return 0, err
	}
	if c.question != "snapshots" {
		return 0, fault(BadInput, "after: the cursor belongs to another question")
	}
	n := 0
	for n < len(list) && list[n].ID >= c.snapshot {
		n++
	}
	return n, nil
}
