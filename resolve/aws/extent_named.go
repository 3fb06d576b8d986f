package aws

import (
	"bytes"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// readNamed adds the accounts that what changed names: where it is identities
// alone, the trust of those; else whatever policies of the account's things name,
// as one thing can speak for others, a key for what it encrypts.
func (r *extent) readNamed() error {
	for account := range r.changed {
		r.accounts[account] = true
	}
	before, now := map[snapshot.Index]bool{}, r.touched
	for account := range r.changed {
		for _, node := range r.before.heldBy(account) {
			if is := r.moves.Nodes[node]; is == snapshot.None || r.touched[is] {
				before[node] = true
			}
		}
	}
	for account := range r.changed {
		if err := r.readNames(r.before, account, before); err != nil {
			return err
		}
		if err := r.readNames(r.now, account, now); err != nil {
			return err
		}
	}
	if len(r.accounts) > maxReached {
		return everywhere("what changed names %d accounts", len(r.accounts))
	}
	return nil
}

// readNames adds the accounts that policies of an account's things name.
func (r *extent) readNames(e *Estate, account string, touched map[snapshot.Index]bool) error {
	for _, node := range e.heldBy(account) {
		if strings.HasSuffix(e.s.Type(node), "-provider") && touched[node] {
			r.addNaming(string(e.s.Ref(node)))
		}
		for _, a := range e.s.Attachments(node) {
			switch e.s.AttachmentLayer(a) {
			case LayerIdentity, LayerBoundary:
				continue
			case LayerTrust:
				if !touched[node] {
					continue
				}
			default:
				if !r.outer {
					continue
				}
			}
			if err := r.addNamed(e, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// addNamed adds the accounts that a document names.
func (r *extent) addNamed(e *Estate, a snapshot.AttachmentIndex) error {
	text := e.textOf(a)
	if bytes.Contains(text, []byte(`\u`)) {
		return everywhere("a policy of %s writes characters by their numbers", e.s.Ref(e.s.AttachmentTo(a)))
	}
	for _, id := range accountIDs(text) {
		r.accounts[id] = true
	}
	return nil
}

// accountIDs are the runs of exactly twelve digits in a text.
func accountIDs(text []byte) (ids []string) {
	for i := 0; i < len(text); i++ {
		from := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		if i-from == 12 {
			ids = append(ids, string(text[from:i]))
		}
	}
	return ids
}

// addNaming adds the accounts whose documents hold a text, before or now.
func (r *extent) addNaming(text string) {
	for _, e := range []*Estate{r.before, r.now} {
		for _, node := range e.s.WithDocumentsHolding(text) {
			if id := e.holderOf(node); id != "" {
				r.accounts[id] = true
			}
		}
	}
}

// checkManagement: principals of an account that manages an organization reach
// into every other one.
func (r *extent) checkManagement() error {
	for _, e := range []*Estate{r.before, r.now} {
		for org := range e.s.OfKind(graph.KindOrganization) {
			if id := e.s.Attr(org, "management-account"); r.accounts[id] {
				return everywhere("%s manages an organization", id)
			}
		}
	}
	return nil
}

// checkSignIn: a role that Identity Center made lets in users of another account
// whom it does not name.
func (r *extent) checkSignIn() error {
	users := false
	for _, e := range []*Estate{r.before, r.now} {
		for _, user := range e.s.OfType(typeDirectoryUser) {
			users = true
			if id := e.holderOf(user); r.accounts[id] {
				return everywhere("%s holds users who sign in everywhere", id)
			}
		}
	}
	if !users {
		return nil
	}
	reserved := func(e *Estate, node snapshot.Index) bool {
		return strings.Contains(string(e.s.Ref(node)), ":role/aws-reserved/") || e.s.Type(node) == "iam:saml-provider"
	}
	for node := range r.touched {
		if reserved(r.now, node) {
			return everywhere("%s lets users of Identity Center in", r.now.s.Ref(node))
		}
	}
	for _, node := range r.moves.Gone {
		if reserved(r.before, node) {
			return everywhere("%s let users of Identity Center in", r.before.s.Ref(node))
		}
	}
	return nil
}
