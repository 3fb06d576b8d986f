package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// What is lent to everyone is the longest of all axes, and every account has
// callers that are decided on it. Most of what is there is alike: nothing of its
// own tells it from others, and few documents speak of one by name. So a part of
// access is decided on a condensed axis, where one thing stands for all that no
// document in play tells apart.

// kinds cuts the things of a holding: those of one kind are not told apart.
type kinds struct {
	of   []uint32 // by thing
	next uint32   // a number that no kind has
}

// refine cuts the kinds along a set.
func (k *kinds) refine(set compile.Set) {
	inside := map[uint32]uint32{}
	set.Each(func(i int) {
		kind, ok := inside[k.of[i]]
		if !ok {
			kind = k.next
			inside[k.of[i]] = kind
			k.next++
		}
		k.of[i] = kind
	})
}

// sizes are how many things each kind has.
func (k *kinds) sizes() []int {
	list := make([]int, k.next)
	for _, kind := range k.of {
		list[kind]++
	}
	return list
}

// An alikeness is what of things tells them apart, whoever asks.
type alikeness struct {
	kinds
	called bool         // functions could be called by URL there: each has URLs of its own
	size   []int        // by kind
	asks   []*Statement // of the things' own policies that ask something of things: one for all that ask the same
}

// ownKinds are the kinds that the things' own policies and traits make: all of
// what decisions read of a thing beside its name, and what conditions ask of it.
func (h *holding) ownKinds() *alikeness {
	return h.owned.of(struct{}{}, func() *alikeness {
		a := &alikeness{kinds: kinds{of: make([]uint32, len(h.things)), next: 1}}
		asked := map[string]bool{}
		for _, said := range h.said {
			a.refine(said.things)
			if said.statement == nil {
				continue // it did not come
			}
			if keys := strings.Join(keysOfThings(said.statement), " "); keys != "" && !asked[keys] {
				asked[keys] = true
				a.asks = append(a.asks, said.statement)
			}
		}
		for _, set := range []compile.Set{h.assumed, h.shielded} {
			a.refine(set)
		}
		a.refine(h.closed())
		for _, b := range h.blocked {
			if b.when != policy.False {
				a.refine(b.things)
			}
		}
		several := h.grants(func(i int, _ action) bool { return h.several.Has(i) })
		for _, set := range h.alikeNeeds(several) {
			a.refine(set)
		}
		a.called = h.grants(func(_ int, act action) bool { return act.folded == "lambda:invokefunctionurl" })
		a.size = a.sizes()
		return a
	})
}

// closed are the things whose public policies count for nobody.
func (h *holding) closed() compile.Set {
	set := compile.NewSet(len(h.things))
	for _, b := range h.blocked {
		if b.when == policy.False {
			set.Union(b.things)
		}
	}
	return set
}

// grants reports whether an action like that could be granted.
func (h *holding) grants(like func(int, action) bool) bool {
	for i, id := range h.actions {
		if h.acts.Has(int(id)) && like(i, actionOf(id)) {
			return true
		}
	}
	return false
}

// divides reports whether a set holds some things of a kind and not others.
func (a *alikeness) divides(set compile.Set) bool {
	inside := map[uint32]int{}
	set.Each(func(i int) { inside[a.of[i]]++ })
	for kind, n := range inside {
		if n != a.size[kind] {
			return true
		}
	}
	return false
}

// reaches are the sets of things that a pattern without variables tells apart.
func (h *holding) reaches(text string) []compile.Set {
	if !h.parts {
		return []compile.Set{h.cover(text)}
	}
	var sets []compile.Set
	for _, g := range h.after(text) {
		sets = append(sets, g.things)
	}
	return sets
}

// tellsApart reports whether a pattern tells things of one kind apart. Only what
// takes looking at each thing is remembered.
func (h *holding) tellsApart(text string) bool {
	divides := func() bool { return slices.ContainsFunc(h.reaches(text), h.ownKinds().divides) }
	switch wild := strings.IndexAny(text, "*?"); {
	case text == "*":
		return false
	case wild < 0 || text[wild:] == "*":
		return divides()
	}
	return h.dividing.within(maxCovered, text, divides)
}
