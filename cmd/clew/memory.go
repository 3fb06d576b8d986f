package main

import (
	"os"
	"runtime/debug"
)

// heapGoal is how much memory a collection is held to: garbage is then looked
// for more often, rather than after as much of it again as there is to keep. A
// million principals with ten million resources shall do with 8 GiB, of which
// the mapped last snapshot takes a part.
const heapGoal = 6 << 30

// holdMemory bounds what garbage may take, unless GOMEMLIMIT says how much. It
// refuses nothing: an estate that needs more gets more, and takes longer.
func holdMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapGoal)
	}
}
