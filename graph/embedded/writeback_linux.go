package embedded

import (
	"os"
	"syscall"
)

const syncFileRangeWrite = 2 // SYNC_FILE_RANGE_WRITE: begin, and do not wait

// writeBack has the system begin to bring part of a file to the disk. That is a
// hint: Sync alone says when it is there.
func writeBack(f *os.File, from, n int64) {
	_ = syscall.SyncFileRange(int(f.Fd()), from, n, syncFileRangeWrite)
}
