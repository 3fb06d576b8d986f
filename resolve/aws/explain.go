package aws

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// explain decides and writes down why.
func (r *request) explain(q policy.Question) policy.Decision {
	o := r.decide()
	d := policy.Decision{Include: o.include, Exclude: o.exclude}
	d.Verdict, d.Bounds = o.formula.State()
	if !r.holds(ruleJoin) && o.formula != policy.True && o.formula != policy.False && d.Verdict != graph.Unknown {
		d.Verdict = graph.Conditional
	}
	d.Formula = o.formula.Reduce()
	d.Gaps = d.Formula.Gaps()
	for _, code := range r.assumed {
		d.Assumptions = append(d.Assumptions, assumptions[code])
	}
	words, matched := r.words, append([]match(nil), r.matched...)
	d.Layers = r.layerWords(matched)
	number, statement := r.deciding(d.Verdict, o)
	d.Deciding = Layers[number].ID
	if statement != nil {
		e := statement.evidence(r.estate)
		d.Statement = &e
	}
	if !q.Brief {
		d.Flips, d.Breaks = r.flips(d.Verdict, matched)
	}
	r.words = words
	d.Text = r.sentence(&d, o)
	return d
}

// evidence is the public form of a match.
func (m *match) evidence(estate *Estate) graph.Evidence {
	e := graph.Evidence{Effect: graph.EffectAllow, Statement: -1}
	if m.bound != nil {
		e = estate.sourceOf(m.bound)
		e.Effect = graph.EffectAllow
	}
	if m.statement != nil {
		e.Statement, e.Sid, e.Pointer = m.statement.Index, m.statement.Sid, m.statement.Pointer
		if m.statement.Deny {
			e.Effect = graph.EffectDeny
		}
	}
	return e
}

// allowTerms and denyTerms are the words of each layer; a layer without a term
// of one sort has 0 there, which is a fact and no word.
var (
	allowTerms = [layerCount][]policy.Term{
		numRCP: {termRCP}, numSCP: {termSCP}, numEndpoint: {termEndpoint}, numPublicAccess: {termPublicAccess},
		numResource: {termResourceAnyone}, numTrust: {termResourceAnyone},
		numIdentity: {termIdentity}, numBoundary: {termBoundary}, numSession: {termSession},
	}
	denyTerms = [layerCount][]policy.Term{
		numRCP: {termDenyRCP}, numSCP: {termDenySCP}, numEndpoint: {termDenyEndpoint},
		numResource: {termDenyResource}, numTrust: {termDenyResource},
		numIdentity: {termDenyIdentity}, numBoundary: {termDenyBoundary}, numSession: {termDenySession},
	}
)

// layerWords says what each layer that had a say said.
func (r *request) layerWords(matched []match) []policy.LayerWord {
	var list []policy.LayerWord
	for n := layerNumber(0); n < layerCount; n++ {
		if n == numResource && r.resource.layer == numTrust || n == numTrust && r.resource.layer != numTrust {
			continue
		}
		w := policy.LayerWord{Layer: Layers[n]}
		for i := range matched {
			if matched[i].layer == n && !matched[i].gap {
				w.Evidence = append(w.Evidence, matched[i].evidence(r.estate))
			}
		}
		w.Effect, w.Reason = r.layerEffect(n)
		list = append(list, w)
	}
	return list
}

func (r *request) layerEffect(n layerNumber) (graph.Effect, string) {
	deny, allow := policy.False, r.words[allowTerms[n][0]]
	for _, t := range denyTerms[n] {
		deny = r.words[t]
	}
	what := r.action.text
	switch dv, _ := deny.State(); {
	case dv == graph.Allowed:
		return graph.EffectDeny, "explicitly denies " + what
	case dv == graph.Conditional:
		return graph.EffectDeny, "explicitly denies " + what + " if " + deny.Reduce().String()
	case dv == graph.Unknown:
		return graph.EffectLimit, "a document is missing: " + gapText(deny.Gaps())
	}
	if r.silent(n) {
		return graph.EffectNotApplicable, r.silence(n)
	}
	switch av, _ := allow.State(); av {
	case graph.Allowed:
		return graph.EffectAllow, "allows " + what
	case graph.Conditional:
		return graph.EffectAllow, "allows " + what + " if " + allow.Reduce().String()
	case graph.Unknown:
		return graph.EffectLimit, "a document is missing: " + gapText(allow.Gaps())
	}
	if Layers[n].Mode == policy.Grant {
		return graph.EffectNotApplicable, "no statement allows " + what
	}
	return graph.EffectLimit, "does not allow " + what
}

func gapText(gaps []*policy.Gap) string {
	parts := make([]string, len(gaps))
	for i, g := range gaps {
		parts[i] = fmt.Sprintf("%s of %s (%s: %s)", g.Layer, g.Of, g.Reason, g.Detail)
	}
	return strings.Join(parts, "; ")
}

// silent reports whether a layer has no say in the request.
func (r *request) silent(n layerNumber) bool {
	p := r.principal
	switch n {
	case numSCP:
		return p.kind > kindExternal || p.account.management || p.serviceLinked || len(p.account.scp.levels) == 0
	case numRCP:
		o := r.resource.owner
		return o == nil || o.management || p.serviceLinked || len(o.rcp.levels) == 0
	case numEndpoint:
		return len(r.endpoint) == 0
	case numPublicAccess:
		return r.words[termPublicAccess] == policy.True
	case numBoundary:
		return len(p.ownBoundary()) == 0
	case numSession:
		return len(r.sessions)+len(p.sessionPolicies()) == 0 && p.kind != kindFederatedUser
	case numIdentity:
		return !p.hasIdentity()
	case numResource, numTrust:
		return len(r.resource.policies) == 0 && r.resource.gap == nil && r.words[termResourceAnyone] == policy.False
	}
	return false
}

