package main

import (
	"context"
	"testing"

	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/schema"
	"github.com/clewgraph/clew/testdata"
)

// BenchmarkIngestAndResolve is what `clew ingest` does with the sample
// organization, from its documents to the published snapshot.
func BenchmarkIngestAndResolve(b *testing.B) {
	archive, err := testdata.Estate(demoEstate)
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := writeDocuments(archive, dir); err != nil {
		b.Fatal(err)
	}
	ingestEach(b, dir)
}

// BenchmarkIngestAndResolveLarge does it with a real dump of one account.
func BenchmarkIngestAndResolveLarge(b *testing.B) {
	largeAccount(b) // or skip
	ingestEach(b, largeDump)
}

func ingestEach(b *testing.B, path string) {
	b.Helper()
	for b.Loop() {
		b.StopTimer()
		store, err := embedded.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		from := []ingest.Source{sources["aws"]([]string{path})}
		sum, _, err := collect(context.Background(), store, "", from, func(string) {})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(sum.Bytes)
	}
}

// benchmarkQuery asks an operation of the sample organization over and over.
func benchmarkQuery(b *testing.B, operation string, vars map[string]any) {
	dir, err := acmeStore()
	if err != nil {
		b.Fatal(err)
	}
	store, err := embedded.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	ask := &client{api: &schema.API{Store: store, Providers: evaluators}}
	for b.Loop() {
		if _, err := ask.query(b.Context(), operation, vars); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPath(b *testing.B) {
	benchmarkQuery(b, "Path", map[string]any{
		"from": selector("tomas.release"), "to": selector("acme-ledger"), "algorithm": "SHORTEST", "first": 1,
		"options": map[string]any{"actions": []string{"s3:PutObject"}},
	})
}

func BenchmarkBlastRadius(b *testing.B) {
	benchmarkQuery(b, "Loss", map[string]any{"of": selector("sam.security")})
}

func BenchmarkExplain(b *testing.B) {
	benchmarkQuery(b, "Explain", map[string]any{"question": map[string]any{
		"principal": "tomas.release", "action": "sts:AssumeRole", "resource": "release-manager",
	}})
}
