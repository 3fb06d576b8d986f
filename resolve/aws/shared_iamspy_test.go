package aws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve/policy"
)

// A spyCase asks can-i (principal, action, resource …) or who-can (action,
// resource …; resources in the batch form) of account dumps, resource policies
// and organizations.
type spyCase struct {
	Test  string
	Files struct{ Gaads, Resources, SCPs []string }
	Input []json.RawMessage
	// Expected is a Boolean, a list of principals, or, of the batch form, a
	// list of pairs of principal and resource.
	Expected json.RawMessage
}

// A spyQuestion is the input without its principal.
type spyQuestion struct {
	action    string
	resources []string
	context   []policy.Value
	strict    bool
}

// spyResource is a resource with its policy, as the cases write it.
type spyResource struct {
	Resource, Account string
	Policy            json.RawMessage
}

// spyTarget is a root, organizational unit or account with its SCPs.
type spyTarget struct {
	ID, Arn, Name, Type string
	Policies            []struct {
		ID, Arn, Name, Type string
		Content             json.RawMessage
	}
	Children []spyTarget
}

// placed is a sink that leaves accounts to the organization that describes
// them: a dump of an account does not know its place.
type placed struct {
	*snapshot.Builder
	known map[graph.Ref]bool
}

func (p placed) Node(n graph.Node) error {
	if p.known[n.Ref] {
		return nil
	}
	return p.Builder.Node(n)
}

// spyEstate puts the documents of a case together.
func spyEstate(t *testing.T, c spyCase) *Estate {
	t.Helper()
	b := &builder{Builder: snapshot.NewBuilder(), s: &scenario{alias: map[string]graph.Ref{}}, accounts: map[string]string{}}
	b.node(graph.Node{Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "anonymous", Name: "internet"})
	sink := placed{b.Builder, map[graph.Ref]bool{}}
	for _, name := range c.Files.SCPs {
		var root spyTarget
		shared(t, "vectors/iamspy/files/"+name, &root)
		management := strings.Split(root.Arn, ":")[4]
		b.organization("o-abcdefghij", management)
		b.spyOrganization(t, root, "root", sink.known)
	}
	spyDumps(t, c.Files.Gaads, sink)
	for _, name := range c.Files.Resources {
		var list []spyResource
		shared(t, "vectors/iamspy/files/"+name, &list)
		for _, r := range list {
			b.spyResource(t, r)
		}
	}
	if b.err != nil {
		t.Fatal(b.err)
	}
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	return NewEstate(facts)
}

// spyDumps reads account dumps as the product does.
func spyDumps(t *testing.T, names []string, sink graph.Sink) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		var dump json.RawMessage
		shared(t, "vectors/iamspy/files/"+name, &dump)
		if err := os.WriteFile(filepath.Join(dir, name), dump, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := ingestaws.Files([]string{dir}).Run(context.Background(), sink, func(string) {}); err != nil {
		t.Fatal(err)
	}
}

// spyResource writes a resource. The cases write "Principal":"<ARN>", which
// AWS does not take; {"AWS":"<ARN>"} is what it stands for.
func (b *builder) spyResource(t *testing.T, r spyResource) {
	t.Helper()
	kind := "lambda:function"
	if strings.HasPrefix(r.Resource, "arn:aws:s3:") {
		kind = "s3:bucket"
	}
	ref := graph.Ref(r.Resource)
	b.node(graph.Node{Ref: ref, Kind: graph.KindResource, Type: kind, Name: r.Resource, Scope: AccountRef(r.Account)})
	text := bytes.ReplaceAll(r.Policy, []byte(`"Principal": "arn:`), []byte(`"Principal": {"AWS": "arn:`))
	text = closePrincipals(text)
	if _, err := ParseDocument(text); err != nil {
		t.Fatalf("policy of %s: %v", ref, err)
	}
	if err := b.Attach(graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Name: "policy", Inline: true, Document: text}); err != nil {
		t.Fatal(err)
	}
}

// closePrincipals ends the objects that spyResource opened.
func closePrincipals(text []byte) []byte {
	opened := []byte(`{"AWS": "arn:`)
	var out []byte
	for {
		at := bytes.Index(text, opened)
		if at < 0 {
			return append(out, text...)
		}
		end := at + len(opened) + bytes.IndexByte(text[at+len(opened):], '"') + 1
		out = append(append(out, text[:end]...), '}')
		text = text[end:]
	}
}

