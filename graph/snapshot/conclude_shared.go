package snapshot

import "bytes"

// Columns that follow from others are those of the last snapshot where these are
// what they were, and where it stays open: that is seen sooner than they are made.

// numberPivots lists the pivots, which stand in the order of where they start.
func (k *concluder) numberPivots() {
	c, s := k.c, k.shared
	if s != nil && len(s.pivotOut) == len(c.pivotTo) && isCounted(s.pivotOut) {
		c.pivotOut = s.pivotOut
		return
	}
	c.pivotOut = counted(len(c.pivotTo))
}

// invertPivots lists the pivots in the order of where they lead.
func (k *concluder) invertPivots() {
	c, s := k.c, k.shared
	if s != nil && len(s.footNode) == len(c.footNode) && sameNumbers(c.pivotTo, s.pivotTo) {
		c.pivotInOff, c.pivotIn = s.pivotInOff, s.pivotIn
		return
	}
	c.pivotInOff, c.pivotIn = inverse(len(c.footNode), c.pivotTo)
}

// invertSets lists the sets of each run.
func (k *concluder) invertSets() {
	c, s := k.c, k.shared
	if s != nil && len(s.runFirst) == len(c.runFirst) && sameNumbers(c.setOff, s.setOff) && sameNumbers(c.setRun, s.setRun) {
		c.runSetOff, c.runSet = s.runSetOff, s.runSet
		return
	}
	c.runSetOff, c.runSet = holders(len(c.runFirst), c.setOff, c.setRun)
}

// sameNumbers reports whether two columns are alike.
func sameNumbers(a, b u32s) bool { return bytes.Equal(asBytes(a), asBytes(b)) }

// isCounted reports whether a column is that of counted.
func isCounted(list u32s) bool {
	for i, v := range list {
		if v != uint32(i) {
			return false
		}
	}
	return true
}
