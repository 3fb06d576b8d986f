package snapshot

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Strings come back in the order of their bytes, whatever they share and
// wherever they end.
func TestSortedStrings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		table := newStringTable()
		var want []string
		for range rng.IntN(400) {
			text := strings.Repeat("arn:aws:", rng.IntN(4)) + strings.Repeat("\x00", rng.IntN(3)) + fmt.Sprint(rng.IntN(50))
			text = text[rng.IntN(len(text)):] + strings.Repeat("\x00", rng.IntN(10))
			want = append(want, text)
			if id := table.id(text); string(table.bytes(id)) != text || table.id(text) != id {
				t.Fatalf("%q is not number %d", text, id)
			}
		}
		checkFrozen(t, table, append(want, ""))
	}
}

// More strings than fit one piece of memory, longer ones than a piece, and
// groups large enough to be sorted beside each other.
func TestManyStrings(t *testing.T) {
	table, want := newStringTable(), []string{"", strings.Repeat("long", lastChunk)}
	for i := range 3 * worthGoing {
		want = append(want, fmt.Sprintf("arn:aws:s3:::%d-bucket-%d", i%2, i*7919%100_000_007))
	}
	for _, text := range want {
		table.id(text)
	}
	checkFrozen(t, table, want)
}

func checkFrozen(t *testing.T, table *stringTable, want []string) {
	t.Helper()
	before := make([]string, len(table.starts))
	for i := range before {
		before[i] = string(table.bytes(uint32(i)))
	}
	slices.Sort(want)
	want = slices.Compact(want)
	h, rank := table.freeze()
	if h.len() != len(want) || len(rank) != len(want) {
		t.Fatalf("%d strings and %d ranks, want %d", h.len(), len(rank), len(want))
	}
	for i, text := range want {
		if !bytes.Equal(h.bytes(uint32(i)), []byte(text)) {
			t.Fatalf("string %d is %q, want %q", i, h.bytes(uint32(i)), text)
		}
	}
	for i, text := range before {
		if want[rank[i]] != text {
			t.Fatalf("%q has rank %d, which is %q", text, rank[i], want[rank[i]])
		}
	}
}

func BenchmarkFreezeStrings(b *testing.B) {
	const n = 500_000
	for b.Loop() {
		b.StopTimer()
		table := newStringTable()
		for i := range n {
			table.id(fmt.Sprintf("arn:aws:sqs:eu-west-1:%012d:queue-%05d", i/1000*7919%1_000_003, i%1000))
		}
		b.StartTimer()
		table.freeze()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/string")
}
