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

// A candidate is a thing that a variable can stand for, with the documents
// that this hangs on, and what services may do to it.
type candidate struct {
	thing
	hangs *hanging // nil: on nothing
}

// A hanging is what the use of a thing hangs on, whoever acts: few have any.
type hanging struct {
	missing []string
	others  []*snapshot.Ruling // as planVar.others
}

// onNothing is of things whose use hangs on nothing.
var onNothing hanging

// on is what the use of the thing hangs on. It is not to be changed.
func (c *candidate) on() *hanging {
	if c.hangs == nil {
		return &onNothing
	}
	return c.hangs
}

// add adds what else it hangs on: what it hangs on already others may share.
func (c *candidate) add(missing []string, others ...*snapshot.Ruling) {
	h := &hanging{missing: slices.Clone(c.on().missing), others: append(slices.Clone(c.on().others), others...)}
	for _, text := range missing {
		h.missing = withText(h.missing, text)
	}
	c.hangs = h
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

// candidates are the described things of a variable's type that have what it
// wants, whoever acts.
func (s *Scene) candidates(p *plan, v *planVar) []candidate {
	if found := &s.things[v.cast]; found.known {
		return found.list
	}
	nodes, list := s.m.ofType(s.account, v), s.things[v.cast].list[:0]
	for _, node := range nodes {
		if c, fits := s.candidate(p, v, node); fits {
			if cap(list) == 0 {
				list = make([]candidate, 0, len(nodes))
			}
			list = append(list, c)
		}
	}
	s.things[v.cast] = castings{known: true, list: list}
	return list
}

// candidate looks at what is true of one thing, whoever acts.
func (s *Scene) candidate(p *plan, v *planVar, node snapshot.Index) (candidate, bool) {
	c := candidate{thing: thing{node: node}}
	for _, f := range v.own {
		answer := s.own(f, node)
		if !answer.holds {
			return c, false
		}
		switch {
		case answer.hangs == nil:
		case c.hangs == nil:
			c.hangs = answer.hangs
		default:
			c.add(answer.hangs.missing)
		}
	}
	for _, i := range v.others {
		n := &p.needs[i]
		ruling := s.asker(snapshot.None, n.Who).Of(&s.m.kinds[n.kind], nil, node)
		if ruling.Verdict == graph.Denied {
			return c, false
		}
		c.add(nil, ruling)
	}
	for _, to := range v.leads {
		if !s.m.s.Mentioned(node) && len(s.leadsTo(&p.vars[to], node)) == 0 {
			return c, false
		}
	}
	return c, true
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
		for _, c := range s.candidates(p, v) {
			if s.trusts(c.node, service) {
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

// own looks at a fact of one thing.
func (s *Scene) own(f planFact, node snapshot.Index) ownAnswer {
	key := ownFact{f.number, node}
	answer, ok := s.facts[key]
	if !ok {
		look := view{m: s.m, account: s.account}
		answer.holds = look.own(f, thing{node: node})
		answer.hangs = s.hanging(look.missing)
		s.facts[key] = answer
	}
	return answer
}

// hanging is what hangs on missing documents; nil: on none. Most lack the same one.
func (s *Scene) hanging(missing []string) *hanging {
	if len(missing) == 0 {
		return nil
	}
	if len(missing) > 1 {
		return &hanging{missing: missing}
	}
	h := s.hangs[missing[0]]
	if h == nil {
		h = &hanging{missing: missing}
		s.hangs[missing[0]] = h
	}
	return h
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

// linked are the described things that a variable can stand for where an
// earlier one, from, leads to it.
func (s *Scene) linked(p *plan, v *planVar, from snapshot.Index) []candidate {
	key := linking{v.cast, v.link.kind, from}
	list, ok := s.links[key]
	if !ok {
		list = s.follow(p, v, from)
		s.links[key] = list
	}
	return list
}

// A linking is a variable with the thing that leads to what it can stand for.
type linking struct {
	cast int
	kind FactKind
	from snapshot.Index
}

func (s *Scene) follow(p *plan, v *planVar, from snapshot.Index) []candidate {
	var nodes []snapshot.Index
	switch v.link.kind {
	case MemberOf:
		nodes = s.ofVar(v, slices.Clone(s.m.s.Out(from, graph.MemberOf)))
	case AttachedTo:
		nodes = s.ofVar(v, s.managedOf(from))
	default:
		nodes = s.leadsTo(v, from)
	}
	var list []candidate
	for _, node := range nodes {
		if c, fits := s.candidate(p, v, node); fits {
			list = append(list, c)
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

// Assumes returns whoever holds f, to be asked which roles it may assume by the
// sort of question that is returned; it asks no more once another foothold of the
// scene does.
func (s *Scene) Assumes(f snapshot.Foothold) (Asker, *Kind) {
	return s.room.Actor(f), &s.m.kinds[0]
}

// From calls found for every technique that whoever holds f, which is of the
// scene's account, can use, those apart that other passes tell. Of several ways to the same gain by one technique,
// the surest is told. What gives data that the actor may have without it, as
// surely, is left out.
func (s *Scene) From(f snapshot.Foothold, found func(Match)) {
	a := s.actor(f)
	a.worthwhile = true
	for _, p := range s.plans {
		a.match(p, found)
	}
}

// Gains finds what whoever holds f can come to hold: for every gain the first
// technique that surely yields it, and those before it that may. Gains that had
// reports are left out. It is for holders of everything, whose every technique
// on everything would be a product that says no more.
func (s *Scene) Gains(f snapshot.Foothold, had func(snapshot.Foothold) bool, found func(Match)) {
	a := s.actor(f)
	sure := map[snapshot.Foothold]bool{}
	a.had = func(to snapshot.Foothold) bool { return to == f || had(to) || sure[to] }
	a.passed = map[gaining]int{}
	for _, p := range s.plans {
		if p.Yields.Data != "" || a.hasAll(p) {
			continue
		}
		a.match(p, func(match Match) {
			sure[match.To] = sure[match.To] || match.Ruling.Verdict == graph.Allowed
			found(match)
		})
	}
}

// service is whoever asks for a service.
func (s *Scene) service(name string) Asker {
	asker, ok := s.services[name]
	if !ok {
		asker = s.asker(snapshot.None, "service:"+name)
		s.services[name] = asker
	}
	return asker
}
