package main

import (
	"context"
	"fmt"

	resolveaws "github.com/clewgraph/clew/resolve/aws"
)

// compileCatalogue reads the catalogue's policies and turns their statements
// into sets of actions, after the tables themselves were read.
func compileCatalogue(context.Context, *bench, *benchEstate) (measure, error) {
	if _, err := resolveaws.CompileCatalogue(); err != nil {
		return measure{}, err
	}
	var c resolveaws.Catalogue
	m, err := timed(func() (err error) {
		c, err = resolveaws.CompileCatalogue()
		return err
	})
	m.Text = fmt.Sprintf("%d policies, %d statements, %d sets in %s", c.Policies, c.Statements, c.Sets, seconds(m.Wall))
	m.Counts = map[string]int64{"policies": int64(c.Policies), "statements": int64(c.Statements), "sets": int64(c.Sets)}
	return m, err
}
