package snapshot

import "bytes"

// TakeFacts takes over all facts of last as they stand, for a Builder that holds
// none: what CarryForward and Facts come to where nothing is replaced, without
// taking each fact anew. last may be closed afterwards.
func (b *Builder) TakeFacts(last *Snapshot) error {
	if err := b.open(); err != nil {
		return err
	}
	if len(b.nodes)+len(b.edges)+len(b.attachments)+len(b.coverage) > 0 || b.forwarded != nil {
		return invalid("facts are taken as they stand by a Builder that holds none")
	}
	c, moved, err := last.columns.unpacked(b.spillDir, b.spillFrom)
	if err == nil && !moved {
		err = c.clone()
	}
	if len(last.file) > 0 {
		leave(last.file) // all of it was read once
	}
	s := &Snapshot{columns: c}
	if err == nil {
		err = s.ready()
	}
	*b = Builder{facts: s, err: err}
	return err
}

// Unpack returns the facts as they are where they were not spliced: for whoever
// goes on to read all of them, strings stand one after the other, and what
// SpillTo says is done. Indexes stay what they are; nothing is done where facts
// were not spliced. What Facts returned before is not the Builder's any more.
func (b *Builder) Unpack() (*Snapshot, error) {
	s, err := b.Facts()
	if err != nil || len(s.str.count) == 0 {
		return s, err
	}
	if b.ahead != nil {
		b.ahead.stop.Store(true) // other memory holds it from here on
	}
	c, _, err := s.columns.unpacked(b.spillDir, b.spillFrom)
	if err != nil {
		return nil, err
	}
	b.facts, b.final = &Snapshot{columns: c, mapped: s.mapped}, nil
	return b.facts, b.facts.ready()
}

// unpacked returns columns of facts alone, with strings that are not packed. They
// share the memory of c where they were not moved to a file.
func (c columns) unpacked(dir string, from int) (out columns, moved bool, err error) {
	c.conclusions, c.cstr, c.hash, c.pieces = conclusions{}, heap{}, nil, nil
	c.str, c.xstr = texts{plain: c.str.unpacked()}, texts{plain: c.xstr.unpacked()}
	moved, err = c.spill(dir, from)
	return c, moved, err
}

// clone copies the columns of facts.
func (c *columns) clone() error {
	for _, col := range c.inMemory() {
		if err := col.set(bytes.Clone(col.bytes())); err != nil {
			return err
		}
	}
	return nil
}

// unpacked returns the strings one after the other.
func (t *texts) unpacked() heap {
	if len(t.count) == 0 {
		return t.plain
	}
	h := heap{off: make(u64s, 1, t.len()+1), data: make(u8s, 0, 3*len(t.data))}
	var text, rest []byte
	for i := range uint32(t.len()) {
		if i%blockSize == 0 {
			text, rest = text[:0], t.blockOf(i/blockSize)
		}
		text, rest, _ = unpackNext(text, rest)
		h.data = append(h.data, text...)
		h.off = append(h.off, uint64(len(h.data)))
	}
	return h
}
