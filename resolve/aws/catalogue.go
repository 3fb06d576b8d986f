package aws

import (
	"fmt"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// A Catalogue counts AWS's managed policies, compiled.
type Catalogue struct {
	Policies, Statements int
	Sets                 int // distinct sets of actions
}

// CompileCatalogue parses every managed policy of AWS and turns the actions of
// its statements into sets, as resolving an estate does with those that it
// uses. Nothing is kept from one call to the next.
func CompileCatalogue() (Catalogue, error) {
	var c Catalogue
	sets := map[string]bool{}
	for arn, text := range reference.ManagedPolicies() {
		doc, err := ParseDocument(text)
		if err != nil {
			return c, fmt.Errorf("%s: %w", arn, err)
		}
		c.Policies++
		c.Statements += len(doc.Statements)
		for i := range doc.Statements {
			sets[keyOf(compileActions(&doc.Statements[i]).table)] = true
		}
	}
	c.Sets = len(sets)
	return c, nil
}
