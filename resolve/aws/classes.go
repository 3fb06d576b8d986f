package aws

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// Access classes: footholds that no document can tell apart, so that one of
// them is evaluated for all. Documents tell principals apart by what is
// attached to them, by tests of keys that say who asks, by variables, and by
// name. Only the outcomes of such tests matter, not the values.

// accessOfCallers evaluates the access classes of footholds that callers have
// from the outset.
func accessOfCallers(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	var callers []snapshot.Foothold
	for _, node := range e.callers() {
		callers = append(callers, e.foothold(node))
	}
	classes, rows, err := e.evaluate(ctx, w.Out, callers)
	if err != nil {
		return err
	}
	e.known = knownAccess{class: make(map[snapshot.Foothold]uint32, len(callers)), rows: rows}
	for n, members := range classes {
		for _, f := range members {
			e.known.class[f] = uint32(n)
		}
	}
	return nil
}

// accessOfGains evaluates the access classes of footholds that techniques give.
func accessOfGains(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	_, _, err := e.evaluate(ctx, w.Out, e.extraFootholds(w.Out))
	return err
}

// knownAccess is what callers may do from the outset.
type knownAccess struct {
	class map[snapshot.Foothold]uint32
	rows  [][]snapshot.AccessRow // by class
}

// ActsOn returns a test that is false of things on which an action is denied
// to a foothold whatever the request carries; nil where access was not worked
// out.
func (e *Estate) ActsOn(f snapshot.Foothold, text string) func(snapshot.Index) bool {
	class, ok := e.known.class[f]
	if _, known := reference.Find(text); !ok || !known || strings.HasPrefix(text, "sts:") {
		return nil
	}
	may := map[snapshot.Index]bool{}
	for i := range e.known.rows[class] {
		row := &e.known.rows[class][i]
		if _, found := slices.BinarySearch(row.Actions, text); found {
			for _, node := range row.To {
				may[node] = true
			}
		}
	}
	return func(node snapshot.Index) bool { return may[node] || !e.isEvaluated(node) }
}

// isEvaluated reports whether a thing is among those that rows speak of.
func (e *Estate) isEvaluated(node snapshot.Index) bool {
	return e.isTarget(node) && len(e.resourceByNode(node).types) > 0
}

// evaluate makes access classes and evaluates every one once, against the
// things of its account and those that other accounts lend it. It returns the
// rows of each class.
func (e *Estate) evaluate(ctx context.Context, out *snapshot.Conclusions, footholds []snapshot.Foothold) (classes [][]snapshot.Foothold, rows [][]snapshot.AccessRow, err error) {
	classes = e.accessClasses(footholds)
	byAccount := map[string][]uint32{}
	for n, members := range classes {
		account := e.homeOf(members[0])
		byAccount[account] = append(byAccount[account], uint32(n))
	}
	accounts := make([]string, 0, len(byAccount))
	for account := range byAccount {
		accounts = append(accounts, account)
	}
	sort.Strings(accounts)
	rows = make([][]snapshot.AccessRow, len(classes))
	err = parallel(ctx, len(accounts), func(i int) {
		v := e.newVicinity(accounts[i])
		for _, class := range byAccount[accounts[i]] {
			f := classes[class][0]
			v.rows(f, e.lean[f], func(row snapshot.AccessRow) { rows[class] = append(rows[class], row) })
			part := out.AddPart(snapshot.AccessPart{Rows: rows[class]})
			out.AddClass(snapshot.AccessClass{Members: classes[class], Parts: []snapshot.PartIndex{part}})
		}
	})
	return classes, rows, err
}

// homeOf is the account of a foothold's principal, "" if it has none.
func (e *Estate) homeOf(f snapshot.Foothold) string {
	if p := e.actor(f); p.kind <= kindExternal {
		return p.account.id
	}
	return ""
}

// A vicinity is what principals of one account can come to act on.
type vicinity struct {
	e    *Estate
	own  []*holding
	lent []*holding // by other accounts, to it or to everyone
}

