package snapshot

import "syscall"

// leave lets go of the memory that holds what was read of a map. It is read from
// the file again where it is needed.
func leave(data []byte) { _ = syscall.Madvise(data, syscall.MADV_DONTNEED) } // advice
