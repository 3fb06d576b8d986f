package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// checkCommons: what anybody could be let in to is before everybody, so it must
// be as it was.
func (r *extent) checkCommons() error {
	for account := range r.changed {
		before, now := r.before.commonsOf(account), r.now.commonsOf(account)
		for _, ref := range sorted(before) {
			if before[ref] != now[ref] {

				return everywhere("%s changed, which could let anybody in", ref)
			}
		}
		for _, ref := range sorted(now) {
			if before[ref] == "" {
				return everywhere("%s is new, which could let anybody in", ref)
			}
		}
	}
	return nil
}

// commonsOf are the things of an account that anybody could be let in to, by
// reference, with what decisions look at there.
func (e *Estate) commonsOf(account string) map[string]string {
	commons := map[string]string{}
	for _, node := range e.heldBy(account) {
		if e.isCommon(node) {
			commons[string(e.s.Ref(node))] = e.sayingOf(node)
		}
	}
	return commons
}

// isCommon reports whether a thing's own policies could let anybody in, or whom
// no account holds.
func (e *Estate) isCommon(node snapshot.Index) bool {
	if e.s.Kind(node) == graph.KindRole {
		return !e.s.Mentioned(node) && e.trustsAnybody(node)
	}
	if len(e.s.Attachments(node)) == 0 && e.s.Type(node) != typeAPI && !strings.HasPrefix(e.s.Type(node), "ecr:") && len(e.s.CoverageOf(node)) == 0 {
		return false // as most
	}
	l := e.lend(node)
	return l.everyone || slices.Contains(l.named, "")
}

// trustsAnybody reports whether the trust of a role could mean anybody.
func (e *Estate) trustsAnybody(role snapshot.Index) bool {
	return e.gapOf(role, LayerTrust) != nil || slices.ContainsFunc(e.attached(role, LayerTrust), func(b bound) bool {
		return e.trusted(b.doc).everyone
	})
}

// sayingOf is equal for things of which decisions see the same, before and after
// a change: it is as the thing is, with what it speaks of.
func (e *Estate) sayingOf(node snapshot.Index) string {
	b := e.resourceByNode(node)
	thing := &roomThing{resource: b}
	var text strings.Builder
	fmt.Fprint(&text, e.s.Mentioned(node), string(thing.likeness(nil)), "\x00", b.arn, "\x00", e.saidBy(b.policies))
	if b.gap != nil {
		text.WriteString(fingerprint(b.gap))
	}
	for _, a := range append(e.s.Attrs(node), tagAttrs(e.s.Tags(node))...) {
		fmt.Fprintf(&text, "\x00%q %q", a.Key, a.Value)
	}
	for _, a := range e.s.Attachments(node) {
		if layer := e.s.AttachmentLayer(a); layer != LayerIdentity && layer != LayerBoundary { // these are for what it does itself
			fmt.Fprint(&text, "\x00", layer, e.s.AttachmentDocument(a))
		}
	}
	for _, c := range e.s.CoverageOf(node) {
		fmt.Fprint(&text, "\x00", c.Listing, c.Status, c.Reason, c.Detail, c.Affects)
	}
	for _, other := range e.lookedAtWith(b) {
		text.WriteString(e.sayingOf(other))
	}
	return text.String()
}

// lookedAtWith are the other things that decisions about one look at: the key
// that encrypts it, and where an API's methods are configured.
func (e *Estate) lookedAtWith(b *resource) (list []snapshot.Index) {
	if key := b.attrs["kms-key"]; key != "" && key != b.arn {
		if node, ok := e.find(graph.Ref(key)); ok {
			list = append(list, node)
		}
	}
	if b.typ == typeAPI {
		if node, ok := e.configuredAPI(b); ok {
			list = append(list, node)
		}
	}
	return list
}

func tagAttrs(tags []graph.Tag) (list []graph.Attr) {
	for _, t := range tags {
		list = append(list, graph.Attr(t))
	}
	return list
}
