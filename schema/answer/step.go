package answer

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A PathStep is one step of a path.
type PathStep struct {
	s       *search
	Index   int
	from    snapshot.Foothold
	to      snapshot.Index
	pivot   snapshot.Pivot // of a step between footholds
	ending  *ending        // of a last step
	verdict graph.Verdict
	hidden  bool // it ends at the border of what may be seen

	// decide decides the step again, with every reason; nil where no single
	// request stands behind it.
	decide func() *policy.Decision
	// use is how a technique is used; nil for other steps.
	use func() *TechniqueUse
}

// A ResourceSet are targets as policies say them.
type ResourceSet struct{ Include, Exclude []string }

// ID names the step in every snapshot.
func (p *PathStep) ID() string {
	if p.ending != nil {
		return p.s.v.lastID(p.from, p.ending)
	}
	return p.s.v.stepID(p.from, p.pivot.To, p.pivot.Relation, p.pivot.Technique, p.pivot.Action)
}

// stepID spells a pivot so that it can be found again: both ends with their
// holds, relation, technique and action. To administer is one step, whether a
// path ends or goes on there.
func (v *View) stepID(from, to snapshot.Foothold, r graph.Relation, technique, action string) string {
	if r == graph.Administers {
		to.Hold = 0
	}
	return strings.Join([]string{
		v.Snapshot.ID(from.Node).String(), strconv.Itoa(int(from.Hold)),
		v.Snapshot.ID(to.Node).String(), strconv.Itoa(int(to.Hold)), string(r), technique, action,
	}, ".")
}

// lastID spells a last step: whoever it is, all access of a foothold to a node
// is one.
func (v *View) lastID(from snapshot.Foothold, x *ending) string {
	return v.stepID(from, snapshot.Foothold{Node: x.to}, x.relation, "", "")
}

// exclude reads ids of steps. One that names nothing in this snapshot excludes
// nothing: edges come and go between snapshots.
func (s *search) exclude(ids []string) error {
	s.walk.Exclude = map[snapshot.PivotIndex]bool{}
	for _, id := range ids {
		parts := strings.SplitN(id, ".", 7)
		if len(parts) != 7 {
			return fault(BadInput, "excludeEdges: %q is no id of a step", shorten(id))
		}
		from, err := s.v.footholdOf(parts[0], parts[1])
		if err != nil {
			return fault(BadInput, "excludeEdges: %q: %w", shorten(id), err)
		}
		s.skip[id] = true
		f, ok := s.v.Snapshot.FindFoothold(from)
		if !ok {
			continue
		}
		for _, p := range s.v.Snapshot.PivotsOut(f) {
			x := s.v.Snapshot.Pivot(p)
			if s.v.stepID(x.From, x.To, x.Relation, x.Technique, x.Action) == id {
				s.walk.Exclude[p] = true
			}
		}
	}
	return nil
}

func (v *View) footholdOf(id, hold string) (snapshot.Foothold, error) {
	parsed, err := graph.ParseID(id)
	if err != nil {
		return snapshot.Foothold{}, err
	}
	h, err := strconv.ParseUint(hold, 10, 8)
	if err != nil {
		return snapshot.Foothold{}, fmt.Errorf("hold %q is no number", hold)
	}
	node, ok := v.Snapshot.FindID(parsed)
	if !ok || v.hidden(node) {
		node = snapshot.None
	}
	return snapshot.Foothold{Node: node, Hold: graph.Hold(h)}, nil
}

// From returns who takes the step.
func (p *PathStep) From() GraphEntity { return p.s.v.entity(p.from.Node) }

// Held says how that is held.
func (p *PathStep) Held() string { return p.s.v.held(p.from) }

func (v *View) held(f snapshot.Foothold) string {
	if v.isHub(f) {
		return "whoever administers it"
	}
	return f.Hold.String()
}

// To returns what it leads to.
func (p *PathStep) To() GraphEntity { return p.s.v.entity(p.to) }