func (r *request) silence(n layerNumber) string {
	switch {
	case n == numSCP && r.principal.kind <= kindExternal && r.principal.account.management:
		return "does not limit the management account"
	case (n == numSCP || n == numRCP) && r.principal.serviceLinked:
		return "does not limit service-linked roles"
	case n == numIdentity:
		return "the caller has no identity policies"
	}
	return "none in play"
}

// deciding names the layer that the verdict comes from, and the statement if
// one decided.
func (r *request) deciding(v graph.Verdict, o outcome) (layerNumber, *match) {
	if o.impossible != "" {
		return numIdentity, nil
	}
	switch v {
	case graph.Denied:
		return r.decidingDenial()
	case graph.Allowed:
		n := r.grantingLayer()
		return n, r.firstMatch(n, false, graph.Allowed)
	case graph.Unknown:
		return r.decidingGap(o.formula)
	}
	for _, n := range r.decisionOrder() {
		for _, t := range denyTerms[n] {
			if dv, _ := r.words[t].State(); dv == graph.Conditional {
				return n, r.firstMatch(n, true, graph.Conditional)
			}
		}
		if av, _ := r.words[allowTerms[n][0]].State(); av == graph.Conditional {
			return n, r.firstMatch(n, false, graph.Conditional)
		}
	}
	n := r.grantingLayer()
	return n, r.firstMatch(n, false, graph.Conditional)
}

// decisionOrder is Layers without the one of resource and trust that the
// request does not have.
func (r *request) decisionOrder() []layerNumber {
	order := make([]layerNumber, 0, layerCount)
	for n := layerNumber(0); n < layerCount; n++ {
		if n != numResource && n != numTrust || n == r.resource.layer {
			order = append(order, n)
		}
	}
	return order
}

func (r *request) decidingDenial() (layerNumber, *match) {
	for _, n := range r.decisionOrder() {
		for _, t := range denyTerms[n] {
			if dv, _ := r.words[t].State(); dv == graph.Allowed {
				return n, r.firstMatch(n, true, graph.Allowed)
			}
		}
	}
	for _, n := range []layerNumber{numRCP, numSCP, numEndpoint, numPublicAccess} {
		if av, _ := r.words[allowTerms[n][0]].State(); av == graph.Denied {
			return n, nil
		}
	}
	if n, missing := r.missingGrant(); missing {
		return n, nil
	}
	for _, n := range []layerNumber{numBoundary, numSession} {
		if av, _ := r.words[allowTerms[n][0]].State(); av == graph.Denied {
			return n, nil
		}
	}
	// No layer alone: their conditions contradict each other.
	for _, n := range r.decisionOrder() {
		for _, t := range append(denyTerms[n], allowTerms[n]...) {
			if wv, _ := r.words[t].State(); wv == graph.Conditional {
				return n, r.firstMatch(n, t != allowTerms[n][0], graph.Conditional)
			}
		}
	}
	return r.resource.layer, nil
}

// missingGrant finds the side on which a grant is wanting.
func (r *request) missingGrant() (layerNumber, bool) {
	is := func(t policy.Term) bool { v, _ := r.words[t].State(); return v == graph.Denied }
	identity, named := is(termIdentity), is(termResourceAnyone)
	strong := is(termResourceDirect) && is(termResourceRole)
	switch {
	case !r.principal.hasIdentity():
		return r.resource.layer, is(termResourceDirect)
	case r.words[termSameAccount] != policy.True:
		if identity {
			return numIdentity, true
		}
		return r.resource.layer, named
	case r.words[termImplicitGrant] != policy.True:
		if named {
			return r.resource.layer, true
		}
		return numIdentity, strong && identity
	}
	return numIdentity, identity && strong
}

// grantingLayer is the side whose grant completes the request: the resource's
// where it has to speak, else whichever grants.
func (r *request) grantingLayer() layerNumber {
	if !r.principal.hasIdentity() || r.words[termSameAccount] != policy.True || r.words[termImplicitGrant] != policy.True {
		return r.resource.layer
	}
	own := policy.And(r.words[termIdentity], policy.And(r.words[termBoundary], r.words[termSession]))
	if v, _ := own.State(); v == graph.Denied {
		return r.resource.layer
	}
	resource := policy.Or(r.words[termResourceDirect], r.words[termResourceRole])
	if v, _ := own.State(); v != graph.Allowed {
		if rv, _ := resource.State(); rv == graph.Allowed {
			return r.resource.layer
		}
	}
	return numIdentity
}

func (r *request) decidingGap(f *policy.Formula) (layerNumber, *match) {
	gaps := f.Reduce().Gaps()
	for n, l := range Layers {
		for _, g := range gaps {
			if g.Layer == l.ID {
				return layerNumber(n), nil
			}
		}
	}
	return numIdentity, nil
}

// firstMatch returns the first statement of a layer with the given effect,
// preferring one whose own state is the wanted one.
func (r *request) firstMatch(n layerNumber, deny bool, want graph.Verdict) *match {
	var first *match
	for i := range r.matched {
		m := &r.matched[i]
		if m.layer != n || m.gap || m.statement.Deny != deny {
			continue
		}
		if v, _ := m.formula.State(); v == want {
			return m
		}
		if first == nil {
			first = m
		}
	}
	return first
}
