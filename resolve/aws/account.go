package aws

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// An account is what the layers of an organization say of one account.
type account struct {
	id        string
	node      snapshot.Index // snapshot.None where no document names it
	described bool           // its own documents were collected
	org       *organization  // nil where it is in none, or none was collected
	// management: its principals escape SCPs, its resources RCPs.
	management bool
	scp, rcp   ceiling

	keyOnce sync.Once
	key     string // of its resources' ceilings

	publicOnce sync.Once
	public     []publicSetting // its own and those above, outermost first
}

// An organization is the part of AWS Organizations that conditions see.
type organization struct {
	id, path   string // "o-…", and "o-…/r-…/ou-…/" of the account
	management string
}

// A ceiling is one chain of levels, root first.
type ceiling struct {
	levels []level
	// assumed: nobody collected the layer; it is taken to hold nothing.
	assumed bool
}

// A level is the policies attached to one root, unit or account.
type level struct {
	of       graph.Ref
	policies []bound
	gap      *policy.Formula
}

// AccountRef is the reference of an account's node.
func AccountRef(id string) graph.Ref { return graph.Ref("account:" + id) }

// account returns the view of an account by its twelve digits.
func (e *Estate) account(id string) *account {
	e.mu.RLock()
	a, ok := e.accounts[id]
	e.mu.RUnlock()
	if ok {
		return a
	}
	a = e.readAccount(id)
	e.mu.Lock()
	e.accounts[id] = a
	e.mu.Unlock()
	return a
}

func (e *Estate) readAccount(id string) *account {
	a := &account{id: id, node: snapshot.None}
	a.scp.assumed, a.rcp.assumed = true, true
	node, ok := e.s.Find(AccountRef(id))
	if !ok {
		return a
	}
	record := e.s.Bare(node)
	a.node, a.described = node, !record.Mentioned
	chain := e.ancestors(node)
	top := chain[0]
	if e.s.Kind(top) != graph.KindOrganization {
		return a
	}
	org := e.s.Bare(top)
	a.org = &organization{id: org.Attr("id"), management: org.Attr("management-account"), path: org.Attr("id") + "/"}
	a.management = a.org.management == id
	enabled := ""
	for _, n := range chain[1:] {
		scope := e.s.Bare(n)
		if e.s.Kind(n) == graph.KindFolder {
			a.org.path += scope.Attr("id") + "/"
		}
		if scope.Type == "organizations:root" {
			enabled = scope.Attr("policy-types")
		}
	}
	a.scp = e.readCeiling(chain[1:], LayerSCP, strings.Contains(enabled, "SERVICE_CONTROL_POLICY"))
	a.rcp = e.readCeiling(chain[1:], LayerRCP, strings.Contains(enabled, "RESOURCE_CONTROL_POLICY"))
	return a
}

// ancestors returns a scope and what holds it, outermost first.
func (e *Estate) ancestors(node snapshot.Index) []snapshot.Index {
	var chain []snapshot.Index
	for node != snapshot.None && len(chain) < 16 && !slices.Contains(chain, node) {
		chain = append(chain, node)
		node = e.s.ScopeOf(node)
	}
	slices.Reverse(chain)
	return chain
}

// organizations are the ids of the organizations that were collected: an
// account that is in none of them is in no such organization.
func (e *Estate) organizations() []string {
	e.orgOnce.Do(func() {
		for n := range e.s.OfKind(graph.KindOrganization) {
			e.orgIDs = append(e.orgIDs, e.s.Attr(n, "id"), e.s.Attr(n, "id")+"/*")
		}
	})
	return e.orgIDs
}

// readCeiling reads one type of organization policy along a chain. Every
// root, unit and account has at least one policy of an enabled type, so a
// level without any in a collected layer is a gap.
func (e *Estate) readCeiling(chain []snapshot.Index, layer graph.LayerID, enabled bool) ceiling {
	var c ceiling
	known := false
	for _, n := range chain {
		l := level{of: e.s.Ref(n), policies: e.attached(n, layer), gap: e.gapOf(n, layer)}
		// That none exists is an answer too. Of service control policies each
		// level has one, so there it says that the type is off.
		known = known || len(l.policies) > 0 || l.gap != nil || layer == LayerRCP && e.asked(n, layer)
		c.levels = append(c.levels, l)
	}
	if !enabled && !known {
		c.levels = nil // the type is off for the root
		return c
	}
	if !known {
		return ceiling{assumed: true}
	}
	for i := range c.levels {
		l := &c.levels[i]
		if len(l.policies) == 0 && l.gap == nil && layer == LayerSCP {
			l.gap = policy.Missing(&policy.Gap{Of: l.of, Layer: layer, Reason: graph.ReasonMissing,
				Detail: "every root, unit and account has a service control policy attached, and none is in the documents"})
		}
	}
	return c
}

// ceilingKey is equal for accounts whose things are under the same RCPs.
func (a *account) ceilingKey() string {
	if a == nil {
		return "\x00nobody"
	}
	a.keyOnce.Do(func() { a.key = a.rcp.textKey(a.management || a.rcp.assumed) })
	return a.key
}

func (c *ceiling) textKey(free bool) string {
	if free {
		return "\x00free"
	}
	var key strings.Builder
	for i := range c.levels {
		l := &c.levels[i]
		for j := range l.policies {
			fmt.Fprintf(&key, "\x00%p", l.policies[j].doc)
			if l.policies[j].missing != nil {
				key.WriteString(fingerprint(l.policies[j].missing))
			}
		}
		if l.gap != nil {
			key.WriteString(fingerprint(l.gap))
		}
	}
	return key.String()
}
