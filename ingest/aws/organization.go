package aws

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// An organization is what all documents tell of AWS Organizations. It grows
// with accounts, organizational units and policies, and is written at the end,
// as each document holds only a part.
type organization struct {
	described map[string]bool   // ids of organizations that are nodes
	units     map[string]unit   // roots and organizational units, by id
	members   map[string]arn    // accounts by id, with their ARN in the organization
	parents   map[string]string // id of an account or unit → id of what holds it
	policies  map[string]*orgPolicy
	bindings  map[binding]*graph.Origin
	failures  []graph.Coverage
}

// A unit is a root or an organizational unit.
type unit struct {
	arn    arn
	node   graph.Node // all but Ref, Scope and Origin
	origin *graph.Origin
}

// An orgPolicy is a policy of AWS Organizations.
type orgPolicy struct {
	summary policySummary
	text    []byte
	shown   bool   // some document holds its text
	detail  string // why text is nil although shown
	pointer string
}

// A binding attaches a policy to a target, both by id.
type binding struct{ policy, target string }

func newOrganization() organization {
	return organization{described: map[string]bool{}, units: map[string]unit{}, members: map[string]arn{},
		parents: map[string]string{}, policies: map[string]*orgPolicy{}, bindings: map[binding]*graph.Origin{}}
}

func (o *organization) policy(id string) *orgPolicy {
	p := o.policies[id]
	if p == nil {
		p = &orgPolicy{}
		o.policies[id] = p
	}
	return p
}

// byPath reads a path such as o-x/r-y/ou-z/: its last root or unit other than
// id itself holds id.
func (o *organization) byPath(id, path string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, part := range slices.Backward(parts) {
		if part != id && (strings.HasPrefix(part, "ou-") || strings.HasPrefix(part, "r-")) {
			o.parents[id] = part
			return
		}
	}
}

// arnOf makes the ARN of a root or unit from a neighbour's in the same
// organization: only the kind and the id differ.
func arnOf(near arn, id string) graph.Ref {
	org := strings.Split(near.resource, "/")[1]
	kind := "ou"
	if strings.HasPrefix(id, "r-") {
		kind = "root"
	}
	near.resource = kind + "/" + org + "/" + id
	return graph.Ref(near.String())
}

// organizationOf returns the ARN of the organization that a thing's ARN names.
func organizationOf(near arn) graph.Ref {
	near.resource = "organization/" + strings.Split(near.resource, "/")[1]
	return graph.Ref(near.String())
}

// home returns an ARN inside of the organization that holds id, by id's own
// record or by the root that unit ids name in their middle part.
func (o *organization) home(id string) (arn, bool) {
	if a, ok := o.members[id]; ok {
		return a, true
	}
	if u, ok := o.units[id]; ok {
		return u.arn, true
	}
	if parts := strings.Split(id, "-"); len(parts) == 3 && parts[0] == "ou" {
		return o.home("r-" + parts[1])
	}
	if parent := o.parents[id]; parent != "" && !isAccountID(parent) && parent != id {
		return o.home(parent)
	}
	return o.anyRoot()
}

// anyRoot answers for ids whose organization no document names, if there is
// but one organization.
func (o *organization) anyRoot() (found arn, ok bool) {
	var org graph.Ref
	for _, u := range o.units {
		if org != "" && org != organizationOf(u.arn) {
			return arn{}, false
		}
		org, found, ok = organizationOf(u.arn), u.arn, true
	}
	return found, ok
}

// scopeOf returns what holds an account, "" if it is in no known organization.
func (o *organization) scopeOf(account string) graph.Ref {
	near, known := o.members[account]
	if !known {
		if o.parents[account] == "" {
			return ""
		}
		if near, known = o.home(account); !known {
			return ""
		}
	}
	if parent := o.parents[account]; parent != "" {
		return arnOf(near, parent)
	}
	return organizationOf(near)
}

// write returns the step that writes all of it.
func (o *organization) write(c *collection) func() error {
	return func() error {
		for _, id := range slices.Sorted(maps.Keys(o.units)) {
			if err := o.writeUnit(c, id); err != nil {
				return err
			}
		}
		if err := o.writeHomeless(c); err != nil {
			return err
		}
		for _, b := range slices.SortedFunc(maps.Keys(o.bindings), compareBindings) {
			if err := o.writeBinding(c, b); err != nil {
				return err
			}
		}
		return o.writeFailures(c)
	}
}

func compareBindings(a, b binding) int {
	return cmp.Or(cmp.Compare(a.policy, b.policy), cmp.Compare(a.target, b.target))
}

