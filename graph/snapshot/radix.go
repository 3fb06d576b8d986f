package snapshot

import "math/bits"

// A keyed is the number of a row and what it is sorted by.
type keyed struct {
	key uint64
	row uint32
}

const digitBits = 11

// sortKeyed sorts rows by keys none of which is above most; rows of one key
// stay in the order in which they are. It takes as many passes over the list as
// the keys have digits, whatever their order, and the list may end up in other
// memory.
func sortKeyed(list []keyed, most uint64) []keyed {
	spare := make([]keyed, len(list))
	for shift := 0; shift < bits.Len64(most); shift += digitBits {
		var next [1<<digitBits + 1]int
		for _, k := range list {
			next[k.key>>shift&(1<<digitBits-1)+1]++
		}
		for i := range 1 << digitBits {
			next[i+1] += next[i]
		}
		for _, k := range list {
			digit := k.key >> shift & (1<<digitBits - 1)
			spare[next[digit]] = k
			next[digit]++
		}
		list, spare = spare, list
	}
	return list
}

// runs calls each with the bounds of every run of one key.
func runs(list []keyed, each func(run []keyed) error) error {
	for start := 0; start < len(list); {
		stop := start + 1
		for stop < len(list) && list[stop].key == list[start].key {
			stop++
		}
		if err := each(list[start:stop]); err != nil {
			return err
		}
		start = stop
	}
	return nil
}
