package aws

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// A wholeCase is one vector: accounts, the buckets of one of them, and who
// reaches which bucket on which path with which actions.
//
// Its words: a path's last node is the policy that grants. A bucket's policy
// stands for both sides of an access across accounts. A role's own policies
// are named once, not again for each session that some document names. Only
// the S3 actions that the data ever lists exist. "Anonymous user" is everybody
// who is not known: nobody in particular, or whoever has some account.
type wholeCase struct {
	Input struct {
		Entities struct {
			AWSManaged map[string]wholePolicy  `json:"iam_aws_managed_policies"`
			Accounts   map[string]wholeAccount `json:"iam_accounts_entities"`
		} `json:"iam_entities"`
		Target struct {
			Account   string                     `json:"aws_account_id"`
			Resources struct{ S3 []wholeBucket } `json:"account_resources"`
		} `json:"target_account_resources"`
		IdentityCenter wholeCenter `json:"iam_identity_center_entities"`
	}
	Output []wholeLine
}

type wholeAccount struct {
	Users    map[string]wholeIdentity `json:"iam_users"`
	Groups   map[string]wholeIdentity `json:"iam_groups"`
	Roles    map[string]wholeIdentity `json:"iam_roles"`
	Policies map[string]wholePolicy   `json:"iam_policies"`
}

type wholePolicy struct {
	Document json.RawMessage `json:"policy_document"`
}

// A wholeIdentity is a user, group or role; of each, the fields that it has.
type wholeIdentity struct {
	Arn           string
	UserID        string          `json:"user_id"`
	UserName      string          `json:"user_name"`
	GroupName     string          `json:"group_name"`
	RoleID        string          `json:"role_id"`
	RoleName      string          `json:"role_name"`
	Members       []string        `json:"group_user_ids"`
	Trust         json.RawMessage `json:"assume_role_policy_document"`
	UserPolicies  []any           `json:"user_policies"`
	GroupPolicies []any           `json:"group_policies"`
	RolePolicies  []any           `json:"role_policies"`
	Attached      []string        `json:"attached_policies_arn"`
}

type wholeBucket struct {
	Name     string
	Account  string          `json:"aws_account_id"`
	Document json.RawMessage `json:"policy_document"`
}

type wholeCenter struct {
	Groups map[string]struct {
		Members []string `json:"group_user_ids"`
	} `json:"identity_center_groups"`
	Sets map[string]struct {
		Name        string
		Assignments map[string][]string `json:"accounts_assignments"`
	} `json:"permission_sets"`
}

type wholeNode struct{ Arn, Name, Type string }

type wholeLine struct {
	Resource, Principal wholeNode
	Level               string      `json:"action_permission_level"`
	Path                []wholeNode `json:"path_nodes"`
	Actions             []string    `json:"action_permissions"`
}

// wholeCases reads all vectors by name.
func wholeCases(t *testing.T) map[string]wholeCase {
	t.Helper()
	root := filepath.Join(sharedData, "vectors", "whole-account")
	paths, err := filepath.Glob(filepath.Join(root, "*", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Skipf("needs the shared data beside the project: no vectors in %s: %v", root, err)
	}
	cases := map[string]wholeCase{}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
		var c wholeCase
		shared(t, "vectors/whole-account/"+name, &c)
		cases[strings.TrimSuffix(name, ".json")] = c
	}
	return cases
}

// documents writes the input as the documents that the AWS CLI would print.
func (c *wholeCase) documents(t *testing.T, dir string) {
	t.Helper()
	for id, account := range c.Input.Entities.Accounts {
		writeDocument(t, filepath.Join(dir, id, "global/iam/get-account-authorization-details.json"), c.authorizationDetails(account))
	}
	s3 := filepath.Join(dir, c.Input.Target.Account, "global/s3api")
	var buckets []any
	for _, b := range c.Input.Target.Resources.S3 {
		buckets = append(buckets, map[string]any{"Name": b.Name})
		if b.Document != nil {
			writeDocument(t, filepath.Join(s3, "get-bucket-policy", b.Name+".json"), map[string]any{"Policy": string(b.Document)})
		}
	}
	writeDocument(t, filepath.Join(s3, "list-buckets.json"), map[string]any{"Buckets": buckets})
}

