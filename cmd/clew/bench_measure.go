package main

import (
	"fmt"
	"slices"
	"time"
)

// A measure is what one row came to. Seconds are of this machine; counts are
// the same on every machine, and are what baselines hold.
type measure struct {
	Row     string           `json:"row"`
	Over    string           `json:"over,omitempty"`
	Goal    string           `json:"goal,omitempty"`
	Text    string           `json:"measured,omitempty"`
	Missing string           `json:"missing,omitempty"` // why nothing was measured
	CPU     float64          `json:"cpuSeconds,omitempty"`
	Wall    float64          `json:"wallSeconds,omitempty"`
	Peak    int64            `json:"peakBytes,omitempty"`
	P50     float64          `json:"p50Seconds,omitempty"`
	P99     float64          `json:"p99Seconds,omitempty"`
	Counts  map[string]int64 `json:"counts,omitempty"`
}

// timed does something once and says what it took.
func timed(do func() error) (measure, error) {
	cpu, began := cpuOfProcess(), time.Now()
	err := do()
	return measure{CPU: (cpuOfProcess() - cpu).Seconds(), Wall: time.Since(began).Seconds(), Counts: map[string]int64{}}, err
}

// repeated does something n times and says what the middle one and the slowest of
// a hundred took.
func repeated(n int, do func(i int) error) (measure, error) {
	took := make([]time.Duration, 0, n)
	m, err := timed(func() error {
		for i := range n {
			began := time.Now()
			if err := do(i); err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
		return nil
	})
	if err != nil || n == 0 {
		return m, err
	}
	slices.Sort(took)
	p50, p99 := took[n/2], took[min(n-1, n*99/100)]
	m.P50, m.P99 = p50.Seconds(), p99.Seconds()
	m.Text = fmt.Sprintf("p50 %s, p99 %s, of %d", shortTime(p50), shortTime(p99), n)
	return m, nil
}

// shortTime writes a duration in three digits.
func shortTime(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/float64(time.Microsecond))
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	case d < 100*time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

func seconds(s float64) string {
	if s == 0 {
		return ""
	}
	return shortTime(time.Duration(s * float64(time.Second)))
}

// key names a measure in a baseline.
func (m measure) key() string {
	if m.Over == "" {
		return m.Row
	}
	return m.Over + ": " + m.Row
}
