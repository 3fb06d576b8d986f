package snapshot

import "sync"

// Of a number that may be one of last or one of an intake, this bit says that it
// is one of last.
const ofLast = 1 << 31

// carried is what stays of the conclusions of a snapshot, by its numbers there.
// What a snapshot says stays as it stands, with new numbers, but for two things:
// sets whose nodes came apart, and rulings in rows whose evidence stands at
// another attachment. Those are bent: they are told anew.
type carried struct {
	last *Snapshot
	m    *Moves

	starts  []bool // by foothold: what starts there stays
	members []bool // by foothold: it stays in its class
	dropped []bool // by pivot: it goes though others of its start stay; nil: none
	admins  []uint32
	classes []bool
	parts   []bool
	lists   []bool // of parts
	abroad  []bool // by list of parts: something from abroad is told

	feet      []bool   // footholds that are named
	uses      inUse    // what is in use as it stands
	relations []bool   // of pivots, by code
	effects   []bool   // of evidence of rulings that are in use, by code
	sets      []uint32 // by set: itself with ofLast, 1 + the number of a bent one, or 0 of no nodes
	rulings   []uint32 // of rows, by ruling: the same, None of one that no row has

	runNow      []uint32 // by run: the first node now, None if it came apart
	bentSets    lists    // first and last of each run
	bentRulings lists    // as an intake has them, with strings of last
}

func newCarried(last *Snapshot, m *Moves) *carried {
	return &carried{
		last: last, m: m, starts: make([]bool, len(last.footNode)), members: make([]bool, len(last.footNode)), feet: make([]bool, len(last.footNode)),
		classes: make([]bool, last.NumClasses()), parts: make([]bool, last.NumParts()),
		lists: make([]bool, max(0, len(last.partsOff)-1)), abroad: make([]bool, max(0, len(last.partsOff)-1)),
		uses: inUse{
			strings: make([]bool, last.cstr.len()), lists: make([]bool, max(0, len(last.clistOff)-1)),
			rulings: make([]bool, len(last.rulingVerdict)), grants: make([]bool, len(last.grantActions)),
		},
		relations: make([]bool, len(last.cdictRelation)), effects: make([]bool, len(last.cdictEffect)),
		bentSets: lists{off: []uint32{0}}, bentRulings: lists{off: []uint32{0}},
	}
}

// find finds out what stays, from what starts somewhere down to words.
func (c *carried) find(facts *Snapshot, keep Keep) error {
	var of []AttachmentIndex
	_ = beside(2, func(i int) error {
		if i == 0 {
			of = heirs(c.last, facts, c.m, keep.Canonical)
			return nil
		}
		c.findStarts(keep)
		c.findPivots(keep.Pivot)
		c.findAdmins()
		c.findClasses()
		c.findSets()
		return nil
	})
	for _, check := range []func() error{c.checkFeet, c.checkAdmins, c.checkRulings} {
		if err := check(); err != nil {
			return err
		}
	}
	if err := c.findRows(of); err != nil {
		return err
	}
	c.findWords()
	return nil
}

// marking does work of n parts on every core, each with marks of its own, and
// adds those to the marks in all.
func marking(n int, all [][]bool, do func(marks [][]bool, from, to int)) {
	var one sync.Mutex
	halves(n, func(from, to int) {
		mine := make([][]bool, len(all))
		for i := range mine {
			mine[i] = make([]bool, len(all[i]))
		}
		do(mine, from, to)
		one.Lock()
		defer one.Unlock()
		for i := range mine {
			for k, marked := range mine[i] {
				if marked {
					all[i][k] = true
				}
			}
		}
	})
}

// findStarts asks at which footholds what starts stays, and which stay in their
// classes.
func (c *carried) findStarts(keep Keep) {
	halves(len(c.starts), func(low, high int) {
		node, starts, member := None, false, false
		for f := low; f < high; f++ {
			if at := Index(c.last.footNode[f]); at != node {
				node, starts, member = at, false, false
				if c.m.Nodes[at] != None {
					starts, member = keep.From(at), keep.member(at)
				}
			}
			c.starts[f], c.members[f] = starts, member
		}
	})
}

// findPivots marks what pivots that stay name.
func (c *carried) findPivots(keep func(from, to Index) bool) {
	s := c.last
	if keep != nil {
		c.dropped = make([]bool, len(s.pivotTo))
	}
	marking(len(c.starts), [][]bool{c.feet, c.uses.rulings, c.uses.strings, c.relations}, func(marks [][]bool, from, to int) {
		feet, rulings, strings, relations := marks[0], marks[1], marks[2], marks[3]
		for f := from; f < to; f++ {
			c.eachPivot(uint32(f), keep, func(p uint32) {
				feet[f], feet[s.pivotTo[p]] = true, true
				rulings[s.pivotRuling[p]] = true
				strings[s.pivotAction[p]], strings[s.pivotTechnique[p]] = true, true
				relations[s.pivotRelation[p]] = true
			})
		}
	})
	for code := range used(c.relations) {
		c.uses.strings[s.cdictRelation[code]] = true
	}
}

// eachPivot calls each for the pivots of a foothold that stay, and notes those
// that go.
func (c *carried) eachPivot(f uint32, keep func(from, to Index) bool, each func(p uint32)) {
	if !c.starts[f] {
		return
	}
	s := c.last
	for p, end := s.pivotSpan(f); p < end; p++ {
		if keep != nil && !keep(Index(s.footNode[f]), Index(s.footNode[s.pivotTo[p]])) {
			c.dropped[p] = true
			continue
		}
		each(p)
	}
}

// pivotSpan returns where the pivots of a foothold begin and end.
func (s *Snapshot) pivotSpan(f uint32) (from, to uint32) { return s.pivotOutOff.run(f, len(s.pivotTo)) }

func (c *carried) findAdmins() {
	s := c.last
	for row, from := range s.admFrom {
		if c.starts[from] {
			c.admins = append(c.admins, uint32(row))
			c.feet[from] = true
			c.uses.lists[s.admThrough[row]], c.uses.rulings[s.admRuling[row]] = true, true
		}
	}
}

// findClasses finds those that keep a member, and the parts that they have.
func (c *carried) findClasses() {
	s := c.last
	for f, class := range s.footClass {
		if c.members[f] && class != uint32(None) {
			c.feet[f], c.classes[class] = true, true
			c.lists[s.classParts[class]] = true
		}
	}
	marking(len(c.lists), [][]bool{c.parts}, func(marks [][]bool, from, to int) {
		for list := from; list < to; list++ {
			if c.lists[list] {
				for _, p := range s.partsItem[s.partsOff[list]:s.partsOff[list+1]] {
					marks[0][p] = true
				}
			}
		}
	})
}
