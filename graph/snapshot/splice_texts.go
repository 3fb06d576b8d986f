package snapshot

import (
	"encoding/binary"
	"sync/atomic"
)

// A textSplice packs sorted strings anew of which most stay. What is said of a
// string that stays after the one that it stood after is copied as it is.
type textSplice struct {
	out       *packed
	old       *packed
	stretches []stretch
	size      int
	fresh     func(k int) []byte // the k-th string that comes
	parts     []packed           // each of partStrings strings
	data      u8s                // the parts have room in it, one after the other
	room      []int              // where that of each begins
	done      atomic.Int32       // parts
	broken    atomic.Bool        // the old strings cannot be read
}

// partStrings is how many strings are packed in one go, a multiple of blockSize.
var partStrings = 1 << 18

func newTextSplice(out, old *packed, stretches []stretch, size int, fresh func(k int) []byte) *textSplice {
	t := &textSplice{out: out, old: old, stretches: stretches, size: size, fresh: fresh, parts: make([]packed, (size+partStrings-1)/partStrings), room: []int{0}}
	for i := range t.parts {
		t.room = append(t.room, t.room[i]+t.guess(i))
	}
	t.data = make(u8s, t.room[len(t.parts)])
	return t
}

// guess returns how many bytes a part will hardly exceed.
func (t *textSplice) guess(i int) (bytes int) {
	for p := range clipped(t.stretches, i*partStrings, (i+1)*partStrings) {
		if p.fresh {
			for k := range p.n {
				bytes += len(t.fresh(p.old+k)) + 4
			}
			continue
		}
		first, last := p.old/blockSize, min((p.old+p.n)/blockSize+1, len(t.old.block)-1)
		bytes += int(t.old.block[last] - t.old.block[first])
	}
	return bytes + bytes/32
}

func (t *textSplice) work() (out []func()) {
	for i := range t.parts {
		out = append(out, func() {
			t.pack(i)
			if int(t.done.Add(1)) == len(t.parts) {
				t.join()
			}
		})
	}
	return out
}

// pack packs one part.
func (t *textSplice) pack(i int) {
	from, to := i*partStrings, min((i+1)*partStrings, t.size)
	p := &packer{out: packed{
		block: make(u64s, 0, partStrings/blockSize+1),
		data:  t.data[t.room[i]:t.room[i]:t.room[i+1]], // a part that exceeds it gets memory of its own
	}}
	for stretch := range clipped(t.stretches, from, to) {
		if !stretch.fresh {
			t.broken.CompareAndSwap(false, !p.copied(t.old, uint32(stretch.old), uint32(stretch.old+stretch.n)))
			continue
		}
		for k := range stretch.n {
			p.add(t.fresh(stretch.old + k))
		}
	}
	t.parts[i] = p.out
}

// join makes the parts one: each is moved to the end of the one before.
func (t *textSplice) join() {
	bytes, blocks, fits := 0, 0, true
	for i, part := range t.parts {
		bytes, blocks = bytes+len(part.data), blocks+len(part.block)
		fits = fits && len(part.data) <= t.room[i+1]-t.room[i]
	}
	to := t.data
	if !fits {
		to = make(u8s, bytes)
	}
	p := packed{count: u64s{uint64(t.size)}, block: make(u64s, 0, blocks+1)}
	bytes = 0
	for _, part := range t.parts {
		for _, at := range part.block {
			p.block = append(p.block, at+uint64(bytes))
		}
		bytes += copy(to[bytes:], part.data)
	}
	p.block, p.data = append(p.block, uint64(bytes)), to[:bytes:bytes]
	*t.out = p
}

// A packer packs strings one after the other.
type packer struct {
	out  packed
	n    int
	last []byte // string
	room []byte // to unpack in
}

// add adds a string as pack does.
func (p *packer) add(text []byte) {
	same := 0
	if p.begins() {
		p.out.block = append(p.out.block, uint64(len(p.out.data)))
	} else {
		same = common(p.last, text)
	}
	p.n++
	p.put(same, text)
	p.last = append(p.last[:same], text[same:]...)
}

func (p *packer) begins() bool { return p.n%blockSize == 0 }

func (p *packer) put(same int, text []byte) {
	p.out.data = binary.AppendUvarint(p.out.data, uint64(same))
	p.out.data = binary.AppendUvarint(p.out.data, uint64(len(text)-same))
	p.out.data = append(p.out.data, text[same:]...)
}

// copied adds the strings [from, to) of others. It is false where they cannot be
// read.
func (p *packer) copied(old *packed, from, to uint32) bool {
	for from < to {
		if n := (to - from) / blockSize; from%blockSize == 0 && p.begins() && n > 0 {
			p.copyBlocks(old, from/blockSize, n)
			from += n * blockSize
			p.last = old.appendTo(p.last[:0], from-1)
			continue
		}
		end := min(to, (from/blockSize+1)*blockSize)
		if !p.copiedIn(old, from, end) {
			return false
		}
		from = end
	}
	return true
}

// copyBlocks adds whole blocks where a block begins.
func (p *packer) copyBlocks(old *packed, first, n uint32) {
	start := uint64(len(p.out.data))
	for _, at := range old.block[first : first+n] {
		p.out.block = append(p.out.block, start+at-old.block[first])
	}
	p.out.data = append(p.out.data, old.data[old.block[first]:old.block[first+n]]...)
	p.n += int(n * blockSize)
}

// copiedIn is copied for strings of one block.
func (p *packer) copiedIn(old *packed, from, to uint32) (ok bool) {
	text, rest := p.room[:0], old.blockOf(from/blockSize)
	for i := from / blockSize * blockSize; i < to; i++ {
		said := rest
		if text, rest, ok = unpackNext(text, rest); !ok {
			return false
		}
		switch {
		case i < from:
		case i == from || p.begins():
			p.add(text)
		default:
			p.out.data = append(p.out.data, said[:len(said)-len(rest)]...)
			p.n++
		}
	}
	p.last, p.room = append(p.last[:0], text...), text
	return true
}
