package snapshot

import (
	"bytes"
	"crypto/sha256"
	"hash/crc32"
	"slices"
	"unsafe"
)

// pieceSize is how much of a column is hashed in one go: cores take pieces by
// turns, and the hash of a column is made of those of its pieces.
var pieceSize = 1 << 20 // of another size in tests

// Large files keep the hashes of their pieces in a section of their own, the last
// one: what the next snapshot has of them need not be hashed again. They are
// those of all other sections but the first ones, in the order of the file.
const lastOfFile = "meta.pieces"

// piecesFrom is how large facts are whose file has that section.
var piecesFrom = 64 << 20

// isPieced tells the sections that are hashed by pieces; the others are filled in
// once these were.
func isPieced(name string) bool {
	return name != "meta.counts" && name != "meta.hash" && name != lastOfFile
}

// A piece is told by its hash.
type pieceSum [sha256.Size]byte

// pieceSums are the hashes of the pieces of sections, by name.
type pieceSums map[string][]pieceSum

// add hashes a section, but for what stands in the same place of the last file.
func (s pieceSums) add(sec section) {
	pieces := slices.Collect(slices.Chunk(sec.data, pieceSize))
	sums := make([]pieceSum, len(pieces))
	_ = beside(len(pieces), func(i int) error {
		var known bool
		if sums[i], known = sec.knownSum(i, pieces[i]); !known {
			sums[i] = sha256.Sum256(pieces[i])
		}
		return nil
	})
	s[sec.name] = sums
}

// knownSum is the hash of a piece, if it is what it was.
func (sec *section) knownSum(i int, piece []byte) (sum pieceSum, known bool) {
	was := sec.before
	if was == nil || i >= len(was.pieces) {
		return sum, false
	}
	from := i * pieceSize
	known = sec.kept || bytes.Equal(piece, was.data[from:min(from+pieceSize, len(was.data))])
	return was.pieces[i], known
}

// hashAll returns the hash of the content, and those of all pieces one after the
// other.
func (c *columns) hashAll() (content [sha256.Size]byte, pieces u8s) {
	sections, sums := c.inFile().sections(), pieceSums{}
	for _, sec := range sections {
		if isPieced(sec.name) {
			sums.add(sec)
		}
	}
	return contentOf(sections, sums), sums.joined(sections)
}

// joined returns all hashes one after the other.
func (s pieceSums) joined(sections []section) (out u8s) {
	for _, sec := range sections {
		for _, sum := range s[sec.name] {
			out = append(out, sum[:]...)
		}
	}
	return out
}

// reserveHashes makes room for what is filled in last.
func (c *columns) reserveHashes() {
	c.hash, c.pieces = make(u8s, sha256.Size), nil
	if facts := c.factSchema(); sizeOfColumns(facts) < piecesFrom {
		return
	}
	n := 0
	for _, sec := range c.sections() {
		if isPieced(sec.name) {
			n += numPieces(len(sec.data))
		}
	}
	c.pieces = make(u8s, n*sha256.Size)
}

func numPieces(size int) int { return (size + pieceSize - 1) / pieceSize }

func sizeOfColumns(list []column) (n int) {
	for _, c := range list {
		n += len(c.bytes())
	}
	return n
}

// findPieces gives the sections of a file the hashes of their pieces, if it has
// them and they are what was written.
func findPieces(sections []section) {
	n, last := 0, len(sections)-1
	for _, sec := range sections {
		if isPieced(sec.name) {
			n += numPieces(len(sec.data))
		}
	}
	if last < 0 || sections[last].name != lastOfFile || len(sections[last].data) != n*sha256.Size ||
		crc32.Checksum(sections[last].data, castagnoli) != sections[last].sum {
		return
	}
	sums := unsafe.Slice((*pieceSum)(unsafe.Pointer(unsafe.SliceData(sections[last].data))), n)
	for i := range sections {
		if sec := &sections[i]; isPieced(sec.name) {
			mine := numPieces(len(sec.data))
			sec.pieces, sums = sums[:mine:mine], sums[mine:]
		}
	}
}
