package embedded_test

import (
	"errors"
	"testing"

	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/graphtest"
	"github.com/clewgraph/clew/graph/snapshot"
)

func TestStore(t *testing.T) {
	graphtest.Run(t, func(t *testing.T) snapshot.Store {
		s, err := embedded.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestEstateNames(t *testing.T) {
	s, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"..", "Prod", "a/b", "-a", "a b"} {
		if _, err := s.List(t.Context(), name); !errors.Is(err, embedded.ErrEstateName) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
