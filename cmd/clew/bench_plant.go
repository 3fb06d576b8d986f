package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/testdata"
)

// techniquesPass is the pass that finds techniques, as progress tells it.
const techniquesPass = "aws: techniques"

// techniquesPlanted reads and resolves the estate once more with each technique
// planted in it. Time is that of the one pass that finds techniques, memory that
// of all of them. What is found where it is not, or not where it is, is an error.
func techniquesPlanted(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	planted, o := &benchEstate{size: e.size, name: e.name + ".planted"}, b.options(e.size)
	o.Stories = testdata.Techniques()
	if err := b.write(ctx, planted.name, o); err != nil {
		return measure{}, err
	}
	if _, err := ingestDocuments(ctx, b, planted); err != nil {
		return measure{}, err
	}
	if err := os.RemoveAll(b.below(planted.name)); err != nil { // a million's are gigabytes
		return measure{}, err
	}
	m, out, err := b.child(ctx, nil, "resolve", "--store", planted.name+".store", "-o", "json")
	if err != nil {
		return m, err
	}
	if m.CPU, m.Wall, err = passIn(out, techniquesPass); err != nil {
		return m, err
	}
	return m, b.comparePlanted(ctx, planted, o, &m)
}

// passIn reads what a pass took from what 'clew resolve' wrote.
func passIn(out []byte, pass string) (cpu, wall float64, err error) {
	var r resolution
	if err := json.Unmarshal(out, &r); err != nil {
		return 0, 0, err
	}
	at := slices.IndexFunc(r.Passes, func(p passTime) bool { return p.Pass == pass })
	if at < 0 {
		return 0, 0, fmt.Errorf("no pass %q among %v", pass, r.Passes)
	}
	return r.Passes[at].CPU, r.Passes[at].Wall, nil
}

// comparePlanted holds what the snapshot says against what was planted.
func (b *bench) comparePlanted(ctx context.Context, e *benchEstate, o generate.Options, m *measure) error {
	garden, err := generate.Plant(o)
	if err != nil {
		return err
	}
	store, err := embedded.Open(b.below(e.name + ".store"))
	if err != nil {
		return err
	}
	defer store.Close()
	s, _, err := store.Open(ctx, "", "")
	if err != nil {
		return err
	}
	defer s.Close()
	f := findPlanted(s, garden.Planted)
	differ := f.differ(garden)
	m.Counts = map[string]int64{"planted": int64(len(garden.Planted)), "found": int64(f.found), "uses of techniques": int64(f.uses)}
	m.Text = fmt.Sprintf("%d planted, %d of them working; %d found", len(garden.Planted), f.working, f.found)
	if len(differ) > 0 {
		return fmt.Errorf("%d differences from what was planted:\n  %s", len(differ), strings.Join(differ[:min(5, len(differ))], "\n  "))
	}
	return nil
}

// A plantedUse is a technique in somebody's hands.
type plantedUse struct{ technique, principal string }

// plantedFound is what a snapshot says of what was planted.
type plantedFound struct {
	uses, working, found int
	targets              map[plantedUse][]string // where it leads to, surely or not; sure ones with a "!" before them
	others               []plantedUse            // by somebody else of an account, of the technique planted there
}

// findPlanted reads every use of a technique once.
func findPlanted(s *snapshot.Snapshot, planted []generate.Planted) *plantedFound {
	f := &plantedFound{targets: map[plantedUse][]string{}}
	mine, home := map[plantedUse]bool{}, map[plantedUse]bool{} // home: by account in place of the principal
	for _, p := range planted {
		mine[plantedUse{p.Technique, p.Principal}] = true
		home[plantedUse{p.Technique, "account:" + p.Account}] = true
	}
	for p := range snapshot.PivotIndex(s.NumPivots()) {
		technique := usedAt(s, p)
		if technique == "" {
			continue
		}
		f.uses++
		from, _ := s.PivotEnds(p)
		held := s.Foothold(from)
		use := plantedUse{technique, string(s.Ref(held.Node))}
		switch {
		case s.Mentioned(held.Node): // a trust names it, and it was never made
		case held.Hold == graph.WithOwnPolicy: // it has what it gave itself by another technique
		case mine[use]:
			f.add(s, use, p)
		case home[plantedUse{use.technique, string(s.Ref(s.ScopeOf(held.Node)))}]:
			f.others = append(f.others, use)
		}
	}
	return f
}

// usedAt is the technique that a pivot is a use of, "" if it is of none.
func usedAt(s *snapshot.Snapshot, p snapshot.PivotIndex) string {
	if s.PivotRelation(p) == graph.CanEscalate {
		return s.PivotTechnique(p)
	}
	for i := range escalate.AWS {
		if t := &escalate.AWS[i]; t.Told == s.PivotRelation(p) && t.Tells(t.Told, s.PivotAction(p)) {
			return t.ID
		}
	}
	return ""
}

// add notes whom a use leads to.
func (f *plantedFound) add(s *snapshot.Snapshot, use plantedUse, p snapshot.PivotIndex) {
	_, to := s.PivotEnds(p)
	ref := string(s.Ref(s.Foothold(to).Node))
	if s.PivotVerdict(p) == graph.Allowed {
		ref = "!" + ref
	}
	f.targets[use] = append(f.targets[use], ref)
}

// differ lists what was planted and not found, and what was found and not
// planted.
func (f *plantedFound) differ(garden generate.Garden) (list []string) {
	for _, left := range garden.Left {
		list = append(list, "not planted: "+left)
	}
	for _, p := range garden.Planted {
		targets := f.targets[plantedUse{p.Technique, p.Principal}]
		switch surely := slices.Contains(targets, "!"+p.Target); {
		case p.Works && surely:
			f.working, f.found = f.working+1, f.found+1
		case p.Works:
			f.working++
			list = append(list, fmt.Sprintf("%s does not lead %s to %s: %q", p.Technique, p.Principal, p.Target, targets))
		case len(targets) > 0:
			f.found++
			list = append(list, fmt.Sprintf("%s leads %s to %q, in spite of %s", p.Technique, p.Principal, targets, p.Miss))
		}
	}
	for _, use := range f.others {
		list = append(list, fmt.Sprintf("%s works for %s, for whom it was not planted", use.technique, use.principal))
	}
	return list
}