// spyOrganization writes what lies below a root or unit, and who is limited by
// which policy.
func (b *builder) spyOrganization(t *testing.T, at spyTarget, ref graph.Ref, known map[graph.Ref]bool) {
	t.Helper()
	for _, p := range at.Policies {
		if err := b.Attach(graph.Attachment{To: ref, Layer: LayerSCP, Policy: graph.Ref(p.Arn), Name: p.Name, Document: p.Content}); err != nil {
			t.Fatal(err)
		}
	}
	for _, child := range at.Children {
		if child.Type != "Account" {
			t.Fatalf("%s is a %s, want an account", child.ID, child.Type)
		}
		b.account(child.ID, string(ref))
		known[AccountRef(child.ID)] = true
		b.spyOrganization(t, child, AccountRef(child.ID), known)
	}
}

// readQuestion reads action, resource, context and strictness.
func readQuestion(t *testing.T, input []json.RawMessage) (q spyQuestion) {
	t.Helper()
	var one string
	var pairs []string
	read := func(i int, v any) {
		if i < len(input) {
			if err := json.Unmarshal(input[i], v); err != nil {
				t.Fatalf("input %s: %v", input[i], err)
			}
		}
	}
	read(0, &q.action)
	if json.Unmarshal(input[1], &one) == nil {
		q.resources = []string{one}
	} else {
		read(1, &q.resources)
	}
	read(2, &pairs)
	for _, p := range pairs {
		key, value, _ := strings.Cut(p, "=")
		q.context = append(q.context, policy.Value{Key: key, Values: []string{value}})
	}
	if len(input) > 3 && string(input[3]) != "null" {
		t.Fatalf("a condition file is in no case that this test was written for: %s", input[3])
	}
	read(4, &q.strict)
	return q
}

// holds: asked strictly, only a certain yes is one; otherwise a condition
// counts as satisfiable.
func (q spyQuestion) holds(v graph.Verdict) bool {
	return v == graph.Allowed || v == graph.Conditional && !q.strict
}

func TestSharedIAMSpy(t *testing.T) {
	var cases []spyCase
	shared(t, "vectors/iamspy/cases.json", &cases)
	if len(cases) != 39 {
		t.Errorf("%d cases, want 39", len(cases))
	}
	for i, c := range cases {
		t.Run(fmt.Sprintf("%02d %s", i, c.Test), func(t *testing.T) {
			estate := spyEstate(t, c)
			if c.Test == "test_can_i" {
				spyCanI(t, estate, c)
				return
			}
			spyWhoCan(t, estate, c)
		})
	}
}

func spyCanI(t *testing.T, estate *Estate, c spyCase) {
	var principal graph.Ref
	var want bool
	if json.Unmarshal(c.Input[0], &principal) != nil || json.Unmarshal(c.Expected, &want) != nil {
		t.Fatalf("not as can-i cases are: %s, %s", c.Input, c.Expected)
	}
	q := readQuestion(t, c.Input[1:])
	d, err := estate.Decide(policy.Question{Principal: principal, Action: q.action, Resource: q.resources[0], Context: q.context})
	if errors.Is(err, graph.ErrNotFound) {
		d.Verdict, err = graph.Denied, nil // nobody can do nothing
	}
	if err != nil {
		t.Fatal(err)
	}
	if q.holds(d.Verdict) != want {
		t.Errorf("%s %s %s: got %s, want %v: %s", principal, q.action, q.resources, d.Verdict, want, d.Text)
	}
}

func spyWhoCan(t *testing.T, estate *Estate, c spyCase) {
	var want, got [][2]string
	q := readQuestion(t, c.Input)
	var principals []string
	if json.Unmarshal(c.Expected, &principals) == nil {
		for _, p := range principals {
			want = append(want, [2]string{p, q.resources[0]})
		}
	} else if err := json.Unmarshal(c.Expected, &want); err != nil {
		t.Fatal(err)
	}
	for _, resource := range q.resources {
		ask := policy.Question{Action: q.action, Resource: resource, Context: q.context}
		err := estate.WhoCan(context.Background(), ask, func(f snapshot.Foothold, r snapshot.Ruling) bool {
			node := estate.Snapshot().Node(f.Node)
			if q.holds(r.Verdict) && dumped(node) {
				got = append(got, [2]string{string(node.Ref), resource})
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	order := func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if !slices.Equal(got, want) {
		t.Errorf("%s on %s:\ngot  %v\nwant %v", q.action, q.resources, got, want)
	}
}

// dumped: the cases speak of the users and roles of their dumps. The root user
// of an account and everybody on the internet have no entry there.
func dumped(n graph.Node) bool {
	return !n.Mentioned && (n.Type == "iam:user" || n.Type == "iam:role")
}
