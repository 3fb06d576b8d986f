//go:build unix

package snapshot

import (
	"os"
	"syscall"
)

// canSpill: a file without a name can be mapped.
const canSpill = true

// mapFile maps f read-only. A file that is published is never written again,
// so that the map cannot lose its ground.
func mapFile(f *os.File) ([]byte, func() error, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := info.Size()
	if size < headerSize {
		return nil, nil, corrupt("no snapshot header in %d bytes", size)
	}
	if int64(int(size)) != size {
		return nil, nil, corrupt("%d bytes are more than this machine can address", size)
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, os.NewSyscallError("mmap", err)
	}
	return data, func() error { return os.NewSyscallError("munmap", syscall.Munmap(data)) }, nil
}
