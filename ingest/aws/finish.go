package aws

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// finish writes what only all documents together tell.
func (c *collection) finish() error {
	for _, write := range []func() error{
		c.writePermissions, c.writeKeys, c.writeRoleEdges, c.writeUserFacts, c.org.write(c), c.writeAccounts, c.writeInternet, c.writeListings,
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// writeInternet writes the node of anybody at all, which every cloud has.
func (c *collection) writeInternet() error {
	return c.node(graph.Node{Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "anonymous",
		Name: string(graph.Internet), Origin: &graph.Origin{Collector: collector}})
}

// writeAccounts writes every account that was named, and its root user.
func (c *collection) writeAccounts() error {
	for _, id := range slices.Sorted(maps.Keys(c.accounts)) {
		a := c.accounts[id]
		if err := c.writeAccount(a); err != nil {
			return err
		}
	}
	return nil
}

func (c *collection) writeAccount(a *account) error {
	o := a.origin
	if o == nil {
		o = &graph.Origin{Collector: collector}
	}
	scope := c.org.scopeOf(a.id)
	err := c.write(a.described, graph.Node{Ref: accountRef(a.id), Kind: graph.KindAccount, Type: "organizations:account",
		Name: a.name, Scope: scope, Attrs: attrs("id", a.id, "partition", a.partition, "status", a.status), Origin: o})
	if err != nil {
		return err
	}
	if scope != "" {
		if err := c.edge(graph.Edge{From: scope, To: accountRef(a.id), Relation: graph.Contains, Origin: o}); err != nil {
			return err
		}
	}
	return c.write(a.described, graph.Node{Ref: rootRef(a.partition, a.id), Kind: graph.KindUser, Type: "iam:root",
		Name: "root", Scope: accountRef(a.id), Origin: o})
}

func (c *collection) write(described bool, n graph.Node) error {
	if described {
		return c.node(n)
	}
	return c.mentionNode(n)
}

// writeListings covers every listing of which some document came: collected,
// or cut short. A listing that has several parts is whole with all of them.
func (c *collection) writeListings() error {
	for _, l := range slices.SortedFunc(maps.Keys(c.listings), compareListings) {
		h := c.listings[l]
		cover := graph.Coverage{Listing: l, Status: graph.Collected, Affects: h.op.layers, Of: nodeOf(l.Subject), Origin: h.origin}
		if h.op.stream != nil {
			cover.Of = ""
		}
		if l.Service == "organizations" {
			cover.Of, cover.Affects = c.org.covers(l)
		}
		switch missing := h.missing(); {
		case h.cut != "":
			cover.Status, cover.Reason, cover.Detail, cover.Of = graph.Failed, graph.ReasonTruncated, h.cut, ""
			if h.op.name == detailsOperation {
				// What a page shows of a principal is whole; a policy or group
				// that only a missing page holds is a gap of its own.
				cover.Affects = nil
			}
		case missing != "":
			cover.Status, cover.Affects = graph.NotAsked, nil
			cover.Detail = fmt.Sprintf("%s: the output of aws %s %s lacks %s, and no other file has it", h.origin.File, l.Service, l.Operation, missing)
		}
		if err := c.cover(cover); err != nil {
			return err
		}
		if cover.Status == graph.Collected && l.Service == "organizations" {
			if err := c.org.coverTargets(c, cover); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing names the parts that no document holds, "" if none.
func (h *held) missing() string {
	if h.op.name != detailsOperation {
		return ""
	}
	var missing []string
	for _, part := range h.op.marks {
		if !slices.Contains(h.members, part) {
			missing = append(missing, part)
		}
	}
	return strings.Join(missing, ", ")
}

func compareListings(a, b graph.Listing) int {
	return cmp.Or(
		cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Subject, b.Subject),
	)
}
