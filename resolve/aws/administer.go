package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// administration finds who administers which account: whoever is allowed no
// less, over every action on the account's own resources (resource policies
// aside), than an unbounded principal with everything allowed under the same
// ceilings; or who can give itself that.
func administration(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	callers := slices.DeleteFunc(slices.Clone(e.callers()), func(n snapshot.Index) bool {
		p := e.principal(n)
		return p.kind > kindRoot || p.gone || p.uncollected || p.account.node == snapshot.None
	})
	looks := e.newFirstLooks()
	return parallel(ctx, len(callers), func(i int) {
		if a := e.administers(callers[i], looks); a != nil {
			w.Out.AddAdministration(*a)
		}
	})
}

// administers decides one principal in its own account.
func (e *Estate) administers(node snapshot.Index, looks *firstLooks) *snapshot.Administration {
	direct, gives := looks.at(e.principal(node))
	if !direct && !gives {
		return nil // as most
	}
	a := &administrator{estate: e, p: e.principal(node), hold: holdOf(e.s.Kind(node))}
	best := snapshot.Administration{From: e.foothold(node), Scope: a.p.account.node}
	if direct {
		best.Ruling = a.compare()
	}
	if best.Ruling.Verdict == graph.Denied && !gives {
		return nil
	}
	if best.Ruling.Verdict != graph.Allowed {
		if ruling, through := a.byGift(maxGifts); ruling.Verdict > best.Ruling.Verdict {
			best.Ruling, best.Through = ruling, through
		}
	}
	if best.Ruling.Verdict == graph.Denied {
		return nil
	}
	return &best
}

// An administrator is a principal while it is compared with everything.
type administrator struct {
	estate *Estate
	p      *principal
	hold   graph.Hold

	samples map[reference.TypeID]*resource
	named   []*resource
}

// maxComparisons bounds how many comparisons are remembered.
const maxComparisons = 1 << 15

// compared is compare, worked out once for all whom the same documents bound.
func (a *administrator) compared() snapshot.Ruling {
	key, ok := a.estate.documentsKey(a.p, a.hold)
	if !ok {
		return a.compare()
	}
	return a.estate.comparisons.within(maxComparisons, key, a.compare)
}

// compare holds the principal against an unbounded one, action by action.
func (a *administrator) compare() snapshot.Ruling {
	c, lists := a.comparison()
	for _, text := range first {
		c.each(a.probesOf(parseAction(text), lists))
		if c.ruling.Verdict == graph.Denied {
			return snapshot.Ruling{} // most principals go here
		}
	}
	a.compareActions(c, lists)
	if c.ruling.Verdict == graph.Denied {
		return snapshot.Ruling{}
	}
	c.ruling.Evidence = a.grants(c.mine)
	return c.ruling
}

// comparison is the principal beside the measure, and the documents that speak
// for the principal: its own, and its boundary.
func (a *administrator) comparison() (c *comparison, lists [][]bound) {
	mine, all := a.request(), a.request()
	all.principal, all.hold, all.kept = a.estate.administratorOf(a.p.account), graph.WithOwnPolicy, &[]bound{}
	lists = [][]bound{a.p.identity, a.p.boundary}
	if a.hold == graph.WithOwnPolicy {
		lists[0] = mine.keptBy(a.p)
	}
	c = &comparison{mine: mine, all: all, states: map[string]state{}}
	c.ruling = snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	return c, lists
}

// administratorOf is the measure: a role of the account that no document names
// and no policy of its own limits. Of an account that nobody collected it is
// whoever controls it.
func (e *Estate) administratorOf(a *account) *principal {
	p := &principal{node: snapshot.None, kind: kindRole, account: a, partition: "aws", name: anyKey}
	if a.node != snapshot.None {
		if partition := e.s.Attr(a.node, "partition"); partition != "" {
			p.partition = partition
		}
	}
	p.ref = "arn:" + p.partition + ":iam::" + a.id + ":role/" + anyKey
	if !a.described {
		p.kind = kindExternal
	}
	return p
}

// A comparison is on its way over the probes.
type comparison struct {
	mine, all *request
	ruling    snapshot.Ruling
	states    map[string]state
}

