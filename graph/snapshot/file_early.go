package snapshot

import (
	"crypto/sha256"
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// WriteFile writes what WriteTo does, and returns a hash that tells it from any
// other file. Disks are slower than hashing: where everything stands in the file
// is known before its hashes are, so that it is written while they are taken, and
// what WriteAhead has written already is not written again. What speaks of hashes,
// with it the header at the start, is written last: a file that was cut short is
// no snapshot. w is called by one goroutine at a time.
func (b *Builder) WriteFile(w io.WriterAt) (sum [sha256.Size]byte, err error) {
	s, err := b.Snapshot()
	if err != nil {
		return sum, err
	}
	c := *s.inFile()
	return c.writeEarly(w, b.ahead, b.shared)
}

// chunkSize is how much is written in one go.
const chunkSize = 8 << 20

func (c *columns) writeEarly(w io.WriterAt, a *ahead, last *Snapshot) (sum [sha256.Size]byte, err error) {
	c.reserveHashes() // filled in below: their places count
	sections := c.sections()
	last.markKept(sections)
	rest, end := pieced(sections)
	start := after(headerSize+entrySize*len(sections), sections[:rest])
	written, sums, err := a.end(sections[rest:end], start)
	if err != nil {
		return sum, err
	}
	body := &placer{w: w, at: int64(after(start, sections[rest:rest+written])), last: last}
	var writing sync.WaitGroup
	list := slices.Clone(sections[rest+written : end]) // sums are filled in meanwhile
	writing.Go(func() { body.sections(list) })
	c.fillHashes(sections, list, sums)
	checksum(sections[:rest])
	checksum(sections[rest+written:])
	sum = fileHash(sections, sums)
	writing.Wait()
	body.end(sections[end:])
	first := &placer{w: w, err: body.err}
	first.front(sections[:rest], head(sections))
	return sum, first.err
}

// fillHashes hashes some sections and fills in what comes of all hashes.
func (c *columns) fillHashes(sections, some []section, sums pieceSums) {
	for _, sec := range some {
		sums.add(sec)
	}
	content := contentOf(sections, sums)
	copy(c.hash, content[:])
	copy(c.pieces, sums.joined(sections))
}

// pieced returns where the sections begin and end that are hashed by pieces.
func pieced(sections []section) (from, to int) {
	from = slices.IndexFunc(sections, func(sec section) bool { return isPieced(sec.name) })
	if to = len(sections); sections[to-1].name == lastOfFile {
		to--
	}
	if from < 0 {
		from = to
	}
	return from, to
}

// fileHash tells the file that sections make from any other: it is the hash of
// what stands before their bodies, and of those of the bodies' pieces.
func fileHash(sections []section, sums pieceSums) [sha256.Size]byte {
	h := sha256.New()
	h.Write(head(sections))
	for _, sec := range sections {
		if pieces, hashed := sums[sec.name]; hashed {
			for _, sum := range pieces {
				h.Write(sum[:])
			}
			continue
		}
		h.Write(sec.data) // what is filled in last
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// A placer writes one thing after the other until the first error.
type placer struct {
	w    io.WriterAt
	at   int64
	err  error
	stop *atomic.Bool // ends it, where it is not nil
	last *Snapshot    // sections that are kept are in its file, if it has one
}

func (p *placer) put(data []byte) {
	for chunk := range slices.Chunk(data, chunkSize) {
		if p.ended() {
			return
		}
		var n int
		n, p.err = p.w.WriteAt(chunk, p.at)
		p.at += int64(n)
	}
}

func (p *placer) ended() bool { return p.err != nil || p.stop != nil && p.stop.Load() }

// section writes a section, from the last file if it is there.
func (p *placer) section(sec section) {
	to, can := p.w.(Copier)
	if !can || !sec.kept || p.last == nil || len(p.last.file) == 0 {
		p.put(sec.data)
		return
	}
	for from, end := sec.before.off, sec.before.off+int64(len(sec.data)); from < end && !p.ended(); {
		n := min(chunkSize, end-from)
		p.err = to.CopyAt(p.at, from, n)
		from, p.at = from+n, p.at+n
	}
}

func (p *placer) sections(list []section) {
	for _, sec := range list {
		p.put(make([]byte, gap(int(p.at), len(sec.data))))
		p.section(sec)
	}
}

// end writes the last sections.
func (p *placer) end(list []section) {
	p.sections(list)
	p.put(make([]byte, pad(int(p.at))))
}

// front writes the start of a file in one go.
func (p *placer) front(list []section, head []byte) {
	for _, sec := range list {
		head = append(append(head, make([]byte, gap(len(head), len(sec.data)))...), sec.data...)
	}
	p.put(head)
}
