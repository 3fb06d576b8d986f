package main

import (
	"os"
	"runtime/debug"
)

// heapGoal is how much memory a collection is held to: garbage is then looked
// for more often, rather than after as much of it again as there is to keep. A
// million principals with ten million resources shall do with 8 GiB, of which
// the facts, which are mapped from a file, take a part.
const heapGoal = 5<<30 + 1<<29

// garbage is how much of it there may be for each hundred bytes that are in use,
// while there is room: resolving makes a lot, and looking for it cost a third of
// the time.
const garbage = 300

// holdMemory bounds what garbage may take, unless GOMEMLIMIT and GOGC say how
// much. It refuses nothing: an estate that needs more gets more, and takes
// longer.
func holdMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapGoal)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}
