package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/testdata"
)

// generate is the command that writes estates that nobody owns.
func (a *app) generate() *cobra.Command {
	return group("generate", "Write a made-up estate of any size, as documents that ingest reads", a.generateAWS())
}

func (a *app) generateAWS() *cobra.Command {
	var o generate.Options
	var out, stories string
	var plant bool
	c := &cobra.Command{
		Use:   "aws",
		Short: "Write the documents of a made-up AWS organization",
		Long: `Writes the documents of an AWS organization that nobody owns, in the shapes that
make real ones hard to resolve. The same seed and sizes write the same bytes.

With --plant, accounts of their own hold each technique of 'clew techniques':
once as it works, once as a near miss that leads nowhere. Who acts in the
management account stands in that of the organization. Which is which stands in
a file beside the folder, DIR.planted.json, together with the stories of
--stories that no documents could be made of.

With --defeat, little can be worked out once for many: 'tags' gives every
principal a tag of its own and leave by it, 'policies' statements that no other
has, 'notresource' turns statements around to speak of all resources but some.
'clew stats' says so of the estate.`,
		Example: "  clew generate aws --accounts 100 --principals 10000 --resources 100000 --out estate\n  clew ingest aws estate",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usagef("generate aws: want a folder: --out DIR")
			}
			if plant || stories != "" {
				o.Stories = testdata.Techniques()
			}
			if stories != "" {
				o.Stories = os.DirFS(stories)
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
	f.StringVar((*string)(&o.Defeat), "defeat", "", "tags, policies or notresource: an estate that defeats sharing")
	f.BoolVar(&plant, "plant", false, "plant a working and a blocked instance of each technique")
	f.StringVar(&stories, "stories", "", "a folder of techniques' stories to plant, in place of those that come with clew")
	return c
}

// plantedFile is where what was planted is told: not among the documents, which
// ingest reads.
func plantedFile(dir string) string { return filepath.Clean(dir) + ".planted.json" }

// tellPlanted writes what was planted.
func tellPlanted(o generate.Options, dir string) (planted int, err error) {
	if o.Stories == nil {
		return 0, nil
	}
	g, err := generate.Plant(o)
	if err != nil {
		return 0, err
	}
	raw, err := json.MarshalIndent(g, "", "\t")
	if err != nil {
		return 0, err
	}
	return len(g.Planted), os.WriteFile(plantedFile(dir), append(raw, '\n'), 0o644)
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
		Planted   int   `json:"planted,omitempty"`
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
	if written.Planted, err = tellPlanted(o, dir); err != nil {
		return err
	}
	raw, err := json.Marshal(written)
	if err != nil {
		return err
	}
	return a.show(answer{raw: raw, text: func(s *screen) {
		s.line("wrote %s, %s, to %s", plural(written.Documents, "document", "documents"), size(written.Bytes), dir)
		if written.Planted > 0 {
			s.line("planted %s: %s says which work", plural(written.Planted, "technique", "techniques"), plantedFile(dir))
		}
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