// each compares probes; outright is true if the principal's own documents
// allow all of them whatever the request.
func (c *comparison) each(probes []probe) (outright bool) {
	outright = true
	for _, p := range probes {
		s, own := c.one(p)
		outright = outright && own
		if s.verdict < c.ruling.Verdict {
			c.ruling.Verdict, c.ruling.Bounds, c.ruling.Formula = s.verdict, s.bounds, s.text
		}
	}
	return outright
}

// one decides "whatever everything allows, I am allowed".
func (c *comparison) one(p probe) (s state, outright bool) {
	c.all.action, c.all.resource, c.all.matched = p.action, p.resource, c.all.matched[:0]
	c.mine.action, c.mine.resource, c.mine.matched = p.action, p.resource, c.mine.matched[:0]
	f := c.mine.evaluate()
	w := &c.mine.words
	outright = w[termIdentity] == policy.True && w[termBoundary] == policy.True &&
		w[termDenyIdentity] == policy.False && w[termDenyBoundary] == policy.False
	return c.stateOf(policy.Or(f, policy.Not(c.all.evaluate().Most()))), outright
}

func (c *comparison) stateOf(f *policy.Formula) state {
	switch f {
	case policy.True:
		return state{verdict: graph.Allowed, bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	case policy.False:
		return state{}
	}
	text := f.String()
	s, ok := c.states[text]
	if !ok {
		s.verdict, s.bounds = f.State()
		if s.verdict == graph.Unknown || s.verdict == graph.Conditional {
			s.text = f.Reduce().String()
		}
		c.states[text] = s
	}
	return s
}

func (a *administrator) request() *request {
	return &request{estate: a.estate, principal: a.p, hold: a.hold}
}

// grants are the identity statements that allow everything, or the most.
func (a *administrator) grants(mine *request) []snapshot.EvidenceRef {
	mine.action, mine.resource = parseAction("iam:CreateUser"), a.sample("arn:"+a.p.partition+":iam::"+a.p.account.id+":user/"+anyKey)
	return mine.ruling(mine.decide()).Evidence
}

// A probe is one action on one resource that stands for many.
type probe struct {
	action   action
	resource *resource
}

// probesOf returns an action on a resource of each of its types that no
// statement names, and on those that the principal's statements do name.
func (a *administrator) probesOf(act action, lists [][]bound) []probe {
	uses := infoOf(act.id).uses
	if len(uses) == 0 {
		return []probe{{act, &resource{arn: "*", node: snapshot.None, layer: numResource}}}
	}
	var list []probe
	for _, u := range uses {
		list = append(list, probe{act, a.sampleOf(u.Type)})
		for _, named := range a.namedResources(lists) {
			if slices.Contains(named.types, u.Type) {
				list = append(list, probe{act, named})
			}
		}
	}
	return list
}

// sampleOf is a resource of a type that no document names.
func (a *administrator) sampleOf(t reference.TypeID) *resource {
	if a.samples == nil {
		a.samples = map[reference.TypeID]*resource{}
	}
	if a.samples[t] == nil {
		r := a.request()
		r.resource = &resource{}
		a.samples[t] = a.sample(r.fillTemplate(t.ARN(), anyKey))
	}
	return a.samples[t]
}

// namedResources are samples of the patterns in the principal's own documents.
func (a *administrator) namedResources(lists [][]bound) []*resource {
	if a.named != nil {
		return a.named
	}
	a.named = []*resource{}
	for _, bounds := range lists {
		for i := range bounds {
			if bounds[i].doc == nil {
				continue
			}
			for j := range bounds[i].doc.Statements {
				for _, text := range bounds[i].doc.Statements[j].Resources {
					if text != "*" {
						a.named = append(a.named, a.sample(strings.NewReplacer("*", anyKey, "?", "x").Replace(text)))
					}
				}
			}
		}
	}
	return a.named
}

// sample is a resource of the account that has no policy of its own.
func (a *administrator) sample(arn string) *resource {
	r := &resource{arn: arn, node: snapshot.None, layer: numResource, owner: a.p.account, ownerKnown: true, types: reference.TypesOf(arn)}
	r.parts, _ = ParseARN(arn)
	if r.parts.Service == "kms" {
		r.assumed = true // the default key policy, which enables IAM
	}
	return r
}
