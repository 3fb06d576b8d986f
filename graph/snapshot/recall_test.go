package snapshot

import "testing"

// A recall of one place knows the slice that it saw last, and no other: not
// one that begins there and is longer, not one that reads the same.
func TestRecall(t *testing.T) {
	r := newRecall[string](0)
	list := []string{"a", "b", "c"}
	at, known := r.place(list[:2])
	if known {
		t.Error("knows what it never saw")
	}
	at.keep(list[:2], 7)
	if at, known := r.place(list[:2]); !known || at.id != 7 {
		t.Errorf("the same slice: %v, %d", known, at.id)
	}
	for name, other := range map[string][]string{"longer": list, "shorter": list[:1], "later": list[1:], "equal": {"a", "b"}} {
		if _, known := r.place(other); known {
			t.Errorf("%s: taken for the one that was seen", name)
		}
	}
}
