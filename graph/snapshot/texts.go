package snapshot

import (
	"bytes"
	"encoding/binary"
	"sort"
	"unsafe"
)

// texts are sorted strings, each once, so that the number of a string compares
// as the string. In memory they stand one after the other. In a file they are
// packed: references begin alike, and what a string has in common with the one
// before it is most of it.
type texts struct {
	plain heap
	packed
}

// packed strings stand in blocks. Each begins with a whole string; of the
// others stand how many bytes they share with the one before, and the rest.
type packed struct {
	count u64s // one number: of strings
	block u64s // where each block starts, and the last one ends
	data  u8s
}

// blockSize is how many strings a block has: to read one, those before it in
// its block are gone through.
const blockSize = 8

func (t *texts) len() int {
	if len(t.count) > 0 {
		return int(min(t.count[0], uint64(None)))
	}
	return t.plain.len()
}

// shared returns string i, without a copy if it stands in memory.
func (t *texts) shared(i uint32) string {
	b := t.bytes(i)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// bytes returns string i, which may share the memory of t.
func (t *texts) bytes(i uint32) []byte {
	if len(t.count) == 0 {
		return t.plain.bytes(i)
	}
	return t.appendTo(nil, i)
}

// text is shared, with one copy for a packed string.
func (t *texts) text(i uint32) string {
	if len(t.count) == 0 {
		return t.plain.shared(i)
	}
	var room [160]byte
	return string(t.appendTo(room[:0], i))
}

// appendTo unpacks string i behind scratch, which must be empty.
func (p *packed) appendTo(scratch []byte, i uint32) []byte {
	rest := p.blockOf(i / blockSize)
	for range i%blockSize + 1 {
		var ok bool
		if scratch, rest, ok = unpackNext(scratch, rest); !ok {
			return nil
		}
	}
	return scratch
}

// blockOf returns the bytes of a block, none where the file is wrong.
func (p *packed) blockOf(k uint32) []byte {
	if uint64(k)+1 >= uint64(len(p.block)) {
		return nil
	}
	from, to := p.block[k], p.block[k+1]
	if from > to || to > uint64(len(p.data)) {
		return nil
	}
	return p.data[from:to]
}

// unpackNext makes the next string of a block from the last one.
func unpackNext(last, rest []byte) (next, after []byte, ok bool) {
	same, n := length(rest)
	if n <= 0 || same > uint64(len(last)) {
		return nil, nil, false
	}
	rest = rest[n:]
	more, n := length(rest)
	if n <= 0 || more > uint64(len(rest)-n) {
		return nil, nil, false
	}
	return append(last[:same], rest[n:n+int(more)]...), rest[n+int(more):], true
}

// length reads a length, which mostly is one byte.
func length(rest []byte) (value uint64, n int) {
	if len(rest) > 0 && rest[0] < 0x80 {
		return uint64(rest[0]), 1
	}
	return binary.Uvarint(rest)
}

// pack packs sorted strings.
func pack(h heap) (p packed) {
	count := h.len()
	p.count, p.block = u64s{uint64(count)}, make(u64s, 0, count/blockSize+2)
	p.data = make(u8s, 0, len(h.data)/3)
	var last []byte
	for i := range uint32(count) {
		if i%blockSize == 0 {
			p.block = append(p.block, uint64(len(p.data)))
			last = nil
		}
		text := h.bytes(i)
		same := common(last, text)
		p.data = binary.AppendUvarint(p.data, uint64(same))
		p.data = binary.AppendUvarint(p.data, uint64(len(text)-same))
		p.data = append(p.data, text[same:]...)
		last = text
	}
	p.block = append(p.block, uint64(len(p.data)))
	return p
}

// common returns how many bytes a and b have in common at their start.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// find returns the number of text.
func (t *texts) find(text string) (uint32, bool) {
	if len(t.count) == 0 {
		return t.plain.find(text)
	}
	return t.seek(unsafe.Slice(unsafe.StringData(text), len(text)))
}

// seek returns the number of a string, or of the first one after it.
func (p *packed) seek(want []byte) (i uint32, found bool) {
	k := sort.Search(max(0, len(p.block)-1), func(k int) bool { return bytes.Compare(p.head(uint32(k)), want) > 0 })
	if k == 0 {
		return 0, false
	}
	return p.seekIn(uint32(k-1), want)
}

// seekIn looks for a string in one block.
func (p *packed) seekIn(k uint32, want []byte) (i uint32, found bool) {
	var room [160]byte
	text, rest := room[:0], p.blockOf(k)
	for i = k * blockSize; len(rest) > 0; i++ {
		var ok bool
		if text, rest, ok = unpackNext(text, rest); !ok {
			break
		}
		if c := bytes.Compare(text, want); c >= 0 {
			return i, c == 0
		}
	}
	return i, false
}

// head returns the first string of a block, which shares the memory of p.
func (p *packed) head(k uint32) []byte {
	rest := p.blockOf(k)
	same, n := binary.Uvarint(rest)
	if n <= 0 || same > 0 {
		return nil
	}
	more, m := binary.Uvarint(rest[n:])
	if rest = rest[n+max(m, 0):]; m <= 0 || more > uint64(len(rest)) {
		return nil
	}
	return rest[:more]
}

// inFile returns the columns as they stand in a file.
func (c *columns) inFile() *columns {
	if len(c.str.count) > 0 || c.str.plain.len() == 0 {
		return c
	}
	out := *c
	out.str, out.xstr = texts{packed: pack(c.str.plain)}, texts{packed: pack(c.xstr.plain)}
	return &out
}

// verify checks that packed strings are as many as they should be, and sorted.
func (t *texts) verify(name string) error {
	if len(t.count) == 0 {
		return nil
	}
	if err := t.verifyCount(name); err != nil {
		return err
	}
	const many = 1 << 12
	blocks := uint32(len(t.block) - 1)
	return beside(int(blocks+many-1)/many, func(i int) error {
		from := uint32(i) * many
		var last []byte
		if from > 0 {
			last = t.bytes(from*blockSize - 1)
		}
		for k := from; k < min(from+many, blocks); k++ {
			var err error
			if last, err = t.verifyBlock(name, k, last); err != nil {
				return err
			}
		}
		return nil
	})
}

// verifyCount checks that there are as many blocks as the strings need.
func (t *texts) verifyCount(name string) error {
	if want := (t.len() + blockSize - 1) / blockSize; want != len(t.block)-1 {
		return corrupt("section %q has %d blocks, want %d", name, len(t.block)-1, want)
	}
	return nil
}

// verifyBlock checks one block and returns its last string.
func (t *texts) verifyBlock(name string, k uint32, before []byte) ([]byte, error) {
	var room [2][]byte
	var last []byte // of this block
	var ok bool
	rest := t.blockOf(k)
	for i := k * blockSize; i < min((k+1)*blockSize, uint32(t.len())); i++ {
		text := append(room[i%2][:0], last...)
		if text, rest, ok = unpackNext(text, rest); !ok || i > 0 && bytes.Compare(before, text) >= 0 {
			return nil, corrupt("section %q: string %d is broken or out of order", name, i)
		}
		room[i%2], last, before = text, text, text
	}
	if len(rest) > 0 {
		return nil, corrupt("section %q: block %d is too long", name, k)
	}
	return before, nil
}
