package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
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

	owners map[string]bool // abroad, where something is asked besides: accounts of the things
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
	if h.grantsAll() {
		granted := h.granted() // what no policy there grants is of no use
		h.acts.Intersect(granted)
		h.needs.Intersect(granted)
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
	if h.abroad && !h.needs.Empty() {
		h.noteOwners()
	}
	if h.owner != nil {
		for i := range h.owner.rcp.levels {
			h.listenAll(h.owner.rcp.levels[i].policies)
		}
	}
	h.look.seal()
}

// noteOwners notes whose the things are.
func (h *holding) noteOwners() {
	h.owners = map[string]bool{}
	for _, b := range h.things {
		if b.owner != nil {
			h.owners[b.owner.id] = true
		}
	}
}

// grantsAll reports whether the things' own policies, all of which came, have to
// grant whatever is allowed there.
func (h *holding) grantsAll() bool {
	return h.abroad && len(h.gaps) == 0 && h.things[0].typ != typeAPI
}

// asksAtHome reports whether some things of what accounts lend are an account's
// own, and something is asked besides, where the thing is. What comes of that is
// nothing to its callers, to whom others tell what they may do at home; but it is
// not what callers of other accounts would hear.
func (h *holding) asksAtHome(account string) bool {
	return h.abroad && !h.needs.Empty() && h.owners[account]
}

// idle reports whether nothing there can be allowed to anybody.
func (h *holding) idle() bool { return h.grantsAll() && h.acts.Empty() }

// granted are the actions that the things' own policies could grant.
func (h *holding) granted() compile.Set {
	set := compile.NewSet(reference.NumActions())
	for _, said := range h.said {
		if said.statement == nil {
			return compile.Full(reference.NumActions()) // it could grant any
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

// A heardDocument is what a holding hears of a document.
type heardDocument struct {
	look *look
	// personal: besides, it asks of a thing with a policy of its own, which may
	// name whoever asks.
	personal bool
}

// Most documents are not heard, and most of those that are look at nobody: these
// stand for all of them.
var (
	unheard    heardDocument
	plainHeard = [2]heardDocument{{look: newLook(false)}, {look: newLook(true)}}
)

// hearsDocument returns what the holding hears of a document.
func (h *holding) hearsDocument(e *Estate, d *Document) *heardDocument {
	out, heard := heardDocument{look: newLook(h.abroad)}, false
	for i := range d.Statements {
		if s := &d.Statements[i]; h.heeds(s) {
			heard = true
			out.look.statement(s)
			out.personal = out.personal || h.asksPersonally(e, s)
		}
	}
	switch {
	case !heard:
		return &unheard
	case out.personal || len(out.look.tests)+len(out.look.keys) > 0:
		out.look.seal()
		return &out
	case h.abroad:
		return &plainHeard[1]
	}
	return &plainHeard[0]
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
