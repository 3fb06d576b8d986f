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
