package generate_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/resolve"
	resolveaws "github.com/clewgraph/clew/resolve/aws"
)

// small is an estate of which everything can be looked at.
var small = generate.Options{Seed: 7, Accounts: 25, Principals: 1500, Resources: 15_000}

// A tree holds documents by path.
type tree map[string]*bytes.Buffer

type buffer struct{ *bytes.Buffer }

func (buffer) Close() error { return nil }

func (t tree) create(path string) (io.WriteCloser, error) {
	if t[path] != nil {
		return nil, fmt.Errorf("%s is written twice", path)
	}
	t[path] = &bytes.Buffer{}
	return buffer{t[path]}, nil
}

func written(t testing.TB, o generate.Options) tree {
	t.Helper()
	files := tree{}
	if err := generate.AWS(t.Context(), o, files.create); err != nil {
		t.Fatal(err)
	}
	return files
}

func (t tree) hash() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(h, "%s %d\n%s", name, t[name].Len(), t[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	o := small
	first := written(t, o).hash()
	if again := written(t, o).hash(); again != first {
		t.Error("the same seed wrote other bytes")
	}
	o.Seed++
	if other := written(t, o).hash(); other == first {
		t.Error("another seed wrote the same bytes")
	}
}

func TestNoSuchEstate(t *testing.T) {
	for _, o := range []generate.Options{
		{}, {Accounts: 1}, {Accounts: 2, Principals: 1}, {Accounts: 1, Principals: 1, Resources: -1}, {Accounts: 1 << 30, Principals: 1 << 30},
	} {
		files := tree{}
		if err := generate.AWS(t.Context(), o, files.create); !errors.Is(err, generate.ErrOptions) || len(files) > 0 {
			t.Errorf("%+v: %v and %d files", o, err, len(files))
		}
	}
}

// What cannot be written, or is stopped, ends the estate.
func TestEnds(t *testing.T) {
	full, n := errors.New("full"), 0
	err := generate.AWS(t.Context(), small, func(string) (io.WriteCloser, error) {
		if n++; n > 40 {
			return nil, full
		}
		return buffer{&bytes.Buffer{}}, nil
	})
	if !errors.Is(err, full) || n != 41 {
		t.Errorf("%v after %d files", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := generate.AWS(ctx, small, tree{}.create); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Few principals or resources leave parts out, and everything is still read.
func TestSmallestEstates(t *testing.T) {
	for _, o := range []generate.Options{
		{Accounts: 1, Principals: 1}, {Accounts: 1, Principals: 7, Resources: 13}, {Accounts: 12, Principals: 12, Resources: 99},
		{Accounts: 3, Principals: 40, Resources: 5},
	} {
		t.Run(fmt.Sprint(o), func(t *testing.T) { ingested(t, o) })
	}
}

// ingested writes an estate to files and reads it back.
func ingested(t testing.TB, o generate.Options) (*snapshot.Snapshot, *snapshot.Builder) {
	t.Helper()
	dir := t.TempDir()
	if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	b := snapshot.NewBuilder()
	summary, err := ingest.Run(t.Context(), []ingest.Source{ingestaws.Files([]string{dir})}, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, gap := range summary.Gaps[:min(3, len(summary.Gaps))] {
		t.Errorf("a gap: %+v", gap)
	}
	principals := summary.Nodes[graph.KindUser] + summary.Nodes[graph.KindRole]
	if principals < o.Principals {
		t.Errorf("%d users and roles, want %d", principals, o.Principals)
	}
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	described := 0
	for i := range snapshot.Index(facts.NumNodes()) {
		kind := facts.Kind(i)
		if (kind == graph.KindResource && facts.Type(i) != "iam:policy" || kind == graph.KindWorkload) && !facts.Mentioned(i) {
			described++
		}
	}
	if described != o.Resources {
		t.Errorf("%d resources, want %d", described, o.Resources)
	}
	return facts, b
}

// concluded resolves an estate by the passes whose names are given.
func concluded(t *testing.T, o generate.Options, passes ...string) *snapshot.Snapshot {
	t.Helper()
	facts, b := ingested(t, o)
	aws := resolveaws.Provider()
	aws.Passes = slices.DeleteFunc(aws.Passes, func(p resolve.Pass) bool { return len(passes) > 0 && !slices.Contains(passes, p.Name) })
	out, err := resolve.Run(t.Context(), facts, []resolve.Provider{aws}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Conclude(out); err != nil {
		t.Fatal(err)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPivots counts what only conclusions show: who really leads to whom.
func TestPivots(t *testing.T) {
	o := generate.Options{Seed: 3, Accounts: 12, Principals: 720, Resources: 7200}
	verdicts := map[graph.Verdict]int{}
	s := concluded(t, o, "membership and attachment", "held identities", "role assumption")
	for p := range snapshot.PivotIndex(s.NumPivots()) {
		verdicts[s.PivotVerdict(p)]++
	}
	between(t, "pivots a principal", s.NumPivots(), o.Principals, 4.5, 5.75)
	if verdicts[graph.Unknown] > 0 || verdicts[graph.Allowed] == 0 || verdicts[graph.Conditional] == 0 {
		t.Errorf("verdicts of pivots: %v", verdicts)
	}
}

// TestResolves resolves everything of an estate that is small enough for it.
func TestResolves(t *testing.T) {
	o := generate.Options{Seed: 4, Accounts: 3, Principals: 40, Resources: 300}
	s := concluded(t, o)
	between(t, "access classes a principal", s.NumClasses(), o.Principals, 0.2, 1.5)
	if s.NumAccessRows() == 0 || s.NumPivots() == 0 {
		t.Errorf("%d rows of access and %d pivots", s.NumAccessRows(), s.NumPivots())
	}
}

// between checks a proportion.
func between(t *testing.T, what string, part, whole int, least, most float64) {
	t.Helper()
	if got := float64(part) / float64(max(1, whole)); got < least || got > most {
		t.Errorf("%s: %d of %d are %.4f, want %v to %v", what, part, whole, got, least, most)
	} else {
		t.Logf("%s: %.4f", what, got)
	}
}

// A census counts what the documents of an estate hold.
type census struct {
	principals, boundaries, tagged int
	classes                        map[string]bool
	statements, conditions         int
	tagBased, inner, notAction     int
	notResource                    int
	trusts                         map[[2]string]bool
	byAccount, byOrganization      int
	managed                        map[string]map[string]bool // texts by name
	buckets, policies              int
	bucketTexts                    map[string]bool
	functions, keys                int
	levels                         map[string]bool
}

func take(t *testing.T, files tree) *census {
	c := &census{classes: map[string]bool{}, trusts: map[[2]string]bool{}, managed: map[string]map[string]bool{},
		bucketTexts: map[string]bool{}, levels: map[string]bool{}}
	for name, text := range files {
		account := strings.Split(name, "/")[0]
		switch operation := strings.Split(name, "/")[3]; strings.TrimSuffix(operation, ".json") {
		case "get-account-authorization-details":
			c.identities(t, account, text.Bytes())
		case "get-bucket-policy":
			c.bucketPolicy(t, text.Bytes())
		case "list-buckets":
			c.buckets += len(parse[struct{ Buckets []any }](t, text.Bytes()).Buckets)
		case "list-functions":
			c.functions += len(parse[struct{ Functions []any }](t, text.Bytes()).Functions)
		case "list-access-keys":
			c.keys++
		case "list-targets-for-policy":
			for _, target := range parse[struct{ Targets []struct{ TargetId string } }](t, text.Bytes()).Targets {
				if path.Base(name) != "p-FullAWSAccess.json" {
					kind, _, _ := strings.Cut(target.TargetId, "-")
					c.levels[strings.TrimRight(kind, "0123456789")] = true
				}
			}
		}
	}
	return c
}

func parse[T any](t *testing.T, text []byte) (out T) {
	t.Helper()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return out
}

type (
	named    struct{ PolicyName, PolicyArn string }
	inline   struct{ PolicyDocument json.RawMessage }
	identity struct {
		Arn                            string
		GroupList                      []string
		UserPolicyList, RolePolicyList []inline
		AttachedManagedPolicies        []named
		PermissionsBoundary            struct{ PermissionsBoundaryArn string }
		AssumeRolePolicyDocument       json.RawMessage
		Tags                           []any
	}
	managed struct {
		PolicyName        string
		PolicyVersionList []struct{ Document json.RawMessage }
	}
)

func (c *census) identities(t *testing.T, account string, text []byte) {
	doc := parse[struct {
		UserDetailList, RoleDetailList []identity
		Policies                       []managed
	}](t, text)
	for _, p := range slices.Concat(doc.UserDetailList, doc.RoleDetailList) {
		c.principal(t, account, p)
	}
	for _, p := range doc.Policies {
		if c.managed[p.PolicyName] == nil {
			c.managed[p.PolicyName] = map[string]bool{}
		}
		c.managed[p.PolicyName][string(p.PolicyVersionList[0].Document)] = true
		c.read(t, p.PolicyVersionList[0].Document)
	}
}

func (c *census) principal(t *testing.T, account string, p identity) {
	c.principals++
	own := slices.Concat(p.UserPolicyList, p.RolePolicyList)
	for _, i := range own {
		c.read(t, i.PolicyDocument)
	}
	if p.PermissionsBoundary.PermissionsBoundaryArn != "" {
		c.boundaries++
	}
	if len(p.Tags) > 0 {
		c.tagged++
	}
	slices.SortFunc(p.AttachedManagedPolicies, func(a, b named) int { return strings.Compare(a.PolicyArn, b.PolicyArn) })
	kind := strings.Split(p.Arn, ":")[5][:4]
	c.classes[fmt.Sprint(account, kind, p.GroupList, own, p.AttachedManagedPolicies, p.PermissionsBoundary)] = true
	for _, s := range c.read(t, p.AssumeRolePolicyDocument) {
		c.trust(p.Arn, s)
	}
}

func (c *census) trust(role string, s map[string]any) {
	who, ok := s["Principal"].(map[string]any)["AWS"]
	if !ok {
		return
	}
	list, ok := who.([]any)
	if !ok {
		list = []any{who}
	}
	for _, w := range list {
		switch text := w.(string); {
		case text == "*":
			c.byOrganization++
		case strings.HasSuffix(text, ":root"):
			c.byAccount++
		default:
			c.trusts[[2]string{text, role}] = true
		}
	}
}

func (c *census) bucketPolicy(t *testing.T, text []byte) {
	if bytes.HasPrefix(text, []byte("\nAn error")) {
		return
	}
	c.policies++
	policy := parse[struct{ Policy string }](t, text).Policy
	c.bucketTexts[policy] = true
	c.read(t, []byte(policy))
}

// read counts the shapes of a policy's statements.
func (c *census) read(t *testing.T, text []byte) []map[string]any {
	if len(text) == 0 {
		return nil
	}
	list := parse[struct{ Statement []map[string]any }](t, text).Statement
	for _, s := range list {
		c.statements++
		if s["Condition"] != nil {
			c.conditions++
		}
		if s["NotAction"] != nil {
			c.notAction++
		}
		if s["NotResource"] != nil {
			c.notResource++
		}
		raw, _ := json.Marshal(s)
		if bytes.Contains(raw, []byte("aws:ResourceTag/")) {
			c.tagBased++
		}
		for _, r := range bytes.Split(raw, []byte(`"`)) {
			if star := bytes.IndexByte(r, '*'); bytes.HasPrefix(r, []byte("arn:")) && star >= 0 && star < len(r)-1 {
				c.inner++
				break
			}
		}
	}
	return list
}

func TestProportions(t *testing.T) {
	o := small
	c := take(t, written(t, o))
	if c.principals != o.Principals {
		t.Errorf("%d principals, want %d", c.principals, o.Principals)
	}
	between(t, "access classes a principal", len(c.classes), c.principals, 0.2, 1)
	between(t, "boundaries a principal", c.boundaries, c.principals, 0.15, 0.25)
	between(t, "principals with tags", c.tagged, c.principals, 0.5, 0.7)
	between(t, "statements with conditions", c.conditions, c.statements, 0.12, 0.18)
	between(t, "tag-based statements", c.tagBased, c.statements, 0.01, 0.1)
	between(t, "inner wildcards", c.inner, c.statements, 0.03, 0.3)
	between(t, "statements with NotAction", c.notAction, c.statements, 0.02, 0.15)
	between(t, "statements with NotResource", c.notResource, c.statements, 0.015, 0.15)
	between(t, "buckets with policies", c.policies, c.buckets, 0.49, 0.55)
	between(t, "different ones among them", len(c.bucketTexts), c.policies, 1, 1)
	between(t, "functions a principal", c.functions, c.principals, 0.9, 1.1)
	between(t, "access keys a principal", c.keys, c.principals, 0.005, 0.05)
	between(t, "trusts by name a principal", len(c.trusts), c.principals, 3, 4.5)
	between(t, "trusts by account a principal", c.byAccount, c.principals, 0.04, 0.12)
	between(t, "trusts by organization an account", c.byOrganization, o.Accounts, 1, 1.2)
	if want := map[string]bool{"r": true, "ou": true, "": true}; !maps.Equal(c.levels, want) {
		t.Errorf("service control policies at %v", c.levels)
	}
	for name, texts := range c.managed {
		if strings.HasPrefix(name, "base-") && len(texts) < 2 && name != "base-14" && name != "base-19" {
			t.Errorf("policy %s is the same in all accounts", name)
		}
	}
}

// TestHubs holds that a few roles of one account lead to every account, and
// that about one of a hundred principals may assume one.
func TestHubs(t *testing.T) {
	files := written(t, small)
	leads, asks, audits := 0, 0, 0
	for name, text := range files {
		if path.Base(name) != "get-account-authorization-details.json" {
			continue
		}
		leads += bytes.Count(text.Bytes(), []byte(`"Resource":"arn:aws:iam::*:role/org-audit"`))
		asks += len(regexp.MustCompile(`"Sid":"Cross"[^}]*:role/hub-\d`).FindAll(text.Bytes(), -1))
		audits += bytes.Count(text.Bytes(), []byte(`"RoleName":"org-audit"`))
	}
	if leads != 3 || audits != small.Accounts {
		t.Errorf("%d hubs lead to the roles of %d accounts, want 3 and %d", leads, audits, small.Accounts)
	}
	between(t, "principals that may assume a hub", asks, small.Principals, 0.004, 0.02)
}

// TestTemplatesNest holds that managed policies repeat each other: each grants
// what the one before it does, and more.
func TestTemplatesNest(t *testing.T) {
	nested, pairs := 0, 0
	for name, text := range written(t, small) {
		if path.Base(name) != "get-account-authorization-details.json" {
			continue
		}
		sids := map[string][]string{}
		for _, p := range parse[struct{ Policies []managed }](t, text.Bytes()).Policies {
			doc := parse[struct{ Statement []struct{ Sid string } }](t, p.PolicyVersionList[0].Document)
			for _, s := range doc.Statement {
				sids[p.PolicyName] = append(sids[p.PolicyName], s.Sid)
			}
		}
		for k := range 19 {
			smaller, larger := sids[fmt.Sprintf("base-%02d", k)], sids[fmt.Sprintf("base-%02d", k+1)]
			pairs++
			if len(larger) > len(smaller) && slices.Equal(larger[:len(smaller)], smaller) {
				nested++
			}
		}
	}
	between(t, "templates that hold the one before", nested, pairs, 0.75, 0.9)
}

// TestCircles holds how much the trusts by name weld together, and that chains
// are as long as they are meant to be.
func TestCircles(t *testing.T) {
	c := take(t, written(t, small))
	back, number := 0, numbers(c)
	for edge := range c.trusts {
		if number[edge[0]] > number[edge[1]] {
			back++
		}
	}
	between(t, "trusts that close a circle", back, len(c.trusts), 0.005, 0.01)
	closed := 0
	for edge := range c.trusts {
		if number[edge[0]] > number[edge[1]] && reaches(c, edge[1], edge[0]) {
			closed++
		}
	}
	if closed != back {
		t.Errorf("%d of %d trusts that lead back close a circle", closed, back)
	}
	if length := longestRun(c, number); length < 29 {
		t.Errorf("the longest chain across accounts has %d steps", length)
	}
}

// numbers puts the principals in the order in which trusts lead on.
func numbers(c *census) map[string]int {
	var all []string
	for edge := range c.trusts {
		all = append(all, edge[0], edge[1])
	}
	return rank(all)
}

func rank(all []string) map[string]int {
	slices.Sort(all)
	all = slices.Compact(all)
	order := map[string]int{}
	accounts := accountOrder()
	slices.SortFunc(all, func(a, b string) int {
		if d := accounts[strings.Split(a, ":")[4]] - accounts[strings.Split(b, ":")[4]]; d != 0 {
			return d
		}
		ua, ub := strings.Contains(a, ":user/"), strings.Contains(b, ":user/")
		if ua != ub {
			if ua {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for i, ref := range all {
		order[ref] = i
	}
	return order
}

// accountOrder reads the accounts in the order in which they were made.
func accountOrder() map[string]int {
	files := tree{}
	_ = generate.AWS(context.Background(), small, files.create)
	order := map[string]int{}
	for name, text := range files {
		if path.Base(name) == "list-accounts.json" {
			var doc struct{ Accounts []struct{ Id string } }
			_ = json.Unmarshal(text.Bytes(), &doc)
			for i, a := range doc.Accounts {
				order[a.Id] = i
			}
		}
	}
	return order
}

func reaches(c *census, from, to string) bool {
	next := map[string][]string{}
	for edge := range c.trusts {
		next[edge[0]] = append(next[edge[0]], edge[1])
	}
	seen, queue := map[string]bool{from: true}, []string{from}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, n := range next[queue[0]] {
			if !seen[n] {
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
	return seen[to]
}

// longestRun is the longest way over trusts that go from one role to the next.
func longestRun(c *census, number map[string]int) int {
	back := map[int]string{}
	for ref, n := range number {
		back[n] = ref
	}
	best, run := 0, 0
	for n := range len(back) - 1 {
		if run++; !c.trusts[[2]string{back[n], back[n+1]}] {
			run = 0
		}
		best = max(best, run)
	}
	return best
}
