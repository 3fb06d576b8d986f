package snapshot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// roles are two listings of roles with policies; the documents and one name of
// the second are given.
func roles(document, name string) (first, second []fact) {
	for listing := range 2 {
		o := origin(fmt.Sprint("list-", listing), "f")
		for i := range 9 {
			ref, called, text := graph.Ref(fmt.Sprintf("role-%d-%d", listing, i)), fmt.Sprint("role", i), fmt.Sprint(`"`, listing, i, `"`)
			if listing == 1 && i == 4 {
				called, text = name, document
			}
			n := node(ref, graph.KindRole, "iam:role", called, o)
			n.Scope = account
			facts := []fact{
				putNode(n), putEdge(graph.Edge{From: ref, To: staff, Relation: graph.MemberOf, Origin: o}),
				putPolicy(graph.Attachment{To: ref, Layer: "identity", Policy: ref + "/p", Document: []byte(text), Origin: o}),
			}
			if listing == 0 {
				first = append(first, facts...)
			} else {
				second = append(second, facts...)
			}
		}
	}
	return first, second
}

// Columns that come out as they were are those of the last snapshot where that
// stays open, and others are not; whichever they are, the bytes are the same.
func TestSharedColumns(t *testing.T) {
	first, second := roles(`"before"`, "role4")
	last := opened(t, build(t, slices.Concat(first, second)...))
	for what, c := range map[string]struct {
		document, name  string
		share           bool
		shared, differs string // names of columns
	}{
		"the same again":   {`"before"`, "role4", true, "node.ref node.scope member.off group.first find.id edge.in edge.out.off att.doc doc.off doc.bytes str.bytes x.str.bytes x.node.origins", ""},
		"another document": {`"after, and longer"`, "role4", true, "node.ref node.scope member.off find.ref edge.in.from edge.in.off att.to str.bytes x.att.origins", "doc.bytes doc.hash"},
		"another name":     {`"before"`, "role4b", true, "doc.bytes doc.hash att.to edge.from", "str.bytes"},
		"closed early":     {`"before"`, "role4", false, "", "node.ref str.bytes doc.bytes att.doc member.off edge.out.off"},
	} {
		_, brought := roles(c.document, c.name)
		b := again(t, last, "list-1", snapshot.Spliced, brought...)
		if c.share {
			b.Share(last)
		}
		equal(t, what, written(t, b), written(t, build(t, slices.Concat(first, brought)...)))
		equal(t, what+": why not spliced", snapshot.WhyAnew(b), "")
		shared := snapshot.Shared(b, last)
		for name := range strings.FieldsSeq(c.shared) {
			equal(t, what+": shared "+name, slices.Contains(shared, name), true)
		}
		for name := range strings.FieldsSeq(c.differs) {
			equal(t, what+": shared "+name, slices.Contains(shared, name), false)
		}
	}
}

// Nothing is shared with a snapshot that is not the one that is carried forward.
func TestSharedWithAnother(t *testing.T) {
	first, second := roles("{}", "role4")
	last := opened(t, build(t, slices.Concat(first, second)...))
	other := opened(t, build(t, slices.Concat(first, second)...))
	b := again(t, last, "list-1", snapshot.Spliced, second...)
	b.Share(other)
	frozen(t, b)
	equal(t, "with the other", len(snapshot.Shared(b, other)), 0)
	equal(t, "with the last", len(snapshot.Shared(b, last)), 0)
}

// A row that comes before others moves all that is numbered behind it.
func TestNothingSharedBehindNewRows(t *testing.T) {
	first, second := roles("{}", "role4")
	last := opened(t, build(t, slices.Concat(first, second)...))
	more := putNode(node("role-1-00", graph.KindRole, "iam:role", "aaa", origin("list-1", "f")))
	b := again(t, last, "list-1", snapshot.Spliced, append(second, more)...)
	b.Share(last)
	equal(t, "bytes", written(t, b), written(t, build(t, slices.Concat(first, second, []fact{more})...)))
	for _, name := range []string{"node.ref", "node.name", "edge.from", "att.to", "find.ref", "member.off", "str.bytes"} {
		equal(t, name, slices.Contains(snapshot.Shared(b, last), name), false)
	}
	equal(t, "documents", slices.Contains(snapshot.Shared(b, last), "doc.bytes"), true)
}

// A copyingPage is a page that copies from the last snapshot's file, too.
type copyingPage struct {
	page
	last   []byte
	copied int64
	broken bool
}

func (p *copyingPage) CopyAt(at, from, n int64) error {
	if p.broken {
		return errBroken
	}
	p.copied += n
	_, err := p.WriteAt(p.last[from:from+n], at)
	return err
}

// What is shared with the last snapshot is copied from its file, conclusions as
// well, and what is not is written. The bytes are those of writing all of it.
func TestSharedColumnsAreCopied(t *testing.T) {
	facts := small("a", "b")
	first := build(t, facts...)
	conclude(t, first)
	file := written(t, first)
	for _, share := range []bool{true, false} {
		p := &copyingPage{page: page{until: -1}, last: file}
		last := opened(t, first)
		b := again(t, last, "get-bucket-policy", snapshot.Spliced, facts[5])
		if b.WriteAhead(p); share {
			b.Share(last)
		}
		conclude(t, b)
		if _, err := b.WriteFile(p); err != nil {
			t.Fatal(err)
		}
		equal(t, "bytes", slices.Equal(p.data, written(t, b)), true)
		equal(t, "copied some of it", p.copied > 0, share)
	}
}

// What cannot be copied is no snapshot.
func TestCopyBreaks(t *testing.T) {
	first := build(t, small("a", "b")...)
	last := opened(t, first)
	p := &copyingPage{page: page{until: -1}, broken: true}
	b := again(t, last, "get-bucket-policy", snapshot.Spliced, small("a", "b")[5])
	b.WriteAhead(p)
	b.Share(last)
	if _, err := b.WriteFile(p); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	if _, err := snapshot.FromBytes(p.data); !errors.Is(err, snapshot.ErrCorrupt) {
		t.Errorf("read: %v", err)
	}
}

// The checksum of a column that is shared is that of what once was written: what
// the disk broke since is found, in the next snapshot too.
func TestSharedBreakIsFound(t *testing.T) {
	first, second := roles("{}", "role4")
	file := written(t, build(t, slices.Concat(first, second)...))
	breakSection(t, file, "x.origin.nano")
	last, err := snapshot.FromBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	b := again(t, last, "list-0", snapshot.Spliced, first...)
	b.Share(last)
	p := &page{until: -1}
	if _, err := b.WriteFile(p); err != nil {
		t.Fatal(err)
	}
	equal(t, "shared", slices.Contains(snapshot.Shared(b, last), "x.origin.nano"), true)
	next, err := snapshot.FromBytes(p.data)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Verify(); !errors.Is(err, snapshot.ErrCorrupt) {
		t.Errorf("a column that was broken before passes: %v", err)
	}
}
