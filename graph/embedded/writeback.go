package embedded

import "os"

// An eagerFile has the disk begin with what is written one piece after the other,
// so that Sync has little left to wait for.
type eagerFile struct {
	*os.File
	begun, end int64  // of what was written
	first      func() // called before the start of the file is written, which comes last
}

// enough is how much is brought to the disk in one go.
const enough = 8 << 20

func (f *eagerFile) WriteAt(data []byte, at int64) (int, error) {
	if at == 0 {
		f.first()
	}
	n, err := f.File.WriteAt(data, at)
	if at != f.end {
		f.begun = at
	}
	f.end = at + int64(n)
	if f.end-f.begun >= enough {
		writeBack(f.File, f.begun, f.end-f.begun)
		f.begun = f.end
	}
	return n, err
}
