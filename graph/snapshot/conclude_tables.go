package snapshot

import "bytes"

// freezeStrings writes the strings, those that stay between those that are new.
func (k *concluder) freezeStrings(marks []bool) (r ranked) {
	old := &k.stay.last.cstr
	more, rank := k.strings.freezeUsed(marks)
	r = ranked{make([]uint32, old.len()), rank}
	if old.len() == 0 {
		k.c.cstr = more
		return r
	}
	out, now := heap{off: make(u64s, 1, more.len()+old.len()+1)}, make([]uint32, more.len())
	out.data = make(u8s, 0, len(more.data)+len(old.data))
	next := uint32(0) // of those that are new
	for i := range used(k.stay.uses.strings) {
		text := old.bytes(i)
		for ; int(next) < more.len() && bytes.Compare(more.bytes(next), text) < 0; next++ {
			now[next] = out.add(more.bytes(next))
		}
		r.stay[i] = out.add(text)
		if int(next) < more.len() && bytes.Equal(more.bytes(next), text) {
			now[next] = r.stay[i]
			next++
		}
	}
	for ; int(next) < more.len(); next++ {
		now[next] = out.add(more.bytes(next))
	}
	remapUsed(rank, now, marks)
	k.c.cstr = out
	return r
}

// add appends a string and returns its number.
func (h *heap) add(text []byte) uint32 {
	h.data = append(h.data, text...)
	h.off = append(h.off, uint64(len(h.data)))
	return uint32(len(h.off) - 2)
}

// remapUsed is remapAll of the places that are marked.
func remapUsed(list, rank []uint32, marks []bool) {
	for i := range list {
		if marks == nil || marks[i] {
			list[i] = rank[list[i]]
		}
	}
}

// freezeLists writes the lists of strings.
func (k *concluder) freezeLists(str ranked, marks []bool) (r ranked) {
	s := k.stay.last
	remapAll(k.lists.items, str.more)
	stay, kept := pickStaying(k.stay.uses.lists, func(i uint32) []uint32 { return s.clistItem[s.clistOff[i]:s.clistOff[i+1]] })
	remapAll(stay.items, str.stay)
	more, keptMore := k.lists.picked(marks)
	out, rank, rankMore := joinedLists(&stay, &more)
	k.c.clistOff, k.c.clistItem = out.off, out.items
	return ranked{byNumber(len(k.stay.uses.lists), kept, rank), byNumber(k.lists.len(), keptMore, rankMore)}
}

// pickStaying copies the lists of last that are marked.
func pickStaying(marks []bool, list func(uint32) []uint32) (out lists, kept []uint32) {
	kept = numbersUsed(len(marks), marks)
	out.off = make([]uint32, 1, len(kept)+1)
	for _, i := range kept {
		out.add(list(i))
	}
	return out, kept
}

// picked returns the lists that are marked, nil: all, without a copy of those.
func (t *listTable) picked(marks []bool) (out lists, kept []uint32) {
	kept = numbersUsed(t.len(), marks)
	if len(kept) == t.len() {
		return lists{t.off, t.items}, kept
	}
	out.off = make([]uint32, 1, len(kept)+1)
	for _, i := range kept {
		out.add(t.list(i))
	}
	return out, kept
}

// byNumber turns what is known by place among those kept into what is known by
// number, of n.
func byNumber(n int, kept, rank []uint32) []uint32 {
	if len(kept) == n {
		return rank
	}
	out := make([]uint32, n)
	for place, number := range kept {
		out[number] = rank[place]
	}
	return out
}
