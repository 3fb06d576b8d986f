package snapshot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// packedTexts packs strings as a file holds them.
func packedTexts(list []string) (all []string, t texts) {
	table := newStringTable()
	for _, s := range list {
		table.id(s)
	}
	plain, _ := table.freeze()
	all = slices.Compact(slices.Sorted(slices.Values(append(list, ""))))
	return all, texts{packed: pack(plain)}
}

func manyTexts(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("arn:aws:sqs:eu-west-1:%012d:queue-%d", r.IntN(50), i), strings.Repeat("x", r.IntN(400)), string([]byte{byte(i), 0, 255}))
	}
	return list
}

func TestPackedTexts(t *testing.T) {
	for _, n := range []int{0, 1, 5, 6, 1000} {
		all, packed := packedTexts(manyTexts(n))
		if packed.len() != len(all) {
			t.Fatalf("%d strings, want %d", packed.len(), len(all))
		}
		for i, want := range all {
			if got := packed.text(uint32(i)); got != want || packed.shared(uint32(i)) != want {
				t.Fatalf("string %d is %q, want %q", i, got, want)
			}
			if id, ok := packed.find(want); !ok || id != uint32(i) {
				t.Fatalf("%q is found at %d, %v; want %d", want, id, ok, i)
			}
			if id, ok := packed.find(want + "\x00"); ok && all[id] != want+"\x00" {
				t.Fatalf("%q, which is not there, is found at %d", want+"\x00", id)
			}
		}
		if err := packed.verify("s"); err != nil {
			t.Error(err)
		}
		if got := packed.text(uint32(len(all))); got != "" {
			t.Errorf("after the last: %q", got)
		}
	}
}

// What is wrong with packed strings is found, and reading them is safe.
func TestPackedTextsThatAreWrong(t *testing.T) {
	all, sound := packedTexts(manyTexts(500))
	r := rand.New(rand.NewPCG(3, 4))
	missed := 0
	for range 2000 {
		broken := texts{packed: packed{slices.Clone(sound.count), slices.Clone(sound.block), slices.Clone(sound.data)}}
		switch r.IntN(3) {
		case 0:
			broken.data[r.IntN(len(broken.data))] ^= byte(1 + r.IntN(255))
		case 1:
			broken.block[r.IntN(len(broken.block))] += uint64(1 + r.IntN(1000))
		case 2:
			broken.count[0] += uint64(1 + r.IntN(100))
		}
		for i := range len(all) + 20 {
			broken.text(uint32(i))
		}
		broken.find(all[r.IntN(len(all))])
		if broken.verify("s") == nil {
			missed++ // another letter in its place is for the checksum to tell
		}
	}
	if missed > 1000 {
		t.Errorf("%d of 2000 faults were missed", missed)
	}
}

func BenchmarkPackedText(b *testing.B) {
	all, packed := packedTexts(manyTexts(10_000))
	for i := 0; b.Loop(); i++ {
		packed.text(uint32(i * 7919 % len(all)))
	}
}
