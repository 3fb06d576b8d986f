package aws

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// targets yields every described node that actions act on.
func (e *Estate) targets() []snapshot.Index {
	var list []snapshot.Index
	for i := range snapshot.Index(e.s.NumNodes()) {
		if e.isTarget(i) {
			list = append(list, i)
		}
	}
	return list
}

// isTarget reports whether actions act on a node that documents describe.
func (e *Estate) isTarget(node snapshot.Index) bool {
	if e.s.Mentioned(node) || e.s.Kind(node) == graph.KindFederatedSubject || e.s.Type(node) == "iam:root" {
		return false
	}
	_, ok := ParseARN(string(e.s.Ref(node)))
	return ok
}

// A reader decides many questions of one principal.
type reader struct {
	*request
	groups map[string][]actionGroup
}

// An actionGroup is actions that no statement in play tells apart.
type actionGroup struct{ actions []reference.ActionID }

func (e *Estate) newReader(f snapshot.Foothold) *reader {
	r := &reader{request: &request{estate: e, principal: e.actor(f), hold: e.heldAs(f)}, groups: map[string][]actionGroup{}}
	if e.s.Kind(f.Node) == graph.KindAccount {
		r.kept = &[]bound{}
	}
	return r
}

// rows decides every action that acts on a target and that matches pattern,
// and emits one row for each set of actions with the same ruling.
func (r *reader) rows(target snapshot.Index, pattern string, emit func(snapshot.Access) bool) bool {
	r.resource = r.estate.resourceByNode(target)
	whole := r.resource
	for _, g := range r.actionGroups() {
		actions := g.actions
		if pattern != "*" {
			actions = slices.DeleteFunc(slices.Clone(actions), func(id reference.ActionID) bool {
				p := compileAction(pattern)
				service, name, _ := strings.Cut(strings.ToLower(id.String()), ":")
				return !p.matches(service, name)
			})
		}
		if len(actions) == 0 {
			continue
		}
		r.resource, r.action = whole, actionOf(actions[0])
		o := r.decide()
		ruling := r.ruling(o)
		if ruling.Verdict == graph.Denied {
			continue
		}
		row := snapshot.Access{To: target, Include: o.include, Exclude: o.exclude, Ruling: ruling}
		for _, id := range actions {
			row.Actions = append(row.Actions, id.String())
		}
		if !emit(row) {
			return false
		}
	}
	return true
}

// actionOf returns an action of the reference table, split once for all.
func actionOf(id reference.ActionID) action { return tableActions()[id] }

var tableActions = sync.OnceValue(func() []action {
	list := make([]action, reference.NumActions())
	for i := range list {
		id := reference.ActionID(i)
		text := id.String()
		folded := strings.ToLower(text)
		service, name, _ := strings.Cut(folded, ":")
		list[i] = action{text: text, folded: folded, service: service, name: name, id: id, known: true}
	}
	return list
})

// actionGroups returns the actions of the target's types that some document
// might allow, grouped by the statements that speak of them.
func (r *reader) actionGroups() []actionGroup {
	lists := r.documentsInPlay()
	var key strings.Builder
	for _, t := range r.resource.types {
		fmt.Fprint(&key, t, " ")
	}
	own := r.resource.ownerKnown && r.resource.owner.id == r.principal.account.id
	fmt.Fprint(&key, isBucket(r.resource), r.resource.gap != nil, own)
	for _, list := range lists {
		for i := range list {
			fmt.Fprintf(&key, " %d", list[i].of)
		}
	}
	if groups, ok := r.groups[key.String()]; ok {
		return groups
	}
	var groups []actionGroup
	bySignature := map[string]int{}
	for _, id := range r.candidates() {
		a := actionOf(id)
		if !r.mayGrant(a, lists) {
			continue
		}
		s := signature(a, lists)
		n, ok := bySignature[s]
		if !ok {
			n = len(groups)
			bySignature[s] = n
			groups = append(groups, actionGroup{})
		}
		groups[n].actions = append(groups[n].actions, id)
	}
	r.groups[key.String()] = groups
	return groups
}

