package answer

import (
	"strings"

	"github.com/clewgraph/clew/graph"
)

// PublicID returns the id that logs show.
func (c *Credential) PublicID() string {
	return strings.TrimPrefix(string(c.Ref()), "credential:")
}

// CreatedAt returns when it was made, nil where no document says.
func (c *Credential) CreatedAt() *string { return optional(c.v.Snapshot.Node(c.i).Attr("created")) }

// Active reports whether it works, nil where no document says.
func (c *Credential) Active() *bool {
	status := c.v.Snapshot.Node(c.i).Attr("status")
	if status == "" {
		return nil
	}
	active := strings.EqualFold(status, "active")
	return &active
}

// Of returns whose it is, nil where no document says.
func (c *Credential) Of() *Principal {
	for _, p := range c.v.principals(c.v.Snapshot.Out(c.i, graph.CredentialOf)) {
		return p
	}
	return nil
}
