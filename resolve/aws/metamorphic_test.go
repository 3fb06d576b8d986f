package aws

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// What a change of documents or of stated context must, and must not, do to
// decisions, whatever the documents say.

const (
	metaEstates   = 2500
	metaQuestions = 40 // of each: 100,000 triples
)

// A relation is what a change must do to every formula.
type relation uint8

const (
	narrows relation = iota // what is allowed now was allowed before
	widens                  // what was allowed before is allowed now
	keeps
)

// A change makes another estate of one.
type change struct {
	name  string
	must  relation
	apply func(*rand.Rand, *sketch)
}

var changes = []change{
	{"a Deny added anywhere", narrows, addDeny},
	{"an Allow added to a grant", widens, addAllow},
	{"an Allow taken from a ceiling", narrows, dropAllow},
	{"a Deny added to a ceiling", narrows, denyInCeiling},
	{"statements and documents in another order", keeps, reorder},
	{"statements said twice", keeps, duplicate},
	{"statements and documents split", keeps, split},
}

// sheetOf picks a document of one of the layers, nil if there is none.
func (k *sketch) sheetOf(r *rand.Rand, fits func(*sheet) bool) *sheet {
	for _, i := range r.Perm(len(k.sheets)) {
		if fits(&k.sheets[i]) {
			return &k.sheets[i]
		}
	}
	return nil
}

func ofLayers(layers ...graph.LayerID) func(*sheet) bool {
	return func(s *sheet) bool { return slices.Contains(layers, s.layer) }
}

func (s *sheet) insert(r *rand.Rand, effect string) {
	added := draftSentence(r, s.layer, 0)
	if chance(r, 70) {
		added = broadSentence(r, s.layer)
	}
	added.Effect = effect
	s.sentences = slices.Insert(slices.Clone(s.sentences), r.IntN(len(s.sentences)+1), added)
}

func addDeny(r *rand.Rand, k *sketch) {
	if s := k.sheetOf(r, func(*sheet) bool { return true }); s != nil {
		s.insert(r, "Deny")
	}
}

// addAllow leaves a bucket alone that restricts public policies: a grant that
// makes its policy public ends what the policy granted before (Amazon S3 user
// guide, "Blocking public access", RestrictPublicBuckets).
func addAllow(r *rand.Rand, k *sketch) {
	s := k.sheetOf(r, func(s *sheet) bool {
		return ofLayers(LayerIdentity, LayerResource, LayerTrust)(s) && !(k.blocked && s.to == data)
	})
	if s != nil {
		s.insert(r, "Allow")
	}
}

func dropAllow(r *rand.Rand, k *sketch) {
	s := k.sheetOf(r, ofLayers(LayerSCP, LayerBoundary))
	if s == nil {
		return
	}
	for _, i := range r.Perm(len(s.sentences)) {
		if s.sentences[i].Effect == "Allow" {
			s.sentences = slices.Delete(slices.Clone(s.sentences), i, i+1)
			return
		}
	}
}

func denyInCeiling(r *rand.Rand, k *sketch) {
	if s := k.sheetOf(r, ofLayers(LayerSCP, LayerRCP, LayerBoundary)); s != nil {
		s.insert(r, "Deny")
	}
}

func reorder(r *rand.Rand, k *sketch) {
	r.Shuffle(len(k.sheets), func(i, j int) { k.sheets[i], k.sheets[j] = k.sheets[j], k.sheets[i] })
	for _, s := range k.sheets {
		r.Shuffle(len(s.sentences), func(i, j int) { s.sentences[i], s.sentences[j] = s.sentences[j], s.sentences[i] })
	}
}

func duplicate(r *rand.Rand, k *sketch) {
	for i := range k.sheets {
		s := &k.sheets[i]
		for range 1 + r.IntN(2) {
			if len(s.sentences) > 0 {
				s.sentences = append(s.sentences, s.sentences[r.IntN(len(s.sentences))])
			}
		}
	}
}

