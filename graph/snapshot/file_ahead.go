package snapshot

import (
	"io"
	"sync/atomic"
)

// A File is what a snapshot is written to: an os.File is one.
type File interface {
	io.WriterAt
	Truncate(size int64) error
}

// A Copier is a File that can take parts of the file of the snapshot that is
// shared from there, which spares the way through memory. The snapshot must have
// been read by Open.
type Copier interface {
	File
	// CopyAt writes at one place the n bytes from another on of the last
	// snapshot's file.
	CopyAt(at, from, n int64) error
}

// WriteAhead has facts that are spliced written to a file as soon as they stand,
// while what they lead to is concluded: they are most of it. WriteFile has to be
// called with the same file, which is empty and to which nobody else writes
// meanwhile.
func (b *Builder) WriteAhead(to File) { b.aheadTo = to }

// Drop ends what WriteAhead began, where nothing comes of it: the file can be
// closed then.
func (b *Builder) Drop() {
	if b.ahead != nil {
		b.ahead.stop.Store(true)
		<-b.ahead.done
	}
}

// An ahead is the sections of facts on their way into a file. Where they stand
// there hangs on how many sections of conclusions there will be: as many as last
// time, which is found out in the end.
type ahead struct {
	list  []section // all of facts that are not filled in last
	at    int       // where the first of them stands
	sums  pieceSums
	file  File
	stop  atomic.Bool // nobody needs it
	done  chan struct{}
	place *placer
}

// goAhead begins to write the facts; conclusions is how many sections the last
// snapshot had of them.
func (b *Builder) goAhead(c *columns, conclusions int) {
	if b.aheadTo == nil {
		return
	}
	c.reserveHashes()
	sections := c.sections()
	rest, end := pieced(sections)
	c.hash, c.pieces = nil, nil
	b.shared.markKept(sections)
	a := &ahead{
		list: sections[rest:end], at: after(headerSize+entrySize*(len(sections)+conclusions), sections[:rest]),
		done: make(chan struct{}), sums: pieceSums{},
	}
	a.file = b.aheadTo
	a.place = &placer{w: a.file, at: int64(a.at), stop: &a.stop, last: b.shared}
	b.ahead = a
	go a.run()
}

func (a *ahead) run() {
	defer close(a.done)
	a.place.sections(a.list)
	for _, sec := range a.list {
		if !a.stop.Load() {
			a.sums.add(sec)
		}
	}
	if !a.stop.Load() {
		checksum(a.list)
	}
}

// end waits for what is written ahead. It returns how many of the sections that
// follow the first of a file stand there already, fills in their checksums, and
// says what their pieces hash to; none where they came to stand elsewhere.
func (a *ahead) end(rest []section, at int) (written int, sums pieceSums, err error) {
	if a == nil {
		return 0, pieceSums{}, nil
	}
	same := a.at == at && len(rest) >= len(a.list)
	for i := range a.list {
		same = same && a.list[i].name == rest[i].name && sameMemory(a.list[i].data, rest[i].data)
	}
	a.stop.Store(!same)
	<-a.done
	if !same {
		return 0, pieceSums{}, a.file.Truncate(0)
	}
	return copy(rest, a.list), a.sums, a.place.err
}

// sameMemory reports whether two slices are one.
func sameMemory(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
