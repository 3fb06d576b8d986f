package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// maxTests bounds how many tests of who asks are worked out for every caller:
// where a holding has more, everybody is alone there.
const maxTests = 256

// A hearing is what of a caller can matter to a holding: which statements, and
// which tests of who asks. Callers that are alike in it are decided once.
type hearing struct {
	acts  compile.Set // actions of the table on the things, for which it counts what a statement covers
	needs compile.Set // actions that are asked of other things besides
	named map[string]bool
	look  *look
}

// hear works the hearing out. encrypted: some thing needs a key.
func (h *holding) hear(e *Estate, encrypted bool) {
	n := reference.NumActions()
	h.acts, h.needs = compile.NewSet(n), compile.NewSet(n)
	for i, id := range h.actions {
		h.acts.Add(int(id))
		if h.several.Has(i) {
			h.needs.Add(int(id))
		}
	}
	if h.abroad && len(h.gaps) == 0 && h.things[0].typ != typeAPI {
		h.acts.Intersect(h.granted()) // what no policy there grants is of no use
	}
	h.named, h.look = map[string]bool{}, newLook(h.abroad)
	for _, said := range h.said {
		if said.statement != nil {
			h.listen(said.statement)
		}
	}
	if encrypted {
		h.hearKeys(e)
	}
	if h.owner == nil {
		return
	}
	for i := range h.owner.rcp.levels {
		h.listenAll(h.owner.rcp.levels[i].policies)
	}
}

// granted are the actions that the things' own policies could grant.
func (h *holding) granted() compile.Set {
	set := compile.NewSet(reference.NumActions())
	for _, said := range h.said {
		if said.statement == nil {
			return set.Not(reference.NumActions())
		}
		if !said.statement.Deny {
			set.Union(actionsOf(said.statement).table)
		}
	}
	return set
}

func (h *holding) listenAll(list []bound) {
	for i := range list {
		if list[i].doc == nil {
			continue
		}
		for j := range list[i].doc.Statements {
			h.listen(&list[i].doc.Statements[j])
		}
	}
}

func (h *holding) listen(s *Statement) {
	h.look.statement(s)
	for _, n := range s.Principals {
		if n.Type == "AWS" {
			h.named[n.Value] = true
			h.named[roleOfSession(n.Value)] = true
		}
	}
}

// hearKeys adds what the keys that encrypt the things ask.
func (h *holding) hearKeys(e *Estate) {
	for _, use := range keyUses {
		for _, text := range use.actions {
			if id, ok := reference.Find(text); ok {
				h.needs.Add(int(id))
			}
		}
	}
	seen := map[string]bool{}
	for _, b := range h.things {
		if key := b.attrs["kms-key"]; key != "" && !seen[key] {
			seen[key] = true
			r := e.resourceByARN(key)
			h.listenAll(r.policies)
			if r.owner != nil {
				for i := range r.owner.rcp.levels {
					h.listenAll(r.owner.rcp.levels[i].policies)
				}
			}
		}
	}
}

// namesCaller reports whether policies name a principal itself.
func (h *hearing) namesCaller(p *principal) bool {
	return h.named[p.ref] || h.named[p.account.id+"/"+p.name]
}

// heeds reports whether a statement of a caller's can matter.
func (h *holding) heeds(s *Statement) bool {
	set := actionsOf(s).table
	switch {
	case set.Meets(h.needs):
		return true
	case !set.Meets(h.acts):
		return false
	case s.NotResources || !s.HasResources:
		return true
	}
	return slices.ContainsFunc(s.compiled.resources, h.mayCover)
}

// mayCover is a cheap look at whether a pattern covers any of the things, or
// some of what they hold.
func (h *holding) mayCover(p resourcePattern) bool {
	literal := p.text
	if wild := strings.IndexAny(literal, "*?$"); wild >= 0 {
		literal = literal[:wild]
	} else if !h.parts {
		_, found := slices.BinarySearch(h.refs, literal)
		return found
	}
	if h.parts {
		literal = head(literal)
	} else if !h.slash && strings.Contains(p.text, "/") && p.parts == nil {
		return false
	}
	from, to := beginWith(h.refs, literal)
	return from < to
}

