package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A view is an account while facts are looked at in it. What is not known is
// noted as missing and taken to hold.
type view struct {
	m       *Matcher
	account snapshot.Index
	missing []string
}

// fact reports whether a precondition can hold.
func (b *binding) fact(f planFact) bool {
	a, c := b.thing(f.a), b.thing(f.b)
	s := b.m.s
	switch f.Kind {
	case IsActor:
		return a.node == b.from.Node
	case IsNotActor:
		return a.node != b.from.Node
	case MemberOf:
		return b.isMember(f.a, a.node, c.node)
	case AttachedTo:
		return b.attached(a.node, c.node) && (f.b != actorVar || b.m.ev.Speaks(b.from, a.node))
	case Binds:
		return a.limits(c.node, f.Value)
	case RunsAs:
		return b.runsAs(a, c, f.Value)
	case InProfile:
		return a.node != snapshot.None && slices.Contains(s.Out(a.node, graph.RunsAs), c.node)
	case AttrNames:
		return a.node != snapshot.None && c.node != snapshot.None && s.Attr(a.node, f.Value) == string(s.Ref(c.node))
	case Loads:
		return a.node != snapshot.None && c.node != snapshot.None && loads(s.Attr(a.node, f.Value), string(s.Ref(c.node)))
	case Selects:
		return b.selects(a.node, c.node, f.Value)
	case Enough:
		return b.enough(a.node)
	}
	return b.own(f, a)
}

// own is fact for those that speak of one thing and not of the actor.
func (b *view) own(f planFact, a thing) bool {
	s := b.m.s
	switch f.Kind {
	case RunsAsNothing:
		return a.node == snapshot.None || len(s.Out(a.node, graph.RunsAs)) == 0
	case FewerKeys:
		return b.fewerKeys(a.node)
	case HasLogin, HasNoLogin:
		return b.login(a.node, f.Kind == HasLogin)
	case HasAttr:
		return b.hasAttr(a, f.Value)
	case HasNoAttr:
		return a.node == snapshot.None || s.Attr(a.node, f.Value) == ""
	case HasFact:
		return b.hasFact(a, f)
	case IsManagement:
		return b.isManagement()
	case OtherAccount:
		return a.node != snapshot.None && b.m.AccountOf(a.node) != b.account
	case CustomerManaged:
		return a.node != snapshot.None && strings.Contains(string(s.Ref(a.node)), ":"+accountID(s.Ref(b.account))+":")
	}
	return false
}

func (b *view) fewerKeys(user snapshot.Index) bool {
	n := max(b.keys(user), b.report(user).keys())
	if n < 2 && b.keys(user) == 0 && !b.m.isListed(b.account, "iam list-access-keys") {
		b.lack("iam list-access-keys")
	}
	return n < 2
}

// lack notes a document of the account that an answer hangs on.
func (b *view) lack(listing string) { b.miss(listing + " of " + string(b.m.s.Ref(b.account))) }

// miss notes a document that an answer hangs on.
func (b *view) miss(text string) { b.missing = withText(b.missing, text) }

// withText adds a text to a list that does not hold it.
func withText(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// attached reports whether a managed policy speaks for a principal, by itself
// or through a group.
func (b *binding) attached(managed, to snapshot.Index) bool {
	ref := b.m.s.Ref(managed)
	for _, holder := range append([]snapshot.Index{to}, b.m.s.Out(to, graph.MemberOf)...) {
		for _, a := range b.m.s.Attachments(holder) {
			if record := b.m.s.BareAttachment(a); record.Policy == ref && strings.HasSuffix(string(record.Layer), ":identity") {
				return true
			}
		}
	}
	return false
}

// runsAs follows RUNS_AS, through instance profiles. A thing that no document
// describes may run as any role that trusts its service.
func (b *binding) runsAs(a, role thing, service string) bool {
	if a.node == snapshot.None || b.undescribed(a.node) {
		if service == "" {
			return false
		}
		if a.node != snapshot.None {
			b.lackDescription(a.node)
		}
		return b.trusts(role.node, service)
	}
	for _, to := range b.m.s.Out(a.node, graph.RunsAs) {
		if to == role.node || slices.Contains(b.m.s.Out(to, graph.RunsAs), role.node) {
			return true
		}
	}
	return false
}

// undescribed: a list names the thing, and no document says what it is like.
func (b *view) undescribed(node snapshot.Index) bool { return b.m.s.Mentioned(node) }

// lackDescription notes that what describes a thing did not come.
func (b *view) lackDescription(node snapshot.Index) {
	b.miss("what describes " + string(b.m.s.Ref(node)))
}

func (b *view) keys(user snapshot.Index) int {
	n := 0
	for _, c := range b.m.s.In(user, graph.CredentialOf) {
		if b.m.s.Type(c) == "iam:access-key" {
			n++
		}
	}
	return n
}

// login looks for a console password; where no document tells, both are open.
func (b *view) login(user snapshot.Index, want bool) bool {
	for _, c := range b.m.s.In(user, graph.CredentialOf) {
		if b.m.s.Type(c) == "iam:login-profile" {
			return want
		}
	}
	for _, c := range b.m.s.CoverageOf(user) {
		if c.Listing.Operation == "get-login-profile" && c.Status == graph.NoneExists {
			return !want
		}
	}
	if has, known := b.report(user).password(); known {
		return has == want
	}
	b.lack("iam get-login-profile of " + string(b.m.s.Ref(user)))
	return true
}

func (b *view) hasAttr(a thing, want string) bool {
	if a.node == snapshot.None {
		return true // already noted: no document describes it
	}
	key, value, exact := strings.Cut(want, "=")
	got := b.m.s.Attr(a.node, key)
	if key == "name" {
		got = b.m.s.Name(a.node)
	}
	if got == "" && b.undescribed(a.node) {
		b.lackDescription(a.node)
		return true
	}
	return got != "" && (!exact || got == value)
}

func (b *view) hasFact(a thing, f planFact) bool {
	if a.node == snapshot.None {
		return true
	}
	for _, x := range b.m.s.Attachments(a.node) {
		if string(b.m.s.BareAttachment(x).Layer) == f.Value {
			return true
		}
	}
	if f.Listing == "" || b.m.isListed(b.account, f.Listing) {
		return false
	}
	b.lack(f.Listing)
	return true
}

// enough asks the evaluator about versions that were collected; a dump that
// shows some version of a policy shows all of them.
func (b *binding) enough(of snapshot.Index) bool {
	if b.m.s.Kind(of) != graph.KindGroup && !b.knowsVersions(of) {
		b.lack("iam list-policy-versions of " + string(b.m.s.Ref(of)))
		return true
	}
	return b.m.ev.Enough(b.from, of)
}

func (b *view) knowsVersions(managed snapshot.Index) bool {
	for _, x := range b.m.s.Attachments(managed) {
		if strings.HasSuffix(string(b.m.s.BareAttachment(x).Layer), ":policy-version") {
			return true
		}
	}
	return b.m.s.Attr(managed, "versions") != ""
}

// isManagement reports whether the actor's account manages an organization.
func (b *view) isManagement() bool { return b.m.managing[accountID(b.m.s.Ref(b.account))] }
