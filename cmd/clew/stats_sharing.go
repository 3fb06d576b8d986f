package main

import (
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// countThings counts what is acted on.
func (st *estateStats) countThings(s *snapshot.Snapshot) {
	for i := range snapshot.Index(s.NumNodes()) {
		if s.Kind(i).Class() == graph.ClassResource || s.Kind(i) == graph.KindWorkload {
			st.Resources++
		}
	}
}

// countSharing adds what one provider's policies have in common.
func (st *estateStats) countSharing(s *snapshot.Snapshot, sharing resolve.Sharing) {
	st.Principals += len(sharing.Described)
	st.Policies.Statements += sharing.Statements
	st.Policies.DistinctStatements += sharing.DistinctStatements
	st.Policies.ActionSets += sharing.ActionSets
	for _, node := range sharing.Described {
		if alone(s, node) {
			st.Classes.Alone++
		}
	}
	for _, why := range sharing.Apart {
		told := apartStats{Reason: why.Reason, Text: why.Doc, Principals: len(why.Of)}
		for _, node := range why.Of {
			if alone(s, node) {
				told.Alone++
			}
		}
		st.Apart = append(st.Apart, told)
	}
}

// alone reports whether a principal shares no class with another.
func alone(s *snapshot.Snapshot, node snapshot.Index) bool {
	classes := 0
	for _, f := range s.FootholdsOf(node) {
		class, ok := s.ClassOf(f)
		if !ok {
			continue
		}
		classes++
		for _, member := range s.ClassMembers(class) {
			if s.Foothold(member).Node != node {
				return false
			}
		}
	}
	return classes > 0
}

// An estate is warned of from so many principals on, and where more than such a
// part of them is alone, or concerned: what keeps a few apart costs little. Of a
// hundred principals of an account, half can be alone for many small reasons.
const (
	warnFrom      = 100
	warnAlone     = 0.75
	warnConcerned = 0.5
)

// warn says where the estate has little that can be worked out once for many.
func (st *estateStats) warn() {
	if st.Principals < warnFrom {
		return
	}
	if per(st.Classes.Alone, st.Principals) > warnAlone {
		st.Warnings = append(st.Warnings, fmt.Sprintf("%d of %d principals share their access with nobody: access is worked out for each of them", st.Classes.Alone, st.Principals))
	}
	for _, why := range st.Apart {
		if per(why.Principals, st.Principals) > warnConcerned {
			st.Warnings = append(st.Warnings, fmt.Sprintf("%s: %d of %d principals %s", why.Reason, why.Principals, st.Principals, why.Text))
		}
	}
}

// rows are the numbers of the table, in order.
func (st *estateStats) rows() [][2]any {
	return [][2]any{
		{"principals", st.Principals},
		{"resources", st.Resources},
		{"access classes", st.Classes.Count},
		{"classes a principal", ratio(st.Classes.PerPrincipal)},
		{"principals alone in theirs", st.Classes.Alone},
		{"policies attached", st.Policies.Attached},
		{"documents of policies, each once", st.Policies.Documents},
		{"statements", st.Policies.Statements},
		{"distinct statements", st.Policies.DistinctStatements},
		{"distinct sets of actions in statements", st.Policies.ActionSets},
		{"parts of access, which classes share", st.Access.Parts},
		{"rows of access", st.Access.Rows},
		{"distinct sets of actions in rows", st.Access.ActionSets},
		{"distinct sets of things in rows", st.Access.TargetSets},
		{"distinct formulas", st.Access.Formulas},
		{"footholds", st.Footholds},
		{"pivots", st.Pivots},
		{"footholds of the largest component", st.LargestComponent.Footholds},
		{"bytes", st.Bytes.Total},
		{"bytes of facts", st.Bytes.Facts},
		{"bytes of conclusions", st.Bytes.Conclusions},
		{"bytes of where things were read", st.Bytes.Origins},
		{"bytes a principal", ratio(st.Bytes.PerPrincipal)},
		{"bytes a resource", ratio(st.Bytes.PerResource)},
	}
}

// ratio writes a ratio in as many digits as it takes.
func ratio(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func (st *estateStats) table() *table {
	t := &table{head: []string{"WHAT", "COUNT"}}
	for _, row := range st.rows() {
		t.add(row[0], row[1])
	}
	for _, why := range st.Apart {
		t.add("principals who "+why.Text, why.Principals)
	}
	return t
}

func (st *estateStats) print(s *screen) {
	s.line("snapshot %s", st.Snapshot)
	st.table().print(s)
	if len(st.LargestComponent.Welds) > 0 {
		s.line("")
		s.line("the largest component, %s, is held together by:", plural(st.LargestComponent.Footholds, "foothold", "footholds"))
		t := &table{head: []string{"FROM", "TO", "HELD BY", "LARGEST PART LEFT", "BY"}}
		for _, w := range st.LargestComponent.Welds {
			t.add(w.from(), w.To, w.HeldTo, w.Largest, few(w.By, 3))
		}
		t.print(s)
	}
	s.line("")
	if len(st.Warnings) == 0 {
		s.line("%s", in(green, "nothing keeps most principals apart"))
	}
	for _, w := range st.Warnings {
		s.line("%s %s", in(yellow, "warning:"), w)
	}
}

// from says from where a weld leads.
func (w weldStats) from() string {
	if w.From == "" {
		return "every way"
	}
	return w.From
}
