package aws

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerAccessAnalyzer holds what IAM Access Analyzer found. Each attachment is
// to the resource of the finding: a role for unused access, say.
const LayerAccessAnalyzer graph.LayerID = "aws:access-analyzer"

func accessAnalyzerOperations() []operation {
	layers := []graph.LayerID{LayerAccessAnalyzer}
	findings := func(name string, lone bool) operation {
		return operation{service: "accessanalyzer", name: name, lone: lone, subject: "analyzer name", selfEvident: true, marks: []string{"findings"},
			tells: has("resourceOwnerAccount"), layers: layers, each: map[string]recordFunc{"findings": mapFinding}, refOf: analyzerOf}
	}
	return []operation{findings("list-findings", true), findings("list-findings-v2", false)}
}

// analyzerOf names the analyzer of a path, none where the path names none.
func analyzerOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource == "" {
		return "", nil
	}
	return m.subjectARN("access-analyzer", "analyzer/")
}

// mapFinding attaches a finding to its resource, which may be of another
// account: an organization has one analyzer for all.
func mapFinding(m *mapper, v jsontext.Value) error {
	var f struct{ ID, Resource, ResourceOwnerAccount string }
	if err := decodeFold(v, &f); err != nil {
		return err
	}
	a, err := wantARN("resource of a finding", f.Resource)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	account, subject := m.doc.account, graph.Ref("")
	if m.doc.inTree() {
		if subject, err = analyzerOf(m); err != nil {
			return err
		}
	} else {
		if account = f.ResourceOwnerAccount; !isAccountID(account) {
			return fmt.Errorf("%w: %s: want resourceOwnerAccount", ErrContent, m.pointer)
		}
		m.c.describe(account, a.partition, false)
	}
	o := m.origin(account, m.doc.region, subject)
	return m.fact(fact{graph.Ref(f.Resource), LayerAccessAnalyzer, "finding:" + f.ID}, v, o,
		"id", "resource", "resourceType", "resourceOwnerAccount", "findingType", "principal", "action", "condition", "isPublic", "status", "error", "sources")
}
