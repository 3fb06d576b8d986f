package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// A Matcher finds where techniques work in one snapshot.
type Matcher struct {
	s          *snapshot.Snapshot
	ev         resolve.Evaluator
	techniques []Technique
	byType     map[typeKey][]snapshot.Index
	listed     map[string]bool // "account service operation" of listings that were collected
}

type typeKey struct {
	account snapshot.Index
	typ     string
}

// NewMatcher prepares techniques for a snapshot.
func NewMatcher(s *snapshot.Snapshot, ev resolve.Evaluator, techniques []Technique) *Matcher {
	m := &Matcher{s: s, ev: ev, byType: map[typeKey][]snapshot.Index{}, listed: map[string]bool{}}
	for _, t := range techniques {
		if t.Status != Fixed {
			m.techniques = append(m.techniques, t)
		}
	}
	for i := range snapshot.Index(s.NumNodes()) {
		if account := m.accountOf(i); account != snapshot.None && (!s.Mentioned(i) || m.listedAlone(i)) {
			key := typeKey{account, s.Type(i)}
			m.byType[key] = append(m.byType[key], i)
		}
	}
	for _, c := range s.Coverage() {
		if c.Status == graph.Collected || c.Status == graph.NoneExists {
			m.listed[string(c.Listing.Scope)+" "+c.Listing.Service+" "+c.Listing.Operation] = true
		}
	}
	return m
}

// listedAlone reports whether a thing that no document describes stands in a
// list of all that there is: some lists print references alone.
func (m *Matcher) listedAlone(node snapshot.Index) bool {
	service, _, _ := strings.Cut(m.s.Type(node), ":")
	return slices.ContainsFunc(m.s.NodeSources(node), func(at snapshot.SourceIndex) bool {
		origin, _ := m.s.Source(at)
		l := origin.Listing
		return l.Service == service && l.Subject == "" && strings.HasPrefix(l.Operation, "list-")
	})
}

// accountOf returns the account that holds a node, itself for an account.
func (m *Matcher) accountOf(i snapshot.Index) snapshot.Index {
	for range 64 {
		if i == snapshot.None || m.s.Kind(i) == graph.KindAccount {
			return i
		}
		i = m.s.ScopeOf(i)
	}
	return snapshot.None
}

// A Match is one way in which a technique works.
type Match struct {
	Technique *Technique
	From, To  snapshot.Foothold
	// Bound are the things that the variables stand for, as references.
	Bound map[string]graph.Ref
	// Needs are the questions that were asked, in the order of the technique,
	// with their rulings.
	Needs  []Asked
	Ruling snapshot.Ruling
	// Missing says which documents an UNKNOWN match hangs on.
	Missing []string
}

// Asked is one need as it was asked.
type Asked struct {
	Question policy.Question
	Ruling   snapshot.Ruling
}

// From finds every technique that whoever holds f can use. Of several ways to
// the same gain by one technique, the surest is returned.
func (m *Matcher) From(f snapshot.Foothold) []Match {
	var found []Match
	a := m.actor(f)
	for i := range m.techniques {
		found = append(found, a.match(&m.techniques[i])...)
	}
	return found
}

// FromBy is From for one technique.
func (m *Matcher) FromBy(id string, f snapshot.Foothold) []Match {
	for i := range m.techniques {
		if m.techniques[i].ID == id {
			return m.actor(f).match(&m.techniques[i])
		}
	}
	return nil
}

// match binds the variables of one technique.
func (a *actor) match(t *Technique) []Match {
	for _, n := range t.Needs {
		if n.Who == "" && !n.Given && !a.tries(n.Action) {
			return nil
		}
	}
	b := &binding{actor: a, t: t, bound: map[string]thing{Actor: {node: a.from.Node}}, best: map[snapshot.Foothold]int{}}
	b.asked = make([]Asked, len(t.Needs))
	if b.account != snapshot.None && b.passes(-1) {
		b.next(0)
	}
	return b.found
}

// A thing is what a variable stands for: a node, or one that no document
// describes.
type thing struct {
	node snapshot.Index
	ref  graph.Ref // set where node is None
}

// A binding is a technique while its variables are filled.
type binding struct {
	*actor
	t       *Technique
	bound   map[string]thing
	asked   []Asked // by need, as far as the needs' variables are bound
	missing []string
	found   []Match
	best    map[snapshot.Foothold]int // gain → index in found
}