// newVicinity gathers the things of an account and those lent to it; of "",
// all that is lent to callers without an account.
func (e *Estate) newVicinity(account string) *vicinity {
	v := &vicinity{e: e}
	things := e.targetsByOwner()
	v.own = append(v.own, e.holdings(things[""])...)
	if account != "" {
		v.own = append(v.own, e.holdings(things[account])...)
	}
	byOwner := map[string][]snapshot.Index{}
	var owners []string
	for _, node := range e.lentTo(account) {
		owner := e.ownerOf(node)
		if owner == account || owner == "" {
			continue
		}
		if byOwner[owner] == nil {
			owners = append(owners, owner)
		}
		byOwner[owner] = append(byOwner[owner], node)
	}
	for _, owner := range owners {
		v.lent = append(v.lent, e.holdings(byOwner[owner])...)
	}
	return v
}

// rows decides everything for one foothold; abroad, only what other accounts
// lend it.
func (v *vicinity) rows(f snapshot.Foothold, abroad bool, emit func(snapshot.AccessRow)) {
	c := v.e.newCaster(f)
	if !abroad {
		for _, h := range v.own {
			c.rows(h, emit)
		}
	}
	for _, h := range v.lent {
		c.rows(h, emit)
	}
}

// A lending is which things have policies that could name whom.
type lending struct {
	everyone []snapshot.Index
	accounts map[string][]snapshot.Index // by account named, "" for services and federated subjects
}

// lentTo returns the things whose own policies could name principals of an
// account, or, for "", callers that have none; in the order of nodes.
func (e *Estate) lentTo(account string) []snapshot.Index {
	e.lentOnce.Do(func() {
		e.lent.accounts = map[string][]snapshot.Index{}
		for _, nodes := range e.targetsByOwner() {
			for _, node := range nodes {
				e.lend(node)
			}
		}
	})
	list := slices.Concat(e.lent.everyone, e.lent.accounts[account])
	slices.Sort(list)
	return slices.Compact(list)
}

func (e *Estate) lend(node snapshot.Index) {
	l := &e.lent
	b := e.resourceByNode(node)
	if b.layer == numTrust {
		return
	}
	everyone := b.gap != nil
	named := map[string]bool{}
	for i := range b.policies {
		doc := b.policies[i].doc
		if doc == nil {
			everyone = true
			continue
		}
		for j := range doc.Statements {
			s := &doc.Statements[j]
			everyone = everyone || !s.Deny && s.NotPrincipals
			for _, n := range s.Principals {
				everyone = everyone || !s.Deny && (n.Value == "*" || n.Type == "CanonicalUser")
				if !s.Deny {
					named[accountNamed(n.Value)] = true
				}
			}
		}
	}
	if everyone {
		l.everyone = append(l.everyone, node)
		return
	}
	for account := range named {
		l.accounts[account] = append(l.accounts[account], node)
	}
}

// accessClasses groups footholds.
func (e *Estate) accessClasses(footholds []snapshot.Foothold) [][]snapshot.Foothold {
	numbers := map[string]int{}
	var classes [][]snapshot.Foothold
	add := func(f snapshot.Foothold) {
		key := e.classKey(f)
		n, ok := numbers[key]
		if !ok {
			n = len(classes)
			numbers[key] = n
			classes = append(classes, nil)
		}
		classes[n] = append(classes[n], f)
	}
	for _, f := range footholds {
		add(f)
	}
	return classes
}

// classKey is equal for footholds of one account and kind for which every
// document says the same.
func (e *Estate) classKey(f snapshot.Foothold) string {
	p := e.actor(f)
	if e.s.Kind(f.Node) != graph.KindAccount && !e.tests().names(p) {
		if key, ok := e.documentsKey(p, f.Hold); ok {
			return key + e.outcomes(p, f.Hold, &e.tests().look)
		}
	}
	return fmt.Sprint("foothold ", f)
}

// documentsKey is equal for principals of one account and kind for which their
// own documents and those of their account's ceilings say the same. ok is false
// for those who are alone.
func (e *Estate) documentsKey(p *principal, hold graph.Hold) (key string, ok bool) {
	if p.kind > kindRole || p.idGap != nil || p.uncollected || p.gone || p.openTags || len(p.sessionPolicies()) > 0 {
		return "", false
	}
	identity := p.identity
	if hold == graph.WithOwnPolicy {
		identity = (&request{estate: e, hold: hold}).keptBy(p)
	}
	var documents []string
	look := newLook()
	add := func(layer string, list []bound) bool {
		for i := range list {
			b := &list[i]
			if b.doc == nil {
				return false
			}
			look.document(b.doc)
			documents = append(documents, fmt.Sprintf("%s %p", layer, b.doc))
		}
		return true
	}
	if !add("identity", identity) || !add("boundary", p.boundary) {
		return "", false
	}
	for _, l := range p.account.scp.levels {
		for i := range l.policies {
			if doc := l.policies[i].doc; doc != nil {
				look.document(doc)
			}
		}
	}
	slices.Sort(documents)
	head := fmt.Sprint(p.account.id, p.kind, p.serviceLinked, p.trust, hold == graph.WithOwnPolicy, p.partition)
	return head + strings.Join(slices.Compact(documents), "\n") + e.outcomes(p, hold, look), true
}