// split writes one statement for each action and resource, and parts documents
// in two that are attached side by side.
func split(r *rand.Rand, k *sketch) {
	var parts []sheet
	for _, s := range k.sheets {
		var all []sentence
		for _, one := range s.sentences {
			all = append(all, one.split()...)
		}
		cut := r.IntN(len(all) + 1)
		if cut == 0 || cut == len(all) || s.layer == LayerTrust || s.layer == LayerBoundary {
			s.sentences = all
			parts = append(parts, s)
			continue
		}
		first, second := s, s
		first.sentences, second.sentences = all[:cut], all[cut:]
		second.name += " (2)"
		parts = append(parts, first, second)
	}
	k.sheets = parts
}

func (s sentence) split() []sentence {
	if len(s.Action) > 1 {
		one, rest := s, s
		one.Action, rest.Action = s.Action[:1], s.Action[1:]
		return append(one.split(), rest.split()...)
	}
	return []sentence{s}
}

// compare returns what is wrong between a decision and the one after a change.
func compare(before, after outcome, parts bool, must relation) string {
	old, _ := before.formula.State()
	now, _ := after.formula.State()
	narrow, wide := before, after
	if must == narrows {
		narrow, wide = after, before
	}
	switch {
	case must == keeps && old != now:
		return "the verdict changed"
	case must == keeps && parts:
		if !sameSet(before.include, after.include) || !sameSet(before.exclude, after.exclude) {
			return "the keys changed"
		}
		return ""
	case must == keeps && !policy.Equivalent(before.formula, after.formula):
		return "the formula changed"
	case parts:
		// Which keys answer may change with the documents; constants may not.
		low, _ := narrow.formula.State()
		high, _ := wide.formula.State()
		if low == graph.Allowed && high != graph.Allowed || high == graph.Denied && low != graph.Denied {
			return "the verdict went the wrong way"
		}
	case !policy.Implies(narrow.formula, wide.formula):
		return "the formula went the wrong way"
	}
	return ""
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// A tally counts what the drawn triples came to.
type tally struct {
	total    int
	verdicts [4]int
	layers   [layerCount]int
}

func (c *tally) add(r *request, o outcome) graph.Verdict {
	verdict, _ := o.formula.State()
	layer, _ := r.deciding(verdict, o)
	c.total++
	c.verdicts[verdict]++
	c.layers[layer]++
	return verdict
}

func (c *tally) check(t *testing.T) {
	t.Helper()
	if c.total < metaEstates*metaQuestions {
		t.Errorf("%d triples drawn", c.total)
	}
	for v, n := range c.verdicts {
		if n*10 < c.total {
			t.Errorf("%s: %d of %d triples, want a tenth", graph.Verdict(v), n, c.total)
		}
	}
	for l, n := range c.layers {
		if n*100 < 3*c.total {
			t.Errorf("%s decides %d of %d triples, want three in a hundred", Layers[l].ID, n, c.total)
		}
	}
	t.Logf("verdicts %v, layers %v", c.verdicts, c.layers)
}

// TestChangesOfDocuments draws 100,000 triples and decides each before and
// after a change of the documents.
func TestChangesOfDocuments(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 1))
	var c tally
	moved := make([]int, len(changes))
	for n := range metaEstates {
		k := draftSketch(random)
		changed, kind := k.clone(), n%len(changes)
		changes[kind].apply(random, changed)
		before, after := k.build(t), changed.build(t)
		for range metaQuestions {
			q := draftQuestion(random)
			r, was := formulaOf(t, before, q)
			old := c.add(r, was)
			_, is := formulaOf(t, after, q)
			parts := r.fit() == fitsParts
			if wrong := compare(was, is, parts, changes[kind].must); wrong != "" {
				now, _ := is.formula.State()
				t.Fatalf("%s: %s\n%s\nbefore: %s %s\nafter: %s %s\nbefore\n%safter\n%s", changes[kind].name, wrong, asked(q),
					old, was.formula.Reduce(), now, is.formula.Reduce(), k, changed)
			}
			if now, _ := is.formula.State(); now != old {
				moved[kind]++
			}
		}
	}
	c.check(t)
	for i, change := range changes {
		if change.must != keeps && moved[i] < 100 {
			t.Errorf("%s changed %d verdicts: the draws say too little", change.name, moved[i])
		}
	}
	t.Logf("verdicts that changed: %v", moved)
}

