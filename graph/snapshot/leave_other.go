//go:build !linux

package snapshot

// leave does nothing: the system is left to find out itself.
func leave([]byte) {}
