package snapshot

// Spliced has facts spliced, however much is replaced.
func Spliced(b *Builder) { b.manner = always }

// Anew has everything frozen anew.
func Anew(b *Builder) { b.manner = never }

// WhyAnew returns why facts were not spliced.
func WhyAnew(b *Builder) string { return string(b.whole) }

// SmallParts has columns written in parts of few rows, until the end of a test.
func SmallParts(t interface{ Cleanup(func()) }) {
	rows, strings := partRows, partStrings
	partRows, partStrings = 64, 64
	t.Cleanup(func() { partRows, partStrings = rows, strings })
}

// SmallPieces has files be written as large ones are, and hashed by small pieces,
// until the end of a test.
func SmallPieces(t interface{ Cleanup(func()) }) {
	from, size, large := piecesFrom, pieceSize, largeFrom
	piecesFrom, pieceSize, largeFrom = 0, 64, 64
	t.Cleanup(func() { piecesFrom, pieceSize, largeFrom = from, size, large })
}

// Shared returns which columns of a Builder are those of last, in its memory.
func Shared(b *Builder, last *Snapshot) (names []string) {
	s, err := b.Snapshot()
	if err != nil {
		return nil
	}
	was := last.schema()
	for i, c := range s.schema() {
		if now := c.bytes(); len(now) > 0 && sameMemory(now, was[i].bytes()) {
			names = append(names, c.name)
		}
	}
	return names
}
