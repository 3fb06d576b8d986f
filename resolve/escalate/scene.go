package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Scene is one account while techniques are matched in it: what does not
// hang on the actor is looked at once. It is not safe for concurrent use.
type Scene struct {
	m        *Matcher
	account  snapshot.Index
	room     Room
	plans    []*plan    // of techniques that the account could be the place of
	things   []castings // by planVar.cast
	trusted  map[trusting][]candidate
	links    map[linking][]candidate
	idle     []idleness // by plan.number
	facts    map[ownFact]ownAnswer
	hangs    map[string]*hanging // on one missing document, by its name
	listed   map[string]bool
	askers   map[askerKey]Asker
	services map[string]Asker // by name
	acting   actor
}

// castings are what was found of the things that a variable can stand for.
type castings struct {
	known bool
	list  []candidate
	cast  *cast // as they are looked at together, nil if they were not
}

// An idleness is whether an account has not what a technique speaks of, if that
// is known.
type idleness struct{ known, idle bool }

// An ownFact is a fact of one thing, whoever acts; several techniques ask it.
type ownFact struct {
	number uint32
	node   snapshot.Index
}

type ownAnswer struct {
	holds bool
	hangs *hanging // on what is missing; nil: on nothing. Others share it.
}

// trusting is a variable that stands for what a service runs as.
type trusting struct {
	cast    int
	service string
}

type askerKey struct {
	node    snapshot.Index
	service string
}

// idles reports whether the account has not what a technique speaks of, whoever
// acts: no notebook, say, or nothing that could run as one.
func (s *Scene) idles(p *plan) bool {
	if known := s.idle[p.number]; known.known {
		return known.idle
	}
	idle := false
	for i := range p.vars {
		idle = idle || s.lacks(p, &p.vars[i])
	}
	s.idle[p.number] = idleness{true, idle}
	return idle
}

// lacks reports whether nothing can be what a variable stands for.
func (s *Scene) lacks(p *plan, v *planVar) bool {
	switch {
	case v.New, v.Type == Limits:
		return false
	case v.link == nil:
		return len(s.candidates(p, v)) == 0 && s.allListed(v)
	case v.link.service == "" || v.link.from < 0:
		return false
	}
	from := &p.vars[v.link.from]
	return from.link == nil && len(s.candidates(p, from)) == 0 && len(s.trusting(p, v, v.link.service)) == 0
}

// allListed reports whether documents show all things of a variable's type.
func (s *Scene) allListed(v *planVar) bool { return v.Listing == "" || s.isListed(v.Listing) }

// trusting are the candidates that trust a service.
func (s *Scene) trusting(p *plan, v *planVar, service string) []candidate {
	key := trusting{v.cast, service}
	list, ok := s.trusted[key]
	if !ok {
		roles := s.cast(p, v)
		for _, at := range s.room.MayTrust(serviceRef(service), &roles.nodes) {
			if c := roles.list[at]; s.trusts(c.node, service) {
				list = append(list, c)
			}
		}
		s.trusted[key] = list
	}
	return list
}

// trusts reports whether a service may assume a role.
func (s *Scene) trusts(role snapshot.Index, service string) bool {
	return s.service(service).Of(&s.m.kinds[0], nil, role).Verdict != graph.Denied
}

// isListed reports whether a listing of the account was collected.
func (s *Scene) isListed(listing string) bool {
	listed, ok := s.listed[listing]
	if !ok {
		listed = s.m.isListed(s.account, listing)
		s.listed[listing] = listed
	}
	return listed
}

// leadsTo are the things of a variable's type that a thing runs as, also
// through instance profiles.
func (s *Scene) leadsTo(v *planVar, node snapshot.Index) []snapshot.Index {
	var list []snapshot.Index
	for _, to := range s.m.s.Out(node, graph.RunsAs) {
		list = append(append(list, to), s.m.s.Out(to, graph.RunsAs)...)
	}
	return s.ofVar(v, list)
}

// ofVar leaves, of some nodes, those that a variable can stand for.
func (s *Scene) ofVar(v *planVar, list []snapshot.Index) []snapshot.Index {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(node snapshot.Index) bool {
		abroad := !v.Across && s.m.AccountOf(node) != s.account
		return s.m.s.Type(node) != v.Type || abroad || !s.m.counts(node) // last: AWS's own policies stand in lists of every account
	})
}

// managedOf are the managed policies that speak for a principal, by itself or
// through a group.
func (s *Scene) managedOf(node snapshot.Index) (list []snapshot.Index) {
	for _, holder := range append([]snapshot.Index{node}, s.m.s.Out(node, graph.MemberOf)...) {
		for _, a := range s.m.s.Attachments(holder) {
			record := s.m.s.BareAttachment(a)
			if !strings.HasSuffix(string(record.Layer), ":identity") {
				continue
			}
			if policy, ok := s.m.s.Find(record.Policy); ok {
				list = append(list, policy)
			}
		}
	}
	return list
}

// asker is whoever asks other than the actor: a role that is gained on the way,
// or a service.
func (s *Scene) asker(node snapshot.Index, service string) Asker {
	key := askerKey{node, service}
	asker, ok := s.askers[key]
	if !ok {
		if service == "" {
			asker = s.room.Asker(snapshot.Foothold{Node: node, Hold: graph.AsSession})
		} else {
			asker = s.room.Service(graph.Ref(service))
		}
		s.askers[key] = asker
	}
	return asker
}

func serviceRef(name string) graph.Ref { return graph.Ref("service:" + name) }

// service is whoever asks for a service.
func (s *Scene) service(name string) Asker {
	asker, ok := s.services[name]
	if !ok {
		asker = s.asker(snapshot.None, string(serviceRef(name)))
		s.services[name] = asker
	}
	return asker
}
