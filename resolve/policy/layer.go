package policy

import "github.com/clewgraph/clew/graph"

// A Mode says what a layer's policies can do.
type Mode uint8

// The modes.
const (
	Grant   Mode = iota // adds
	Ceiling             // must allow, at every level
	Veto                // removes
)

// String returns the mode as GraphQL writes it.
func (m Mode) String() string { return [...]string{"GRANT", "CEILING", "VETO"}[m] }

// A Layer is one policy layer of one provider.
type Layer struct {
	ID       graph.LayerID
	Provider graph.Provider
	Name     string // as people call it, e.g. "service control policy"
	Mode     Mode
	Doc      string // what it does, in a sentence, with the page that says so
}

// A Term names one word that a layer, or a fact of the request, has in a
// decision. Each provider lists its own.
type Term uint8

// An Expr says how terms combine. It is read by Decide for one request and by
// the compiled evaluator with sets.
type Expr struct {
	kind exprKind
	term Term
	kids []Expr
}

type exprKind uint8

const (
	exprWord exprKind = iota
	exprAll
	exprAny
	exprNot
)

// Word is the expression that is one term.
func Word(t Term) Expr { return Expr{kind: exprWord, term: t} }

// All holds if every part holds.
func All(parts ...Expr) Expr { return Expr{kind: exprAll, kids: parts} }

// Any holds if some part holds.
func Any(parts ...Expr) Expr { return Expr{kind: exprAny, kids: parts} }

// Neither holds if no part holds.
func Neither(parts ...Expr) Expr { return Expr{kind: exprNot, kids: []Expr{Any(parts...)}} }

// Terms calls visit for every occurrence of a term in e.
func (e Expr) Terms(visit func(Term)) {
	if e.kind == exprWord {
		visit(e.term)
	}
	for _, kid := range e.kids {
		kid.Terms(visit)
	}
}

// Algebra is what an Expr is read over: formulas of one request, or sets.
type Algebra[T any] struct {
	True, False T
	And, Or     func(a, b T) T
	Not         func(T) T
}

// Read evaluates e over an algebra; word gives the value of each term.
func Read[T any](e Expr, a Algebra[T], word func(Term) T) T {
	switch e.kind {
	case exprWord:
		return word(e.term)
	case exprNot:
		return a.Not(Read(e.kids[0], a, word))
	case exprAny:
		result := a.False
		for _, kid := range e.kids {
			result = a.Or(result, Read(kid, a, word))
		}
		return result
	}
	result := a.True
	for _, kid := range e.kids {
		result = a.And(result, Read(kid, a, word))
	}
	return result
}

// ReadFormula is Read over formulas: it looks at no part that can change nothing
// any more.
func ReadFormula(e *Expr, word func(Term) *Formula) *Formula {
	switch e.kind {
	case exprWord:
		return word(e.term)
	case exprNot:
		return Not(ReadFormula(&e.kids[0], word))
	case exprAny:
		result := False
		for i := range e.kids {
			if result = Or(result, ReadFormula(&e.kids[i], word)); result == True {
				break
			}
		}
		return result
	}
	result := True
	for i := range e.kids {
		if result = And(result, ReadFormula(&e.kids[i], word)); result == False {
			break
		}
	}
	return result
}

// Formulas is the algebra of formulas.
var Formulas = Algebra[*Formula]{True: True, False: False, And: And, Or: Or, Not: Not}
