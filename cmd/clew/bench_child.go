package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// child runs this program as a process of its own, in the temporary folder, and
// returns what it took and what it wrote.
func (b *bench) child(ctx context.Context, env []string, args ...string) (measure, []byte, error) {
	self, err := os.Executable()
	if err != nil {
		return measure{}, nil, err
	}
	var out, notes bytes.Buffer
	c := exec.CommandContext(ctx, self, args...)
	c.Args[0] = b.plan.self
	c.Dir, c.Env, c.Stdout, c.Stderr = b.dir, append(ownEnvironment(), env...), &out, &notes
	began := time.Now()
	if err := c.Run(); err != nil {
		return measure{}, nil, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(notes.Bytes()))
	}
	m := measure{
		Wall: time.Since(began).Seconds(), CPU: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(),
		Peak: peakOf(c.ProcessState), Counts: map[string]int64{},
	}
	return m, out.Bytes(), nil
}

// ownEnvironment is the environment without what configures this program:
// nothing but the temporary folder is read or written.
func ownEnvironment() (list []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CLEW_") {
			list = append(list, v)
		}
	}
	return list
}
