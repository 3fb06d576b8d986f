package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
)

// grantors are the grants of resource policies that need no other: whoever they
// name may do it without a policy of its own. Those that name an account
// delegate to its policies, and are no grants here.
//
// Source: IAM user guide, "Policy evaluation for requests within a single
// account".
type grantors struct {
	everyone []*Statement            // one of each set of actions
	table    compile.Set             // the actions of the reference table in them
	byName   map[string][]*Statement // user and role ARNs; account/role name for sessions
	missing  map[string]bool         // services some of whose policies did not come
}

// grantors reads the policies of all resources and the trust of all roles.
func (e *Estate) grantors() *grantors {
	e.grantorsOnce.Do(func() {
		g := &grantors{byName: map[string][]*Statement{}, missing: map[string]bool{}}
		e.parseAll(LayerResource, LayerTrust)
		seen, read := map[string]bool{}, map[*Document]bool{nil: true}
		for a := range snapshot.AttachmentIndex(e.s.NumAttachments()) {
			layer, to := e.s.AttachmentLayer(a), e.s.AttachmentTo(a)
			if to == snapshot.None || layer != LayerResource && layer != LayerTrust {
				continue
			}
			b := e.bindAt(a, layer)
			if b.doc == nil {
				g.missing[e.serviceOf(to)] = true
			}
			if !read[b.doc] {
				read[b.doc] = true
				g.read(b.doc, seen)
			}
		}
		for _, c := range e.s.Coverage() {
			hides := slices.Contains(c.Affects, LayerResource) || slices.Contains(c.Affects, LayerTrust)
			if node, ok := e.s.Find(c.Of); ok && hides && c.Status == graph.Failed {
				g.missing[e.serviceOf(node)] = true
			}
		}
		g.table = compile.NewSet(reference.NumActions())
		for _, s := range g.everyone {
			g.table.Union(actionsOf(s).table)
		}
		e.grantedTo = g
	})
	return e.grantedTo
}

// serviceOf is the service whose actions the policy of a node grants.
func (e *Estate) serviceOf(node snapshot.Index) string {
	if e.s.Kind(node) == graph.KindRole {
		return "sts"
	}
	arn, _ := ParseARN(string(e.s.Ref(node)))
	return arn.Service
}

func (g *grantors) read(doc *Document, seen map[string]bool) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Deny {
			continue
		}
		if s.NotPrincipals {
			g.toEveryone(s, seen)
			continue
		}
		for _, name := range s.Principals {
			g.name(name, s, seen)
		}
	}
}

func (g *grantors) name(n PrincipalName, s *Statement, seen map[string]bool) {
	if n.Value == "*" {
		g.toEveryone(s, seen)
		return
	}
	arn, ok := ParseARN(n.Value)
	if n.Type != "AWS" || !ok || arn.Resource == "root" {
		return
	}
	key := n.Value
	if role, ok := strings.CutPrefix(arn.Resource, "assumed-role/"); ok {
		role, _, _ = strings.Cut(role, "/")
		key = arn.Account + "/" + role
	}
	g.byName[key] = append(g.byName[key], s)
}

func (g *grantors) toEveryone(s *Statement, seen map[string]bool) {
	key := strings.Join(s.Actions, " ")
	if s.NotActions {
		key = "!" + key
	}
	if !seen[key] {
		seen[key] = true
		g.everyone = append(g.everyone, s)
	}
}

// mayGrantAnyone reports whether a resource policy could allow an action, by
// itself, to whoever it does not name.
func (g *grantors) mayGrantAnyone(a *action) bool {
	if g.missing[a.service] {
		return true
	}
	if a.known {
		return g.table.Has(int(a.id))
	}
	return speaks(g.everyone, a)
}

// naming are the grants that name a principal.
func (g *grantors) naming(p *principal) []*Statement {
	list := g.byName[p.ref]
	if p.kind == kindRole {
		list = append(slices.Clip(list), g.byName[p.account.id+"/"+p.name]...)
	}
	return list
}

func speaks(list []*Statement, a *action) bool {
	return slices.ContainsFunc(list, func(s *Statement) bool { return s.matchesAction(a.service, a.name) })
}