func writeDocument(t *testing.T, path string, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (c *wholeCase) authorizationDetails(account wholeAccount) map[string]any {
	var users, groups, roles, policies []any
	for _, u := range account.Users {
		users = append(users, map[string]any{"Arn": u.Arn, "Path": "/", "UserName": u.UserName, "UserId": u.UserID,
			"UserPolicyList": u.UserPolicies, "AttachedManagedPolicies": attachedPolicies(u), "GroupList": account.groupsOf(u.UserID)})
	}
	for _, g := range account.Groups {
		groups = append(groups, map[string]any{"Arn": g.Arn, "Path": "/", "GroupName": g.GroupName,
			"GroupPolicyList": g.GroupPolicies, "AttachedManagedPolicies": attachedPolicies(g)})
	}
	for _, r := range account.Roles {
		roles = append(roles, map[string]any{"Arn": r.Arn, "Path": "/", "RoleName": r.RoleName, "RoleId": r.RoleID,
			"AssumeRolePolicyDocument": r.Trust, "RolePolicyList": r.RolePolicies, "AttachedManagedPolicies": attachedPolicies(r)})
	}
	for _, list := range []map[string]wholePolicy{account.Policies, c.Input.Entities.AWSManaged} {
		for arn, p := range list {
			policies = append(policies, map[string]any{"Arn": arn, "PolicyName": lastPart(arn), "DefaultVersionId": "v1",
				"PolicyVersionList": []any{map[string]any{"VersionId": "v1", "IsDefaultVersion": true, "Document": p.Document}}})
		}
	}
	return map[string]any{"UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles, "Policies": policies}
}

func (a wholeAccount) groupsOf(user string) []string {
	names := []string{}
	for _, g := range a.Groups {
		if slices.Contains(g.Members, user) {
			names = append(names, g.GroupName)
		}
	}
	return names
}

func attachedPolicies(i wholeIdentity) []any {
	list := []any{}
	for _, arn := range i.Attached {
		list = append(list, map[string]any{"PolicyArn": arn, "PolicyName": lastPart(arn)})
	}
	return list
}

func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

const strangersRoot = "arn:aws:iam::999999999999:root"

// resolved ingests and resolves the case.
func (c *wholeCase) resolved(t *testing.T) *Estate {
	t.Helper()
	dir := t.TempDir()
	c.documents(t, dir)
	b := snapshot.NewBuilder()
	if err := ingestaws.Files([]string{dir}).Run(context.Background(), b, func(string) {}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []graph.Node{
		{Ref: AccountRef("999999999999"), Kind: graph.KindAccount, Type: "organizations:account"},
		{Ref: strangersRoot, Kind: graph.KindUser, Type: "iam:root", Name: "root", Scope: AccountRef("999999999999")},
	} {
		n.Provider, n.Mentioned = graph.AWS, true
		if err := b.Node(n); err != nil {
			t.Fatal(err)
		}
	}
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	conclusions, err := resolve.Run(context.Background(), facts, []resolve.Provider{Provider()}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Conclude(conclusions); err != nil {
		t.Fatal(err)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return NewEstate(s)
}

// wanted returns the case's lines, one an action.
func (c *wholeCase) wanted() map[string]bool {
	lines := map[string]bool{}
	for _, o := range c.Output {
		words := []string{o.Principal.Arn}
		owner, grant := o.Principal.Arn, ""
		for i, n := range o.Path {
			switch n.Type {
			case "IAM_ROLE", "ROLE_SESSION", "FEDERATED_USER":
				if grant != "" { // that of the token
					words, grant = append(words, grant), ""
				}
				words, owner = append(words, n.Arn), n.Arn
			case "IAM_GROUP":
				owner = n.Arn
			case "IAM_POLICY":
				grant = owner + " has " + n.Arn
			case "IAM_INLINE_POLICY":
				grant = owner + " has " + n.Arn + "#" + n.Name
			case "RESOURCE_POLICY":
				grant = n.Arn + " says"
			case "PERMISSION_SET", "IAM_IDENTITY_CENTER_GROUP":
			default:
				grant = "path node " + o.Path[i].Type + " is not known"
			}
		}
		for _, a := range o.Actions {
			lines[strings.Join(append(words, grant, o.Resource.Name, a), " > ")] = true
		}
	}
	return lines
}

// vocabulary returns the actions that the data list, with their levels.
func vocabulary(t *testing.T, cases map[string]wholeCase) map[string]string {
	t.Helper()
	levels := map[string]string{}
	for name, c := range cases {
		for _, o := range c.Output {
			for _, a := range o.Actions {
				if levels[a] != "" && levels[a] != o.Level {
					t.Errorf("%s: %s is %s, and %s elsewhere", name, a, o.Level, levels[a])
				}
				levels[a] = o.Level
			}
		}
	}
	return levels
}

// An accountWalk draws the lines of one case from what Clew concludes.
type accountWalk struct {
	t       *testing.T
	c       *wholeCase
	e       *Estate
	actions map[string]string
	// sessions and federated are those that some policy names: of a role by
	// account and name, and of a whole account.
	sessions  map[string][]string
	federated map[string][]string
	lines     map[string]bool
}

// A way is one way to hold something on a path: the words so far, and who asks.
type way struct {
	words   []string
	owner   graph.Ref
	ask     graph.Ref
	session string // of a federated user
	named   bool   // the way is a session, or federated user, that a policy names
}

func (c *wholeCase) lines(t *testing.T, actions map[string]string) map[string]bool {
	w := &accountWalk{t: t, c: c, e: c.resolved(t), actions: actions, lines: map[string]bool{}}
	w.readNames()
	s := w.e.Snapshot()
	for node := range snapshot.Index(s.NumNodes()) {
		n := s.Node(node)
		if names := w.starts(n); names != nil {
			w.from(node, n, names)
		}
	}
	return w.lines
}

// starts returns what the data call a node with which paths start, nil if none
// does.
func (w *accountWalk) starts(n graph.Node) []string {
	switch {
	case n.Kind == graph.KindAnonymous, n.Ref == strangersRoot:
		return []string{"Anonymous user"}
	case n.Type == "iam:user" && !n.Mentioned:
		return []string{string(n.Ref)}
	case n.Kind == graph.KindServicePrincipal:
		return []string{n.Name}
	case n.Kind == graph.KindFederatedSubject && strings.Contains(n.Attr("issuer"), "AWSSSO_"):
		return w.c.assigned(n.Attr("provider"))
	case n.Kind == graph.KindFederatedSubject:
		return []string{n.Attr("provider")}
	}
	return nil
}

// assigned returns the users for whom Identity Center vouches with a SAML
// provider: those assigned to the permission set of a role that trusts it.
func (c *wholeCase) assigned(provider string) []string {
	arn, _ := ParseARN(provider)
	var users []string
	for _, r := range c.Input.Entities.Accounts[arn.Account].Roles {
		for _, set := range c.Input.IdentityCenter.Sets {
			if !strings.Contains(string(r.Trust), provider) || !strings.HasPrefix(r.RoleName, "AWSReservedSSO_"+set.Name+"_") {
				continue
			}
			for _, id := range set.Assignments[arn.Account] {
				if g, group := c.Input.IdentityCenter.Groups[id]; group {
					users = append(users, g.Members...)
				} else {
					users = append(users, id)
				}
			}
		}
	}
	return users
}

// readNames collects the sessions that documents name.
func (w *accountWalk) readNames() {
	w.sessions, w.federated = map[string][]string{}, map[string][]string{}
	s := w.e.Snapshot()
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		doc, err := ParseDocument(s.Attachment(a).Document)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, statement := range doc.Statements {
			for _, p := range statement.Principals {
				w.readName(p.Value)
			}
		}
	}
}

func (w *accountWalk) readName(value string) {
	arn, _ := ParseARN(value)
	kind, rest, _ := strings.Cut(arn.Resource, "/")
	name, session, _ := strings.Cut(rest, "/")
	switch {
	case arn.Service == "sts" && kind == "assumed-role":
		key := arn.Account + "/" + name
		w.sessions[key] = append(w.sessions[key], session)
	case arn.Service == "sts" && kind == "federated-user":
		w.federated[arn.Account] = append(w.federated[arn.Account], rest)
	}
}

// from draws the lines that start at a node.
func (w *accountWalk) from(node snapshot.Index, n graph.Node, names []string) {
	s := w.e.Snapshot()
	for _, name := range names {
		start := way{words: []string{name}, owner: n.Ref, ask: n.Ref}
		w.reach(start)
		if n.Type == "iam:user" {
			w.tokens(start)
		}
		first, ok := s.FindFoothold(w.e.foothold(node))
		if !ok {
			continue
		}
		for _, p := range w.paths(first) {
			w.follow(start, p.Steps)
		}
	}
}

// paths returns every path of assumed roles, to every role.
func (w *accountWalk) paths(first snapshot.FootholdIndex) []walk.Path {
	s := w.e.Snapshot()
	var list []walk.Path
	for role := range s.OfKind(graph.KindRole) {
		last, ok := s.FindFoothold(w.e.foothold(role))
		if !ok {
			continue
		}
		goal := func(f snapshot.FootholdIndex) bool { return f == last }
		answer := walk.KShortest(context.Background(), s, []snapshot.FootholdIndex{first}, goal, 1000,
			walk.Options{Relations: []graph.Relation{graph.CanAssume}})
		if answer.Cut != "" {
			w.t.Fatalf("paths to %s: cut by %s", s.Ref(role), answer.Cut)
		}
		list = append(list, answer.Paths...)
	}
	return list
}

// follow takes a path's steps, each role held as any session and as each that
// is named, and draws the lines at its end.
func (w *accountWalk) follow(start way, steps []snapshot.PivotIndex) {
	ways := []way{start}
	for _, step := range steps {
		_, to := w.e.Snapshot().PivotEnds(step)
		role := w.e.Snapshot().Node(w.e.Snapshot().Foothold(to).Node)
		var next []way
		for _, from := range ways {
			action := w.e.Snapshot().Pivot(step).Action
			if w.decide(from, action, string(role.Ref)).Verdict != graph.Denied {
				next = append(next, w.hold(from, role)...)
			}
		}
		ways = next
	}
	for _, end := range ways {
		w.reach(end)
	}
}

// hold returns the ways to hold a role that was assumed.
func (w *accountWalk) hold(from way, role graph.Node) []way {
	arn, _ := ParseARN(string(role.Ref))
	session := func(name string) graph.Ref {
		return graph.Ref("arn:aws:sts::" + arn.Account + ":assumed-role/" + role.Name + "/" + name)
	}
	words := append(slices.Clone(from.words), string(role.Ref))
	ways := []way{{words: words, owner: role.Ref, ask: session("a-name-that-no-policy-has")}}
	for _, name := range w.sessions[arn.Account+"/"+role.Name] {
		ref := session(name)
		ways = append(ways, way{words: append(slices.Clone(words), string(ref)), owner: role.Ref, ask: ref, named: true})
	}
	return ways
}

// tokens follows sts:GetFederationToken to every federated user that some
// policy names.
func (w *accountWalk) tokens(from way) {
	arn, _ := ParseARN(string(from.ask))
	for _, name := range w.federated[arn.Account] {
		ref := "arn:aws:sts::" + arn.Account + ":federated-user/" + name
		d := w.decide(from, "sts:GetFederationToken", ref)
		if d.Verdict == graph.Denied {
			continue
		}
		if d.Statement == nil {
			w.t.Fatalf("%s has %s without a statement", from.ask, ref)
		}
		grant := string(d.Statement.To) + " has " + policyWord(*d.Statement)
		w.reach(way{words: append(slices.Clone(from.words), grant, ref), owner: from.owner, ask: from.ask, session: name, named: true})
	}
}

func policyWord(e graph.Evidence) string { return string(e.Policy) }

func (w *accountWalk) decide(from way, action, resource string) policy.Decision {
	d, err := w.e.Decide(policy.Question{Principal: from.ask, Action: action, Resource: resource})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// whatever is the session policy of whoever asks for a token and wants all
// that the user may have: without one a token has next to nothing.
var whatever = []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)

// reach draws the lines of what a way gives on every bucket.
func (w *accountWalk) reach(at way) {
	for _, b := range w.c.Input.Target.Resources.S3 {
		bucket := graph.Ref("arn:aws:s3:::" + b.Name)
		err := w.whatCan(at, bucket, func(row snapshot.Access) bool {
			for _, action := range row.Actions {
				name := strings.TrimPrefix(action, "s3:")
				if w.actions[name] == "" {
					continue
				}
				for _, grant := range w.grants(at, b.Account, row.Ruling.Evidence) {
					w.lines[strings.Join(append(slices.Clone(at.words), grant, b.Name, name), " > ")] = true
				}
			}
			return true
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// whatCan is Estate.WhatCan, and for a federated user the same reader: no
// question can name one yet but those called like their user.
func (w *accountWalk) whatCan(at way, bucket graph.Ref, found func(snapshot.Access) bool) error {
	if at.session == "" {
		q := policy.Question{Principal: at.ask, Action: "s3:*", Resource: string(bucket)}
		return w.e.WhatCan(context.Background(), q, found)
	}
	r, err := w.e.newRequest(policy.Question{Principal: at.ask, Action: "sts:GetCallerIdentity", SessionPolicies: [][]byte{whatever}})
	if err != nil {
		return err
	}
	federated := *r.principal
	federated.kind = kindFederatedUser
	r.principal, r.session, r.hold = &federated, at.session, graph.AsSession
	target, _ := w.e.s.Find(bucket)
	(&reader{request: r, groups: map[string][]actionGroup{}}).rows(target, "s3:*", found)
	return nil
}

// grants returns the policies that a row comes from, in the data's words.
func (w *accountWalk) grants(at way, bucketAccount string, evidence []snapshot.EvidenceRef) []string {
	arn, _ := ParseARN(string(at.ask))
	across := arn.Account != "" && arn.Account != bucketAccount
	grants := map[string]bool{}
	for _, e := range evidence {
		a := w.e.Snapshot().Attachment(e.Attachment)
		switch {
		case a.Layer == LayerResource:
			grants[string(a.To)+" says"] = true
		case a.Layer == LayerIdentity && !across && !at.named:
			grants[string(a.To)+" has "+string(a.Policy)] = true
		}
	}
	return slices.Sorted(maps.Keys(grants))
}

func TestSharedWholeAccounts(t *testing.T) {
	cases := wholeCases(t)
	if len(cases) != 38 {
		t.Errorf("%d cases, want 38", len(cases))
	}
	actions := vocabulary(t, cases)
	total := 0
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) {
			c := cases[name]
			want := c.wanted()
			got := c.lines(t, actions)
			for _, line := range slices.Sorted(maps.Keys(got)) {
				if !want[line] {
					t.Errorf("must not come out: %s", line)
				}
			}
			for _, line := range slices.Sorted(maps.Keys(want)) {
				if !got[line] {
					t.Errorf("must come out: %s", line)
				}
			}
			total += len(want)
		})
	}
	t.Logf("%d lines", total)
}

// The data's levels are the reference table's, as far as both draw the line:
// READ is what changes nothing.
func TestSharedWholeAccountLevels(t *testing.T) {
	for name, level := range vocabulary(t, wholeCases(t)) {
		id, known := reference.Find("s3:" + name)
		if !known {
			t.Errorf("the reference table has no s3:%s", name)
			continue
		}
		reads := !slices.ContainsFunc(id.Levels(), func(l reference.Level) bool { return l > reference.Read })
		if reads != (level == "READ") {
			t.Errorf("s3:%s: %v in the reference table, %s in the data", name, id.Levels(), level)
		}
	}
}
