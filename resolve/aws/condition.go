package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// compiledStatement is what a statement's texts become once.
type compiledStatement struct {
	actions   *actionList
	resources []resourcePattern
}

// compiledCondition is a condition ready to ask.
type compiledCondition struct {
	key   string // folded
	test  policy.Test
	parts [][]part // per value, where some value has a variable
}

func (s *Statement) compile(variables bool) error {
	s.compiled.actions = newActionList(s.Actions)
	s.compileResources(variables)
	return s.compileConditions(variables)
}

// everything is the resources of most statements, shared by all of them.
var everything = []resourcePattern{compileResource("*", false)}

func (s *Statement) compileResources(variables bool) {
	if len(s.Resources) == 1 && s.Resources[0] == "*" {
		s.compiled.resources = everything
		return
	}
	s.compiled.resources = make([]resourcePattern, len(s.Resources))
	for i, text := range s.Resources {
		s.compiled.resources[i] = compileResource(text, variables)
	}
}

func (s *Statement) compileConditions(variables bool) error {
	for i := range s.Conditions {
		if err := s.Conditions[i].compile(variables); err != nil {
			return fmt.Errorf("%w: %s/Condition/%s: %w", ErrPolicy, s.Pointer, s.Conditions[i].Operator, err)
		}
	}
	return nil
}

// An operatorSpec is what an operator's name says.
type operatorSpec struct {
	operator policy.Operator
	negated  bool
}

// operators are the names of the IAM user guide, "IAM JSON policy elements:
// Condition operators", folded. ArnEquals behaves as ArnLike there.
var operators = map[string]operatorSpec{
	"stringequals":              {policy.StringEquals, false},
	"stringnotequals":           {policy.StringEquals, true},
	"stringequalsignorecase":    {policy.StringEqualsFold, false},
	"stringnotequalsignorecase": {policy.StringEqualsFold, true},
	"stringlike":                {policy.StringLike, false},
	"stringnotlike":             {policy.StringLike, true},
	"arnequals":                 {policy.ARNLike, false},
	"arnlike":                   {policy.ARNLike, false},
	"arnnotequals":              {policy.ARNLike, true},
	"arnnotlike":                {policy.ARNLike, true},
	"numericequals":             {policy.NumericEquals, false},
	"numericnotequals":          {policy.NumericEquals, true},
	"numericlessthan":           {policy.NumericLess, false},
	"numericlessthanequals":     {policy.NumericLessOrEqual, false},
	"numericgreaterthan":        {policy.NumericGreater, false},
	"numericgreaterthanequals":  {policy.NumericGreaterOrEqual, false},
	"dateequals":                {policy.DateEquals, false},
	"datenotequals":             {policy.DateEquals, true},
	"datelessthan":              {policy.DateLess, false},
	"datelessthanequals":        {policy.DateLessOrEqual, false},
	"dategreaterthan":           {policy.DateGreater, false},
	"dategreaterthanequals":     {policy.DateGreaterOrEqual, false},
	"bool":                      {policy.BoolEquals, false},
	"binaryequals":              {policy.BinaryEquals, false},
	"ipaddress":                 {policy.IPInRange, false},
	"notipaddress":              {policy.IPInRange, true},
	"null":                      {policy.Present, false},
}

func (c *Condition) compile(variables bool) error {
	name := strings.ToLower(c.Operator)
	t := &c.compiled.test
	if rest, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		name, t.Quantifier = rest, policy.ForAll
	} else if rest, ok := strings.CutPrefix(name, "foranyvalue:"); ok {
		name, t.Quantifier = rest, policy.ForAny
	}
	if rest, ok := strings.CutSuffix(name, "ifexists"); ok {
		name, t.IfExists = rest, true
	}
	spec, ok := operators[name]
	if !ok || spec.operator == policy.Present && (t.IfExists || t.Quantifier != policy.One) {
		return fmt.Errorf("operator %q is none of IAM's", c.Operator)
	}
	c.compiled.key = strings.ToLower(c.Key)
	t.Operator, t.Negated, t.Values = spec.operator, spec.negated, c.Values
	if spec.operator == policy.Present {
		return c.compileNull()
	}
	if variables && spec.operator <= policy.ARNLike {
		c.splitValues()
	}
	return nil
}

