package snapshot

import "unsafe"

// A recall remembers what slices came to, by where they lie, so that one that
// many rows share is looked at once. It forgets: it has one place for many
// slices, and what it does not know is merely looked at again. It holds on to
// what it remembers, so that no other slice can come to lie there.
type recall[T any] struct {
	places []remembered[T]
	shift  int // of a hash, to the number of a place
}

type remembered[T any] struct {
	first *T
	n     int
	id    uint32
}

// newRecall makes a recall of two to the power of bits places.
func newRecall[T any](bits int) recall[T] {
	return recall[T]{make([]remembered[T], 1<<bits), 64 - bits}
}

// place returns the place of a slice, and whether it holds what the slice came
// to. If not, the caller fills it in with keep.
func (r *recall[T]) place(list []T) (at *remembered[T], known bool) {
	first := unsafe.SliceData(list)
	at = &r.places[scatter(uintptr(unsafe.Pointer(first))+uintptr(len(list)))>>r.shift]
	return at, at.first == first && at.n == len(list)
}

func (p *remembered[T]) keep(list []T, id uint32) uint32 {
	p.first, p.n, p.id = unsafe.SliceData(list), len(list), id
	return id
}

// scatter makes an address a hash whose upper bits are good.
func scatter(address uintptr) uint64 { return uint64(address) * 0x9e3779b97f4a7c15 }

// textBytes gives the bytes of a text to look at, without a copy.
func textBytes(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }

// sharedText is the inverse of textBytes.
func sharedText(bytes []byte) string { return unsafe.String(unsafe.SliceData(bytes), len(bytes)) }
