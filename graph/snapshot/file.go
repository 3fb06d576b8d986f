package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

const (
	magic       = "CLEWSNAP"
	version     = 4 // 1 and 2 had one row of access for each class and node, 3 rows of its own for each class
	headerSize  = 32
	entrySize   = 48
	nameSize    = 24
	maxSections = 4096
	checksumAt  = 24 // of the header
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A section is one named run of bytes of a file.
type section struct {
	name string
	data []byte
	sum  uint32
	off  int64 // in the file that it was read from

	before *section   // of this name in the last file, nil if there is none
	kept   bool       // it is that one, in the same memory: sum is known
	pieces []pieceSum // of one that was read, if the file says
}

// parse checks header and table and returns the sections unread.
func parse(data []byte) ([]section, error) {
	if len(data) < headerSize || string(data[:8]) != magic {
		return nil, corrupt("no snapshot header in %d bytes", len(data))
	}
	if v := binary.LittleEndian.Uint32(data[8:]); v != version {
		return nil, fmt.Errorf("%w: it has %d, this program reads %d; collect the documents again into an empty store", ErrVersion, v, version)
	}
	count := binary.LittleEndian.Uint32(data[12:])
	size := binary.LittleEndian.Uint64(data[16:])
	if size != uint64(len(data)) {
		return nil, corrupt("%d bytes of %d", len(data), size)
	}
	table := headerSize + int(min(count, maxSections+1))*entrySize
	if count > maxSections || table > len(data) {
		return nil, corrupt("table of %d sections does not fit", count)
	}
	if headSum(data[:table]) != binary.LittleEndian.Uint32(data[checksumAt:]) {
		return nil, corrupt("checksum of header and table differs")
	}
	return entries(data, int(count))
}

// headSum is the checksum of header and table, its own field taken as zero.
func headSum(head []byte) uint32 {
	sum := crc32.Update(0, castagnoli, head[:checksumAt])
	sum = crc32.Update(sum, castagnoli, make([]byte, 4))
	return crc32.Update(sum, castagnoli, head[checksumAt+4:])
}

func entries(data []byte, count int) ([]section, error) {
	out := make([]section, 0, count)
	body := uint64(headerSize + count*entrySize)
	for i := range count {
		e := data[headerSize+i*entrySize:]
		name := string(bytes.TrimRight(e[:nameSize], "\x00"))
		off := binary.LittleEndian.Uint64(e[nameSize:])
		length := binary.LittleEndian.Uint64(e[nameSize+8:])
		if off%8 != 0 || off < body || off > uint64(len(data)) || length > uint64(len(data))-off {
			return nil, corrupt("section %q lies outside of the file", name)
		}
		sum := binary.LittleEndian.Uint32(e[nameSize+16:])
		out = append(out, section{name: name, data: data[off : off+length : off+length], sum: sum, off: int64(off)})
	}
	return out, nil
}

// bind gives each known section to its column and checks that the columns of
// one group have one length.
func (s *Snapshot) bind(sections []section) error {
	byName := make(map[string][]byte, len(sections))
	for _, sec := range sections {
		if _, twice := byName[sec.name]; twice {
			return corrupt("section %q stands twice", sec.name)
		}
		byName[sec.name] = sec.data
	}
	for _, c := range s.schema() {
		if err := c.set(byName[c.name]); err != nil {
			return err
		}
	}
	_, err := s.groups()
	return err
}

// set views data as the column's values.
func (c column) set(data []byte) error {
	if size := c.size(); len(data)%size != 0 {
		return corrupt("section %q: %d bytes are no whole number of %d-byte values", c.name, len(data), size)
	}
	switch f := c.field.(type) {
	case *u8s:
		*f = data
	case *u32s:
		*f = asNumbers[uint32](data)
	case *u64s:
		*f = asNumbers[uint64](data)
	}
	return nil
}

// size returns the bytes of one value.
func (c column) size() int {
	switch c.field.(type) {
	case *u32s:
		return 4
	case *u64s:
		return 8
	}
	return 1
}

// bytes returns the column as it stands in a file.
func (c column) bytes() []byte {
	switch f := c.field.(type) {
	case *u8s:
		return *f
	case *u32s:
		return asBytes(*f)
	case *u64s:
		return asBytes(*f)
	}
	return nil
}

// contentHash hashes every column that is part of the content.
func (c *columns) contentHash() [32]byte {
	c = c.inFile()
	sections, sums := c.sections(), pieceSums{}
	for _, sec := range sections {
		if isContent(sec.name) {
			sums.add(sec)
		}
	}
	return contentOf(sections, sums)
}

// isContent tells the sections that are part of the content.
func isContent(name string) bool {
	return !strings.HasPrefix(name, "x.") && !strings.HasPrefix(name, "meta.")
}

// contentOf is the hash of the content of sections, given those of their pieces.
func contentOf(sections []section, sums pieceSums) [32]byte {
	h := sha256.New()
	for _, sec := range sections {
		if !isContent(sec.name) {
			continue
		}
		fmt.Fprintf(h, "%s %d\n", sec.name, len(sec.data))
		for _, sum := range sums[sec.name] {
			h.Write(sum[:])
		}
	}
	return [32]byte(h.Sum(nil))
}

// write writes the columns as a file. Empty columns are left out.
func (c *columns) write(w io.Writer) (int64, error) {
	sections := c.inFile().sections()
	checksum(sections)
	out := &counter{w: w}
	out.put(head(sections))
	for _, sec := range sections {
		out.put(make([]byte, gap(int(out.n), len(sec.data))))
		out.put(sec.data)
	}
	out.put(make([]byte, pad(int(out.n))))
	return out.n, out.err
}

// sections lists the columns that are not empty.
func (c *columns) sections() (out []section) {
	for _, col := range c.schema() {
		if data := col.bytes(); len(data) > 0 {
			out = append(out, section{name: col.name, data: data})
		}
	}
	return out
}

// checksum fills in the checksums of sections. That of a section which is kept
// tells whether it is what was written once, as it did before.
func checksum(sections []section) {
	_ = beside(len(sections), func(i int) error {
		if sec := &sections[i]; !sec.kept {
			sec.sum = crc32.Checksum(sec.data, castagnoli)
		}
		return nil
	})
}

// markKept says of sections what they were in the file of s, and marks those that
// still are, in its memory.
func (s *Snapshot) markKept(sections []section) {
	if s == nil {
		return
	}
	raw := slices.Clone(s.raw)
	findPieces(raw)
	byName := make(map[string]*section, len(raw))
	for i := range raw {
		byName[raw[i].name] = &raw[i]
	}
	for i := range sections {
		sec := &sections[i]
		if sec.before = byName[sec.name]; sec.before != nil && sameMemory(sec.before.data, sec.data) {
			sec.sum, sec.kept = sec.before.sum, true
		}
	}
}

// head lays out header and table.
func head(sections []section) []byte {
	table := headerSize + len(sections)*entrySize
	out := make([]byte, table)
	at := table
	for i, sec := range sections {
		e := out[headerSize+i*entrySize:]
		copy(e[:nameSize], sec.name)
		at += gap(at, len(sec.data))
		binary.LittleEndian.PutUint64(e[nameSize:], uint64(at))
		binary.LittleEndian.PutUint64(e[nameSize+8:], uint64(len(sec.data)))
		binary.LittleEndian.PutUint32(e[nameSize+16:], sec.sum)
		at += len(sec.data)
	}
	copy(out, magic)
	binary.LittleEndian.PutUint32(out[8:], version)
	binary.LittleEndian.PutUint32(out[12:], uint32(len(sections)))
	binary.LittleEndian.PutUint64(out[16:], uint64(at+pad(at)))
	binary.LittleEndian.PutUint32(out[checksumAt:], headSum(out))
	return out
}

// pad returns how many zeros follow n bytes to align what comes next.
func pad(n int) int { return -n & 7 }

// Large sections begin where a page does: copied from file to file, pages that do
// not lie alike take twice as long.
const pageSize = 4 << 10

var largeFrom = 1 << 20 // of another size in tests

// gap returns how many zeros stand before a section that may begin at some place
// of a file.
func gap(at, size int) int {
	if size >= largeFrom {
		return -at & (pageSize - 1)
	}
	return pad(at)
}

// after returns where sections end that may begin at some place of a file.
func after(at int, sections []section) int {
	for _, sec := range sections {
		at += gap(at, len(sec.data)) + len(sec.data)
	}
	return at
}

// A counter writes until the first error and counts what went through.
type counter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *counter) put(b []byte) {
	if c.err != nil || len(b) == 0 {
		return
	}
	n, err := c.w.Write(b)
	c.n, c.err = c.n+int64(n), err
}
