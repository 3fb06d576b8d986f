//go:build !unix

package main

import (
	"os"
	"time"
)

// cpuOfProcess is not told here.
func cpuOfProcess() time.Duration { return 0 }

// peakOf is not told here.
func peakOf(*os.ProcessState) int64 { return 0 }
