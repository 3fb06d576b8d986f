//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// cpuOfProcess is the time that this process has computed.
func cpuOfProcess() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakOf is the most memory, in bytes, that a process had that has ended; 0
// where the system does not tell.
func peakOf(ended *os.ProcessState) int64 {
	u, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	peak := float64(u.Maxrss)
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" { // which tell it in bytes
		peak *= 1 << 10
	}
	return int64(peak)
}
