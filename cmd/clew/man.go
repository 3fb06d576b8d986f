package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:         "man DIR",
		Annotations: map[string]string{wordsOnly: "yes"},
		Short:       "Write manual pages, one a command, to a new folder",
		Example: `  clew man man1
  man ./man1/clew-path.1`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := newFolder(args[0]); err != nil {
				return err
			}
			root := c.Root()
			root.DisableAutoGenTag = true
			if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Clew", Manual: "Clew"}, args[0]); err != nil {
				return fmt.Errorf("write manual pages: %w", err)
			}
			return nil
		},
	}
}
