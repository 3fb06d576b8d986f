package snapshot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// principals fills a Builder with n roles, each in one of n/100 accounts, with
// a policy of its own and one that all share.
func principals(b testing.TB, n int) *snapshot.Builder {
	out := snapshot.NewBuilder()
	rolesOf(b, out, 0, n)
	return out
}

// rolesOf fills a Builder with some of the roles of principals.
func rolesOf(b testing.TB, out *snapshot.Builder, from, to int) {
	shared := []byte(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	for i := from; i < to; i++ {
		account := graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:root", i/100))
		o := origin("get-account-authorization-details", "iam.json")
		o.Listing.Scope = account
		ref := graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:role/r%d", i/100, i))
		err := out.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindRole, Type: "iam:role", Name: fmt.Sprint("r", i), Scope: account,
			NativeID: fmt.Sprint("AROA", i), Origin: o})
		if err == nil && i%100 == 0 {
			err = out.Node(graph.Node{Provider: graph.AWS, Ref: account, Kind: graph.KindAccount, Type: "iam:account", Origin: o})
		}
		if err == nil {
			err = out.Attach(graph.Attachment{To: ref, Layer: "aws:identity", Policy: "arn:aws:iam::aws:policy/AdministratorAccess", Document: shared, Origin: o})
		}
		if err == nil {
			err = out.Attach(graph.Attachment{To: ref, Layer: "aws:trust", Policy: ref + "#trust", Document: fmt.Appendf(nil, `{"Statement":[%d]}`, i), Origin: o})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

const benchNodes = 100_000

func BenchmarkTakeFacts(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		principals(b, benchNodes)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchNodes, "ns/node")
}

func BenchmarkFreezeFacts(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		taken := principals(b, benchNodes)
		b.StartTimer()
		frozen(b, taken)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchNodes, "ns/node")
}

// BenchmarkSpliceFacts brings one account of a thousand anew.
func BenchmarkSpliceFacts(b *testing.B) {
	last := opened(b, principals(b, benchNodes))
	b.ReportAllocs()
	for b.Loop() {
		next := snapshot.NewBuilder()
		rolesOf(b, next, 500, 599)
		replaced := graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:root", 5))
		if err := next.CarryForward(last, func(l graph.Listing) bool { return l.Scope == replaced }); err != nil {
			b.Fatal(err)
		}
		if frozen(b, next); snapshot.WhyAnew(next) != "" {
			b.Fatal(snapshot.WhyAnew(next))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchNodes, "ns/node")
}

func benchFile(b *testing.B) string {
	path := filepath.Join(b.TempDir(), "estate")
	data := written(b, principals(b, benchNodes))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(data))/benchNodes, "B/node")
	return path
}

func BenchmarkOpen(b *testing.B) {
	path := benchFile(b)
	for b.Loop() {
		s, err := snapshot.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkFind(b *testing.B) {
	s, err := snapshot.Open(benchFile(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		n := i * 7919 % benchNodes
		ref := graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:role/r%d", n/100, n))
		if _, ok := s.Find(ref); !ok {
			b.Fatal(ref)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	s, err := snapshot.Open(benchFile(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if err := s.Verify(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearchToTheEnd(b *testing.B) {
	s, err := snapshot.Open(benchFile(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if found := s.Search("nowhere", 10, snapshot.None); len(found) > 0 {
			b.Fatal(found)
		}
	}
}
