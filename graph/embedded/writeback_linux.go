package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

const syncFileRangeWrite = 2 // SYNC_FILE_RANGE_WRITE: begin, and do not wait

// writeBack has the system begin to bring part of a file to the disk. That is a
// hint: Sync alone says when it is there.
func writeBack(f *os.File, from, n int64) {
	_ = syscall.SyncFileRange(int(f.Fd()), from, n, syncFileRangeWrite)
}

// CopyAt implements snapshot.Copier: the system copies from file to file, without
// the memory of this process, or has both share it where the disk can.
func (f *eagerFile) CopyAt(at, from, n int64) error {
	if err := f.seek(at, from); err != nil {
		return err
	}
	copied, err := f.file.ReadFrom(io.LimitReader(f.last, n))
	f.wrote(at, copied)
	if err == nil && copied < n {
		err = fmt.Errorf("copy %d bytes of %s: %w", n, f.last.Name(), io.ErrUnexpectedEOF)
	}
	return err
}

// seek makes the file and opens the last one where that is not done, and goes to
// places in them. WriteAt does not look at where the file stands.
func (f *eagerFile) seek(at, from int64) (err error) {
	if f.last == nil {
		if f.last, err = os.Open(f.lastPath); err != nil {
			return err
		}
	}
	if err := f.make(); err != nil {
		return err
	}
	_, err = f.last.Seek(from, io.SeekStart)
	_, also := f.file.Seek(at, io.SeekStart)
	return errors.Join(err, also)
}
