package snapshot

import (
	"encoding/binary"
	"sync/atomic"
)

// A textSplice packs sorted strings anew of which most stay. What is said of a
// string that stays after the one that it stood after is copied as it is.
type textSplice struct {
	old    *packed
	pieces []piece
	size   int
	fresh  func(k int) []byte // the k-th string that comes
	parts  []packed           // each of textPart strings
	broken atomic.Bool        // the old strings cannot be read
}

// textPart is how many strings are packed in one go, a multiple of blockSize.
const textPart = 1 << 18

func newTextSplice(old *packed, pieces []piece, size int, fresh func(k int) []byte) *textSplice {
	return &textSplice{old: old, pieces: pieces, size: size, fresh: fresh, parts: make([]packed, (size+textPart-1)/textPart)}
}

func (t *textSplice) work() (out []func()) {
	for i := range t.parts {
		out = append(out, func() { t.pack(i) })
	}
	return out
}

// pack packs one part.
func (t *textSplice) pack(i int) {
	from, to := i*textPart, min((i+1)*textPart, t.size)
	p := &packer{out: packed{
		block: make(u64s, 0, textPart/blockSize+1),
		data:  make(u8s, 0, len(t.old.data)/max(1, t.size)*(to-from)*5/4+1024),
	}}
	for piece := range clipped(t.pieces, from, to) {
		if !piece.fresh {
			t.broken.CompareAndSwap(false, !p.copied(t.old, uint32(piece.old), uint32(piece.old+piece.n)))
			continue
		}
		for k := range piece.n {
			p.add(t.fresh(piece.old + k))
		}
	}
	t.parts[i] = p.out
}

// joined returns the parts as one.
func (t *textSplice) joined() (p packed) {
	bytes, blocks := 0, 0
	for _, part := range t.parts {
		bytes, blocks = bytes+len(part.data), blocks+len(part.block)
	}
	p.count, p.block, p.data = u64s{uint64(t.size)}, make(u64s, 0, blocks+1), make(u8s, bytes)
	starts := make([]int, len(t.parts))
	bytes = 0
	for i, part := range t.parts {
		starts[i] = bytes
		for _, at := range part.block {
			p.block = append(p.block, at+uint64(bytes))
		}
		bytes += len(part.data)
	}
	p.block = append(p.block, uint64(bytes))
	_ = beside(len(t.parts), func(i int) error {
		copy(p.data[starts[i]:], t.parts[i].data)
		t.parts[i].data = nil
		return nil
	})
	return p
}

// A packer packs strings one after the other.
type packer struct {
	out  packed
	n    int
	last []byte
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
	text, rest := []byte(nil), old.blockOf(from/blockSize)
	for i := from / blockSize * blockSize; i < to; i++ {
		if i%blockSize == 0 {
			text, rest = text[:0], old.blockOf(i/blockSize)
		}
		said := rest
		var ok bool
		if text, rest, ok = unpackNext(text, rest); !ok {
			return false
		}
		switch {
		case i < from:
		case i == from || p.begins() || i%blockSize == 0:
			p.add(text)
		default:
			p.out.data = append(p.out.data, said[:len(said)-len(rest)]...)
			p.last = append(p.last[:0], text...)
			p.n++
		}
	}
	return true
}
