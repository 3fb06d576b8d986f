package aws

import (
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file finds, before anything is decided, which sorts of question could be
// answered with anything but DENIED: by what documents grant at all.

// mayDo are the sorts of question, by number, that a principal could be granted,
// in place of what a set held; nil for those who may be granted anything.
func (m *room) mayDo(may compile.Set, p *principal, hold graph.Hold) compile.Set {
	if hold == graph.WithOwnPolicy || p.kind == kindRoot || p.kind == kindExternal || p.uncollected || p.idGap != nil {
		return nil
	}
	may = append(may[:0], m.anyoneMay()...)
	for i := range p.identity {
		doc := p.identity[i].doc
		if doc == nil {
			return nil
		}
		may.Union(m.grantedBy(doc))
	}
	for _, given := range m.e.grantors().naming(p) {
		may.Union(m.sorts.of(given, given.covers))
	}
	return may
}

// anyoneMay are the sorts that resources' own policies could grant to whoever
// they do not name.
func (m *room) anyoneMay() compile.Set {
	return m.sorts.of(anyone{}, func(a *action) bool { return m.e.grantors().mayGrantAnyone(a) })
}

// grantedBy are the sorts of which some statement of a document allows something.
func (m *room) grantedBy(doc *Document) compile.Set {
	set, ok := m.granted[doc]
	if !ok {
		set = compile.NewSet(len(m.list))
		for i := range doc.Statements {
			if s := &doc.Statements[i]; !s.Deny {
				m.grant(set, s)
			}
		}
		m.granted[doc] = set
	}
	return set
}

// grant adds the sorts that a statement allows something of.
func (m *room) grant(set compile.Set, s *Statement) {
	spoken := m.sorts.of(actionsOf(s), func(a *action) bool {
		return a.known && actionsOf(s).table.Has(int(a.id)) || !a.known && s.matchesAction(a.service, a.name)
	})
	services := servicesNamed(s)
	if services == nil {
		set.Union(spoken)
		return
	}
	for _, service := range services {
		m.spare = append(m.spare[:0], m.sorts.of(service, func(a *action) bool { return actsIn(a, service) })...)
		m.spare.Intersect(spoken)
		set.Union(m.spare)
	}
}

// questionSorts are sets of sorts of question, each worked out once for all
// accounts.
type questionSorts struct {
	actions    []action // by number
	all, given compile.Set
	sets       sync.Map // of a set of actions, a service, or anyone → compile.Set
}

// anyone is the key of what resources' own policies could grant to anyone.
type anyone struct{}

// of are the sorts whose action is in the set of a key.
func (q *questionSorts) of(key any, in func(*action) bool) compile.Set {
	if set, ok := q.sets.Load(key); ok {
		return set.(compile.Set)
	}
	set := compile.NewSet(len(q.actions))
	for k := range q.actions {
		if in(&q.actions[k]) {
			set.Add(k)
		}
	}
	q.sets.Store(key, set)
	return set
}

// sortsOf are the sorts of question that a matcher asks, the same for all of its
// rooms.
func (e *Estate) sortsOf(list []escalate.Kind) *questionSorts {
	if len(list) == 0 {
		return &questionSorts{}
	}
	if q, ok := e.sortsAsked.Load(&list[0]); ok {
		return q.(*questionSorts)
	}
	q := &questionSorts{all: compile.Full(len(list)), given: compile.NewSet(len(list))}
	for i, k := range list {
		q.actions = append(q.actions, parseAction(k.Action))
		if k.Given {
			q.given.Add(i)
		}
	}
	kept, _ := e.sortsAsked.LoadOrStore(&list[0], q)
	return kept.(*questionSorts)
}

// servicesNamed are the services of the resources that a statement covers, nil
// if they could be of any.
func servicesNamed(s *Statement) (list []string) {
	if !s.HasResources || s.NotResources {
		return nil
	}
	for _, text := range s.Resources {
		service, ok := serviceNamed(text)
		if !ok {
			return nil
		}
		if !slices.Contains(list, service) {
			list = append(list, service)
		}
	}
	return list
}

// serviceNamed is the service in a resource pattern; ok is false where a wildcard
// or a variable could stand for it.
func serviceNamed(pattern string) (service string, ok bool) {
	if wild := strings.IndexAny(pattern, "*?$"); wild >= 0 {
		pattern = pattern[:wild]
	}
	fields := strings.SplitN(pattern, ":", 4)
	if len(fields) < 4 || fields[0] != "arn" {
		return "", false
	}
	return fields[2], true
}

// actsIn reports whether an action acts on resources of a service, as far as the
// reference table knows.
func actsIn(a *action, service string) bool {
	on := servicesOf(a)
	return on == nil || slices.Contains(on, service)
}

// servicesOf are the services whose resources an action acts on, nil where it is
// asked of no resource or nobody knows of which.
func servicesOf(a *action) []string {
	if !a.known {
		return nil
	}
	return servicesOfTypes(infoOf(a.id).uses)
}

func servicesOfTypes(uses []reference.ResourceUse) (list []string) {
	for _, use := range uses {
		for _, template := range use.Type.ARNs() {
			service, ok := serviceNamed(strings.Replace(template, "${Partition}", "aws", 1))
			if !ok {
				return nil
			}
			list = append(list, service)
		}
	}
	return list
}

// Tried are the sorts that something could allow the principal, those aside that
// an organization forbids it whatever it acts on. A policy of a thing that grants
// it is enough in the thing's own account, and for those who have no policies of
// their own; over account borders both sides have to grant.
//
// Source: IAM user guide, "Cross-account policy evaluation logic".
func (a *asker) Tried() (home, abroad compile.Set) {
	for i := range a.room.tried {
		a.room.tried[i] = a.triedOn(a.room.tried[i], i == 1)
	}
	return a.room.tried[0], a.room.tried[1]
}

// triedOn is Tried of things of the account, or of others, in place of what a set
// held.
func (a *asker) triedOn(set compile.Set, abroad bool) compile.Set {
	switch {
	case a.r == nil:
		return append(set[:0], compile.NewSet(len(a.list))...)
	case a.may == nil:
		set = append(set[:0], a.sorts.all...)
	default:
		set = append(set[:0], a.may...)
		if !abroad || !a.r.principal.hasIdentity() {
			set.Union(a.sorts.given)
		}
	}
	if a.barred != nil {
		set.Subtract(a.barred)
	}
	return set
}
