package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/ingest/aws/generate"
)

// generate is the command that writes estates that nobody owns.
func (a *app) generate() *cobra.Command {
	return group("generate", "Write a made-up estate of any size, as documents that ingest reads", a.generateAWS())
}

func (a *app) generateAWS() *cobra.Command {
	var o generate.Options
	var out string
	c := &cobra.Command{
		Use:   "aws",
		Short: "Write the documents of a made-up AWS organization",
		Long: `Writes the documents of an AWS organization that nobody owns, in the shapes that
make real ones hard to resolve. The same seed and sizes write the same bytes.`,
		Example: "  clew generate aws --accounts 100 --principals 10000 --resources 100000 --out estate\n  clew ingest aws estate",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usagef("generate aws: want a folder: --out DIR")
			}
			return a.runGenerate(c, o, out)
		},
	}
	f := c.Flags()
	f.Uint64Var(&o.Seed, "seed", 1, "what to draw from")
	f.IntVar(&o.Accounts, "accounts", 10, "accounts of the organization")
	f.IntVar(&o.Principals, "principals", 1000, "users and roles, of all accounts together")
	f.IntVar(&o.Resources, "resources", 10_000, "resources, of all accounts together")
	f.StringVar(&out, "out", "", "a folder that does not exist or is empty")
	return c
}

func (a *app) runGenerate(c *cobra.Command, o generate.Options, dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("generate: %s is not empty: want a new folder", dir)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("generate: %w", err)
	}
	written := struct {
		Documents int   `json:"documents"`
		Bytes     int64 `json:"bytes"`
	}{}
	into := generate.Folder(dir)
	err := generate.AWS(c.Context(), o, func(path string) (io.WriteCloser, error) {
		a.progress("writing " + path)
		written.Documents++
		file, err := into(path)
		return &measured{file, &written.Bytes}, err
	})
	if errors.Is(err, generate.ErrOptions) {
		return usagef("generate aws: %v", err)
	}
	if err != nil {
		return err
	}
	raw, err := json.Marshal(written)
	if err != nil {
		return err
	}
	return a.show(answer{raw: raw, text: func(s *screen) {
		s.line("wrote %s, %s, to %s", plural(written.Documents, "document", "documents"), size(written.Bytes), dir)
	}, cells: func() *table {
		t := &table{head: []string{"documents", "bytes"}}
		t.add(fmt.Sprint(written.Documents), fmt.Sprint(written.Bytes))
		return t
	}})
}

// measured counts what is written.
type measured struct {
	io.WriteCloser
	bytes *int64
}

// Write passes on.
func (m *measured) Write(p []byte) (int, error) {
	n, err := m.WriteCloser.Write(p)
	*m.bytes += int64(n)
	return n, err
}