// A heardDocument is what a holding hears of a document: nothing, where it is
// nil.
type heardDocument struct {
	look *look
	// personal: besides, it asks of a thing with a policy of its own, which may
	// name whoever asks.
	personal bool
}

// hearsDocument returns what the holding hears of a document.
func (h *holding) hearsDocument(e *Estate, d *Document) *heardDocument {
	var out *heardDocument
	for i := range d.Statements {
		s := &d.Statements[i]
		if !h.heeds(s) {
			continue
		}
		if out == nil {
			out = &heardDocument{look: newLook(h.abroad)}
		}
		out.look.statement(s)
		out.personal = out.personal || h.asksPersonally(e, s)
	}
	return out
}

// asksPersonally reports whether an action that needs several things could be
// asked of one that a statement names and that has a policy of its own.
func (h *holding) asksPersonally(e *Estate, s *Statement) bool {
	if s.Deny || s.NotResources || h.several.Empty() || !actionsOf(s).table.Meets(h.needs) {
		return false
	}
	return slices.ContainsFunc(s.Resources, func(text string) bool {
		node, ok := e.find(graph.Ref(text))
		return ok && len(e.s.Attached(node, LayerResource)) > 0
	})
}

// A look is how documents look at who asks: tests whose outcome is the same
// whatever is acted on, and keys whose values are compared with something else.
type look struct {
	across bool // at callers of several accounts
	tests  map[string]*Condition
	keys   map[string]bool
}

func newLook(across bool) *look {
	return &look{across: across, tests: map[string]*Condition{}, keys: map[string]bool{}}
}

// document adds what a document looks at.
func (l *look) document(d *Document) {
	for i := range d.Statements {
		l.statement(&d.Statements[i])
	}
}

// add adds what another look sees.
func (l *look) add(other *look) {
	maps.Copy(l.tests, other.tests)
	maps.Copy(l.keys, other.keys)
}

// statement adds what a statement looks at.
func (l *look) statement(s *Statement) {
	for j := range s.compiled.resources {
		l.variables(s.compiled.resources[j].parts)
	}
	for j := range s.Conditions {
		c := &s.Conditions[j]
		for _, parts := range c.compiled.parts {
			l.variables(parts)
		}
		switch {
		case !l.differs(c.compiled.key):
		case c.compiled.parts != nil:
			l.keys[c.compiled.key] = true
		default:
			l.tests[fmt.Sprintf("%s %s %q", strings.ToLower(c.Operator), c.compiled.key, c.Values)] = c
		}
	}
}

func (l *look) variables(parts []part) {
	for _, p := range parts {
		if p.variable == nil {
			continue
		}
		if key := strings.ToLower(p.variable.key); l.differs(key) {
			l.keys[key] = true
		}
	}
}

// differs reports whether principals of one account and kind, or, across
// accounts, of one kind, can differ in a key.
func (l *look) differs(key string) bool {
	switch key {
	case "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "kms:calleraccount":
		return l.across
	}
	return isPrincipalKey(key)
}

// isPrincipalKey reports whether principals of one account and kind can differ
// in a key.
func isPrincipalKey(key string) bool {
	switch key {
	case "aws:principalarn", "aws:userid", "aws:username", "session:name":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/")
}

// outcomes adds to key what the looks at a principal come to.
func (e *Estate) outcomes(key []byte, r *request, l *look) []byte {
	if len(l.tests)+len(l.keys) == 0 {
		return key
	}
	for _, text := range sorted(l.tests) {
		r.values = r.values[:0]
		if f := r.condition(l.tests[text]); f != policy.True {
			key = append(append(append(key, '\n'), text...), fingerprint(f)...)
		}
	}
	for _, name := range sorted(l.keys) {
		r.values = r.values[:0]
		state := r.foldedKey(name, name)
		key = append(append(key, '\n'), name...)
		if state.known {
			key = append(key, strings.Join(state.values, "\x00")...)
			key = append(key, boolText(state.values != nil)...)
			continue
		}
		key = append(append(key, "?"...), state.open.Like...)
	}
	return key
}

func sorted[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for text := range m {
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}
