package embedded

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/clewgraph/clew/graph"
)

// sharingViolation is the system's error for a file that another has open.
const sharingViolation = syscall.Errno(32)

// lock waits for the lock of an estate: a file that is open for one process
// alone. The system closes it when the process dies.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, unavailable("lock", err)
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
			syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
		if err == nil {
			return func() { syscall.CloseHandle(h) }, nil
		}
		if !errors.Is(err, sharingViolation) {
			return nil, unavailable("lock", err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: another writer holds %s: %w", graph.ErrConflict, path, ctx.Err())
		case <-time.After(wait):
		}
	}
}

// syncDir does nothing: the system keeps no folders to be synced.
func syncDir(string) error { return nil }
