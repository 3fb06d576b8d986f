package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file finds, before anything is decided, which roles could trust a service:
// techniques ask for dozens of services about every role of an account, and most
// roles trust one or none.

// unserved reports whether whoever asks is a service that wants to assume a role
// whose trust has no word on it. Assuming a role needs its trust's explicit allow.
//
// Source: IAM user guide, "Roles terms and concepts" (role trust policy).
func (a *asker) unserved(asked *askedKind, t *roomThing) bool {
	return a.r.principal.kind == kindService && t.layer == numTrust && asked.part == "" && !t.assumed &&
		asked.kind.action.folded == "sts:assumerole" && !asked.kind.given &&
		!t.loud && !slices.Contains(t.services, a.r.principal.ref)
}

// A serving is which of some roles services could assume, by their places.
type serving struct {
	anyone []int // whichever service asks
	named  map[string][]int
}

// MayTrust returns the places of those roles that could let a service assume them;
// see escalate.Room. Trusts are read once for all services.
func (m *room) MayTrust(service graph.Ref, roles *escalate.Things) []int {
	s := m.servings[roles]
	if s == nil {
		s = m.servingOf(roles)
		m.servings[roles] = s
	}
	named := s.named[strings.TrimPrefix(string(service), "service:")]
	if len(s.anyone) == 0 {
		return named
	}
	places := slices.Concat(s.anyone, named)
	slices.Sort(places)
	return slices.Compact(places)
}

func (m *room) servingOf(roles *escalate.Things) *serving {
	s := &serving{named: map[string][]int{}}
	for place, node := range roles.Nodes {
		t := m.thing(node)
		if t.layer != numTrust || t.assumed || t.loud {
			s.anyone = append(s.anyone, place)
			continue
		}
		for _, name := range t.services {
			if list := s.named[name]; len(list) == 0 || list[len(list)-1] != place {
				s.named[name] = append(list, place)
			}
		}
	}
	return s
}
