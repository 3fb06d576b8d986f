package schema

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
	"github.com/clewgraph/clew/schema/exec"
)

// What questions cost, in fields of an answer.
const (
	search = 2_000 // walks the graph
	decide = 20    // decides one request
)

// How long lists are taken to be that have no pages. Things stand in them that
// have such lists again.
const (
	members   = 50
	groups    = 5
	ancestors = 4
)

// complexity says what fields cost that cost more than one: pages cost what
// they hold, searches and decisions what they do. gqlgen's own reckoning knows
// neither.
func complexity() exec.ComplexityRoot {
	var c exec.ComplexityRoot
	searches(&c)
	pages(&c)
	lists(&c)
	decisions(&c)
	return c
}

// whole is what a page costs: its fields for every edge.
func whole(child, first int) int { return 1 + max(first, 1)*min(child, tooMany/1024) }

func searches(c *exec.ComplexityRoot) {
	q := &c.Query
	q.AccessPaths = func(child int, _, _ answer.EntitySelector, _ *answer.TraversalOptions, _ answer.PathAlgorithm, _ *string, first int, _ *string) int {
		return search + whole(child, first)
	}
	q.BlastRadius = func(child int, _ answer.EntitySelector, _ *answer.TraversalOptions, _ *string) int {
		return search + child
	}
	q.WhoCanAccess = func(child int, _ answer.EntitySelector, _ *answer.AccessFilter, _ bool, _ *string, first int, _ *string) int {
		return search + whole(child, first)
	}
	q.WhatCanAccess = func(child int, _ answer.EntitySelector, _ *answer.AccessFilter, _ bool, _ *string, first int, _ *string) int {
		return search + whole(child, first)
	}
	q.Search = func(child int, _ string, _ *string, first int, _ *string) int { return search/10 + whole(child, first) }
	q.WhoCanUse = func(child int, _ string, _ *string, first int, _ *string) int { return search/10 + whole(child, first) }
	c.Principal.BlastRadius = func(child int, _ *answer.TraversalOptions) int { return search + child }
	c.Principal.EffectiveAccess = func(child int, _ *answer.AccessFilter, first int, _ *string) int {
		return search/10 + whole(child, first)
	}
	c.Resource.WhoCanAccess = func(child int, _ *answer.AccessFilter, _ bool, first int, _ *string) int {
		return search + whole(child, first)
	}
	c.Scope.Administrators = func(child, first int, _ *string) int { return search/10 + whole(child, first) }
}

func pages(c *exec.ComplexityRoot) {
	paged := func(child, first int, _ *string) int { return whole(child, first) }
	c.Query.Snapshots = paged
	c.Principal.Credentials = paged
	c.BlastRadius.Principals, c.BlastRadius.Scopes, c.BlastRadius.Items = paged, paged, paged
	c.BlastRadius.CrownJewels, c.BlastRadius.ByScope = whole, whole
	c.Coverage.Gaps, c.Coverage.Scopes = whole, whole
}

func lists(c *exec.ComplexityRoot) {
	c.Query.Nodes = func(child int, ids []string, _ *string) int { return whole(child, len(ids)) }
	c.Query.Entities = func(child int, refs []graph.Ref, _ *string) int { return whole(child, len(refs)) }
	c.Principal.Members = func(child int) int { return whole(child, members) }
	c.Principal.Groups = func(child int) int { return whole(child, groups) }
	c.Scope.Ancestors = func(child int) int { return whole(child, ancestors) }
	each := func(child int, refs []graph.Ref, _ string) int { return whole(child, len(refs)) }
	c.Mutation.SetLabel, c.Mutation.RemoveLabel = each, each
	c.Query.ExplainMany = func(child int, questions []*answer.AccessQuestion, _ *string) int {
		return whole(child+decide, len(questions))
	}
}

func decisions(c *exec.ComplexityRoot) {
	decided := func(child int) int { return decide + child }
	c.Query.Explain = func(child int, _ answer.AccessQuestion, _ *string) int { return decide + child }
	c.PathStep.Explanation, c.PathStep.Breakers, c.PathStep.Conditions = decided, decided, decided
	c.PathStep.Technique = func(child int) int { return 5*decide + child }
	c.PathStep.LogSignature, c.TechniqueUse.Needs = decided, func(child int) int { return whole(decide+child, 4) }
	c.TechniqueNeed.Breakers = decided
	c.AccessPath.Breakers, c.AccessPath.Conditions = decided, decided
	c.EffectiveAccess.Explanation = func(child int, _ *string) int { return decide + child }
}
