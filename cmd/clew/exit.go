package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The exit codes; see the package comment.
const (
	exitAnswered = 0
	exitFailed   = 1
	exitUsage    = 2
	exitUnsure   = 3
	exitNothing  = 4
)

// An outcome ends a command that answered with something else than "found".
// Its reason is on stdout already.
type outcome int

// Error makes outcome an error.
func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

// A usageError says that what was typed cannot be meant.
type usageError struct{ err error }

// Error is the text of what is wrong.
func (u usageError) Error() string { return u.err.Error() }

// Unwrap returns what is wrong.
func (u usageError) Unwrap() error { return u.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// finish tells the user of an error and gives the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	var o outcome
	var usage usageError
	switch {
	case err == nil:
		return exitAnswered
	case errors.As(err, &o):
		return int(o)
	case ctx.Err() != nil:
		a.notes.line("clew: interrupted; the last snapshot is what it was")
		return exitFailed
	case !a.started || errors.As(err, &usage):
		a.say(err)
		a.notes.line("run 'clew --help' for the commands")
		return exitUsage
	}
	a.say(err)
	return exitFailed
}

// say prints an error. Messages that list something put each item on an
// indented line of its own; no other line break comes through.
func (a *app) say(err error) {
	head, items, _ := strings.Cut(err.Error(), "\n  ")
	a.notes.line("clew: %s", head)
	if items == "" {
		return
	}
	for _, item := range strings.Split(items, "\n  ") {
		a.notes.line("  %s", item)
	}
}
