package snapshot

import (
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// Conclusions are what a resolver adds to the facts of a snapshot. The zero
// value holds none and is ready to take some, from many goroutines at once.
// What is taken is kept as numbers: a caller hands millions over one by one
// and holds none of them.
//
// The order in which conclusions come is free: the snapshot sorts. What is
// wrong with one is told by Conclude.
//
// Slices that rows and pivots share (one set of nodes, one list of actions or
// of evidence under many of them) are looked at once, and cost nothing more.
// A slice that was given must not change until Conclude returns.
type Conclusions struct {
	mu sync.Mutex
	in *intake
}

// lock gives the intake to one goroutine.
func (c *Conclusions) lock() *intake {
	c.mu.Lock()
	if c.in == nil {
		c.in = newIntake()
	}
	return c.in
}

// take returns what was collected and leaves nothing.
func (c *Conclusions) take() *intake {
	in := c.lock()
	c.in = nil
	c.mu.Unlock()
	return in
}

// AddPivot takes a pivot.
func (c *Conclusions) AddPivot(p Pivot) {
	in := c.lock()
	defer c.mu.Unlock()
	in.pivot(&p)
}

// AddPivots takes pivots. The list itself, not what it shares, is the caller's
// again once it is taken.
func (c *Conclusions) AddPivots(list []Pivot) {
	if len(list) == 0 {
		return
	}
	in := c.lock()
	defer c.mu.Unlock()
	for i := range list {
		in.pivot(&list[i])
	}
}

// pivot takes one.
func (k *intake) pivot(p *Pivot) {
	step := step{k.text(string(p.Relation)), k.text(p.Action), k.text(p.Technique), p.From.Hold, p.To.Hold}
	number, known := k.steps.id(step)
	if !known && !slices.Contains(graph.Relations, p.Relation) {
		k.fail("pivot of relation %q", p.Relation)
	}
	k.pivots.add(pivotRow{k.held(p.From), k.held(p.To), number, k.ruling(&p.Ruling)})
}

// AddAdministration takes an administration.
func (c *Conclusions) AddAdministration(a Administration) {
	in := c.lock()
	defer c.mu.Unlock()
	in.held(a.From)
	in.admins.add(adminRow{a.From, in.node(a.Scope), in.list(a.Through), in.ruling(&a.Ruling)})
}

// AddCommons takes things whose own policies could let anybody in, or whom no
// account holds. Whoever resolves again looks there first.
func (c *Conclusions) AddCommons(list []Index) {
	in := c.lock()
	defer c.mu.Unlock()
	for _, node := range list {
		in.commons = append(in.commons, in.node(node))
	}
}

// SetMaker says which program concludes: some bytes that differ for programs
// that may conclude otherwise. They are no part of the content.
func (c *Conclusions) SetMaker(program []byte) {
	in := c.lock()
	defer c.mu.Unlock()
	in.maker = slices.Clone(program)
}

// AddPart takes rows that classes may share, and returns their number. What no
// class has is left out.
func (c *Conclusions) AddPart(p AccessPart) PartIndex {
	in := c.lock()
	defer c.mu.Unlock()
	return PartIndex(in.part(&p))
}

// AddClass takes a class. One without members is left out.
func (c *Conclusions) AddClass(a AccessClass) {
	in := c.lock()
	defer c.mu.Unlock()
	for _, f := range a.Members {
		in.held(f)
		in.members.add(f)
	}
	parts := in.partList(a.Parts)
	if parts != 0 && len(a.Members) == 0 {
		in.fail("access of a class without members")
	}
	in.classes.add(classRow{uint32(len(a.Members)), parts, in.nodeSet(a.Home)})
}
