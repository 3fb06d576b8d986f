package aws

import (
	"slices"
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// anyKey stands in a sample for the text that a wildcard covers. It is made of
// a character that no policy is taken to write.
const anyKey = "\uE000"

// decideParts answers an object action asked of a bucket: with the keys that
// are reached. The key patterns of all statements cut the keys into cells; one
// sample of each cell is decided.
func (r *request) decideParts() outcome {
	bucket := r.resource
	patterns := r.keyPatterns(bucket.arn + "/")
	cells := map[string]*cell{}
	var order []string
	for _, sampled := range r.estate.cellsOf(patterns) {
		r.matched = r.matched[:0]
		r.resource = r.estate.resourceByARN(bucket.arn + "/" + sampled.key)
		f := r.evaluateAll()
		verdict := r.estate.stateOf(f).verdict
		cells[sampled.name] = &cell{f, verdict, slices.Clone(r.matched), r.words}
		order = append(order, sampled.name)
	}
	best := cells[order[0]]
	for _, name := range order {
		if c := cells[name]; c.verdict > best.verdict {
			best = c
		}
	}
	r.resource, r.matched, r.words = bucket, best.matched, best.words
	o := outcome{formula: best.formula}
	if best.verdict != graph.Denied {
		o.include, o.exclude = describe(patterns, order, cells, best.verdict)
	}
	return o
}

// A cell is the keys that match one set of patterns.
type cell struct {
	formula *policy.Formula
	verdict graph.Verdict
	matched []match
	words   [termCount]*policy.Formula
}

// cellName lists the patterns that a sample matches, joined by "&", without
// those that a narrower one of them implies.
func cellName(patterns []string, sample string) string {
	var matched []string
	for _, p := range patterns {
		if policy.Glob(p, sample) {
			matched = append(matched, p)
		}
	}
	narrow := slices.DeleteFunc(slices.Clone(matched), func(p string) bool {
		return slices.ContainsFunc(matched, func(q string) bool { return q != p && covers(p, q) && !covers(q, p) })
	})
	return strings.Join(narrow, "&")
}

// covers reports whether every key of q is one of p: a sample of q that holds
// nothing by chance is.
func covers(p, q string) bool { return policy.Glob(p, sampleOf(q)) }

// describe says which cells have the verdict, in the fewest patterns: a cell
// inside of an included one is not named again, a cell that is not reached is
// named only inside of one that is.
func describe(patterns, order []string, cells map[string]*cell, verdict graph.Verdict) (include, exclude []string) {
	sort.SliceStable(order, func(i, j int) bool { return strings.Count(order[i], "&") < strings.Count(order[j], "&") })
	rank := func(name string) int { return slices.Index(patterns, name) }
	sort.SliceStable(order, func(i, j int) bool {
		a, b := rank(order[i]), rank(order[j])
		return a >= 0 && (b < 0 || a < b)
	})
	inside := func(name string, list []string) bool {
		return slices.ContainsFunc(list, func(p string) bool {
			return slices.ContainsFunc(strings.Split(name, "&"), func(part string) bool { return covers(p, part) })
		})
	}
	for _, name := range order {
		switch c := cells[name]; {
		case c.verdict == verdict && (!inside(name, include) || inside(name, exclude)):
			include = append(include, name)
		case c.verdict == graph.Denied && inside(name, include) && !inside(name, exclude):
			exclude = append(exclude, name)
		}
	}
	return include, exclude
}

// keyPatterns returns what the resource patterns of every statement in play
// that speaks of the action leave for keys after prefix, broadest first.
func (r *request) keyPatterns(prefix string) []string {
	seen := map[string]bool{"*": true}
	add := func(list []bound) {
		for i := range list {
			if list[i].doc == nil {
				continue
			}
			for j := range list[i].doc.Statements {
				if !r.matchesAction(&list[i].doc.Statements[j]) {
					continue
				}
				for _, p := range list[i].doc.Statements[j].compiled.resources {
					for _, rest := range r.remainders(&p, prefix) {
						seen[rest] = true
					}
				}
			}
		}
	}
	p := r.principal
	add(p.identity)
	add(p.boundary)
	add(r.sessions)
	add(r.endpoint)
	add(r.resource.policies)
	for _, l := range p.account.scp.levels {
		add(l.policies)
	}
	if r.resource.owner != nil {
		for _, l := range r.resource.owner.rcp.levels {
			add(l.policies)
		}
	}
	list := make([]string, 0, len(seen))
	for text := range seen {
		list = append(list, text)
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := strings.Contains(list[i], "*"), strings.Contains(list[j], "*"); a != b {
			return a
		}
		if len(list[i]) != len(list[j]) {
			return len(list[i]) < len(list[j])
		}
		return list[i] < list[j]
	})
	return list
}