// TestNarrowerSessions: a session policy never widens, nor does a Deny added
// to one, nor passing an endpoint with a policy.
func TestNarrowerSessions(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 2))
	for range metaEstates / 10 {
		k := draftSketch(random)
		e := k.build(t)
		for range metaQuestions {
			wide := draftQuestion(random)
			wide.SessionPolicies, wide.EndpointPolicy = nil, nil
			policies := sheet{layer: LayerSession}
			policies.sentences = []sentence{draftSentence(random, LayerSession, 20), draftSentence(random, LayerSession, 20)}
			session, endpoint, denied := wide, wide, wide
			session.SessionPolicies, endpoint.EndpointPolicy = [][]byte{policies.text()}, policies.text()
			policies.insert(random, "Deny")
			denied.SessionPolicies = [][]byte{policies.text()}
			for _, pair := range [][2]policy.Question{{wide, session}, {wide, endpoint}, {session, denied}} {
				r, was := formulaOf(t, e, pair[0])
				_, is := formulaOf(t, e, pair[1])
				if wrong := compare(was, is, r.fit() == fitsParts, narrows); wrong != "" {
					t.Fatalf("%s\n%s: %s\n%s: %s\n%s", wrong, asked(pair[0]), was.formula.Reduce(), asked(pair[1]), is.formula.Reduce(), k)
				}
			}
		}
	}
}

// valuePool are the values that context keys are stated to have, rich enough
// that every test of conditionPool holds for one and fails for another.
var valuePool = map[string][]string{
	"aws:sourceip": {"10.1.2.3", "192.168.0.1"}, "aws:sourcevpce": {"vpce-1", "vpce-2", "other"},
	"aws:multifactorauthpresent": {"true", "false"}, "aws:currenttime": {"2025-06-01T00:00:00Z", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z"},
	"aws:requestedregion": {"eu-west-1", "us-east-1", "ap-south-1"}, "aws:useragent": {"cli/2", "cli bot", "bot", "other", "alice/cli bot", "alice", "bob", "amy bot", "bob bot", "alice bot", "amy"},
	"aws:principaltag/team": {"red", "blue"}, "aws:principalorgid": {"o-2"}, "aws:principalarn": {"arn:aws:iam::" + outside + ":user/x"},
	"aws:username": {"alice", "logs", "x"}, "aws:resourcetag/team": {"red", "blue"},
}

// statements returns every way in which a request can carry the key.
func statementsOf(k *policy.Key) []policy.Value {
	var list []policy.Value
	for _, v := range valuePool[k.Folded()] {
		if k.Like != "" && !policy.Glob(k.Like, v) || slices.ContainsFunc(k.Except, func(p string) bool { return policy.Glob(p, v) }) {
			continue
		}
		list = append(list, policy.Value{Key: k.Name, Values: []string{v}})
	}
	if !k.Required {
		list = append(list, policy.Value{Key: k.Name, Absent: true})
	}
	return list
}

// keysOf returns the keys that a formula hangs on; ok is false where one can
// not be stated: two open values compared with each other, or the name of the
// caller's own session, which who asks says.
func keysOf(f *policy.Formula) (keys []*policy.Key, ok bool) {
	for _, test := range f.Tests() {
		k := test.Key
		if valuePool[k.Folded()] == nil {
			return nil, false
		}
		if !slices.ContainsFunc(keys, func(have *policy.Key) bool { return have.Folded() == k.Folded() }) {
			keys = append(keys, k)
		}
	}
	return keys, true
}

// TestEveryAssignment states every combination of values of the keys that a
// formula hangs on: each must come out constant (or hang on a gap alone), and
// the verdict must be what they come to together.
func TestEveryAssignment(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 3))
	checked, skipped := 0, 0
	for range metaEstates / 2 {
		k := draftSketch(random)
		e := k.build(t)
		for range metaQuestions {
			q := draftQuestion(random)
			r, o := formulaOf(t, e, q)
			keys, ok := keysOf(o.formula)
			if len(keys) == 0 && ok || r.fit() == fitsParts {
				continue
			}
			if !ok || len(keys) > 4 {
				skipped++
				continue
			}
			checked++
			verdict, bounds := o.formula.State()
			var seen [4]bool
			everyAssignment(keys, nil, func(context []policy.Value) {
				stated := q
				stated.Context = context
				_, closed := formulaOf(t, e, stated)
				v, b := closed.formula.State()
				seen[v] = true
				if v == graph.Conditional || b.Most == graph.Conditional || b.Least == graph.Conditional {
					t.Fatalf("%s\n%s\nwith everything stated it still hangs on %s", k, asked(stated), closed.formula.Reduce())
				}
				if b.Most > bounds.Most && bounds.Most == graph.Denied || b.Least < bounds.Least && bounds.Least == graph.Allowed {
					t.Fatalf("%s\n%s\n%v is outside of the bounds %v", k, asked(stated), b, bounds)
				}
			})
			want := seen == [4]bool{graph.Denied: true, graph.Allowed: true}
			if (verdict == graph.Conditional) != want && verdict != graph.Unknown && !onlyConstant(verdict, seen) {
				t.Fatalf("%s\n%s\n%s %s, and assignments come to %v", k, asked(q), verdict, o.formula, seen)
			}
		}
	}
	if checked < 5000 || skipped > checked/4 {
		t.Errorf("%d formulas checked, %d skipped: the draws say too little", checked, skipped)
	}
	t.Logf("%d formulas checked, %d skipped", checked, skipped)
}

