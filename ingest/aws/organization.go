package aws

import (
	"cmp"
	"fmt"
	"iter"
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

// byPath reads a path such as o-x/r-y/ou-z/: what stands before id, or last,
// holds it, and each part holds the next.
func (o *organization) byPath(id, path string) {
	var chain []string
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part != id && (strings.HasPrefix(part, "ou-") || strings.HasPrefix(part, "r-")) {
			chain = append(chain, part)
		}
	}
	chain = append(chain, id)
	for i := 1; i < len(chain); i++ {
		o.parents[chain[i]] = chain[i-1]
	}
}

// isUnit: ids of roots and organizational units.
func isUnit(id string) bool { return strings.HasPrefix(id, "r-") || strings.HasPrefix(id, "ou-") }

// addMentioned adds the roots and units that others are said to lie in and
// that no document describes.
func (o *organization) addMentioned() {
	for child, parent := range o.parents {
		for _, id := range []string{child, parent} {
			near, ok := o.home(id)
			if _, known := o.units[id]; known || !ok || !isUnit(id) {
				continue
			}
			a, _ := parseARN(string(arnOf(near, id)))
			n := graph.Node{Kind: graph.KindFolder, Type: "organizations:organizational-unit", NativeID: id, Name: id, Mentioned: true, Attrs: attrs("id", id)}
			if strings.HasPrefix(id, "r-") {
				n.Type = "organizations:root"
			}
			o.units[id] = unit{arn: a, node: n, origin: &graph.Origin{Collector: collector}}
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

// maxUnits bounds how far parents are followed: AWS nests units five deep, and
// documents that contradict each other must not make a circle endless.
const maxUnits = 16

// home returns an ARN inside of the organization that holds id: id's own, that
// of what holds it, that of the root that unit ids name in their middle part,
// or any where there is but one organization.
func (o *organization) home(id string) (arn, bool) {
	for range maxUnits {
		if a, ok := o.members[id]; ok {
			return a, true
		}
		if u, ok := o.units[id]; ok {
			return u.arn, true
		}
		if parts := strings.Split(id, "-"); len(parts) == 3 && parts[0] == "ou" {
			id = "r-" + parts[1]
			continue
		}
		if id = o.parents[id]; id == "" {
			break
		}
	}
	return o.onlyOne()
}

// onlyOne returns a thing of the one organization there is.
func (o *organization) onlyOne() (found arn, ok bool) {
	for a := range o.inside() {
		if ok && organizationOf(found) != organizationOf(a) {
			return arn{}, false
		}
		found, ok = a, true
	}
	return found, ok
}

// inside yields the ARN of everything that is in some organization.
func (o *organization) inside() iter.Seq[arn] {
	return func(yield func(arn) bool) {
		for _, a := range o.members {
			if !yield(a) {
				return
			}
		}
		for _, u := range o.units {
			if !yield(u.arn) {
				return
			}
		}
	}
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
		o.addMentioned()
		if err := o.writeOrganizations(c); err != nil {
			return err
		}
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

// writeOrganizations mentions the organizations that nothing describes.
func (o *organization) writeOrganizations(c *collection) error {
	byName := func(a, b arn) int { return cmp.Compare(a.String(), b.String()) }
	for _, a := range slices.SortedFunc(o.inside(), byName) {
		org := strings.Split(a.resource, "/")[1]
		if o.described[org] {
			continue
		}
		o.described[org] = true
		err := c.mentionNode(graph.Node{Ref: organizationOf(a), Kind: graph.KindOrganization, Type: "organizations:organization", Name: org,
			NativeID: org, Attrs: attrs("id", org, "management-account", a.account), Origin: &graph.Origin{Collector: collector}})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeUnit writes a root or unit.
func (o *organization) writeUnit(c *collection, id string) error {
	u := o.units[id]
	n := u.node
	n.Ref, n.Origin = graph.Ref(u.arn.String()), u.origin
	if parent := o.parents[id]; parent != "" {
		n.Scope = arnOf(u.arn, parent)
	} else {
		n.Scope = organizationOf(u.arn)
	}
	if err := c.write(!n.Mentioned, n); err != nil {
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
