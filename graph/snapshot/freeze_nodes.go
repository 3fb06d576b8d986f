package snapshot

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// maxDepth bounds how far scopes are followed upwards: no provider nests
// deeper, and a circle of scopes must end.
const maxDepth = 64

func (f *freezer) freezeNodes() error {
	f.gatherNodes(f.c.str.len())
	f.ends = make([]uint32, f.c.str.len())
	for i := range f.ends {
		f.ends[i] = uint32(None)
	}
	if err := f.describeAll(func(ref, best uint32) { f.ends[ref] = best }); err != nil {
		return err
	}
	f.orderNodes()
	f.collectLoose()
	providers, kinds, err := f.nodeWords()
	if err != nil {
		return err
	}
	f.nodeColumns(providers, kinds, f.endOf)
	f.nodes = nil
	return nil
}

// describeAll tells which of the gathered rows describes each ref.
func (f *freezer) describeAll(tell func(ref, best uint32)) error {
	for start := 0; start < len(f.nodes); {
		stop := start
		for stop < len(f.nodes) && f.nodes[stop].ref == f.nodes[start].ref {
			stop++
		}
		best, err := f.describe(f.nodes[start:stop])
		if err != nil {
			return err
		}
		tell(f.nodes[start].ref, uint32(start+best))
		start = stop
	}
	return nil
}

// gatherNodes is gather, by ref first: of most there is one record. Refs are
// below a number of strings.
func (f *freezer) gatherNodes(strings int) {
	list := make([]keyed, len(f.nodes))
	for i := range f.nodes {
		list[i] = keyed{uint64(f.nodes[i].ref), uint32(i)}
	}
	list = sortKeyed(list, uint64(strings))
	out := make([]nodeRow, 0, len(list))
	var same []nodeRow
	_ = runs(list, func(run []keyed) error {
		same = same[:0]
		for _, k := range run {
			same = append(same, f.nodes[k.row])
		}
		out = append(out, gather(f, same, compareNode,
			func(r nodeRow) source { return r.source }, func(r *nodeRow, s source) { r.source = s })...)
		return nil
	})
	f.nodes = out
}

// compareNode compares what documents say of a node, its ref first.
func compareNode(a, b nodeRow) int {
	if c := cmp.Compare(a.ref, b.ref); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.provider, b.provider), cmp.Compare(a.kind, b.kind), cmp.Compare(a.typ, b.typ),
		cmp.Compare(a.name, b.name), cmp.Compare(a.native, b.native), cmp.Compare(a.scope, b.scope),
		cmp.Compare(a.tags, b.tags), cmp.Compare(a.attrs, b.attrs), compareBool(a.mentioned, b.mentioned),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// describe picks, among the records of one ref, the one that describes it, or
// else the mention that says most. It marks the others. Of two descriptions
// the one that says all of the other and more stands; two of which each says
// what the other does not are a conflict.
func (f *freezer) describe(rows []nodeRow) (best int, err error) {
	described := -1
	for i, r := range rows {
		switch {
		case r.mentioned:
		case described < 0 || f.covers(r, rows[described]):
			described = i
		case !f.covers(rows[described], r):
			return 0, f.nodeConflict(rows[described], r)
		}
		if says(r) > says(rows[best]) {
			best = i
		}
	}
	if described >= 0 {
		best = described
	}
	for i := range rows {
		rows[i].superseded = i != best
	}
	return best, nil
}

// covers reports whether a says all that b says.
func (f *freezer) covers(a, b nodeRow) bool {
	if a.provider != b.provider || a.kind != b.kind {
		return false
	}
	for _, field := range [][2]uint32{{a.typ, b.typ}, {a.name, b.name}, {a.native, b.native}, {a.scope, b.scope}} {
		if field[1] != 0 && field[0] != field[1] {
			return false
		}
	}
	return f.holdsPairs(a.tags, b.tags) && f.holdsPairs(a.attrs, b.attrs)
}

// holdsPairs reports whether the first list has every key and value of the
// second.
func (f *freezer) holdsPairs(all, some uint32) bool {
	pairs := map[[2]uint32]bool{}
	list := f.listOf(all)
	for i := 0; i+1 < len(list); i += 2 {
		pairs[[2]uint32{list[i], list[i+1]}] = true
	}
	list = f.listOf(some)
	for i := 0; i+1 < len(list); i += 2 {
		if !pairs[[2]uint32{list[i], list[i+1]}] {
			return false
		}
	}
	return true
}

// says counts the fields that a record fills.
func says(r nodeRow) (n int) {
	for _, field := range []uint32{r.typ, r.name, r.native, r.scope, r.tags, r.attrs} {
		if field != 0 {
			n++
		}
	}
	return n
}

func (f *freezer) nodeConflict(a, b nodeRow) error {
	field := "attributes"
	for _, c := range []struct {
		name string
		a, b uint32
	}{
		{"providers", a.provider, b.provider}, {"kinds", a.kind, b.kind}, {"types", a.typ, b.typ}, {"names", a.name, b.name},
		{"native ids", a.native, b.native}, {"scopes", a.scope, b.scope}, {"tags", a.tags, b.tags},
	} {
		if c.a != c.b {
			field = c.name
			break
		}
	}
	return &ConflictError{What: "node", Ref: f.name(a.ref), Field: field, Files: [2]string{f.file(a.source), f.file(b.source)}}
}

