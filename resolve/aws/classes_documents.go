package aws

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// documentsKey is equal for principals of one account and kind for which their
// own documents and those of their account's ceilings say the same. ok is false
// for those who are alone.
func (e *Estate) documentsKey(p *principal, hold graph.Hold) (key string, ok bool) {
	if p.alone() {
		return "", false
	}
	r := &request{estate: e, principal: p, hold: hold, resource: &resource{}}
	identity := p.identity
	if hold == graph.WithOwnPolicy {
		identity = r.keptBy(p)
	}
	var documents []string
	look := newLook(false)
	add := func(layer string, list []bound) bool {
		for i := range list {
			b := &list[i]
			if b.doc == nil {
				return false
			}
			look.document(b.doc)
			documents = append(documents, layer+string(binary.LittleEndian.AppendUint64(nil, uint64(documentKey(b.doc)))))
		}
		return true
	}
	if !add("identity", identity) || !add("boundary", p.boundary) {
		return "", false
	}
	look.ceiling(&p.account.scp)
	look.ceiling(&p.account.rcp)
	look.seal()
	slices.Sort(documents)
	head := fmt.Sprint(p.account.id, p.kind, p.serviceLinked, p.trust, hold == graph.WithOwnPolicy, p.partition)
	return string(e.outcomes([]byte(head+strings.Join(slices.Compact(documents), "\n")), r, look)), true
}

// ceiling adds what the policies of a ceiling look at.
func (l *look) ceiling(c *ceiling) {
	for i := range c.levels {
		for _, b := range c.levels[i].policies {
			if b.doc != nil {
				l.document(b.doc)
			}
		}
	}
}

// roleOfSession returns "account/NAME" of an assumed-role ARN.
func roleOfSession(value string) string {
	arn, ok := ParseARN(value)
	rest, session := strings.CutPrefix(arn.Resource, "assumed-role/")
	if !ok || !session {
		return value
	}
	name, _, _ := strings.Cut(rest, "/")
	return arn.Account + "/" + name
}