// next binds variable v and those after it. Needs and facts are looked at as
// soon as all their variables are bound.
func (b *binding) next(v int) {
	if v == len(b.t.Vars) {
		b.conclude()
		return
	}
	variable := b.t.Vars[v]
	for _, c := range b.candidates(variable) {
		b.bound[variable.Name] = c
		if b.had != nil && variable.Name == b.t.Yields.Of && b.had(b.gain()) {
			continue
		}
		kept := len(b.missing)
		if c.node == snapshot.None && !variable.New {
			b.lack(variable.Listing)
		}
		if b.passes(v) {
			b.next(v + 1)
		}
		b.missing = b.missing[:kept]
	}
	delete(b.bound, variable.Name)
}

// candidates are the things that a variable can stand for.
func (b *binding) candidates(v Var) []thing {
	var list []thing
	if !v.New {
		able := b.able(v)
		for _, node := range b.linked(v) {
			if (able == nil || able(node)) && !b.settled(v, node) {
				list = append(list, thing{node: node})
			}
		}
		if v.Listing == "" || b.m.isListed(b.account, v.Listing) {
			return list
		}
	}
	if made, ok := b.likeliest(v); ok {
		list = append(list, made)
	}
	return list
}

// settled reports whether a thing that runs as what is gained would add nothing:
// all that it runs as is surely had by the technique already.
func (b *binding) settled(v Var, node snapshot.Index) bool {
	for _, f := range b.t.Facts {
		if f.Kind != RunsAs || f.A != v.Name || f.B != b.t.Yields.Of {
			continue
		}
		roles := b.m.s.Out(node, graph.RunsAs)
		return len(roles) > 0 && !slices.ContainsFunc(roles, func(role snapshot.Index) bool {
			at, ok := b.best[snapshot.Foothold{Node: role, Hold: gainedHold(b.t)}]
			return !ok || b.found[at].Ruling.Verdict != graph.Allowed
		})
	}
	return false
}

// able tests on which things the actor may take the technique's action on a
// variable; nil where that is not known, or not the actor's to take.
func (b *binding) able(v Var) func(snapshot.Index) bool {
	for _, n := range b.t.Needs {
		if n.On == v.Name && n.Who == "" && !n.Given && !overrides(n) {
			return b.can(n.Action)
		}
	}
	return nil
}

// overrides reports whether a need states a key that follows from what is
// acted on: what is denied otherwise may then be allowed.
func overrides(n Need) bool {
	for key := range n.With {
		key = strings.TrimPrefix(key, "!")
		if key == "iam:PermissionsBoundary" || !strings.HasPrefix(key, "iam:") && !strings.HasPrefix(key, "ecs:") {
			return true
		}
	}
	return false
}

// linked are the described things that a variable can stand for: those that a
// bound thing runs as, where a fact says that it does.
func (b *binding) linked(v Var) []snapshot.Index {
	for _, f := range b.t.Facts {
		a, bound := b.bound[f.A]
		if f.B != v.Name || !bound || a.node == snapshot.None || b.undescribed(a.node) || f.Kind != RunsAs && f.Kind != InProfile {
			continue
		}
		var list []snapshot.Index
		for _, to := range b.m.s.Out(a.node, graph.RunsAs) {
			list = append(append(list, to), b.m.s.Out(to, graph.RunsAs)...)
		}
		slices.Sort(list)
		return slices.DeleteFunc(slices.Compact(list), func(node snapshot.Index) bool {
			return b.m.s.Type(node) != v.Type || b.m.s.Mentioned(node) && !b.m.listedAlone(node) || !v.Across && b.m.accountOf(node) != b.account
		})
	}
	return b.m.ofType(b.account, v)
}

// likeliest is the name that suits the actor best for a thing that no document
// describes: needs on one such thing hang on nothing else.
func (b *binding) likeliest(v Var) (best thing, ok bool) {
	sure := graph.Denied
	for _, ref := range b.m.ev.Samples(b.from, b.actionOn(v.Name), v.Type) {
		b.bound[v.Name] = thing{node: snapshot.None, ref: graph.Ref(ref)}
		if verdict := b.ask(b.indexOf(v.Name)); !ok || verdict > sure {
			best, sure, ok = b.bound[v.Name], verdict, true
		}
		if sure == graph.Allowed {
			break
		}
	}
	return best, ok && sure > graph.Denied
}

