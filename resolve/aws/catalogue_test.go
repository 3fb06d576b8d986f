package aws

import (
	"testing"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

func TestCompileCatalogue(t *testing.T) {
	want := 0
	for range reference.ManagedPolicies() {
		want++
	}
	got, err := CompileCatalogue()
	if err != nil || got.Policies != want || got.Statements < got.Policies || got.Sets < 1000 || got.Sets > got.Statements {
		t.Errorf("%+v of %d policies: %v", got, want, err)
	}
}

func BenchmarkCompileCatalogue(b *testing.B) {
	for b.Loop() {
		if _, err := CompileCatalogue(); err != nil {
			b.Fatal(err)
		}
	}
}