// compileNull reads Null: "true" means that the key is absent.
func (c *Condition) compileNull() error {
	t := &c.compiled.test
	for i, v := range c.Values {
		absent := strings.EqualFold(v, "true")
		if !absent && !strings.EqualFold(v, "false") || i > 0 && absent != t.Negated {
			return fmt.Errorf("null %q: want one of true and false", c.Values)
		}
		t.Negated = absent
	}
	t.Values = nil
	return nil
}

func (c *Condition) splitValues() {
	some := false
	parts := make([][]part, len(c.Values))
	for i, v := range c.Values {
		parts[i] = splitVariables(v)
		some = some || strings.Contains(v, "${")
	}
	if some {
		c.compiled.parts = parts
	}
}

// condition decides one operator and key, as far as the request is known.
func (r *request) condition(c *Condition) *policy.Formula {
	state := r.foldedKey(c.compiled.key, c.Key)
	t := &c.compiled.test
	if c.compiled.parts != nil && r.holds(ruleVariables) {
		filledTest, formula := r.fillCondition(c, state)
		if formula != nil {
			return formula
		}
		t = filledTest
	}
	if state.known {
		return policy.Constant(t.Holds(state.values, state.values != nil))
	}
	open := *t
	open.Key = state.open
	return policy.Leaf(&open)
}

// conditions joins the conditions of a statement: all must hold.
func (r *request) conditions(s *Statement) *policy.Formula {
	result := policy.True
	for i := range s.Conditions {
		if result = policy.And(result, r.condition(&s.Conditions[i])); result == policy.False {
			return result
		}
	}
	return result
}

// fillCondition replaces the variables of a condition's values. A value whose
// variable has no value compares equal to nothing. Where a variable is open,
// the whole comparison is the formula that is returned.
func (r *request) fillCondition(c *Condition, state keyState) (*policy.Test, *policy.Formula) {
	t := c.compiled.test
	t.Values = make([]string, 0, len(c.Values))
	for _, parts := range c.compiled.parts {
		f := r.fill(parts)
		switch {
		case f.unresolved:
		case len(f.open) > 0:
			return nil, r.openComparison(c, state, &f)
		default:
			t.Values = append(t.Values, f.pattern(t.Operator))
		}
	}
	return &t, nil
}

// openComparison compares with a value that the request leaves open. "Equals
// exactly this variable" turns round into a test of the variable's key; any
// other comparison of two things is one test of its own.
func (r *request) openComparison(c *Condition, state keyState, f *filled) *policy.Formula {
	t := c.compiled.test
	if len(c.Values) == 1 && len(f.parts) == 1 && t.Operator == policy.StringEquals &&
		t.Quantifier == policy.One && state.known && len(state.values) == 1 {
		// An absent variable resolves to nothing: a positive test fails, a
		// negated one holds, as for an absent key.
		turned := policy.Test{Key: f.open[0].open, Operator: policy.StringEquals, Negated: t.Negated, Values: slices.Clone(state.values)}
		return policy.Leaf(&turned)
	}
	control := policy.ControlUnknown
	if !state.known {
		control = state.open.Control
	}
	if state.known && state.values == nil {
		return policy.Constant(t.Holds(nil, false))
	}
	positive := policy.Test{
		Key: &policy.Key{
			Name: c.Key + " " + strings.Join(c.Values, " | "), Type: policy.TypeBool,
			Required: true, Control: control,
		},
		Operator: policy.BoolEquals, Negated: t.Negated, Values: []string{"true"},
	}
	return policy.Leaf(&positive)
}
