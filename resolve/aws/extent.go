package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file says how far a change of facts reaches.
//
// What is concluded of a principal hangs on the facts of its own account and of
// what stands above it, and, of other accounts, on those things alone that could
// let it in: whose policies name its account, or could mean anybody. So where
// the facts of some accounts change, conclusions are drawn anew for these, and
// for those that what changed names, before or after. What could mean anybody
// must stay as it was, and so must what stands above accounts: a change there
// reaches everybody.

// maxReached bounds the accounts of which conclusions are drawn anew one by one.
const maxReached = 256

// An extent is how far a change reaches.
type extent struct {
	before, now *Estate
	moves       *snapshot.Moves
	read        []graph.Ref             // scopes of which something was collected anew
	touched     map[snapshot.Index]bool // nodes of now
	changed     map[string]bool         // accounts of which some fact is another
	accounts    map[string]bool         // these, and those that what changed names
	fresh       map[snapshot.Index]bool // nodes of now: callers without an account that are new, or are said something else of
	outer       bool                    // something changed that is no identity
}

// everywhere is the error of a change that reaches everybody.
func everywhere(format string, args ...any) error {
	return fmt.Errorf("%w: %s", resolve.ErrInFull, fmt.Sprintf(format, args...))
}

// extentOf finds how far a change reaches. Errors wrap resolve.ErrInFull.
func extentOf(before, now *Estate, moves *snapshot.Moves, read []graph.Ref) (*extent, error) {
	r := &extent{
		before: before, now: now, moves: moves, read: read, touched: map[snapshot.Index]bool{}, changed: map[string]bool{},
		accounts: map[string]bool{}, fresh: map[snapshot.Index]bool{},
	}
	for _, step := range []func() error{r.readTouched, r.readCollected, r.readNamed, r.addLeading, r.checkManagement, r.checkSignIn, r.checkCommons} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// readTouched sorts what changed by account.
func (r *extent) readTouched() error {
	for _, node := range r.moves.Touched {
		r.touched[node] = true
	}
	were := r.placesBefore()
	for _, node := range r.moves.Touched {
		was, ok := were[node]
		if !ok {
			was = snapshot.None
		}
		if err := r.touch(was, node); err != nil {
			return err
		}
	}
	for _, node := range r.moves.Gone {
		if err := r.touch(node, snapshot.None); err != nil {
			return err
		}
	}
	if len(r.changed) > maxReached {
		return everywhere("%d accounts changed", len(r.changed))
	}
	return nil
}

// readCollected adds the accounts of which anything was read again: where facts
// were read, and what is told of what did not come, may have changed with no fact.
// So may it of things that a list names and nothing describes.
func (r *extent) readCollected() error {
	for _, scope := range r.read {
		if id, ok := strings.CutPrefix(string(scope), "account:"); ok {
			r.changed[id] = true
		} else if scope != "" {
			return everywhere("something was collected of %s", scope)
		}
	}
	for was, is := range r.moves.Nodes {
		if is == snapshot.None || !r.now.s.Mentioned(is) || !r.before.s.Mentioned(snapshot.Index(was)) {
			continue
		}
		if id := r.now.holderOf(is); id != "" && !r.changed[id] &&
			escalate.ListedAlone(r.before.s, snapshot.Index(was)) != escalate.ListedAlone(r.now.s, is) {
			r.changed[id] = true
		}
	}
	if len(r.changed) > maxReached {
		return everywhere("%d accounts changed", len(r.changed))
	}
	return nil
}

// placesBefore are where touched nodes stood before.
func (r *extent) placesBefore() map[snapshot.Index]snapshot.Index {
	were := make(map[snapshot.Index]snapshot.Index, len(r.touched))
	marked := make([]bool, r.now.s.NumNodes()) // there are millions of nodes, and few are touched
	for node := range r.touched {
		marked[node] = true
	}
	for was, node := range r.moves.Nodes {
		if node != snapshot.None && marked[node] {
			were[node] = snapshot.Index(was)
		}
	}
	return were
}

// touch takes in one node that changed; snapshot.None is where it was not, or is
// not any more.
func (r *extent) touch(was, is snapshot.Index) error {
	e, node := r.now, is
	if is == snapshot.None {
		e, node = r.before, was
	}
	account := e.holderOf(node)
	kind, typ := e.s.Kind(node), e.s.Type(node)
	switch {
	case kind == graph.KindAccount || typ == "iam:root":
		if err := r.touchAccount(was, is, account); err != nil {
			return err
		}
	case account == "":
		return r.touchOutside(was, is)
	case strings.HasPrefix(typ, "cognito"), typ == typeGuests, kind == graph.KindFederatedSubject && strings.HasPrefix(e.s.Attr(node, "issuer"), "oidc.eks."):
		return everywhere("%s changed, which can let in principals that it does not name", e.s.Ref(node))
	}
	if kind == graph.KindFederatedSubject && is != snapshot.None {
		r.fresh[is] = true
	}
	r.changed[account] = true
	if was != snapshot.None {
		if held := r.before.holderOf(was); held != "" {
			r.changed[held] = true // as of a bucket whose account is another one now
		}
	}
	r.outer = r.outer || !strings.HasPrefix(typ, "iam:") || strings.HasSuffix(typ, "-provider")
	return nil
}

// touchAccount: what an account itself says, and what stands above it, others
// look at.
func (r *extent) touchAccount(was, is snapshot.Index, account string) error {
	if r.before.mentionedAt(was) && r.now.mentionedAt(is) {
		return nil // named before, or now, or both; described never
	}
	if !r.sameRecord(was, is) || r.before.standing(account) != r.now.standing(account) {
		return everywhere("account %s is another one now", account)
	}
	return nil
}

// mentionedAt reports whether no document describes a node; that of none none does.
func (e *Estate) mentionedAt(node snapshot.Index) bool {
	return node == snapshot.None || e.s.Mentioned(node)
}

// standing is equal for accounts that stand below the same ceilings.
func (e *Estate) standing(id string) string {
	a := e.account(id)
	var text strings.Builder
	fmt.Fprint(&text, a.described, a.management)
	if a.org != nil {
		fmt.Fprint(&text, *a.org)
	}
	for _, c := range []*ceiling{&a.scp, &a.rcp} {
		fmt.Fprint(&text, "\x00", c.assumed)
		for i := range c.levels {
			fmt.Fprint(&text, "\x00", c.levels[i].of, e.saidBy(c.levels[i].policies))
			if gap := c.levels[i].gap; gap != nil {
				text.WriteString(fingerprint(gap))
			}
		}
	}
	if a.node != snapshot.None {
		for _, at := range e.s.Attachments(a.node) {
			fmt.Fprint(&text, "\x00", e.s.AttachmentLayer(at), e.s.AttachmentDocument(at))
		}
	}
	return text.String()
}

// saidBy is equal for lists of policies that say the same.
func (e *Estate) saidBy(list []bound) string {
	var text strings.Builder
	for i := range list {
		b := &list[i]
		if b.missing != nil {
			text.WriteString(fingerprint(b.missing))
		}
		if b.when() != nil {
			text.WriteString(fingerprint(b.when()))
		}
		source := e.sourceOf(b)
		fmt.Fprint(&text, "\x00", source.Policy, source.Document)
	}
	return text.String()
}

// sameRecord reports whether a node says the same of itself before and now.
func (r *extent) sameRecord(was, is snapshot.Index) bool {
	if was == snapshot.None || is == snapshot.None {
		return false
	}
	a, b := r.before.s.Node(was), r.now.s.Node(is)
	return a.Provider == b.Provider && a.Kind == b.Kind && a.Type == b.Type && a.Name == b.Name && a.Scope == b.Scope &&
		a.NativeID == b.NativeID && a.Mentioned == b.Mentioned && slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Attrs, b.Attrs)
}