// A look is how documents look at who asks: tests whose outcome is the same
// whatever is acted on, and keys whose values are compared with something else.
type look struct {
	tests map[string]*Condition
	keys  map[string]bool
}

func newLook() *look { return &look{tests: map[string]*Condition{}, keys: map[string]bool{}} }

// document adds what a document looks at.
func (l *look) document(d *Document) {
	for i := range d.Statements {
		s := &d.Statements[i]
		for j := range s.compiled.resources {
			l.variables(s.compiled.resources[j].parts)
		}
		for j := range s.Conditions {
			c := &s.Conditions[j]
			for _, parts := range c.compiled.parts {
				l.variables(parts)
			}
			switch {
			case !isPrincipalKey(c.compiled.key):
			case c.compiled.parts != nil:
				l.keys[c.compiled.key] = true
			default:
				l.tests[fmt.Sprintf("%s %s %q", strings.ToLower(c.Operator), c.compiled.key, c.Values)] = c
			}
		}
	}
}

func (l *look) variables(parts []part) {
	for _, p := range parts {
		if p.variable == nil {
			continue
		}
		if key := strings.ToLower(p.variable.key); isPrincipalKey(key) {
			l.keys[key] = true
		}
	}
}

// isPrincipalKey reports whether principals of one account and kind can differ
// in a key.
func isPrincipalKey(key string) bool {
	switch key {
	case "aws:principalarn", "aws:userid", "aws:username", "session:name":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/")
}

// outcomes is what a principal's looks come to, as text.
func (e *Estate) outcomes(p *principal, hold graph.Hold, l *look) string {
	if len(l.tests)+len(l.keys) == 0 {
		return ""
	}
	r := &request{estate: e, principal: p, hold: hold, resource: &resource{}}
	var list []string
	for text, c := range l.tests {
		r.values = r.values[:0]
		f := r.condition(c)
		if f != policy.True {
			list = append(list, text+"="+f.String()+like(f))
		}
	}
	for key := range l.keys {
		r.values = r.values[:0]
		state := r.foldedKey(key, key)
		list = append(list, fmt.Sprintf("%s=%q", key, state.values))
		if !state.known {
			list = append(list, state.open.Like)
		}
	}
	sort.Strings(list)
	return strings.Join(list, "\n")
}

// like is what is known of the values that an open test compares.
func like(f *policy.Formula) string {
	var b strings.Builder
	for _, t := range f.Tests() {
		b.WriteString(t.Key.Like)
	}
	return b.String()
}

// principalTests are how documents that are no principal's own look at who
// asks: by name in resources' policies, and by key there and in the ceilings
// of resources.
type principalTests struct {
	look   look
	named  map[string]bool
	unread bool // more than can be kept apart: everybody is alone
}

// maxTests bounds how many tests are worked out for every principal.
const maxTests = 256

func (e *Estate) tests() *principalTests {
	e.testsOnce.Do(func() {
		t := &principalTests{look: *newLook(), named: map[string]bool{}}
		for a := range snapshot.AttachmentIndex(e.s.NumAttachments()) {
			switch e.s.AttachmentLayer(a) {
			case LayerResource, LayerRCP:
				if doc := e.bind(a).doc; doc != nil {
					t.look.document(doc)
					t.name(doc)
				}
			}
			if len(t.look.tests)+len(t.look.keys) > maxTests {
				t.unread = true
				break
			}
		}
		e.principalTests = t
	})
	return e.principalTests
}

func (t *principalTests) name(d *Document) {
	for i := range d.Statements {
		for _, n := range d.Statements[i].Principals {
			if n.Type == "AWS" {
				t.named[n.Value] = true
				t.named[roleOfSession(n.Value)] = true
			}
		}
	}
}

// names reports whether some resource's policy names a principal.
func (t *principalTests) names(p *principal) bool {
	return t.unread || t.named[p.ref] || t.named[p.account.id+"/"+p.name]
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