// candidates are the actions of the reference table on the target's types, and
// for a bucket on what it holds.
func (r *reader) candidates() []reference.ActionID {
	types := r.resource.types
	if isBucket(r.resource) {
		types = append(slices.Clone(types), objectType())
	}
	var list []reference.ActionID
	for _, t := range types {
		list = append(list, t.Actions()...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// documentsInPlay are the documents that can speak of requests of the
// principal on the target.
func (r *reader) documentsInPlay() [][]bound {
	p := r.principal
	lists := [][]bound{r.resource.policies, p.identity, p.boundary}
	for _, l := range p.account.scp.levels {
		lists = append(lists, l.policies)
	}
	if r.resource.owner != nil {
		for _, l := range r.resource.owner.rcp.levels {
			lists = append(lists, l.policies)
		}
	}
	return lists
}

// mayGrant reports whether something could grant the action: a first, cheap
// look before it is decided.
func (r *reader) mayGrant(a action, lists [][]bound) bool {
	p := r.principal
	own := r.resource.ownerKnown && r.resource.owner.id == p.account.id
	if own && (p.kind == kindRoot || r.hold == graph.WithOwnPolicy) || p.idGap != nil || r.resource.gap != nil {
		return true
	}
	for _, list := range lists[:2] {
		for i := range list {
			if list[i].doc == nil {
				return true
			}
			for j := range list[i].doc.Statements {
				if s := &list[i].doc.Statements[j]; !s.Deny && s.matchesAction(a.service, a.name) {
					return true
				}
			}
		}
	}
	return false
}

// signature tells which statements speak of an action, and what the action
// itself changes in a decision.
func signature(a action, lists [][]bound) string {
	b := make([]byte, 0, 128)
	for _, list := range lists {
		for i := range list {
			if list[i].doc == nil {
				continue
			}
			for j := range list[i].doc.Statements {
				s := &list[i].doc.Statements[j]
				speaks := s.matchesAction(a.service, a.name)
				b = append(b, boolText(speaks)[0])
				if !speaks {
					continue
				}
				for k := range s.Conditions {
					b = append(b, boolText(a.id.Supports(s.Conditions[k].Key))[0])
				}
			}
		}
	}
	b = append(append(b, ' '), a.service...)
	uses := infoOf(a.id).uses
	for _, u := range uses {
		if u.Required && len(uses) > 1 {
			return string(b) + a.name // several resources: decided by itself
		}
		b = strconv.AppendUint(append(b, ' '), uint64(u.Type), 10)
	}
	if a.special() {
		b = append(append(b, ' '), a.name...)
	} else if a.service == "iam" {
		b = append(b, a.id.Level().String()...) // editing protected entities is refused
	}
	return string(b)
}

// special reports whether a decision looks at the action's very name.
func (a *action) special() bool {
	if _, encrypted := keyUses[a.folded]; encrypted || a.service == "sts" || ownerless[a.folded] {
		return true
	}
	switch a.service {
	case "iam":
		return boundaryAction(a.name) || a.name == "passrole" || a.name == "deleteservicelinkedrole"
	case "kms":
		return !acrossAccounts[a.name] || a.name == "retiregrant"
	case "s3":
		return strings.HasSuffix(a.name, "bucketpolicy")
	case "lambda":
		return a.name == "invokefunctionurl"
	case "execute-api":
		return a.name == "invoke"
	}
	return false
}

// boundaryAction: iam:PermissionsBoundary is the caller's choice for these and
// the target's own for others.
func boundaryAction(name string) bool {
	switch name {
	case "createuser", "createrole", "putuserpermissionsboundary", "putrolepermissionsboundary":
		return true
	}
	return false
}

// actor returns who asks at a foothold: its principal, or the administrator of
// its account.
func (e *Estate) actor(f snapshot.Foothold) *principal {
	if e.s.Kind(f.Node) == graph.KindAccount {
		return e.administratorOf(e.account(strings.TrimPrefix(string(e.s.Ref(f.Node)), "account:")))
	}
	if f.Hold.Without() != 0 {
		return e.freed(f)
	}
	return e.principal(f.Node)
}

// newNames are ARNs of things of a type that do not exist yet, for the action
// at hand, in every region that a policy in play speaks of.
func (r *request) newNames(t reference.TypeID) []string {
	arns := r.samplesOf(t)
	for _, region := range r.regionsNamed() {
		arns = append(arns, strings.Replace(arns[0], ":us-east-1:", ":"+region+":", 1))
	}
	return arns
}

// regionsNamed are the regions that conditions of the documents in play name.
func (r *request) regionsNamed() []string {
	lists := [][]bound{r.principal.identity, r.principal.boundary}
	for _, l := range r.principal.account.scp.levels {
		lists = append(lists, l.policies)
	}
	var regions []string
	for _, list := range lists {
		for i := range list {
			if list[i].doc == nil {
				continue
			}
			for j := range list[i].doc.Statements {
				for _, c := range list[i].doc.Statements[j].Conditions {
					if c.compiled.key == "aws:requestedregion" {
						regions = append(regions, c.Values...)
					}
				}
			}
		}
	}
	slices.Sort(regions)
	return slices.DeleteFunc(slices.Compact(regions), func(s string) bool { return strings.ContainsAny(s, "*?$") })
}

// WhoCan decides one action on one resource for every caller.
func (e *Estate) WhoCan(ctx context.Context, q policy.Question, found func(snapshot.Foothold, snapshot.Ruling) bool) error {
	q.Principal = graph.Internet
	r, err := e.newRequest(q)
	if err != nil {
		return err
	}
	whole := r.resource
	for _, node := range e.callers() {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.principal, r.hold, r.resource = e.principal(node), holdOf(e.s.Kind(node)), whole
		ruling := r.ruling(r.decide())
		if ruling.Verdict != graph.Denied && !found(e.foothold(node), ruling) {
			return nil
		}
	}
	return nil
}

// WhatCan decides everything for one principal.
func (e *Estate) WhatCan(ctx context.Context, q policy.Question, found func(snapshot.Access) bool) error {
	pattern := q.Action
	q.Action = "sts:GetCallerIdentity"
	resource := q.Resource
	q.Resource = "*"
	r, err := e.newRequest(q)
	if err != nil {
		return err
	}
	if pattern == "" {
		pattern = "*"
	}
	targets := e.targets()
	if resource != "" {
		node, ok := e.s.Find(graph.Ref(resource))
		if !ok {
			return fmt.Errorf("resource %s: %w", resource, graph.ErrNotFound)
		}
		targets = []snapshot.Index{node}
	}
	all := &reader{request: r, groups: map[string][]actionGroup{}}
	for _, target := range targets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !all.rows(target, pattern, found) {
			return nil
		}
	}
	return nil
}
