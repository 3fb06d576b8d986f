package snapshot

// Spliced has facts spliced, however much is replaced.
func Spliced(b *Builder) { b.manner = always }

// Anew has everything frozen anew.
func Anew(b *Builder) { b.manner = never }

// WhyAnew returns why facts were not spliced.
func WhyAnew(b *Builder) string { return string(b.whole) }