// HeldAfter says how what a step leads to is held then, nil for a last step.
func (p *PathStep) HeldAfter() *string {
	if p.ending != nil || p.hidden {
		return nil
	}
	return optional(p.s.v.held(p.pivot.To))
}

// Relation says how it leads there.
func (p *PathStep) Relation() graph.Relation {
	if p.ending != nil {
		return p.ending.relation
	}
	return p.pivot.Relation
}

// Action returns the action that it was decided by.
func (p *PathStep) Action() *string { return optional(p.action()) }

func (p *PathStep) action() string {
	if p.ending == nil {
		return p.pivot.Action
	}
	return p.s.wanted.strongest(p.s.v.evaluator(p.to), p.ending.actions)
}

// Actions returns all actions of a last step.
func (p *PathStep) Actions() []string {
	if p.ending == nil {
		return []string{}
	}
	return words(p.ending.actions)
}

// Targets returns what of the resource may be acted on.
func (p *PathStep) Targets() ResourceSet {
	if p.ending == nil {
		return ResourceSet{[]string{}, []string{}}
	}
	return p.ending.targets()
}

func (x *ending) targets() ResourceSet {
	if x.part != "" {
		return ResourceSet{[]string{x.part}, []string{}}
	}
	return ResourceSet{words(x.include), words(x.exclude)}
}

// Verdict says how sure it is.
func (p *PathStep) Verdict() graph.Verdict { return p.verdict }

func (p *PathStep) ruling() snapshot.Ruling {
	if p.ending != nil {
		return p.ending.ruling
	}
	return p.pivot.Ruling
}

// Formula says what must hold.
func (p *PathStep) Formula() string {
	if p.s.again() {
		if d := p.decide(); d != nil {
			return d.Formula.String()
		}
		if u := p.use(); u != nil {
			return u.formula(p.ruling())
		}
	}
	return formulaOf(p.ruling())
}

func formulaOf(r snapshot.Ruling) string {
	if r.Formula == "" && r.Verdict == graph.Allowed {
		return "always"
	}
	return r.Formula
}

// Conditions returns the tests in the formula.
func (p *PathStep) Conditions() []Condition {
	if p.verdict == graph.Allowed {
		return []Condition{}
	}
	if d := p.decide(); d != nil {
		return conditionsOf(d.Formula)
	}
	if u := p.use(); u != nil {
		return u.conditions()
	}
	return []Condition{}
}

// Evidence returns the statements that grant it.
func (p *PathStep) Evidence() []*Evidence {
	if p.ending != nil {
		return p.s.v.recorded(p.ending.evidence(p.s.v.Snapshot, p.from))
	}
	return p.s.v.recorded(p.pivot.Ruling.Evidence)
}

// Explanation returns the whole decision, nil where the step was observed.
func (p *PathStep) Explanation() *Explanation {
	if d := p.decide(); d != nil {
		return &Explanation{p.s.v, *d}
	}
	return nil
}

// step makes a step that decides once, and only if somebody asks.
func (s *search) step(p PathStep) *PathStep {
	p.s = s
	p.decide = sync.OnceValue(p.again)
	p.use = sync.OnceValue(func() *TechniqueUse { return s.techniqueUse(p.pivot) })
	return &p
}

func (p *PathStep) again() *policy.Decision {
	if p.ending != nil {
		return p.s.decideLast(p.from, p.ending, p.action())
	}
	if p.pivot.Technique != "" {
		return nil
	}
	if d, ok := p.s.v.decideAgain(p.s, p.pivot, false); ok {
		return &d
	}
	return nil
}

// decideLast decides a last step; nil for administering, which is no single
// request.
func (s *search) decideLast(from snapshot.Foothold, x *ending, action string) *policy.Decision {
	evaluator := s.v.evaluator(x.to)
	if x.relation != graph.CanAccess || evaluator == nil || action == "" {
		return nil
	}
	d, err := evaluator.Decide(s.lastQuestion(from, x, action))
	if err != nil {
		return nil
	}
	return &d
}