// ofType are the described things that a variable can stand for.
func (m *Matcher) ofType(account snapshot.Index, v Var) []snapshot.Index {
	if !v.Across {
		return m.byType[typeKey{account, v.Type}]
	}
	var list []snapshot.Index
	for key, nodes := range m.byType {
		if key.typ == v.Type {
			list = append(list, nodes...)
		}
	}
	slices.Sort(list)
	return list
}

// actionOn is the first action that the technique takes on a variable.
func (b *binding) actionOn(name string) string {
	for _, n := range b.t.Needs {
		if n.On == name {
			return n.Action
		}
	}
	return ""
}

func (m *Matcher) isListed(account snapshot.Index, listing string) bool {
	return m.listed[string(m.s.Ref(account))+" "+listing]
}

// passes looks at what variable v completes, the cheap facts first.
func (b *binding) passes(v int) bool {
	return b.facts(v, false) && b.ask(v) != graph.Denied && b.facts(v, true)
}

// facts checks the preconditions that variable v completes: those that only
// look something up, or those that decide a whole account.
func (b *binding) facts(v int, costly bool) bool {
	for _, f := range b.t.Facts {
		if (f.Kind == Enough) == costly && max(b.indexOf(f.A), b.indexOf(f.B)) == v && !b.fact(f) {
			return false
		}
	}
	return true
}

// ask decides the needs that variable v completes and returns the least sure
// of their verdicts.
func (b *binding) ask(v int) graph.Verdict {
	sure := graph.Allowed
	for i, n := range b.t.Needs {
		if b.completes(n) != v {
			continue
		}
		q := b.question(n)
		ruling, err := b.m.ev.Rule(q)
		if err != nil {
			ruling = snapshot.Ruling{} // asked of somebody whom no document names
		}
		b.asked[i] = Asked{q, ruling}
		if sure = min(sure, ruling.Verdict); sure == graph.Denied {
			break
		}
	}
	return sure
}

// completes is the index of the last variable that a need speaks of, -1 for
// one that speaks of none.
func (b *binding) completes(n Need) int {
	on, _, _ := strings.Cut(n.On, "/")
	on, _, _ = strings.Cut(on, "@")
	last := max(b.indexOf(on), b.indexOf(strings.TrimPrefix(n.Who, "$")))
	for _, value := range n.With {
		last = max(last, b.indexOf(strings.TrimPrefix(value, "$")))
	}
	if strings.Contains(n.On, "${") {
		last = len(b.t.Vars) - 1 // filled from whatever is bound
	}
	return last
}

func (b *binding) indexOf(name string) int {
	return slices.IndexFunc(b.t.Vars, func(x Var) bool { return x.Name == name })
}

// lack notes a document that an answer hangs on.
func (b *binding) lack(listing string) {
	text := listing + " of " + string(b.m.s.Ref(b.account))
	if !slices.Contains(b.missing, text) {
		b.missing = append(b.missing, text)
	}
}

// conclude writes down what was found, now that everything is bound.
func (b *binding) conclude() {
	match := Match{Technique: b.t, From: b.from, To: b.gain(), Needs: slices.Clone(b.asked), Missing: slices.Clone(b.missing)}
	if match.To == b.from || match.To.Node == snapshot.None {
		return
	}
	match.Ruling = snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	var formulas []string
	for _, asked := range b.asked {
		ruling := asked.Ruling
		match.Ruling.Verdict = min(match.Ruling.Verdict, ruling.Verdict)
		match.Ruling.Bounds.Least = min(match.Ruling.Bounds.Least, ruling.Bounds.Least)
		match.Ruling.Bounds.Most = min(match.Ruling.Bounds.Most, ruling.Bounds.Most)
		match.Ruling.Evidence = append(match.Ruling.Evidence, ruling.Evidence...)
		if ruling.Formula != "" && !slices.Contains(formulas, ruling.Formula) {
			formulas = append(formulas, ruling.Formula)
		}
	}
	for _, text := range b.missing {
		formulas = append(formulas, "what the missing "+text+" would show")
		match.Ruling.Verdict, match.Ruling.Bounds.Least = min(match.Ruling.Verdict, graph.Unknown), graph.Denied
	}
	match.Ruling.Formula = strings.Join(formulas, "; ")
	b.keep(match)
}

