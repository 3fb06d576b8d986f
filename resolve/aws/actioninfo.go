package aws

import (
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// An actionInfo is what the reference table says of one action, unpacked once.
type actionInfo struct {
	uses []reference.ResourceUse
}

var infoTable = sync.OnceValue(func() []atomic.Pointer[actionInfo] {
	return make([]atomic.Pointer[actionInfo], reference.NumActions())
})

// infoOf returns the unpacked entry of an action of the table.
func infoOf(id reference.ActionID) *actionInfo {
	list := infoTable()
	if info := list[id].Load(); info != nil {
		return info
	}
	info := &actionInfo{uses: id.Resources()}
	list[id].Store(info)
	return info
}