// touchOutside takes in what no account holds. Such a caller may come or go with
// what names it; whatever else changes there is before everybody.
func (r *extent) touchOutside(was, is snapshot.Index) error {
	e, node := r.now, is
	if is == snapshot.None {
		e, node = r.before, was
	}
	kind := e.s.Kind(node)
	caller := kind == graph.KindServicePrincipal || kind == graph.KindFederatedSubject && !isOutsider(e.s.Type(node))
	switch {
	case r.sameRecord(was, is) && r.sameAttachments(was, is):
		return nil
	case caller && was == snapshot.None:
		r.fresh[is] = true
		return nil
	case caller && is == snapshot.None, is != snapshot.None && was == snapshot.None && isCatalogued(e.s.Ref(node)):
		return nil
	}
	return everywhere("%s, which no account holds, changed", e.s.Ref(node))
}

// isCatalogued tells the policies that AWS manages.
func isCatalogued(ref graph.Ref) bool {
	arn, _ := ParseARN(string(ref))
	return arn.Service == "iam" && arn.Account == "aws"
}

// sameAttachments reports whether the same documents are attached to a node.
func (r *extent) sameAttachments(was, is snapshot.Index) bool {
	a, b := r.before.s.Attachments(was), r.now.s.Attachments(is)
	return slices.EqualFunc(a, b, func(x, y snapshot.AttachmentIndex) bool { return r.moves.Attachments[x] == y })
}

// holderOf is the account that holds a node, itself for an account; "" where
// none does.
func (e *Estate) holderOf(node snapshot.Index) string {
	if e.s.Kind(node) == graph.KindAccount {
		return strings.TrimPrefix(string(e.s.Ref(node)), "account:")
	}
	return e.ownerOf(node)
}

// heldBy are the nodes that an account holds, in order.
func (e *Estate) heldBy(account string) []snapshot.Index {
	var list []snapshot.Index
	if node, ok := e.s.Find(AccountRef(account)); ok {
		list = append(list, node)
		list = slices.AppendSeq(list, e.s.Members(node))
	}
	list = append(list, e.namedAfter(account)...)
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(node snapshot.Index) bool { return e.holderOf(node) != account })
}

// namedAfter are the nodes whose ARN names an account. References are sorted, and
// of each service and region those of one account come together.
func (e *Estate) namedAfter(account string) (list []snapshot.Index) {
	for from := "arn:"; ; {
		ref, ok := e.firstRef(from)
		if !ok || !strings.HasPrefix(ref, "arn:") {
			return list
		}
		service, ok := beforeAccount(ref)
		if !ok {
			from = ref + "\x00"
			continue
		}
		list = append(list, e.beginningWith(service+account+":")...)
		from = strings.TrimSuffix(service, ":") + ";" // the next character: beyond the service
	}
}

// firstRef is the first reference at or after some text.
func (e *Estate) firstRef(from string) (string, bool) {
	for ref := range e.s.From(graph.Ref(from)) {
		return string(ref), true
	}
	return "", false
}

func (e *Estate) beginningWith(text string) (list []snapshot.Index) {
	for ref, node := range e.s.From(graph.Ref(text)) {
		if !strings.HasPrefix(string(ref), text) {
			break
		}
		list = append(list, node)
	}
	return list
}

// beforeAccount is an ARN up to its account.
func beforeAccount(arn string) (string, bool) {
	at := 0
	for range 4 {
		next := strings.IndexByte(arn[at:], ':')
		if next < 0 {
			return "", false
		}
		at += next + 1
	}
	return arn[:at], true
}