// keep adds a match, or puts it in the place of a less sure one.
func (b *binding) keep(match Match) {
	match.Bound = map[string]graph.Ref{}
	for name := range b.bound {
		match.Bound[name] = b.ref(name)
	}
	for i, n := range b.t.Needs {
		if strings.Contains(n.On, "@") {
			match.Bound[n.On] = graph.Ref(b.asked[i].Question.Resource)
		}
	}
	at, ok := b.best[match.To]
	switch {
	case !ok:
		b.best[match.To] = len(b.found)
		b.found = append(b.found, match)
	case match.Ruling.Verdict > b.found[at].Ruling.Verdict:
		b.found[at] = match
	}
}

// gain is the foothold that the technique yields. Code that runs as a role and
// a session of it make the same requests, and are one foothold.
func (b *binding) gain() snapshot.Foothold {
	hold := gainedHold(b.t)
	gained := b.bound[b.t.Yields.Of].node
	for _, v := range b.t.Vars {
		if v.Name == b.t.Yields.Of && v.New {
			return snapshot.Foothold{Node: b.account, Hold: graph.WithOwnPolicy}
		}
	}
	return snapshot.Foothold{Node: gained, Hold: hold}
}

func gainedHold(t *Technique) graph.Hold {
	switch {
	case t.Yields.Data != "":
		return graph.DataOnly
	case t.Yields.Hold == graph.AsCode:
		return graph.AsSession
	}
	return t.Yields.Hold
}

// ref is the reference of a variable, of a part of one, or of a literal.
func (b *binding) ref(name string) graph.Ref {
	if strings.Contains(name, "${") {
		return b.fill(name)
	}
	if whole, property, ok := strings.Cut(name, "@"); ok {
		return b.named(b.bound[whole], property)
	}
	whole, part, _ := strings.Cut(name, "/")
	t, ok := b.bound[whole]
	if !ok {
		return graph.Ref(name)
	}
	ref := t.ref
	if t.node != snapshot.None {
		ref = b.m.s.Ref(t.node)
	}
	if part != "" {
		ref += graph.Ref("/" + part)
	}
	return ref
}

// named is what a native property of a thing names: an object of S3 that stands
// there as an address. It is empty where no document shows it.
func (b *binding) named(t thing, property string) graph.Ref {
	if t.node == snapshot.None {
		return ""
	}
	value := b.m.s.Node(t.node).Attr(property)
	if object, ok := strings.CutPrefix(value, "s3://"); ok {
		partition := strings.SplitN(string(b.m.s.Ref(t.node))+"::", ":", 3)[1]
		return graph.Ref("arn:" + partition + ":s3:::" + object)
	}
	return graph.Ref(value)
}

// fill writes partition, region and account of what is bound into a reference.
func (b *binding) fill(template string) graph.Ref {
	partition, region := "aws", "us-east-1"
	for _, v := range b.t.Vars {
		if t, ok := b.bound[v.Name]; ok {
			ref := t.ref
			if t.node != snapshot.None {
				ref = b.m.s.Ref(t.node)
			}
			if parts := strings.SplitN(string(ref), ":", 6); len(parts) == 6 && parts[3] != "" {
				partition, region = parts[1], parts[3]
				break
			}
		}
	}
	return graph.Ref(strings.NewReplacer("${Partition}", partition, "${Region}", region,
		"${Account}", accountID(b.m.s.Ref(b.account))).Replace(template))
}

// question is a need with its variables filled.
func (b *binding) question(n Need) policy.Question {
	q := policy.Question{Principal: b.ref(Actor), Hold: b.from.Hold, Action: n.Action, Resource: string(b.ref(n.On)), Given: n.Given}
	if name, ok := strings.CutPrefix(n.Who, "$"); ok {
		q.Principal, q.Hold = b.ref(name), graph.AsSession
	} else if n.Who != "" {
		q.Principal, q.Hold = graph.Ref(n.Who), graph.ByCredential
	}
	for key, value := range n.With {
		if left, out := strings.CutPrefix(key, "!"); out {
			q.Context = append(q.Context, policy.Value{Key: left, Absent: true})
			continue
		}
		if name, ok := strings.CutPrefix(value, "$"); ok {
			value = string(b.ref(name))
		}
		q.Context = append(q.Context, policy.Value{Key: key, Values: []string{value}})
	}
	return q
}