// remainders returns the patterns that are left of p once it has matched
// prefix: one for each way to match it.
func (r *request) remainders(p *resourcePattern, prefix string) []string {
	tokens := p.tokens
	switch {
	case p.parts != nil:
	case !p.mayReach(prefix):
		return nil
	case p.plain, p.prefix:
		return p.plainRemainder(prefix)
	}
	if p.parts != nil {
		f := r.fill(p.parts)
		if f.unresolved {
			return nil
		}
		tokens = f.tokensWith(anyValue)
	}
	at, next := make([]bool, len(tokens)+1), make([]bool, len(tokens)+1)
	reach(tokens, at, 0)
	for i := range len(prefix) {
		clear(next)
		alive := false
		for t, here := range at[:len(tokens)] {
			if !here {
				continue
			}
			switch k := tokens[t]; {
			case k.kind == '+', k.kind == '*' && prefix[i] != ':':
				reach(tokens, next, t)
			case k.kind == '?' && prefix[i] != ':', k.kind == 0 && k.char == prefix[i]:
				reach(tokens, next, t+1)
			default:
				continue
			}
			alive = true
		}
		if !alive {
			return nil
		}
		at, next = next, at
	}
	var rests []string
	for t, here := range at {
		if !here {
			continue
		}
		switch rest := tokenText(tokens[t:]); rest {
		case "":
		case "*":
			return []string{rest} // it covers every key, whatever else it may do
		default:
			rests = append(rests, rest)
		}
	}
	return rests
}

// plainRemainder is for a pattern without a wildcard but at its end.
func (p *resourcePattern) plainRemainder(prefix string) []string {
	begin := strings.TrimSuffix(p.text, "*")
	switch {
	case p.prefix && strings.HasPrefix(prefix, begin):
		return []string{"*"}
	case strings.HasPrefix(begin, prefix) && len(p.text) > len(prefix):
		return []string{p.text[len(prefix):]}
	}
	return nil
}

// mayReach is false where the literal beginning of the pattern rules out
// everything after prefix: a cheap look before the tokens are walked.
func (p *resourcePattern) mayReach(prefix string) bool {
	begin := p.text
	if wild := strings.IndexAny(begin, "*?"); wild >= 0 {
		begin = begin[:wild]
	}
	return strings.HasPrefix(prefix, begin) || strings.HasPrefix(begin, prefix)
}

// reach adds position t and what follows it without reading.
func reach(tokens []token, at []bool, t int) {
	at[t] = true
	for t < len(tokens) && (tokens[t].kind == '*' || tokens[t].kind == '+') {
		t++
		at[t] = true
	}
}

func tokenText(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		switch t.kind {
		case 0:
			b.WriteByte(t.char)
		case '?':
			b.WriteByte('?')
		default:
			b.WriteByte('*')
		}
	}
	return b.String()
}

// sampleOf returns a key that the pattern covers and narrower ones do not.
func sampleOf(pattern string) string {
	return wildcardSample.Replace(pattern)
}

var wildcardSample = strings.NewReplacer("*", anyKey, "?", "\uE001")