// onlyConstant reports whether assignments agree with a constant verdict.
func onlyConstant(v graph.Verdict, seen [4]bool) bool {
	for other, saw := range seen {
		if saw != (graph.Verdict(other) == v) {
			return false
		}
	}
	return v != graph.Conditional
}

func everyAssignment(keys []*policy.Key, context []policy.Value, visit func([]policy.Value)) {
	if len(keys) == 0 {
		visit(slices.Clone(context))
		return
	}
	for _, v := range statementsOf(keys[0]) {
		everyAssignment(keys[1:], append(context, v), visit)
	}
}

// TestStatingResolves states open keys one after the other: what is allowed or
// denied stays so, whichever key is stated.
func TestStatingResolves(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 4))
	var names []string
	for name := range valuePool {
		names = append(names, name)
	}
	slices.Sort(names)
	resolved := 0
	for range metaEstates / 5 {
		k := draftSketch(random)
		e := k.build(t)
		for range metaQuestions {
			q := draftQuestion(random)
			r, o := formulaOf(t, e, q)
			verdict, _ := o.formula.State()
			first := verdict
			random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			for _, name := range names {
				state := r.key(name)
				if state.known {
					continue // not the asker's to choose
				}
				q.Context = append(slices.Clone(q.Context), oneOf(random, statementsOf(state.open)...))
				_, o = formulaOf(t, e, q)
				now, _ := o.formula.State()
				if (verdict == graph.Allowed || verdict == graph.Denied) && now != verdict {
					t.Fatalf("%s\n%s\nwas %s before the last key, is %s", k, asked(q), verdict, now)
				}
				verdict = now
			}
			if first == graph.Conditional && (verdict == graph.Allowed || verdict == graph.Denied) {
				resolved++
			}
		}
	}
	if resolved < 1500 {
		t.Errorf("%d conditional verdicts resolved: the draws say too little", resolved)
	}
}
