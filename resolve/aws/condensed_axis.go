package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
)

// A standIn is a thing of a long axis that stands for all its like, itself
// among them.
type standIn struct {
	thing   uint32
	members []uint32 // in order
	without []uint32 // of these, who stand for themselves
}

// condense makes the axis that some dividers leave.
func (h *holding) condense(by []string) *holding {
	own := h.ownKinds()
	k := &kinds{of: slices.Clone(own.of), next: own.next}
	for _, text := range by {
		for _, set := range h.dividedBy(text) {
			k.refine(set)
		}
	}
	list, places := k.standIns()
	if 2*len(list) > len(h.things) {
		return h
	}
	short := h.shortened(list)
	short.places = places
	return short
}

// dividedBy are the sets of things that a divider tells apart.
func (h *holding) dividedBy(text string) []compile.Set {
	if keys, ok := strings.CutPrefix(text, "="); ok {
		sets, _ := h.alike.get(keys)
		return sets
	}
	return h.reaches(text)
}

// standIns are the first things of the kinds, in order, and which of them, by
// thing, stands for it.
func (k *kinds) standIns() (list []standIn, places []uint32) {
	at, size := make([]int, k.next), k.sizes()
	all := make([]uint32, len(k.of))
	places, used := make([]uint32, len(k.of)), 0
	for i, kind := range k.of {
		if at[kind] == 0 {
			list = append(list, standIn{thing: uint32(i), members: all[used : used : used+size[kind]]})
			used += size[kind]
			at[kind] = len(list)
		}
		place := at[kind] - 1
		places[i] = uint32(place)
		list[place].members = append(list[place].members, uint32(i))
	}
	return list, places
}

// setApart makes the axis on which things that patterns name stand for
// themselves besides.
func (h *holding) setApart(named []string) *holding {
	apart := map[uint32][]byte{} // by thing, which of the sets hold it
	sets := 0
	for _, text := range named {
		for _, set := range h.long.reaches(text) {
			set.Each(func(i int) { apart[uint32(i)] = append(apart[uint32(i)], byte(sets), byte(sets>>8), byte(sets>>16)) })
			sets++
		}
	}
	list := slices.Clone(h.stands)
	for _, group := range h.together(apart) {
		from := &list[h.places[group[0]]]
		from.without = append(from.without, group...)
		list = append(list, standIn{thing: group[0], members: group})
	}
	list = slices.DeleteFunc(list, func(s standIn) bool { return len(s.without) == len(s.members) })
	for i := range list {
		list[i].settle()
	}
	slices.SortFunc(list, func(a, b standIn) int { return cmp.Compare(a.thing, b.thing) })
	return h.long.shortened(list)
}

// together groups things by which one stands for them and which sets hold them.
func (h *holding) together(apart map[uint32][]byte) (groups [][]uint32) {
	type likeness struct {
		place uint32
		sets  string
	}
	at := map[likeness]int{}
	things := make([]uint32, 0, len(apart))
	for i := range apart {
		things = append(things, i)
	}
	slices.Sort(things)
	for _, i := range things {
		key := likeness{h.places[i], string(apart[i])}
		n, ok := at[key]
		if !ok {
			n = len(groups)
			at[key] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], i)
	}
	return groups
}

// settle finds the first of those that are left.
func (s *standIn) settle() {
	if len(s.without) == 0 {
		return
	}
	slices.Sort(s.without)
	for _, s.thing = range s.members {
		if _, apart := slices.BinarySearch(s.without, s.thing); !apart {
			return
		}
	}
}

// shortened makes the axis of things that stand for others.
func (h *holding) shortened(list []standIn) *holding {
	short := &holding{thingSort: h.thingSort, owner: h.owner, abroad: h.abroad, parts: h.parts, slash: h.slash,
		extra: h.extra, hearing: h.hearing, whole: compile.Full(len(list)), long: h, stands: list}
	for _, s := range list {
		short.nodes, short.things, short.refs = append(short.nodes, h.nodes[s.thing]), append(short.things, h.things[s.thing]), append(short.refs, h.refs[s.thing])
	}
	short.assumed, short.shielded = short.pick(h.assumed), short.pick(h.shielded)
	for _, said := range h.said {
		short.said = append(short.said, &saying{short.pick(said.things), said.bound, said.statement})
	}
	for _, b := range h.blocked {
		if set := short.pick(b.things); !set.Empty() {
			short.blocked = append(short.blocked, doubt{set, b.when})
		}
	}
	return short
}

// pick returns the things that stand for those of a set.
func (h *holding) pick(set compile.Set) compile.Set {
	out := compile.NewSet(len(h.stands))
	for to, s := range h.stands {
		if set.Has(int(s.thing)) {
			out.Add(to)
		}
	}
	return out
}

// lengthen returns the things that those of a condensed axis stand for. Who
// stands for himself is put in once those are out that he was one of.
func (h *holding) lengthen(set compile.Set) compile.Set {
	out := compile.NewSet(len(h.long.things))
	add := func(besides bool) {
		set.Each(func(i int) {
			s := &h.stands[i]
			if besides != (len(s.without) > 0) {
				return
			}
			for _, member := range s.members {
				out.Add(int(member))
			}
			for _, member := range s.without {
				out[member>>6] &^= 1 << (member & 63)
			}
		})
	}
	add(true)
	add(false)
	return out
}
