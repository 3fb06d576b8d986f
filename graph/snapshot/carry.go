package snapshot

import "github.com/clewgraph/clew/graph"

// CarryForward takes over from last every fact that was read in a listing
// which is not replaced: the next collection brings those anew. A fact that
// several listings gave stays while one of them stays. The facts keep their
// own origins and with them their age.
//
// It only notes what is to be taken: Facts does it, and until then last must
// stay open. Afterwards nothing of it is kept. Errors of Facts, too, wrap
// ErrInvalid where last holds what a Builder does not take.
func (b *Builder) CarryForward(last *Snapshot, replaced func(graph.Listing) bool) error {
	if err := b.open(); err != nil || last == nil {
		return err
	}
	if err := b.carryAnew(); err != nil {
		return err
	}
	c := &forwarded{last: last, gone: make([]bool, len(last.listScope)), rows: last.rowCount()}
	words := wordReader{s: last, words: map[uint32]string{}}
	for i := range c.gone {
		c.gone[i] = replaced(words.listing(uint32(i)))
	}
	b.forwarded = c
	return nil
}

// A wordReader reads listings one after the other: what many have is unpacked
// once.
type wordReader struct {
	s       *Snapshot
	words   map[uint32]string
	scopeID uint32
	scope   string
}

func (w *wordReader) listing(i uint32) graph.Listing {
	if id := w.s.listScope.at(i); id != w.scopeID || i == 0 {
		w.scopeID, w.scope = id, w.s.str.text(id)
	}
	l := graph.Listing{
		Scope: graph.Ref(w.scope), Region: w.word(w.s.listRegion.at(i)),
		Service: w.word(w.s.listService.at(i)), Operation: w.word(w.s.listOp.at(i)),
	}
	if id := w.s.listSubject.at(i); id != 0 {
		l.Subject = graph.Ref(w.s.str.text(id))
	}
	return l
}

func (w *wordReader) word(id uint32) string {
	text, known := w.words[id]
	if !known {
		text = w.s.str.text(id)
		w.words[id] = text
	}
	return text
}

// carryAnew takes over fact by fact what CarryForward noted.
func (b *Builder) carryAnew() error {
	c := b.forwarded
	if c == nil {
		return nil
	}
	b.forwarded = nil
	if c.last.rowCount() != c.rows {
		return invalid("the snapshot that is carried forward was closed before Facts")
	}
	k := keeper{s: c.last, gone: c.gone}
	for _, carry := range []func(*Builder) error{k.nodes, k.edges, k.attachments, k.coverage} {
		if err := carry(b); err != nil {
			return err
		}
	}
	return nil
}

// A keeper goes through the facts of a snapshot that are to be kept.
type keeper struct {
	s    *Snapshot
	gone []bool // by listing
}

// stays reports whether some origin of a set stays: most facts are replaced
// whole, and need not be read.
func (k keeper) stays(set uint32) bool {
	for _, o := range k.s.originsOf(set) {
		if listing := k.s.orgListing.at(o); int(listing) >= len(k.gone) || !k.gone[listing] {
			return true
		}
	}
	return false
}

// each calls keep for the origins of a set whose listing stays.
func (k keeper) each(set uint32, keep func(origin *graph.Origin, note string) error) error {
	for _, o := range k.s.originsOf(set) {
		if listing := k.s.orgListing.at(o); int(listing) < len(k.gone) && k.gone[listing] {
			continue
		}
		origin, note := k.s.origin(o)
		if err := keep(origin, note); err != nil {
			return err
		}
	}
	return nil
}

func (k keeper) nodes(b *Builder) error {
	for row := range uint32(len(k.s.nodeRef)) {
		if !k.stays(k.s.nodeOrigins.at(row)) {
			continue
		}
		n := k.s.nodeRow(row)
		err := k.each(k.s.nodeOrigins.at(row), func(origin *graph.Origin, _ string) error {
			n.Origin = origin
			return b.Node(n)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (k keeper) edges(b *Builder) error {
	for row := range uint32(len(k.s.edgeFrom)) {
		if !k.stays(k.s.edgeOrigins.at(row)) {
			continue
		}
		e := k.s.edgeRow(row)
		err := k.each(k.s.edgeOrigins.at(row), func(origin *graph.Origin, _ string) error {
			e.Origin = origin
			return b.Edge(e)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (k keeper) attachments(b *Builder) error {
	for row := range uint32(len(k.s.attTo)) {
		if !k.stays(k.s.attOrigins.at(row)) {
			continue
		}
		a := k.s.attachmentRow(row)
		err := k.each(k.s.attOrigins.at(row), func(origin *graph.Origin, note string) error {
			a.Origin, a.Pointer = origin, note
			return b.Attach(a)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// coverage carries what is known of the listings that stay, whatever listing
// it was learned from.
func (k keeper) coverage(b *Builder) error {
	for row := range uint32(len(k.s.covListing)) {
		if listing := k.s.covListing.at(row); int(listing) < len(k.gone) && k.gone[listing] {
			continue
		}
		c := k.s.coverageRow(row)
		for _, o := range k.s.originsOf(k.s.covOrigins.at(row)) {
			c.Origin, c.Detail = k.s.origin(o)
			if err := b.Cover(c); err != nil {
				return err
			}
		}
	}
	return nil
}
