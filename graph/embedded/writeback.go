package embedded

import (
	"errors"
	"os"
	"path/filepath"
)

// An eagerFile is made when something is first written to it. It has the disk
// begin with what is written one piece after the other, so that there is little
// left to wait for in the end.
type eagerFile struct {
	path       string
	step       func(string) // of Store
	lastPath   string       // of the last snapshot, empty if there is none
	last       *os.File     // nil until something is copied from there
	file       *os.File     // nil until something is written
	begun, end int64        // of what was written
}

// enough is how much is brought to the disk in one go.
const enough = 8 << 20

func (f *eagerFile) WriteAt(data []byte, at int64) (int, error) {
	if err := f.make(); err != nil {
		return 0, err
	}
	if at == 0 {
		f.step("flush " + filepath.Base(f.path)) // the start is written last
	}
	n, err := f.file.WriteAt(data, at)
	f.wrote(at, int64(n))
	return n, err
}

// wrote notes that something was written, and has the disk begin with it once it
// is enough.
func (f *eagerFile) wrote(at, n int64) {
	if at != f.end {
		f.begun = at
	}
	f.end = at + n
	if f.end-f.begun >= enough {
		writeBack(f.file, f.begun, f.end-f.begun)
		f.begun = f.end
	}
}

func (f *eagerFile) make() (err error) {
	if f.file == nil {
		f.step("create " + filepath.Base(f.path))
		f.file, err = os.OpenFile(f.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	}
	return err
}

// Truncate implements snapshot.File.
func (f *eagerFile) Truncate(size int64) error {
	if f.file == nil {
		return nil
	}
	return f.file.Truncate(size)
}

// sync brings to the disk what is not there yet.
func (f *eagerFile) sync() error {
	f.step("sync " + filepath.Base(f.path))
	return f.file.Sync()
}

func (f *eagerFile) close() error {
	var err error
	if f.last != nil {
		err = f.last.Close()
	}
	if f.file != nil {
		err = errors.Join(err, f.file.Close())
	}
	return err
}

// remove closes the file and leaves none.
func (f *eagerFile) remove() error {
	if f.file == nil {
		return nil
	}
	if err := f.close(); err != nil {
		return err
	}
	return os.Remove(f.path)
}
