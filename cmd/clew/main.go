// Command clew answers for people who defend clouds: what can this identity
// really reach, by which steps, and what single change stops it.
//
// # Streams and exit codes
//
// Answers go to stdout, everything else (errors, progress, hints) to stderr.
//
//	0  answered, or found
//	1  failed
//	2  usage: a command or flag that is none, an argument that is missing
//	3  found only as UNKNOWN, or cut before anything was found
//	4  searched to the end and nothing, with the reason on stdout
//
// Names, tags and policies are hostile text. What would steer a terminal, a
// spreadsheet or a drawing is escaped in every format.
//
// # Configuration
//
// Flags, and in their place CLEW_STORE, CLEW_ESTATE, CLEW_NEO4J_AUTH_FILE and
// NO_COLOR; CLEW_NEO4J_USER, CLEW_NEO4J_PASSWORD and CLEW_NEO4J_CACHE have no
// flag. There is no configuration file.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it executes args and returns the exit code. The
// first interrupt ends the work cleanly, the second ends the process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a := newApp(stdin, stdout, stderr)
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return a.finish(ctx, errors.Join(err, a.close()))
}