// writeUnit writes a root or unit, and its organization if nothing describes it.
func (o *organization) writeUnit(c *collection, id string) error {
	u := o.units[id]
	n := u.node
	n.Ref, n.Origin = graph.Ref(u.arn.String()), u.origin
	if parent := o.parents[id]; parent != "" {
		n.Scope = arnOf(u.arn, parent)
	} else {
		n.Scope = organizationOf(u.arn)
	}
	if org := strings.Split(u.arn.resource, "/")[1]; !o.described[org] {
		mention := graph.Node{Ref: organizationOf(u.arn), Kind: graph.KindOrganization, Type: "organizations:organization", Name: org,
			NativeID: org, Attrs: attrs("id", org, "management-account", u.arn.account), Origin: u.origin}
		if err := c.mentionNode(mention); err != nil {
			return err
		}
	}
	if err := c.node(n); err != nil {
		return err
	}
	return c.edge(graph.Edge{From: n.Scope, To: n.Ref, Relation: graph.Contains, Origin: u.origin})
}

// writeHomeless covers accounts and units that are in an organization and of
// which no document says where: what limits them is not known.
func (o *organization) writeHomeless(c *collection) error {
	for _, id := range slices.Sorted(maps.Keys(o.units)) {
		if u := o.units[id]; u.arn.kind() == "ou" && o.parents[id] == "" {
			if err := c.homeless(graph.Ref(u.arn.String()), "organizational unit "+id, u.origin); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.members)) {
		if o.parents[id] == "" {
			if err := c.homeless(accountRef(id), "account "+id, c.accounts[id].origin); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *collection) homeless(of graph.Ref, what string, origin *graph.Origin) error {
	return c.cover(graph.Coverage{Listing: origin.Listing, Status: graph.Failed, Reason: graph.ReasonMissing, Affects: ceilingLayers, Of: of, Origin: origin,
		Detail: fmt.Sprintf("%s: %s: no document says what holds it: want list-accounts with Paths, list-parents, or the lists by parent in a tree", origin.File, what)})
}

// target returns the node that a target id means.
func (o *organization) target(id string) (graph.Ref, bool) {
	if isAccountID(id) {
		return accountRef(id), true
	}
	if strings.HasPrefix(id, "arn:") {
		return graph.Ref(id), true
	}
	near, ok := o.home(id)
	if !ok {
		return "", false
	}
	return arnOf(near, id), true
}

// writeBinding attaches one policy to one target.
func (o *organization) writeBinding(c *collection, b binding) error {
	origin := o.bindings[b]
	to, known := o.target(b.target)
	if !known {
		return fmt.Errorf("%s: %w: policy %.40q is attached to %.40q, which no document describes: want list-roots", origin.File, ErrContent, b.policy, b.target)
	}
	p := o.policy(b.policy)
	layers := o.layersOf(b.policy)
	for _, layer := range layers {
		a := graph.Attachment{To: to, Layer: layer, Policy: policyRef(p.summary, b.policy), Name: cmp.Or(p.summary.Name, strings.TrimPrefix(b.policy, "p-")),
			Document: p.text, Pointer: p.pointer, Origin: origin}
		if err := c.attach(a); err != nil {
			return err
		}
		if p.text != nil || isPublic(b.policy) {
			continue
		}
		if err := c.cover(o.unread(p, b, to, layer, origin)); err != nil {
			return err
		}
	}
	return nil
}

// isPublic: AWS's own policies, which the resolver knows.
func isPublic(id string) bool { return id == "p-FullAWSAccess" || id == "p-RCPFullAWSAccess" }

func policyRef(p policySummary, id string) graph.Ref {
	if p.Arn != "" {
		return graph.Ref(p.Arn)
	}
	return graph.Ref(id)
}

// layersOf returns the layer of a policy's type; both where no document says
// the type, none for types that say nothing of access.
func (o *organization) layersOf(id string) []graph.LayerID {
	switch {
	case id == "p-FullAWSAccess":
		return []graph.LayerID{LayerSCP}
	case id == "p-RCPFullAWSAccess":
		return []graph.LayerID{LayerRCP}
	}
	p := o.policies[id]
	if p == nil || p.summary.Type == "" {
		return ceilingLayers
	}
	if layer, ok := policyTypes[p.summary.Type]; ok {
		return []graph.LayerID{layer}
	}
	return nil
}

func (o *organization) unread(p *orgPolicy, b binding, to graph.Ref, layer graph.LayerID, origin *graph.Origin) graph.Coverage {
	cover := graph.Coverage{Listing: origin.Listing, Status: graph.Failed, Reason: graph.ReasonMissing, Of: to, Affects: []graph.LayerID{layer}, Origin: origin,
		Detail: fmt.Sprintf("%s: policy %s is attached to %s and no describe-policy document shows its text", origin.File, b.policy, b.target)}
	if p.shown {
		cover.Reason, cover.Detail = graph.ReasonParseError, p.detail
	}
	return cover
}
