package aws

import (
	"encoding/binary"
	"iter"
)

// packed keeps the paths, ages and sizes of many files in few bytes: of each what
// differs from the one before it.
type packed struct {
	chunks []([]byte)
	before seen
	path   []byte
}

// A part is a run of files in packed.
type part struct {
	chunk, at uint32 // where it begins
	files     uint32
}

// seen is what a folder says of a file, besides its name.
type seen struct{ second, nano, size int64 }

// chunkSize is how many bytes of packed lie together.
const chunkSize = 1 << 18

// longest is what one file takes at most, besides its path.
const longest = 5 * binary.MaxVarintLen64

// begin begins a part: what is added then needs nothing of what was before.
func (p *packed) begin() part {
	p.path, p.before = p.path[:0], seen{}
	if len(p.chunks) == 0 {
		p.chunks = append(p.chunks, make([]byte, 0, chunkSize))
	}
	last := len(p.chunks) - 1
	return part{chunk: uint32(last), at: uint32(len(p.chunks[last]))}
}

// add takes a file.
func (p *packed) add(f file) {
	shared := 0
	for shared < min(len(f.path), len(p.path)) && f.path[shared] == p.path[shared] {
		shared++
	}
	now := seen{f.at.Unix(), int64(f.at.Nanosecond()), f.size}
	out := &p.chunks[len(p.chunks)-1]
	if rest := len(f.path) - shared; len(*out) > 0 && len(*out)+rest+longest > cap(*out) {
		p.chunks = append(p.chunks, make([]byte, 0, max(chunkSize, rest+longest)))
		out = &p.chunks[len(p.chunks)-1]
	}
	*out = binary.AppendUvarint(*out, uint64(shared))
	*out = binary.AppendUvarint(*out, uint64(len(f.path)-shared))
	*out = append(*out, f.path[shared:]...)
	for _, n := range []int64{now.second - p.before.second, now.nano - p.before.nano, now.size - p.before.size} {
		*out = binary.AppendVarint(*out, n)
	}
	p.path, p.before = append(p.path[:shared], f.path[shared:]...), now
}

// each yields the files of a part.
func (p *packed) each(of part) iter.Seq2[string, seen] {
	return func(yield func(string, seen) bool) {
		var path []byte
		var now seen
		chunk, at := of.chunk, int(of.at)
		for range of.files {
			if at == len(p.chunks[chunk]) {
				chunk, at = chunk+1, 0
			}
			text := p.chunks[chunk][at:]
			shared, n := binary.Uvarint(text)
			rest, m := binary.Uvarint(text[n:])
			n += m
			path = append(path[:shared], text[n:n+int(rest)]...)
			n += int(rest)
			for _, to := range []*int64{&now.second, &now.nano, &now.size} {
				by, m := binary.Varint(text[n:])
				n += m
				*to += by
			}
			at += n
			if !yield(string(path), now) {
				return
			}
		}
	}
}
