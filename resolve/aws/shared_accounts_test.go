package aws

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
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
