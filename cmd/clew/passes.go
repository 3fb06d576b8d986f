package main

import "time"

// A passTime is what one pass of the resolver took. CPU is that of the whole
// process meanwhile, 0 where the system does not tell.
type passTime struct {
	Pass string  `json:"pass"`
	CPU  float64 `json:"cpuSeconds"`
	Wall float64 `json:"wallSeconds"`
}

// A passClock tells passes apart by the progress that is told as each starts.
type passClock struct {
	next   func(string) // who is told as well
	passes []passTime

	cpu   time.Duration // when the last one started
	began time.Time
}

// tell ends the pass under way, if there is one, and starts another.
func (c *passClock) tell(what string) {
	c.stop()
	c.passes = append(c.passes, passTime{Pass: what})
	c.cpu, c.began = cpuOfProcess(), time.Now()
	c.next(what)
}

// stop ends the pass under way.
func (c *passClock) stop() {
	if n := len(c.passes); n > 0 {
		c.passes[n-1].CPU, c.passes[n-1].Wall = (cpuOfProcess() - c.cpu).Seconds(), time.Since(c.began).Seconds()
	}
}
