package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

func (a *app) stats() *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: "Say how large a snapshot is, and what keeps its principals apart",
		Long: `Says how large a snapshot is and how much of it stands for many at once: access
classes for principals, distinct statements and sets of actions for policies,
rows for access. Warns where an estate has little that is the same for many, and
says why: such an estate takes long to resolve.

The largest component are those who can all become each other; what holds it
together is what leaves the smallest parts when it is taken away alone. Trusts
that stand alone between two parts are all found; of those, and of footholds
into which every way is taken away, the most promising few are tried.`,
		Example: "  clew stats\n  clew stats -o json --jq '.apart[] | [.reason, .principals]'",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runStats(c) },
	}
}

func (a *app) runStats(c *cobra.Command) error {
	if _, err := a.ask(c.Context()); err != nil { // says how to get a snapshot
		return err
	}
	snap, info, err := a.opened.Open(c.Context(), a.estate, a.at)
	if err != nil {
		return err
	}
	defer snap.Close()
	a.progress("counting")
	st := countEstate(snap)
	st.Snapshot = info.ID
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return a.show(answer{raw: raw, text: st.print, cells: st.table})
}

// An estateStats is what stats tells, as JSON shows it.
type estateStats struct {
	Snapshot         string         `json:"snapshot"`
	Principals       int            `json:"principals"` // users, roles and their like that documents describe
	Resources        int            `json:"resources"`
	Classes          classStats     `json:"classes"`
	Policies         policyStats    `json:"policies"`
	Access           accessStats    `json:"access"`
	Pivots           int            `json:"pivots"`
	Footholds        int            `json:"footholds"`
	LargestComponent componentStats `json:"largestComponent"`
	Bytes            byteStats      `json:"bytes"`
	Apart            []apartStats   `json:"apart"`
	Warnings         []string       `json:"warnings"`
}

type classStats struct {
	Count        int     `json:"count"`
	Members      int     `json:"members"`
	Alone        int     `json:"alone"` // principals none of whose classes has another principal
	PerPrincipal float64 `json:"perPrincipal"`
}

type policyStats struct {
	Attached           int `json:"attached"`
	Documents          int `json:"documents"`
	Statements         int `json:"statements"`
	DistinctStatements int `json:"distinctStatements"`
	ActionSets         int `json:"actionSets"`
}

type accessStats struct {
	Parts      int `json:"parts"`
	Rows       int `json:"rows"`
	TargetSets int `json:"targetSets"`
	ActionSets int `json:"actionSets"`
	Formulas   int `json:"formulas"`
}

type byteStats struct {
	Total        int64   `json:"total"`
	Facts        int64   `json:"facts"`
	Conclusions  int64   `json:"conclusions"`
	Origins      int64   `json:"origins"`
	PerPrincipal float64 `json:"perPrincipal"`
	PerResource  float64 `json:"perResource"`
}

// An apartStats is one thing that keeps principals apart.
type apartStats struct {
	Reason     string `json:"reason"`
	Text       string `json:"text"`
	Principals int    `json:"principals"`
	Alone      int    `json:"alone"` // of them, those of a class of their own
}

type componentStats struct {
	Footholds int         `json:"footholds"`
	Welds     []weldStats `json:"welds"`
}

// A weldStats is a trust without which the largest component falls apart.
type weldStats struct {
	From    string   `json:"from,omitempty"` // empty: every way into To
	To      string   `json:"to"`
	HeldTo  string   `json:"heldTo"`
	By      []string `json:"by"`
	Largest int      `json:"largestLeft"`
}

// countEstate counts everything of a snapshot.
func countEstate(s *snapshot.Snapshot) *estateStats {
	size := s.Stats()
	st := &estateStats{
		Footholds: size.Footholds, Pivots: size.Pivots, Apart: []apartStats{}, Warnings: []string{},
		Classes:  classStats{Count: size.Classes, Members: size.Members},
		Policies: policyStats{Attached: size.Attachments, Documents: size.Documents},
		Access:   accessStats{Parts: size.Parts, Rows: size.Rows, TargetSets: size.TargetSets, ActionSets: size.ActionSets, Formulas: size.Formulas},
		Bytes:    byteStats{Total: size.Bytes, Facts: size.FactBytes, Conclusions: size.ConclusionBytes, Origins: size.OriginBytes},
	}
	st.countThings(s)
	for _, p := range evaluators {
		st.countSharing(s, p.Sharing(s))
	}
	st.Classes.PerPrincipal = per(st.Classes.Count, st.Principals)
	st.Bytes.PerPrincipal, st.Bytes.PerResource = per(size.Bytes, int64(st.Principals)), per(size.Bytes, int64(st.Resources))
	st.LargestComponent = largestComponent(s)
	st.warn()
	return st
}

func per[N int | int64](n, of N) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// weldsShown is how many welds of the largest component are told.
const weldsShown = 5

func largestComponent(s *snapshot.Snapshot) componentStats {
	x := walk.NewIndex(s)
	out := componentStats{Welds: []weldStats{}}
	if x.NumComponents() == 0 {
		return out
	}
	largest := x.Largest()
	out.Footholds = len(x.Members(largest))
	for _, w := range x.Welds(largest, weldsShown) {
		to := s.Foothold(w.To)
		told := weldStats{To: string(s.Ref(to.Node)), HeldTo: to.Hold.String(), Largest: w.Left}
		if !w.Every {
			told.From = string(s.Ref(s.Foothold(w.From).Node))
		}
		told.By = waysInto(s, x, w)
		out.Welds = append(out.Welds, told)
	}
	return out
}

// waysInto lists the sorts of pivots that a weld stands for.
func waysInto(s *snapshot.Snapshot, x *walk.Index, w walk.Weld) (list []string) {
	seen := map[string]bool{}
	for _, p := range s.PivotsIn(w.To) {
		from, _ := s.PivotEnds(p)
		if x.Component(from) != x.Component(w.To) || !w.Every && from != w.From {
			continue
		}
		way := string(s.PivotRelation(p))
		if technique := s.PivotTechnique(p); technique != "" {
			way = fmt.Sprintf("%s %s", way, technique)
		}
		if !seen[way] {
			seen[way] = true
			list = append(list, way)
		}
	}
	return list
}
