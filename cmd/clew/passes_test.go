package main

import (
	"slices"
	"testing"
	"time"
)

// Each pass is told with what it took, and nothing else's time.
func TestPassClock(t *testing.T) {
	var told []string
	c := &passClock{next: func(what string) { told = append(told, what) }}
	c.stop() // of nothing
	c.tell("long")
	time.Sleep(60 * time.Millisecond)
	c.tell("short")
	c.stop()
	if !slices.Equal(told, []string{"long", "short"}) {
		t.Errorf("told %q", told)
	}
	if len(c.passes) != 2 || c.passes[0].Pass != "long" || c.passes[0].Wall < 0.06 || c.passes[1].Wall > c.passes[0].Wall || c.passes[1].CPU < 0 {
		t.Errorf("%+v", c.passes)
	}
}
