package snapshot

import (
	"slices"
	"strings"
)

// Stats say how large a snapshot is and how much of it is kept once for many.
type Stats struct {
	Nodes, Edges, Attachments int
	// Documents are the texts of policies, each counted once however often it
	// is attached.
	Documents int

	Footholds, Pivots, Administrations int

	// Classes are groups of footholds that have the same access; Members are
	// the footholds that belong to one, Alone those that share theirs with nobody.
	Classes, Members, Alone int
	Parts                   int // of effective access, which classes share
	Rows                    int // of all parts, each once
	TargetSets              int // distinct sets of nodes: of rows, and homes of classes
	Runs                    int // of nodes that the sets are made of
	ActionSets              int // distinct sets of actions among the rows
	Formulas                int // distinct formulas of rulings: what is left to hold

	// Bytes are those of the file, its table and padding left out; facts,
	// conclusions, and where and when everything was read.
	Bytes, FactBytes, ConclusionBytes, OriginBytes int64
}

// Stats counts. It looks at every row of access and every foothold once.
func (s *Snapshot) Stats() Stats {
	st := Stats{
		Nodes: s.NumNodes(), Edges: s.NumEdges(), Attachments: s.NumAttachments(), Documents: len(s.docHash) / 32,
		Footholds: s.NumFootholds(), Pivots: s.NumPivots(), Administrations: len(s.admFrom),
		Classes: s.NumClasses(), Parts: s.NumParts(), Rows: s.NumAccessRows(), TargetSets: s.NumTargetSets(), Runs: len(s.runFirst),
		ActionSets: differing(s.grantActions), Formulas: s.formulas(),
	}
	for class := range uint32(st.Classes) {
		members := len(s.ClassMembers(class))
		st.Members += members
		if members == 1 {
			st.Alone++
		}
	}
	s.weigh(&st)
	return st
}

// formulas counts those of rulings. The empty one is no formula.
func (s *Snapshot) formulas() (n int) {
	list := slices.Compact(slices.Sorted(slices.Values(s.rulingFormula)))
	for _, id := range list {
		if s.cstr.shared(id) != "" {
			n++
		}
	}
	return n
}

func differing(column u32s) int {
	return len(slices.Compact(slices.Sorted(slices.Values(column))))
}

// weigh adds up the columns.
func (s *Snapshot) weigh(st *Stats) {
	c := s.inFile()
	size := func(col column) int64 { return int64(len(col.bytes())) }
	for _, col := range c.factSchema() {
		if strings.HasPrefix(col.name, "x.") {
			st.OriginBytes += size(col)
		} else {
			st.FactBytes += size(col)
		}
	}
	for _, col := range c.conclusionSchema() {
		st.ConclusionBytes += size(col)
	}
	st.Bytes = st.FactBytes + st.ConclusionBytes + st.OriginBytes
}
