package aws

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

const publishedFolder = "../../../shared/data/aws/techniques"

// otherNeeds argues where a technique asks for other permissions than its
// published entry requires: "+" for one more, "-" for one less.
var otherNeeds = map[string]map[string]string{
	"sagemaker-001": {"+sagemaker:createpresignednotebookinstanceurl": "a notebook that nobody opens runs nothing of the actor's; the published steps open it by this call"},
}

// Every published technique is in the catalogue, and takes what is published.
func TestPublishedTechniquesAreKnown(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(publishedFolder, "*.yaml"))
	if len(paths) == 0 {
		t.Skipf("needs the shared data: no techniques in %s", publishedFolder)
	}
	for _, path := range paths {
		id := strings.TrimSuffix(filepath.Base(path), ".yaml")
		technique := escalate.ByID(id)
		if technique == nil {
			t.Errorf("%s is not in the catalogue", id)
			continue
		}
		if technique.Reference != "https://pathfinding.cloud/paths/"+id {
			t.Errorf("%s refers to %s", id, technique.Reference)
		}
		differences := needsBeside(technique, publishedPermissions(t, path))
		for _, d := range differences {
			if otherNeeds[id][d] == "" {
				t.Errorf("%s: %s", id, d)
			}
		}
		for d := range otherNeeds[id] {
			if !slices.Contains(differences, d) {
				t.Errorf("%s: %s is argued and not so", id, d)
			}
		}
	}
}

// needsBeside compares the actor's needs with published permissions. What it
// may do by a policy that it wrote needs no permission.
func needsBeside(t *escalate.Technique, published map[string]bool) []string {
	needs := map[string]bool{}
	for _, n := range t.Needs {
		if n.Who == "" && !n.Given {
			needs[strings.ToLower(n.Action)] = true
		}
	}
	var out []string
	for action := range needs {
		if !published[action] {
			out = append(out, "+"+action)
		}
	}
	for action := range published {
		if !needs[action] {
			out = append(out, "-"+action)
		}
	}
	slices.Sort(out)
	return out
}

// publishedPermissions reads the required permissions of an entry: the lines
// between "required:" and the next key of its depth.
func publishedPermissions(t *testing.T, path string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	required, found := false, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "required:":
			required = true
		case strings.HasSuffix(trimmed, ":") && !strings.HasPrefix(trimmed, "-"):
			required = false
		}
		if action, ok := strings.CutPrefix(trimmed, "- permission:"); ok && required {
			found[strings.ToLower(strings.Trim(action, ` "`))] = true
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s: no permissions", path)
	}
	return found
}
