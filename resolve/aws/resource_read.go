package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
)

// This file reads the view of a thing. Every pass reads every thing, so what is
// not there is not looked for twice, and what things have in common they share.

func (e *Estate) readResource(arn string, node snapshot.Index) *resource {
	r := &resource{}
	e.readInto(r, arn, node)
	return r
}

// readInto is readResource for who has room for many.
func (e *Estate) readInto(r *resource, arn string, node snapshot.Index) {
	*r = resource{arn: arn, node: node, layer: numResource, types: typesOf(arn)}
	r.parts, _ = ParseARN(arn)
	if isAccountID(r.parts.Account) {
		r.owner, r.ownerKnown = e.account(r.parts.Account), true
	}
	if node == snapshot.None {
		r.assumed = true
		return
	}
	e.readNode(r)
	attached := e.s.HasAttachments(node)
	if attached {
		e.readEncryption(r)
	}
	e.readOwnPolicies(r, attached)
	e.readPublicAccess(r)
	e.readACL(r)
	e.readRegistry(r)
}

// readNode reads what the node itself says.
func (e *Estate) readNode(r *resource) {
	tags := e.s.Tags(r.node)
	r.typ, r.tags = e.s.Type(r.node), e.tagSet(tags)
	r.tagsKnown = len(tags) > 0 || taggedTypes[r.typ] && !e.s.Mentioned(r.node)
	r.attrs = e.attrsRead(e.s.Attrs(r.node))
	if e.s.Kind(r.node) == graph.KindRole {
		r.layer = numTrust
	}
	if scope := e.s.ScopeOf(r.node); !r.ownerKnown && scope != snapshot.None {
		if id := strings.TrimPrefix(string(e.s.Ref(scope)), "account:"); isAccountID(id) {
			r.owner, r.ownerKnown = e.account(id), true
		}
	}
}

// decisive are the attributes that decisions read.
var decisive = []string{"kms-key", "region", "abac", "endpoint-types"}

// attrsRead are those of a node's attributes that decisions read. Most things
// have none, and most buckets a region alone, of which there are few.
func (e *Estate) attrsRead(all []graph.Attr) map[string]string {
	var room [8]graph.Attr
	kept := room[:0]
	for _, a := range all {
		if slices.Contains(decisive, a.Key) {
			kept = append(kept, a)
		}
	}
	switch {
	case len(kept) == 0:
		return nil
	case len(kept) == 1 && kept[0].Key == "region":
		return e.inRegion(kept[0].Value)
	}
	attrs := make(map[string]string, len(kept)+1)
	for _, a := range kept {
		attrs[a.Key] = a.Value
	}
	return attrs
}

// maxRegions bounds how many regions are remembered: AWS has some dozens.
const maxRegions = 256

// inRegion are the attributes of what has a region alone. They are not to be
// changed.
func (e *Estate) inRegion(region string) map[string]string {
	e.mu.RLock()
	attrs := e.regions[region]
	e.mu.RUnlock()
	if attrs != nil {
		return attrs
	}
	attrs = map[string]string{"region": region}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.regions == nil || len(e.regions) >= maxRegions {
		e.regions = map[string]map[string]string{}
	}
	e.regions[region] = attrs
	return attrs
}

// readOwnPolicies reads the policy of the thing itself, or what is said of it
// where there is none. attached: something is attached to it.
func (e *Estate) readOwnPolicies(r *resource, attached bool) {
	layer := LayerResource
	if r.layer == numTrust {
		layer = LayerTrust
	}
	switch {
	case attached && layer == LayerTrust:
		r.policies = e.attached(r.node, layer) // few texts, of many roles
	case attached:
		r.policies = e.attachedHere(r.node, layer)
	}
	r.gap = e.gapOf(r.node, layer)
	r.assumed = len(r.policies) == 0 && r.gap == nil && carriesPolicy(r.typ) && !e.asked(r.node, layer)
	if r.typ == typeAPI && len(r.policies) == 0 && r.gap == nil {
		r.policies = append(r.policies, withoutPolicy())
	}
}

// typesOf are the table's types that an ARN fits. Documents that AWS owns have
// no account in their ARN, which the table's template does not show (Systems
// Manager user guide, "Systems Manager documents").
func typesOf(arn string) []reference.TypeID {
	types := reference.TypesOf(arn)
	if len(types) > 0 {
		return types
	}
	if a, ok := ParseARN(arn); ok && a.Service == "ssm" && a.Account == "" && strings.HasPrefix(a.Resource, "document/") {
		if t, ok := reference.FindType("ssm", "document"); ok {
			types = append(types, t)
		}
	}
	return types
}

// readEncryption takes the key of a bucket's default encryption, which is a
// document of its own.
func (e *Estate) readEncryption(r *resource) {
	for _, a := range e.s.Attached(r.node, "aws:encryption") {
		var encryption struct {
			Key string `json:"kms-key"`
		}
		if json.Unmarshal(e.textOf(a), &encryption) == nil && encryption.Key != "" {
			r.attrs = withAttr(r.attrs, "kms-key", encryption.Key)
		}
	}
}

// withAttr is attributes, which others may share, with one more.
func withAttr(attrs map[string]string, key, value string) map[string]string {
	own := make(map[string]string, len(attrs)+1)
	for k, v := range attrs {
		own[k] = v
	}
	own[key] = value
	return own
}
