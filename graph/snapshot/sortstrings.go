package snapshot

import (
	"cmp"
	"encoding/binary"
	"runtime"
	"slices"
	"sync"
)

// sortedStrings returns the numbers below n in the order of their strings, no
// two of which are equal.
func sortedStrings(n int, text func(uint32) []byte) []uint32 {
	return sortedBy(n, func(k *stringKey, depth int) { k.load(text(k.id), depth) })
}

// sortedLists is sortedStrings for lists of numbers, each number four bytes.
// Lists may be equal.
func sortedLists(n int, list func(uint32) []uint32) []uint32 {
	return sortedBy(n, func(k *stringKey, depth int) { k.loadItems(list(k.id), depth/itemSize) })
}

func sortedBy(n int, load func(*stringKey, int)) []uint32 {
	keys := make([]stringKey, n)
	for i := range keys {
		keys[i].id = uint32(i)
	}
	s := sorter{load: load, idle: make(chan struct{}, runtime.GOMAXPROCS(0)-1)}
	s.sort(keys, 0)
	s.busy.Wait()
	order := make([]uint32, n)
	for i, k := range keys {
		order[i] = k.id
	}
	return order
}

// A stringKey is a string's number and the eight bytes that are sorted by.
// Most comparisons look at no string then: references begin alike, and what
// costs is to fetch them.
type stringKey struct {
	part uint64
	id   uint32
	left uint32 // bytes from part on; more than eight are moreLeft
}

const (
	itemSize = 4
	partSize = 8
	moreLeft = partSize + 1
)

func compareKey(a, b stringKey) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.left, b.left))
}

// A sorter sorts strings by eight bytes at a time.
type sorter struct {
	load func(k *stringKey, depth int) // fills in part and left
	idle chan struct{}                 // room for one more goroutine
	busy sync.WaitGroup
}

// sort sorts keys whose strings are equal before depth. Where all go on alike
// it goes on itself: long strings that begin alike must not fill the stack.
func (s *sorter) sort(keys []stringKey, depth int) {
	for s.order(keys, depth); len(keys) > 1 && compareKey(keys[0], keys[len(keys)-1]) == 0; s.order(keys, depth) {
		if keys[0].left <= partSize {
			return // they are equal to the end
		}
		depth += partSize
	}
	for start := 0; start < len(keys); {
		stop := start + 1
		for stop < len(keys) && compareKey(keys[start], keys[stop]) == 0 {
			stop++
		}
		if stop-start > 1 {
			s.further(keys[start:stop], depth+partSize)
		}
		start = stop
	}
}

// order sorts keys by the eight bytes at depth.
func (s *sorter) order(keys []stringKey, depth int) {
	for i := range keys {
		s.load(&keys[i], depth)
	}
	slices.SortFunc(keys, compareKey)
}

// worthGoing is how many strings are worth a goroutine.
const worthGoing = 1 << 14

// further sorts a group, beside others where it is large and a core is idle.
func (s *sorter) further(group []stringKey, depth int) {
	if len(group) < worthGoing {
		s.sort(group, depth)
		return
	}
	select {
	case s.idle <- struct{}{}:
		s.busy.Go(func() {
			s.sort(group, depth)
			<-s.idle
		})
	default:
		s.sort(group, depth)
	}
}

func (k *stringKey) load(text []byte, depth int) {
	text = text[min(depth, len(text)):]
	if k.left = uint32(len(text)); len(text) >= partSize {
		k.left = min(k.left, moreLeft)
		k.part = binary.BigEndian.Uint64(text)
		return
	}
	var padded [partSize]byte
	copy(padded[:], text)
	k.part = binary.BigEndian.Uint64(padded[:])
}

// loadItems is load for a list of numbers from item at on.
func (k *stringKey) loadItems(list []uint32, at int) {
	list = list[min(at, len(list)):]
	k.left, k.part = uint32(min(len(list)*itemSize, moreLeft)), 0
	for i, item := range list[:min(len(list), partSize/itemSize)] {
		k.part |= uint64(item) << (32 * (1 - i))
	}
}
