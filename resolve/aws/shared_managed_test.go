package aws

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// sharedLines reads a packed file of the shared data, one JSON object a line.
func sharedLines[T any](t testing.TB, name string) []T {
	t.Helper()
	file, err := os.Open(filepath.Join(sharedData, name))
	if err != nil {
		t.Skipf("needs the shared data beside the project: %v", err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	lines := bufio.NewScanner(unpacked)
	lines.Buffer(nil, maxDocument)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(list)+1, err)
		}
		list = append(list, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

type managedLine struct {
	Name, Arn, Version string
	Document           json.RawMessage
}

func managedPolicies(t testing.TB) []managedLine {
	t.Helper()
	list := sharedLines[managedLine](t, "managed-policies.jsonl.gz")
	if len(list) != 1640 {
		t.Errorf("%d managed policies, want 1640", len(list))
	}
	return list
}

func TestSharedManagedPoliciesPrintBack(t *testing.T) {
	for _, p := range managedPolicies(t) {
		printsBack(t, p.Name, p.Document)
	}
}

// The embedded catalogue needs no shared data.
func TestCataloguePrintsBack(t *testing.T) {
	count := 0
	for arn, text := range reference.ManagedPolicies() {
		printsBack(t, arn, text)
		count++
	}
	if count < 1500 {
		t.Errorf("%d policies with an ARN in the catalogue, want more than 1500", count)
	}
}

// The catalogue holds what the shared data hold.
func TestSharedManagedPoliciesAreEmbedded(t *testing.T) {
	for _, p := range managedPolicies(t) {
		arn := p.Arn
		if arn == "" {
			arn = "arn:aws:iam::aws:policy/" + p.Name // withdrawn: found by name
		}
		text, version, ok := reference.ManagedPolicy(arn)
		if !ok || version != p.Version || !reflect.DeepEqual(plainJSON(t, text), plainJSON(t, p.Document)) {
			t.Errorf("%s: the catalogue has version %q of it, want %s with the same text", arn, version, p.Version)
		}
	}
}

func plainJSON(t testing.TB, text []byte) (v any) {
	t.Helper()
	if len(text) > 0 {
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// printsBack asserts that a document that is parsed and printed says the same,
// to the parser and as JSON.
func printsBack(t *testing.T, name string, text []byte) {
	t.Helper()
	first, err := ParseDocument(text)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	printed, err := json.Marshal(first)
	if err != nil {
		t.Errorf("%s: print: %v", name, err)
		return
	}
	second, err := ParseDocument(printed)
	if err != nil {
		t.Errorf("%s: parse what was printed: %v", name, err)
		return
	}
	if a, b := said(first), said(second); !reflect.DeepEqual(a, b) {
		t.Errorf("%s: the printed document says something else:\n%+v\n%+v", name, a, b)
	}
	if a, b := sameSpelling(t, text), sameSpelling(t, printed); !reflect.DeepEqual(a, b) {
		t.Errorf("%s: the printed document is other JSON:\n%v\n%v", name, a, b)
	}
}

// said returns a document without what parsing adds, and without the order of
// conditions and principals, which has no meaning.
func said(d *Document) *Document {
	out := &Document{Version: d.Version, ID: d.ID}
	for _, s := range d.Statements {
		s.Pointer, s.compiled = "", compiledStatement{}
		s.Conditions, s.Principals = slices.Clone(s.Conditions), slices.Clone(s.Principals)
		for i := range s.Conditions {
			s.Conditions[i].compiled = compiledCondition{}
		}
		slices.SortFunc(s.Conditions, func(a, b Condition) int {
			return strings.Compare(a.Operator+" "+a.Key, b.Operator+" "+b.Key)
		})
		slices.SortFunc(s.Principals, func(a, b PrincipalName) int {
			return strings.Compare(a.Type+" "+a.Value, b.Type+" "+b.Value)
		})
		out.Statements = append(out.Statements, s)
	}
	return out
}

// sameSpelling returns JSON with every list of one written as its element,
// numbers and Booleans as texts, and the version that a missing one stands for.
func sameSpelling(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if top, ok := v.(map[string]any); ok && top["Version"] == nil {
		top["Version"] = "2008-10-17"
	}
	return spelled(v)
}

func spelled(v any) any {
	switch v := v.(type) {
	case []any:
		if len(v) == 1 {
			return spelled(v[0])
		}
		for i := range v {
			v[i] = spelled(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = spelled(v[key])
		}
	case json.Number:
		return v.String()
	case bool:
		return boolText(v)
	}
	return v
}

type actionLine struct {
	Arn     string
	Actions []string `json:"effective_actions"`
}

// An expansion is the actions that a document's Allow statements name, folded,
// each with the pattern that it comes from.
type expansion map[string]string

func expand(d *Document) expansion {
	out := expansion{}
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Deny {
			continue
		}
		named := expansion{}
		for _, pattern := range s.Actions {
			for _, id := range reference.Expand(pattern) {
				named[strings.ToLower(id.String())] = pattern
			}
		}
		if s.NotActions {
			named = named.others()
		}
		maps.Copy(out, named)
	}
	return out
}

// others returns every action that e lacks.
func (e expansion) others() expansion {
	out := expansion{}
	for _, id := range reference.Expand("*") {
		if action := strings.ToLower(id.String()); e[action] == "" {
			out[action] = "*"
		}
	}
	return out
}

// differences compares an expansion with the data's: what only Clew's table
// has, what only the data's has, and what both have and disagree on.
func differences(ours expansion, list []string, table map[string]bool) (newer, older, wrong []string) {
	theirs := map[string]bool{}
	for _, action := range list {
		theirs[strings.ToLower(action)] = true
		if ours[strings.ToLower(action)] != "" {
			continue
		}
		if _, known := reference.Find(action); known {
			wrong = append(wrong, "not expanded to: "+action)
		} else {
			older = append(older, action)
		}
	}
	for action := range maps.Keys(ours) {
		switch {
		case theirs[action]:
		case table[action]:
			wrong = append(wrong, "expanded to: "+action)
		default:
			newer = append(newer, action)
		}
	}
	return newer, older, wrong
}

// Both tables were read from AWS's pages, on days of their own: an action that
// one expansion has and the other lacks has to be missing from the whole other
// table. Deny statements are left aside on both sides.
func TestSharedManagedPoliciesExpand(t *testing.T) {
	documents, withdrawn, unknown := readManaged(t)
	lists := sharedLines[actionLine](t, "managed-policy-actions.jsonl.gz")
	if len(lists) != 1227 {
		t.Errorf("%d lists of actions, want 1227", len(lists))
	}
	table := map[string]bool{}
	for _, list := range lists {
		for _, action := range list.Actions {
			table[strings.ToLower(action)] = true
		}
	}
	allNewer, allOlder, compared := map[string]bool{}, map[string]bool{}, 0
	for _, list := range lists {
		d := documents[list.Arn]
		if list.Arn == "" {
			d = ofWithdrawn(withdrawn, list, table)
		}
		if d == nil {
			t.Errorf("no document for the list of %q: %.100v", list.Arn, list.Actions)
			continue
		}
		ours := expand(d)
		newer, older, wrong := differences(ours, list.Actions, table)
		if len(wrong) > 0 {
			t.Errorf("%s: both tables have these, and the expansions differ: %v", list.Arn, wrong)
		}
		for _, action := range newer {
			allNewer[action] = true
			if !matchesSlowly(ours[action], action) {
				t.Errorf("%s: %s is not of the pattern %s", list.Arn, action, ours[action])
			}
		}
		for _, action := range older {
			allOlder[action] = true
		}
		compared++
	}
	t.Logf("%d lists compared; %d actions are in Clew's table of %s alone, %d in the data's alone", compared, len(allNewer), reference.Date(), len(allOlder))
	t.Logf("Clew's alone, by service: %v", byService(allNewer))
	t.Logf("the data's alone, by service: %v", byService(allOlder))
	for pattern := range unknown {
		for action := range table {
			if matchesSlowly(pattern, action) {
				t.Errorf("%s names nothing that Clew's table knows, and %s in the data", pattern, action)
			}
		}
	}
	t.Logf("%d action patterns name nothing in either table: AWS retired what they name", len(unknown))
}

func byService(actions map[string]bool) map[string]int {
	count := map[string]int{}
	for action := range actions {
		service, _, _ := strings.Cut(action, ":")
		count[service]++
	}
	return count
}

// readManaged parses the managed policies, by ARN, those without one, and
// returns the action patterns that expand to nothing.
func readManaged(t *testing.T) (documents map[string]*Document, withdrawn []*Document, unknown map[string]bool) {
	t.Helper()
	documents, unknown = map[string]*Document{}, map[string]bool{}
	expanded := 0
	for _, p := range managedPolicies(t) {
		d, err := ParseDocument(p.Document)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		if p.Arn == "" {
			withdrawn = append(withdrawn, d)
		} else {
			documents[p.Arn] = d
		}
		if noteUnknown(d, unknown) {
			expanded++
		} else {
			t.Logf("%s names no action that Clew's table knows", p.Name)
		}
	}
	if expanded < 1600 {
		t.Errorf("%d managed policies expand to actions, want more", expanded)
	}
	return documents, withdrawn, unknown
}

// noteUnknown notes patterns that expand to nothing, and reports whether some
// pattern of the document, in a Deny as well, expands to something.
func noteUnknown(d *Document, unknown map[string]bool) bool {
	some := false
	for i := range d.Statements {
		for _, pattern := range d.Statements[i].Actions {
			if len(reference.Expand(pattern)) > 0 {
				some = true
			} else {
				unknown[pattern] = true
			}
		}
	}
	return some
}

// ofWithdrawn finds the withdrawn policy whose actions a list without an ARN
// holds: but for dates there is one.
func ofWithdrawn(withdrawn []*Document, list actionLine, table map[string]bool) *Document {
	for _, d := range withdrawn {
		newer, older, wrong := differences(expand(d), list.Actions, table)
		if differ := len(newer) + len(older); len(wrong) == 0 && (differ == 0 || differ < len(list.Actions)) {
			return d
		}
	}
	return nil
}

// matchesSlowly matches folded, by trying everything that a "*" can cover.
func matchesSlowly(pattern, text string) bool {
	pattern = strings.ToLower(pattern)
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return matchesSlowly(pattern[1:], text) || text != "" && matchesSlowly(pattern, text[1:])
	case text == "" || pattern[0] != '?' && pattern[0] != text[0]:
		return false
	}
	return matchesSlowly(pattern[1:], text[1:])
}
