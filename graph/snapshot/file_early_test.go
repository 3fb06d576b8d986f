package snapshot_test

import (
	"crypto/sha256"
	"errors"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

// A page is a file in memory that breaks after some writes, and remembers where
// each began.
type page struct {
	data  []byte
	at    []int64
	until int
}

var errBroken = errors.New("broken")

func (p *page) WriteAt(data []byte, at int64) (int, error) {
	if len(p.at) == p.until {
		return 0, errBroken
	}
	p.at = append(p.at, at)
	if more := int(at) + len(data) - len(p.data); more > 0 {
		p.data = append(p.data, make([]byte, more)...)
	}
	return copy(p.data[at:], data), nil
}

func (p *page) Truncate(size int64) error {
	p.data = p.data[:size]
	return nil
}

// A file that is written early is the same file, and is told from others.
func TestWriteFile(t *testing.T) {
	b := build(t, small("a", "b")...)
	told := map[[sha256.Size]byte]bool{}
	for _, what := range []string{"facts", "conclusions"} {
		if what == "conclusions" {
			conclude(t, b)
		}
		p := &page{until: -1}
		sum, err := b.WriteFile(p)
		if err != nil {
			t.Fatal(err)
		}
		want := written(t, b)
		equal(t, what, slices.Equal(p.data, want), true)
		equal(t, "told from others", told[sum], false)
		told[sum] = true
		equal(t, "the start comes last", slices.Index(p.at, 0), len(p.at)-1)
	}
}

// Wherever writing breaks, the error is told and what is there is no snapshot.
func TestWriteFileBreaks(t *testing.T) {
	b := build(t, small("a", "b")...)
	conclude(t, b)
	whole := &page{until: -1}
	if _, err := b.WriteFile(whole); err != nil {
		t.Fatal(err)
	}
	for until := range len(whole.at) {
		p := &page{until: until}
		_, err := b.WriteFile(p)
		equal(t, "broken", errors.Is(err, errBroken), true)
		if _, err := snapshot.FromBytes(p.data); !errors.Is(err, snapshot.ErrCorrupt) {
			t.Fatalf("after %d writes: %v", until, err)
		}
	}
}
