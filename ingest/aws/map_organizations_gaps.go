package aws

import (
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// fail keeps a failed document of AWS Organizations until the targets are
// known that it leaves open.
func (o *organization) fail(m *mapper, cover graph.Coverage) error {
	if m.doc.op.name == "describe-organization" || m.doc.op.name == "list-accounts" {
		cover.Affects = nil // names; what limits an account stands in other documents
	}
	o.failures = append(o.failures, cover)
	return nil
}

// writeFailures says of each target whose limits are open that they are. A
// failed listing that leaves none open is covered by itself.
func (o *organization) writeFailures(c *collection) error {
	said := map[graph.Ref]map[graph.LayerID]bool{}
	for _, f := range o.failures {
		layers, targets := o.leftOpen(c, f)
		told := false
		for _, target := range targets {
			if said[target] == nil {
				said[target] = map[graph.LayerID]bool{}
			}
			fresh := slices.DeleteFunc(slices.Clone(layers), func(l graph.LayerID) bool { return said[target][l] })
			if len(fresh) == 0 {
				continue
			}
			for _, l := range fresh {
				said[target][l] = true
			}
			one := f
			one.Of, one.Affects = target, fresh
			if err := c.cover(one); err != nil {
				return err
			}
			told = true
		}
		if told {
			continue
		}
		f.Affects, f.Of = nil, ""
		if err := c.cover(f); err != nil {
			return err
		}
	}
	return nil
}

// leftOpen returns the layers and targets that a failure leaves open.
func (o *organization) leftOpen(c *collection, f graph.Coverage) ([]graph.LayerID, []graph.Ref) {
	subject := string(f.Listing.Subject)
	switch f.Listing.Operation {
	case "list-policies-for-target":
		target, kind, typed := strings.Cut(subject, ".")
		layers := f.Affects
		if typed {
			layers = layersOfType(kind)
		}
		return layers, o.targets(target)
	case "list-policies":
		return layersOfType(subject), o.allTargets(c)
	case "list-targets-for-policy":
		return o.layersOf(subject), o.allTargets(c)
	case "describe-policy":
		return nil, nil // each attachment of it is a gap already
	case "list-parents", "list-organizational-units-for-parent", "list-accounts-for-parent":
		return f.Affects, o.targets(subject)
	}
	return f.Affects, o.allTargets(c)
}

func layersOfType(kind string) []graph.LayerID {
	if layer, ok := policyTypes[kind]; ok {
		return []graph.LayerID{layer}
	}
	if kind != "" {
		return nil
	}
	return ceilingLayers
}

func (o *organization) targets(id string) []graph.Ref {
	if ref, ok := o.target(id); ok {
		return []graph.Ref{ref}
	}
	return nil
}

// allTargets returns every root, unit and account that could be a target.
func (o *organization) allTargets(c *collection) []graph.Ref {
	var out []graph.Ref
	for _, u := range o.units {
		out = append(out, graph.Ref(u.arn.String()))
	}
	for id := range maps.Keys(c.accounts) {
		if _, member := o.members[id]; member || o.parents[id] != "" || len(o.members) == 0 && c.accounts[id].described {
			out = append(out, accountRef(id))
		}
	}
	slices.Sort(out)
	return out
}

// covers returns the node and layers that a collected listing speaks for: none
// but for the policies of a target.
func (o *organization) covers(l graph.Listing) (graph.Ref, []graph.LayerID) {
	if l.Operation != "list-policies-for-target" {
		return "", nil
	}
	target, kind, _ := strings.Cut(string(l.Subject), ".")
	ref, _ := o.target(target)
	return ref, layersOfType(kind)
}

// coverTargets says of targets what a listing of policies tells of them, where
// it is no listing of theirs: that the targets of a policy were read, and that a
// target is none of any policy of a type whose targets were all read.
func (o *organization) coverTargets(c *collection, cover graph.Coverage) error {
	var told map[graph.Ref]graph.Status
	switch l := cover.Listing; l.Operation {
	case "list-targets-for-policy":
		told, cover.Affects = o.targetsIn(l), o.layersOf(string(l.Subject))
	case "list-policies":
		told, cover.Affects = o.limitless(c, l), layersOfType(string(l.Subject))
	}
	if len(cover.Affects) != 1 {
		return nil
	}
	for _, target := range slices.Sorted(maps.Keys(told)) {
		cover.Of, cover.Status = target, told[target]
		if err := c.cover(cover); err != nil {
			return err
		}
	}
	return nil
}

func (o *organization) targetsIn(l graph.Listing) map[graph.Ref]graph.Status {
	told := map[graph.Ref]graph.Status{}
	for b, origin := range o.bindings {
		if ref, ok := o.target(b.target); ok && origin.Listing == l {
			told[ref] = graph.Collected
		}
	}
	return told
}

// limitless are the targets of no resource control policy. Of the other type
// every target has one.
func (o *organization) limitless(c *collection, l graph.Listing) map[graph.Ref]graph.Status {
	if l.Subject != "RESOURCE_CONTROL_POLICY" {
		return nil
	}
	told := map[graph.Ref]graph.Status{}
	for _, ref := range o.allTargets(c) {
		told[ref] = graph.NoneExists
	}
	for id, p := range o.policies {
		if p.summary.Type != string(l.Subject) || isPublic(id) {
			continue
		}
		asked := l
		asked.Operation, asked.Subject = "list-targets-for-policy", graph.Ref(id)
		if h := c.listings[asked]; h == nil || h.cut != "" {
			return nil // some policy's targets were not asked for
		}
		for ref := range o.targetsIn(asked) {
			delete(told, ref)
		}
	}
	return told
}