// orderNodes sorts the nodes so that what belongs together is a run.
func (f *freezer) orderNodes() {
	account, found := f.c.str.find(string(graph.KindAccount))
	if !found {
		account = uint32(None) // none of the strings
	}
	halves(len(f.nodes), func(from, to int) {
		for i := from; i < to; i++ {
			if r := &f.nodes[i]; !r.superseded {
				r.account = f.accountOf(r, account)
			}
		}
	})
	list, most := f.nodeKeys()
	list = sortKeyed(list, most)
	out := make([]nodeRow, 0, len(list))
	_ = runs(list, func(run []keyed) error {
		start := len(out)
		for _, k := range run {
			out = append(out, f.nodes[k.row])
		}
		slices.SortFunc(out[start:], compareNode)
		return nil
	})
	f.nodes = out
	for i, r := range f.nodes {
		if !r.superseded {
			f.ends[r.ref] = uint32(i)
			f.n++
		}
	}
}

// A nodeGroup is what nodes are ordered by before their names.
type nodeGroup struct {
	superseded                      bool
	provider, account, service, typ uint32
}

func (r *nodeRow) group() nodeGroup {
	return nodeGroup{r.superseded, r.provider, r.account, r.service, r.typ}
}

func compareGroup(a, b nodeGroup) int {
	return cmp.Or(compareBool(a.superseded, b.superseded),
		cmp.Compare(a.provider, b.provider), cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service), cmp.Compare(a.typ, b.typ))
}

// nodeKeys makes one number of a node's group and name, none above most.
func (f *freezer) nodeKeys() (list []keyed, most uint64) {
	groups := newTable[nodeGroup]()
	list = make([]keyed, len(f.nodes))
	var last nodeGroup
	var id uint32
	for i := range f.nodes {
		r := &f.nodes[i]
		if g := r.group(); g != last || i == 0 {
			last = g
			id, _ = groups.id(g)
		}
		list[i] = keyed{uint64(id), uint32(i)}
	}
	rank := ranks(ordered(len(groups.keys), func(a, b uint32) int { return compareGroup(groups.keys[a], groups.keys[b]) }))
	names := uint64(f.c.str.len())
	for i := range list {
		list[i].key = uint64(rank[list[i].key])*names + uint64(f.nodes[i].name)
	}
	return list, uint64(len(rank)) * names
}

// accountOf returns the ref of the account that holds r, of the outermost
// scope that is named where there is no account.
func (f *freezer) accountOf(r *nodeRow, account uint32) uint32 {
	for range maxDepth {
		if r.kind == account {
			return r.ref
		}
		if r.scope == 0 {
			return 0
		}
		up := f.ends[r.scope]
		if up == uint32(None) {
			return r.scope
		}
		r = &f.nodes[up]
	}
	return 0
}

// collectLoose numbers the refs that are named and not described, after the
// nodes.
func (f *freezer) collectLoose() {
	add := func(ref uint32) {
		if ref != 0 && f.ends[ref] == uint32(None) {
			f.ends[ref] = uint32(None) - 1
			f.c.loose = append(f.c.loose, ref)
		}
	}
	for _, r := range f.nodes {
		add(r.scope)
	}
	for _, r := range f.edges {
		add(r.from)
		add(r.to)
	}
	for _, r := range f.attachments {
		add(r.to)
	}
	for _, r := range f.coverage {
		add(r.of)
	}
	slices.Sort(f.c.loose)
	for i, ref := range f.c.loose {
		f.ends[ref] = f.n + uint32(i)
	}
}

// nodeWords writes the dictionaries of nodes.
func (f *freezer) nodeWords() (providers, kinds dictionary, err error) {
	for _, r := range f.nodes {
		if err := cmp.Or(providers.add(r.provider), kinds.add(r.kind)); err != nil {
			return providers, kinds, err
		}
	}
	f.c.dictProvider, f.c.dictKind = providers.words, kinds.words
	return providers, kinds, nil
}

// nodeColumns writes the node columns. end returns the end of a scope.
func (f *freezer) nodeColumns(providers, kinds dictionary, end func(ref uint32) uint32) {
	c := f.c
	reserve(len(f.nodes), &c.nodeProvider, &c.nodeKind, &c.nodeFlags)
	reserve(len(f.nodes), &c.nodeRef, &c.nodeType, &c.nodeName, &c.nodeNative, &c.nodeScope,
		&c.nodeTags, &c.nodeAttrs, &c.nodeListings, &c.nodeOrigins)
	for _, r := range f.nodes {
		c.nodeProvider = append(c.nodeProvider, providers.code(r.provider))
		c.nodeKind = append(c.nodeKind, kinds.code(r.kind))
		c.nodeFlags = append(c.nodeFlags, flags(r.mentioned, r.superseded, false))
		c.nodeRef = append(c.nodeRef, r.ref)
		c.nodeType = append(c.nodeType, r.typ)
		c.nodeName = append(c.nodeName, r.name)
		c.nodeNative = append(c.nodeNative, r.native)
		c.nodeScope = append(c.nodeScope, end(r.scope))
		c.nodeTags = append(c.nodeTags, r.tags)
		c.nodeAttrs = append(c.nodeAttrs, r.attrs)
		c.nodeListings = append(c.nodeListings, r.listings)
		c.nodeOrigins = append(c.nodeOrigins, r.origins)
	}
}

// reserve makes columns of n rows to come: to grow them takes twice their
// memory for a moment.
func reserve[C ~[]N, N uint8 | uint32](n int, columns ...*C) {
	for _, c := range columns {
		*c = make(C, 0, n)
	}
}

func flags(mentioned, superseded, inline bool) (out uint8) {
	if mentioned {
		out |= flagMentioned
	}
	if superseded {
		out |= flagSuperseded
	}
	if inline {
		out |= flagInline
	}
	return out
}

// endOf returns the end of a ref, None of the empty one.
func (f *freezer) endOf(ref uint32) uint32 {
	if ref == 0 {
		return uint32(None)
	}
	return f.ends[ref]
}
