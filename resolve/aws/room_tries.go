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

// mayDo are the sorts of question, by number, that a principal could be granted;
// nil for those who may be granted anything.
func (m *room) mayDo(p *principal, hold graph.Hold) compile.Set {
	if hold == graph.WithOwnPolicy || p.kind == kindRoot || p.kind == kindExternal || p.uncollected || p.idGap != nil {
		return nil
	}
	may := m.anyoneMay().Clone()
	for i := range p.identity {
		doc := p.identity[i].doc
		if doc == nil {
			return nil
		}
		may.Union(m.grantedBy(doc))
	}
	for _, given := range m.e.grantors().naming(p) {
		for k := range m.list {
			if given.covers(&m.kind(&m.list[k]).action) {
				may.Add(k)
			}
		}
	}
	return may
}

// anyoneMay are the sorts that resources' own policies could grant to whoever
// they do not name.
func (m *room) anyoneMay() compile.Set {
	if m.anyone == nil {
		m.anyone = compile.NewSet(len(m.list))
		for k := range m.list {
			if m.e.grantors().mayGrantAnyone(&m.kind(&m.list[k]).action) {
				m.anyone.Add(k)
			}
		}
	}
	return m.anyone
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

func (m *room) grant(set compile.Set, s *Statement) {
	services := servicesNamed(s)
	for k := range m.list {
		a := &m.kind(&m.list[k]).action
		speaks := a.known && actionsOf(s).table.Has(int(a.id)) || !a.known && s.matchesAction(a.service, a.name)
		if speaks && (services == nil || actsIn(a, services)) {
			set.Add(k)
		}
	}
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

// actsIn reports whether an action acts on resources of some of the services, as
// far as the reference table knows.
func actsIn(a *action, services []string) bool {
	on := servicesOf(a)
	return on == nil || slices.ContainsFunc(on, func(service string) bool { return slices.Contains(services, service) })
}

// actedOn are the services of what actions act on, by action.
var actedOn sync.Map // reference.ActionID → []string

// servicesOf are the services whose resources an action acts on, nil where it is
// asked of no resource or nobody knows of which.
func servicesOf(a *action) []string {
	if !a.known {
		return nil
	}
	if list, ok := actedOn.Load(a.id); ok {
		return list.([]string)
	}
	list := servicesOfTypes(infoOf(a.id).uses)
	actedOn.Store(a.id, list)
	return list
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

// Tries is false where nothing could allow an action to the principal.
func (a *asker) Tries(k *escalate.Kind) bool {
	return a.r != nil && (a.may == nil || a.may.Has(k.Number))
}
