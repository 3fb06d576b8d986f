package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve/escalate"
)

// unread are documents that techniques look for and that nothing reads yet: the
// techniques say UNKNOWN, and name them.
var unread = map[string]bool{
	"deploy list-deployment-groups": true, // which instances a group deploys to hangs on tags of instances
}

// TestTechniquesAskForWhatIsRead: a technique that names a document which nobody
// reads could never be more than UNKNOWN.
func TestTechniquesAskForWhatIsRead(t *testing.T) {
	asked := map[string]bool{}
	for _, technique := range escalate.AWS {
		for _, v := range technique.Vars {
			asked[v.Listing] = true
		}
		for _, f := range technique.Facts {
			asked[f.Listing] = true
		}
	}
	delete(asked, "")
	for listing := range asked {
		if read := isRead(t, listing); read == unread[listing] {
			t.Errorf("%s: read is %v", listing, read)
		}
	}
	if len(asked) < 30 {
		t.Errorf("only %d documents are asked for", len(asked))
	}
}

// isRead reports whether a refusal of a document, of whatever it is of, is
// taken for what it is.
func isRead(t *testing.T, listing string) bool {
	t.Helper()
	service, operation, _ := strings.Cut(listing, " ")
	for _, place := range []string{"global/%s/%s.json", "eu-west-1/%s/%s.json", "eu-west-1/%s/%s/a.json", "eu-west-1/%s/%s/a%%2Fb.json"} {
		dir := t.TempDir()
		refuse(t, filepath.Join(dir, "111122223333", filepath.FromSlash(fmt.Sprintf(place, service, operation))))
		if isGap(t, dir, listing) {
			return true
		}
	}
	return false
}

func refuse(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "\nAn error occurred (AccessDeniedException) when calling the Whatever operation: no\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// isGap reports whether a folder of documents gives a gap of a listing.
func isGap(t *testing.T, dir, listing string) bool {
	t.Helper()
	store, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, _, err = collect(t.Context(), store, "", []ingest.Source{ingestaws.Files([]string{dir})}, func(string) {}); err != nil {
		return false
	}
	s, _, err := store.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return slices.ContainsFunc(s.Coverage(), func(c graph.Coverage) bool {
		return c.Listing.Service+" "+c.Listing.Operation == listing && c.Reason == graph.ReasonAccessDenied
	})
}
