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

type wholeNode struct {
	Arn, Name, Type string
	Notes           []struct{ Note string }
}

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

// wanted returns the case's lines, one an action, with what they come from.
func (c *wholeCase) wanted(t *testing.T) map[string]wholeLine {
	t.Helper()
	lines := map[string]wholeLine{}
	for _, o := range c.Output {
		words := []string{o.Principal.Arn}
		owner, grant := o.Principal.Arn, ""
		for _, n := range o.Path {
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
				t.Fatalf("a path has a node of type %q", n.Type)
			}
		}
		for _, a := range o.Actions {
			one := o
			one.Actions = []string{a}
			lines[strings.Join(append(slices.Clone(words), grant, o.Resource.Name, a), " > ")] = one
		}
	}
	return lines
}

// doubts returns the Sids of the denies that the data note beside a line: with
// a condition, or one whose NotResource the data's authors could not tell.
func (l wholeLine) doubts() []string {
	var sids []string
	for _, n := range append([]wholeNode{l.Principal, l.Resource}, l.Path...) {
		for _, note := range n.Notes {
			if parts := strings.Split(note.Note, "'"); len(parts) > 1 && strings.Contains(note.Note, "has deny") {
				sids = append(sids, parts[1])
			}
		}
	}
	return sids
}

// settled reports whether a deny that the data are in doubt of is what Clew
// denies by, without which it would not.
func (l wholeLine) settled(e *Estate) bool {
	q := policy.Question{Principal: graph.Ref(l.Principal.Arn), Action: "s3:" + l.Actions[0], Resource: "arn:aws:s3:::" + l.Resource.Name}
	d, err := e.Decide(q)
	if err != nil || d.Verdict != graph.Denied {
		return false
	}
	return slices.ContainsFunc(d.Flips, func(f graph.Evidence) bool { return slices.Contains(l.doubts(), f.Sid) })
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

// lines returns what comes out.
func (c *wholeCase) lines(t *testing.T, e *Estate, actions map[string]string) map[string]bool {
	t.Helper()
	w := &accountWalk{t: t, c: c, e: e, actions: actions, lines: map[string]bool{}}
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
		grant := string(d.Statement.To) + " has " + string(d.Statement.Policy)
		w.reach(way{words: append(slices.Clone(from.words), grant, ref), owner: from.owner, ask: from.ask, session: name, named: true})
	}
}

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

// An exception is where AWS's documentation and the data differ, and Clew
// follows the documentation.
type exception struct {
	text string // AWS's
	// without: no line that holds this comes out, though the data want it.
	// with: lines that hold this come out, though the data have none.
	without, with string
	lines         int
}

var exceptions = map[string]exception{
	// The trust policy allows iam_user_1 to assume the role where its name is
	// johndoe (and denies it then). The data take any condition for met.
	"deny_with_condition/deny_with_condition_on_assume_role": {
		text:    `IAM user guide, global condition context keys, aws:username: "This key is always included in the request context for IAM users."`,
		without: " > arn:aws:iam::105246067165:role/iam_role_1 > ", lines: 4,
	},
	// The role trusts its own account, whose iam_user_1 may do sts:*. The data
	// take an account for its principals across accounts only.
	"principal/irrelevant_principal_types": {
		text: `IAM user guide, "AWS JSON policy elements: Principal", AWS account principals: "When you specify an AWS account, you can use the account ARN …` +
			` When you use an AWS account identifier as the principal …, you delegate authority to the account."`,
		with: "arn:aws:iam::105246067165:user/iam_user_1 > arn:aws:iam::105246067165:role/iam_role > ", lines: 1,
	},
	// iam_user_1 is spared by the Deny and its account is not. The data ask for
	// the account across accounts only.
	"not_principal/iam_users_with_deny_not_principal_cross_accounts": {
		text: `IAM user guide, "AWS JSON policy elements: NotPrincipal": "When you use NotPrincipal with Deny, you must also specify the account ARN` +
			` of the not-denied principal. Otherwise, the policy might deny access to the entire account containing the principal."`,
		without: "arn:aws:iam::105246067165:user/iam_user_1 > ", lines: 2,
	},
	// s3:GetObject with NotResource of a federated user. The data let
	// NotResource of another service grant nothing; the bucket's policy grants
	// the same once more, so that who reaches what is agreed.
	"no_resource/federated_users_with_not_resource": {
		text: `IAM user guide, "IAM JSON policy elements: NotResource": "NotResource is an advanced policy element that explicitly matches every resource` +
			` except those specified."`,
		with:  "arn:aws:iam::105246067165:user/iam_user_1 > arn:aws:iam::105246067165:user/iam_user_1 has ",
		lines: 1,
	},
	// A role that trusts "*" is open to services too, as the bucket policy with
	// "*" is in the data themselves, which let no service assume a role.
	"principal/principal_resolving_via_resource_based": {
		text: `IAM user guide, "AWS JSON policy elements: Principal", Note: "After you create the role, you can change the account to "*" to allow` +
			` everyone to assume the role."`,
		with: "ecs.amazonaws.com > arn:aws:iam::105246067165:role/iam_role_all > ", lines: 7,
	},
}

// allows reports whether a difference is the exception's.
func (x exception) allows(line string, came bool) bool {
	if came {
		return x.with != "" && strings.Contains(line, x.with)
	}
	return x.without != "" && strings.Contains(line, x.without)
}

func TestSharedWholeAccounts(t *testing.T) {
	cases := wholeCases(t)
	if len(cases) != 38 {
		t.Errorf("%d cases, want 38", len(cases))
	}
	if len(exceptions) > 5 {
		t.Errorf("%d exceptions, want 5 at most", len(exceptions))
	}
	actions := vocabulary(t, cases)
	total := 0
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) {
			c := cases[name]
			estate := c.resolved(t)
			want := c.wanted(t)
			compareLines(t, estate, want, c.lines(t, estate, actions), exceptions[name])
			total += len(want)
		})
	}
	t.Logf("%d lines of %d cases, %d exceptions", total, len(cases), len(exceptions))
}

// compareLines asserts that exactly the wanted lines come out, but for those
// of an exception, every one of which has to be there.
func compareLines(t *testing.T, e *Estate, want map[string]wholeLine, got map[string]bool, x exception) {
	t.Helper()
	excepted := 0
	for _, line := range slices.Sorted(maps.Keys(got)) {
		if _, wanted := want[line]; wanted {
			continue
		}
		if x.allows(line, true) {
			excepted++
			continue
		}
		t.Errorf("must not come out: %s", line)
	}
	for _, line := range slices.Sorted(maps.Keys(want)) {
		switch {
		case got[line]:
		case x.allows(line, false):
			excepted++
		case want[line].settled(e):
			t.Logf("denied, where the data are in doubt: %s", line)
		default:
			t.Errorf("must come out: %s", line)
		}
	}
	if excepted != x.lines {
		t.Errorf("%d lines differ by the exception, want %d: %s", excepted, x.lines, x.text)
	}
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
