package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/policy"
)

// Random estates for the tests of properties. The cast is always the same: an
// organization of three levels with two member accounts, one account outside
// it that nobody collected, a service and the internet. What differs are the
// documents: which layers have one, what they say, and what did not come.

const (
	home, away, outside = "111111111111", "222222222222", "333333333333"

	alice, amy, bob = "arn:aws:iam::" + home + ":user/alice", "arn:aws:iam::" + home + ":user/amy", "arn:aws:iam::" + away + ":user/bob"
	app, aide       = "arn:aws:iam::" + home + ":role/app", "arn:aws:iam::" + home + ":role/aide"
	target          = "arn:aws:iam::" + home + ":role/target"
	dev             = "arn:aws:iam::" + home + ":group/dev"
	homeRoot        = "arn:aws:iam::" + home + ":root"
	stranger        = "arn:aws:iam::" + outside + ":root"
	lambda          = "service:lambda.amazonaws.com"

	data, sealed, lent = "arn:aws:s3:::data", "arn:aws:s3:::sealed", "arn:aws:s3:::lent"
	queue              = "arn:aws:sqs:eu-west-1:" + home + ":queue"
	key                = "arn:aws:kms:eu-west-1:" + home + ":key/k1"
)

// A sentence is one statement before it is JSON, so that it can be changed.
type sentence struct {
	Effect                string
	Action, NotAction     []string                       `json:",omitempty"`
	Resource, NotResource []string                       `json:",omitempty"`
	Principal             any                            `json:",omitempty"`
	Condition             map[string]map[string][]string `json:",omitempty"`
}

// A sheet is one document where it is attached.
type sheet struct {
	to        graph.Ref
	layer     graph.LayerID
	name      string
	sentences []sentence
}

func (s *sheet) text() []byte {
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": s.sentences})
	if err != nil {
		panic(err) // of strings and lists only
	}
	return text
}

// A sketch is an estate before it is built.
type sketch struct {
	sheets  []sheet
	missing []sheet // layers of nodes that were asked for and did not come
	blocked bool    // the bucket data restricts public policies
}

func (k *sketch) clone() *sketch {
	c := &sketch{missing: k.missing, blocked: k.blocked}
	for _, s := range k.sheets {
		s.sentences = slices.Clone(s.sentences)
		c.sheets = append(c.sheets, s)
	}
	return c
}

func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

var actionPool = []string{"s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:Get*", "s3:*", "s3:*", "*", "*", "sqs:SendMessage", "sqs:*", "kms:Decrypt", "kms:*", "sts:AssumeRole", "sts:*", "S3:get?bject"}

var resourcePool = []string{
	"*", "*", "*", data, data + "/*", data + "/logs/*", data + "*", "arn:aws:s3:::*", sealed + "/*", lent + "*", queue, key, target,
	data + "/${aws:username}/*", "arn:aws:iam::*:role/t*", "arn:aws:sqs:*:*:q*", "arn:aws:kms:*:" + home + ":key/*",
}

var principalPool = []string{alice, bob, app, target, homeRoot, home, away, stranger, "arn:aws:iam::" + away + ":root", "arn:aws:sts::" + home + ":assumed-role/app/run"}

// conditionPool are tests of keys that requests leave open, of keys that who
// asks fixes, and of variables.
var conditionPool = [][3]string{
	{"IpAddress", "aws:SourceIp", "10.0.0.0/8"}, {"NotIpAddress", "aws:SourceIp", "10.0.0.0/8"}, {"NotIpAddressIfExists", "aws:SourceIp", "10.0.0.0/8"},
	{"StringEquals", "aws:SourceVpce", "vpce-1"}, {"StringNotEquals", "aws:SourceVpce", "vpce-1"}, {"StringEqualsIfExists", "aws:sourcevpce", "vpce-2"},
	{"Null", "aws:SourceVpce", "true"}, {"StringLike", "aws:SourceVpce", "vpce-*"},
	{"Bool", "aws:MultiFactorAuthPresent", "true"}, {"BoolIfExists", "aws:MultiFactorAuthPresent", "false"},
	{"DateLessThan", "aws:CurrentTime", "2026-06-01T00:00:00Z"}, {"DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"},
	{"StringEquals", "aws:RequestedRegion", "eu-west-1"}, {"StringNotEquals", "aws:RequestedRegion", "us-east-1"},
	{"StringLike", "aws:UserAgent", "cli*"}, {"StringNotLike", "aws:UserAgent", "*bot*"},
	{"StringEquals", "aws:PrincipalTag/team", "red"}, {"ArnLike", "aws:PrincipalArn", "arn:aws:iam::" + home + ":*"}, {"StringEquals", "aws:PrincipalOrgID", "o-1"},
	{"StringEquals", "aws:username", "alice"}, {"StringEquals", "aws:PrincipalTag/team", "${aws:ResourceTag/team}"}, {"StringLike", "aws:UserAgent", "${aws:username}*"},
}

// draftSentence draws a statement; share is the percentage of denies.
func draftSentence(r *rand.Rand, layer graph.LayerID, share int) sentence {
	s := sentence{Effect: "Allow"}
	if chance(r, share) {
		s.Effect = "Deny"
	}
	for range 1 + r.IntN(2) {
		s.Action = append(s.Action, oneOf(r, actionPool...))
	}
	if chance(r, 5) && layer != LayerTrust {
		s.Action, s.NotAction = nil, []string{oneOf(r, "iam:*", "s3:PutObject", "sts:*", "kms:*")}
	}
	switch {
	case layer == LayerTrust:
		s.Action = []string{"sts:AssumeRole"}
	case chance(r, 7):
		s.NotResource = []string{oneOf(r, data+"/*", queue, target, sealed+"*")}
	default:
		s.Resource = []string{oneOf(r, resourcePool...)}
	}
	if s.Effect == "Deny" && layer != LayerTrust && s.NotResource == nil && chance(r, 60) {
		s.Action, s.NotAction = []string{oneOf(r, actionPool[:4]...)}, nil // broad denies would leave nothing
	}
	if layer == LayerResource || layer == LayerTrust || layer == LayerRCP {
		s.Principal = draftPrincipal(r, layer)
	}
	wanted := 30
	if s.Effect == "Deny" {
		wanted = 60
	}
	for chance(r, wanted) {
		s.condition(r)
		wanted = 20
	}
	return s
}

func draftPrincipal(r *rand.Rand, layer graph.LayerID) any {
	if layer == LayerRCP || chance(r, 15) {
		return "*"
	}
	if chance(r, 12) {
		return map[string][]string{"Service": {"lambda.amazonaws.com"}}
	}
	return map[string][]string{"AWS": {oneOf(r, principalPool...), oneOf(r, principalPool...)}}
}

// broadShare is the percentage of documents that allow everything to begin
// with: without, hardly anything comes out allowed.
var broadShare = map[graph.LayerID]int{LayerIdentity: 75, LayerBoundary: 50, LayerResource: 70, LayerTrust: 60, LayerSession: 55, LayerEndpoint: 60}

func broadSentence(r *rand.Rand, layer graph.LayerID) sentence {
	s := sentence{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
	switch layer {
	case LayerTrust:
		s = sentence{Effect: "Allow", Action: []string{"sts:AssumeRole"}}
		fallthrough
	case LayerResource:
		s.Principal = map[string][]string{"AWS": {homeRoot, bob, oneOf(r, principalPool...)}}
		if layer == LayerResource && chance(r, 60) {
			s.Principal = "*"
		}
	}
	if chance(r, 52) {
		s.condition(r)
	}
	return s
}

// condition adds a test to a statement.
func (s *sentence) condition(r *rand.Rand) {
	c := oneOf(r, conditionPool...)
	if s.Condition == nil {
		s.Condition = map[string]map[string][]string{}
	}
	s.Condition[c[0]] = map[string][]string{c[1]: {c[2]}}
}

// statedSheet is a policy that stands in the question.
func statedSheet(r *rand.Rand, layer graph.LayerID) sheet {
	s := sheet{layer: layer, sentences: []sentence{draftSentence(r, layer, 40)}}
	if chance(r, broadShare[layer]) {
		s.sentences = append(s.sentences, broadSentence(r, layer))
	}
	return s
}

// A seat is where a document may be attached, and how often one is.
type seat struct {
	to      graph.Ref
	layer   graph.LayerID
	percent int
	full    bool // begins with "allow everything"
}

var seats = []seat{
	{alice, LayerIdentity, 60, false}, {dev, LayerIdentity, 70, false}, {app, LayerIdentity, 80, false}, {aide, LayerIdentity, 30, false}, {bob, LayerIdentity, 90, false},
	{target, LayerIdentity, 30, false}, {alice, LayerBoundary, 60, false}, {app, LayerBoundary, 70, false},
	{"root", LayerSCP, 100, true}, {"unit", LayerSCP, 100, true}, {"account:" + home, LayerSCP, 100, true}, {"account:" + away, LayerSCP, 100, true},
	{"root", LayerRCP, 30, false}, {"account:" + home, LayerRCP, 25, false},
	{data, LayerResource, 70, false}, {sealed, LayerResource, 40, false}, {lent, LayerResource, 80, false}, {queue, LayerResource, 70, false},
	{key, LayerResource, 90, false}, {target, LayerTrust, 100, false},
}

// draftSketch draws an estate.
func draftSketch(r *rand.Rand) *sketch {
	k := &sketch{blocked: chance(r, 95)}
	for _, s := range seats {
		if !chance(r, s.percent) {
			continue
		}
		doc := sheet{to: s.to, layer: s.layer, name: string(s.layer) + "@" + string(s.to)}
		if s.full && chance(r, 98) {
			doc.sentences = append(doc.sentences, sentence{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}})
		}
		if !s.full && chance(r, broadShare[s.layer]) {
			doc.sentences = append(doc.sentences, broadSentence(r, s.layer))
		}
		share := map[graph.LayerID]int{LayerSCP: 80, LayerRCP: 100, LayerBoundary: 20, LayerIdentity: 15, LayerResource: 25, LayerTrust: 20}[s.layer]
		for range 1 + r.IntN(3) {
			if s.layer == LayerSCP && len(doc.sentences) > 0 && chance(r, 60) {
				continue
			}
			doc.sentences = append(doc.sentences, draftSentence(r, s.layer, share))
		}
		if chance(r, 6) {
			k.missing = append(k.missing, doc)
			continue
		}
		k.sheets = append(k.sheets, doc)
	}
	return k
}

// cast writes who and what there is in every estate.
func cast(b *snapshot.Builder) error {
	full := []graph.Attr{{Key: "id", Value: "r-0001"}, {Key: "policy-types", Value: "RESOURCE_CONTROL_POLICY,SERVICE_CONTROL_POLICY"}}
	team := []graph.Tag{{Key: "team", Value: "red"}}
	for _, n := range []graph.Node{
		{Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "anonymous"},
		{Ref: "organization", Kind: graph.KindOrganization, Type: "organizations:organization", Attrs: []graph.Attr{{Key: "id", Value: "o-1"}, {Key: "management-account", Value: "999999999999"}}},
		{Ref: "root", Kind: graph.KindFolder, Type: "organizations:root", Scope: "organization", Attrs: full},
		{Ref: "unit", Kind: graph.KindFolder, Type: "organizations:organizational-unit", Scope: "root", Attrs: []graph.Attr{{Key: "id", Value: "ou-1"}}},
		{Ref: AccountRef(home), Kind: graph.KindAccount, Type: "organizations:account", Scope: "unit"},
		{Ref: AccountRef(away), Kind: graph.KindAccount, Type: "organizations:account", Scope: "unit"},
		{Ref: AccountRef(outside), Kind: graph.KindAccount, Type: "organizations:account", Mentioned: true},
		{Ref: homeRoot, Kind: graph.KindUser, Type: "iam:root", Scope: AccountRef(home)},
		{Ref: stranger, Kind: graph.KindUser, Type: "iam:root", Scope: AccountRef(outside), Mentioned: true},
		{Ref: alice, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(home), NativeID: "AIDA1", Tags: team},
		{Ref: amy, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(home), NativeID: "AIDA2"},
		{Ref: bob, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(away), NativeID: "AIDA3"},
		{Ref: app, Kind: graph.KindRole, Type: "iam:role", Scope: AccountRef(home), NativeID: "AROA1", Tags: team},
		{Ref: aide, Kind: graph.KindRole, Type: "iam:role", Scope: AccountRef(home), NativeID: "AROA2"},
		{Ref: target, Kind: graph.KindRole, Type: "iam:role", Scope: AccountRef(home), NativeID: "AROA3"},
		{Ref: dev, Kind: graph.KindGroup, Type: "iam:group", Scope: AccountRef(home)},
		{Ref: lambda, Kind: graph.KindServicePrincipal, Type: "iam:service"},
		{Ref: data, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(home)},
		{Ref: sealed, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(home), Attrs: []graph.Attr{{Key: "kms-key", Value: key}, {Key: "region", Value: "eu-west-1"}}},
		{Ref: lent, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(away)},
		{Ref: queue, Kind: graph.KindResource, Type: "sqs:queue", Scope: AccountRef(home), Tags: team},
		{Ref: key, Kind: graph.KindResource, Type: "kms:key", Scope: AccountRef(home)},
	} {
		n.Provider, n.Name = graph.AWS, string(n.Ref[strings.LastIndexAny(string(n.Ref), "/:")+1:])
		if err := b.Node(n); err != nil {
			return err
		}
	}
	for _, member := range []graph.Ref{alice, amy} {
		if err := b.Edge(graph.Edge{From: member, To: dev, Relation: graph.MemberOf}); err != nil {
			return err
		}
	}
	return nil
}

// build makes the estate of a sketch.
func (k *sketch) build(t testing.TB) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	err := cast(b)
	attach := func(to graph.Ref, layer graph.LayerID, name string, text []byte) {
		if e := b.Attach(graph.Attachment{To: to, Layer: layer, Policy: graph.Ref(name), Name: name, Document: text}); e != nil {
			err = e
		}
	}
	for _, s := range k.sheets {
		attach(s.to, s.layer, s.name, s.text())
	}
	if k.blocked {
		attach(data, LayerPublicAccess, "block", []byte(`{"RestrictPublicBuckets":true}`))
	}
	for _, s := range k.missing {
		e := b.Cover(graph.Coverage{Status: graph.Failed, Reason: graph.ReasonAccessDenied, Of: s.to, Affects: []graph.LayerID{s.layer},
			Listing: graph.Listing{Service: "test", Operation: string(s.layer), Subject: s.to}})
		if e != nil {
			err = e
		}
	}
	facts, e := b.Facts()
	if err != nil || e != nil {
		t.Fatal(err, e)
	}
	return NewEstate(facts)
}

var (
	askers  = []graph.Ref{alice, alice, alice, amy, bob, bob, app, app, app, aide, homeRoot, stranger, lambda, graph.Internet, "arn:aws:sts::" + home + ":assumed-role/app/run"}
	queries = [][2]string{
		{"s3:GetObject", data + "/logs/a"}, {"s3:GetObject", data + "/alice/a"}, {"s3:GetObject", data}, {"s3:PutObject", data + "/x"}, {"s3:PutObject", data + "/y"}, {"s3:DeleteObject", data + "/x"}, {"s3:ListBucket", data},
		{"s3:GetObject", sealed + "/x"}, {"s3:ListBucket", lent}, {"s3:GetObject", lent + "/x"}, {"sqs:SendMessage", queue}, {"kms:Decrypt", key},
		{"sts:AssumeRole", target}, {"s3:ListAllMyBuckets", "*"},
	}
)

// draftQuestion draws a request of the cast.
func draftQuestion(r *rand.Rand) policy.Question {
	q := oneOf(r, queries...)
	question := policy.Question{Principal: oneOf(r, askers...), Action: q[0], Resource: q[1]}
	if chance(r, 25) {
		s := statedSheet(r, LayerSession)
		question.SessionPolicies = [][]byte{s.text()}
	}
	if chance(r, 10) {
		s := statedSheet(r, LayerEndpoint)
		question.EndpointPolicy = s.text()
	}
	return question
}

// formulaOf decides a question without its reasons.
func formulaOf(t testing.TB, e *Estate, q policy.Question) (*request, outcome) {
	t.Helper()
	r, err := e.newRequest(q)
	if err != nil {
		t.Fatalf("%v: %v", q, err)
	}
	return r, r.decide()
}

// say prints what failed so that it can be made a vector.
func (k *sketch) String() string {
	var b strings.Builder
	for _, s := range k.sheets {
		fmt.Fprintf(&b, "%s: %s\n", s.name, s.text())
	}
	for _, s := range k.missing {
		fmt.Fprintf(&b, "%s: missing\n", s.name)
	}
	fmt.Fprintf(&b, "restricts public policies: %v\n", k.blocked)
	return b.String()
}

// asked prints a question.
func asked(q policy.Question) string {
	text := fmt.Sprintf("%s %s %s", q.Principal, q.Action, q.Resource)
	for _, s := range q.SessionPolicies {
		text += " session=" + string(s)
	}
	if q.EndpointPolicy != nil {
		text += " endpoint=" + string(q.EndpointPolicy)
	}
	for _, v := range q.Context {
		text += fmt.Sprintf(" %s=%q absent:%v", v.Key, v.Values, v.Absent)
	}
	return text
}

// TestExplainKeepsTheVerdict: all the reasons that Decide adds change nothing,
// and what it says would flip the verdict is worded of the estate's documents.
func TestExplainKeepsTheVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 1))
	for range 150 {
		k := draftSketch(r)
		e := k.build(t)
		for range 10 {
			q := draftQuestion(r)
			_, o := formulaOf(t, e, q)
			want, bounds := o.formula.State()
			d, err := e.Decide(q)
			if err != nil {
				t.Fatal(err)
			}
			if d.Verdict != want || d.Bounds != bounds || !policy.Equivalent(d.Formula, o.formula) {
				t.Fatalf("%s\n%s\ngot %s %s\nwant %s %s", k, asked(q), d.Verdict, d.Formula, want, o.formula)
			}
			if d.Text == "" || d.Deciding == "" || (len(d.Gaps) > 0) != (d.Verdict == graph.Unknown) {
				t.Fatalf("%s\n%s\n%q decided by %q with gaps %v", k, asked(q), d.Text, d.Deciding, d.Gaps)
			}
		}
	}
}

// TestWhoCanAgrees: WhoCan names exactly the callers that Decide does not deny.
func TestWhoCanAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 2))
	for range 150 {
		k := draftSketch(r)
		e := k.build(t)
		for _, query := range queries {
			q := policy.Question{Action: query[0], Resource: query[1]}
			found := map[graph.Ref]snapshot.Ruling{}
			err := e.WhoCan(context.Background(), q, func(f snapshot.Foothold, ruling snapshot.Ruling) bool {
				found[e.s.Ref(f.Node)] = ruling
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, node := range e.callers() {
				q.Principal, q.Hold = e.s.Ref(node), holdOf(e.s.Kind(node))
				_, o := formulaOf(t, e, q)
				want, bounds := o.formula.State()
				if got := found[q.Principal]; got.Verdict != want || got.Bounds != bounds {
					t.Fatalf("%s\n%s\ngot %s %v\nwant %s %v", k, asked(q), got.Verdict, got.Bounds, want, bounds)
				}
			}
		}
	}
}

// rowsOf returns what a listing says of one action on one target.
func rowOf(rows []snapshot.Access, to snapshot.Index, action string) (found []snapshot.Access) {
	for _, row := range rows {
		if row.To == to && slices.Contains(row.Actions, action) {
			found = append(found, row)
		}
	}
	return found
}

// sampleActions are the actions of the questions and some others of the types
// of a target.
func sampleActions(r *rand.Rand, e *Estate, node snapshot.Index) []string {
	var all []string
	for _, typ := range e.resourceByNode(node).types {
		for _, id := range typ.Actions() {
			all = append(all, id.String())
		}
	}
	if isBucket(e.resourceByNode(node)) {
		for _, id := range objectType().Actions() {
			all = append(all, id.String())
		}
	}
	list := []string{"s3:GetObject", "s3:ListBucket", "s3:PutObject", "sqs:SendMessage", "kms:Decrypt", "sts:AssumeRole"}
	list = slices.DeleteFunc(list, func(a string) bool { return !slices.Contains(all, a) })
	for range 5 {
		if len(all) > 0 {
			list = append(list, all[r.IntN(len(all))])
		}
	}
	return list
}

// compareRows checks the rows of one principal against Decide.
func compareRows(t *testing.T, r *rand.Rand, k *sketch, e *Estate, node snapshot.Index, rows []snapshot.Access, of string) (compared int) {
	for _, to := range e.targets() {
		for _, action := range sampleActions(r, e, to) {
			if strings.HasPrefix(action, "sts:") && of == "effective access" {
				continue // who may assume a role is a pivot
			}
			if _, known := reference.Find(action); !known {
				t.Fatalf("%s is in no table", action)
			}
			q := policy.Question{Principal: e.s.Ref(node), Hold: holdOf(e.s.Kind(node)), Action: action, Resource: string(e.s.Ref(to))}
			req, o := formulaOf(t, e, q)
			want := req.ruling(o)
			found := rowOf(rows, to, action)
			compared++
			if want.Verdict == graph.Denied {
				if len(found) > 0 {
					t.Fatalf("%s\n%s\n%s has it %s, Decide denies", k, asked(q), of, found[0].Ruling.Verdict)
				}
				continue
			}
			if len(found) != 1 {
				t.Fatalf("%s\n%s\n%s has it %d times, Decide says %s", k, asked(q), of, len(found), want.Verdict)
			}
			got := found[0]
			if got.Ruling.Verdict != want.Verdict || got.Ruling.Bounds != want.Bounds || got.Ruling.Formula != want.Formula ||
				!slices.Equal(got.Include, o.include) || !slices.Equal(got.Exclude, o.exclude) {
				t.Fatalf("%s\n%s\n%s: %s if %s keys %v but %v\nDecide: %s if %s keys %v but %v", k, asked(q), of,
					got.Ruling.Verdict, got.Ruling.Formula, got.Include, got.Exclude, want.Verdict, want.Formula, o.include, o.exclude)
			}
		}
	}
	return compared
}

// TestWhatCanAgrees: the rows of WhatCan, and those of the access classes for
// each of their members, are what Decide says of one action at a time.
func TestWhatCanAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 3))
	compared, shared := 0, 0
	for range 60 {
		k := draftSketch(r)
		e := k.build(t)
		taken := takeClasses(e, footholdsOf(e))
		for _, class := range taken.classes {
			rows := taken.access(class)
			for _, member := range class.Members {
				compared += compareRows(t, r, k, e, member.Node, rows, "effective access")
			}
			if len(class.Members) > 1 {
				shared++
			}
		}
		for _, node := range []graph.Ref{alice, app, bob, lambda} {
			index, _ := e.s.Find(node)
			var rows []snapshot.Access
			q := policy.Question{Principal: node, Hold: holdOf(e.s.Kind(index))}
			if err := e.WhatCan(context.Background(), q, func(a snapshot.Access) bool { rows = append(rows, a); return true }); err != nil {
				t.Fatal(err)
			}
			compared += compareRows(t, r, k, e, index, rows, "WhatCan")
		}
	}
	if shared == 0 {
		t.Error("no class has two members: the draws say too little")
	}
	t.Logf("%d actions compared, %d classes of several members", compared, shared)
}

// A takenAccess is classes and parts as they were handed over.
type takenAccess struct {
	parts   []snapshot.AccessPart
	classes []snapshot.AccessClass
}

func (a *takenAccess) AddPart(p snapshot.AccessPart) snapshot.PartIndex {
	a.parts = append(a.parts, p)
	return snapshot.PartIndex(len(a.parts))
}

func (a *takenAccess) AddClass(c snapshot.AccessClass) { a.classes = append(a.classes, c) }

// takeClasses makes the classes of footholds.
func takeClasses(e *Estate, footholds []snapshot.Foothold) *takenAccess {
	out := &takenAccess{}
	e.lending()
	byAccount := map[string]*vicinity{}
	for _, f := range footholds {
		account := e.homeOf(f)
		if byAccount[account] == nil {
			byAccount[account] = e.newVicinity(account, out)
		}
		byAccount[account].take(f, false)
	}
	for _, account := range sorted(byAccount) {
		byAccount[account].close()
	}
	return out
}

// access lists what a class may do, thing by thing.
func (a *takenAccess) access(class snapshot.AccessClass) (list []snapshot.Access) {
	for _, number := range class.Parts {
		part := a.parts[number-1]
		for _, row := range part.Rows {
			for _, to := range row.To {
				if part.Abroad && slices.Contains(class.Home, to) {
					continue
				}
				list = append(list, snapshot.Access{To: to, Actions: row.Actions, Include: row.Include, Exclude: row.Exclude, Ruling: row.Ruling})
			}
		}
	}
	return list
}

// footholdsOf are those that callers have from the outset, and, of all that
// can have policies, the one with a policy of its choice.
func footholdsOf(e *Estate) (list []snapshot.Foothold) {
	for _, node := range e.callers() {
		list = append(list, e.foothold(node))
	}
	return list
}

// freedFootholdsOf are those of callers without limits that they have.
func freedFootholdsOf(e *Estate) (list []snapshot.Foothold) {
	for _, node := range e.callers() {
		if limits := e.limitsOf(node); len(limits) > 0 {
			all := uint8(1)<<len(limits) - 1
			list = append(list, snapshot.Foothold{Node: node, Hold: graph.Without(all)})
			if all > 1 {
				list = append(list, snapshot.Foothold{Node: node, Hold: graph.Without(1)})
			}
		}
	}
	return list
}

// TestAskersAreEnough: whoever may assume a role is among those that the index
// of trusts and policies names.
func TestAskersAreEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 4))
	found := 0
	for range 300 {
		k := draftSketch(r)
		e := k.build(t)
		for role := range e.s.OfKind(graph.KindRole) {
			want := map[graph.Ref]bool{}
			for _, caller := range e.callers() {
				p := e.principal(caller)
				req := &request{estate: e, principal: p, hold: holdOf(e.s.Kind(caller)), action: assumeAction(p.kind), resource: e.resourceByNode(role)}
				if assumeAction(p.kind).text == "" || caller == role || req.ruling(req.decide()).Verdict == graph.Denied {
					continue
				}
				want[e.s.Ref(caller)] = true
				found++
			}
			for _, pivot := range e.assumers(role) {
				delete(want, e.s.Ref(pivot.From.Node))
			}
			if len(want) > 0 {
				t.Fatalf("%s\n%s may be assumed by %v besides", k, e.s.Ref(role), want)
			}
		}
	}
	if found < 500 {
		t.Errorf("%d assumptions: the draws say too little", found)
	}
}

// TestAlikeInTextAlone: what is known of a key is no part of a formula's text.
// One condition on whom a role may be passed to is always met by one role and
// never by another, as their trusts say.
func TestAlikeInTextAlone(t *testing.T) {
	b := snapshot.NewBuilder()
	account := AccountRef(home)
	role := func(name string) graph.Ref { return graph.Ref("arn:aws:iam::" + home + ":role/" + name) }
	trust := func(host string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + host + `"},"Action":"sts:AssumeRole"}]}`
	}
	err := b.Node(graph.Node{Ref: account, Kind: graph.KindAccount, Provider: graph.AWS, Type: "organizations:account"})
	for _, n := range []graph.Node{
		{Ref: alice, Kind: graph.KindUser, Type: "iam:user"}, {Ref: role("runs"), Kind: graph.KindRole, Type: "iam:role"}, {Ref: role("boots"), Kind: graph.KindRole, Type: "iam:role"},
	} {
		n.Provider, n.Scope = graph.AWS, account
		if e := b.Node(n); e != nil {
			err = e
		}
	}
	for _, a := range []graph.Attachment{
		{To: role("runs"), Layer: LayerTrust, Policy: "t1", Document: []byte(trust("lambda.amazonaws.com"))},
		{To: role("boots"), Layer: LayerTrust, Policy: "t2", Document: []byte(trust("ec2.amazonaws.com"))},
		{To: alice, Layer: LayerIdentity, Policy: "p", Document: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole",` +
			`"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}]}`)},
	} {
		if e := b.Attach(a); e != nil {
			err = e
		}
	}
	facts, e := b.Facts()
	if err != nil || e != nil {
		t.Fatal(err, e)
	}
	estate := NewEstate(facts)
	node, _ := facts.Find(alice)
	got := map[graph.Ref]graph.Verdict{}
	taken := takeClasses(estate, []snapshot.Foothold{estate.foothold(node)})
	for _, row := range taken.access(taken.classes[0]) {
		got[facts.Ref(row.To)] = row.Ruling.Verdict
	}
	for ref, want := range map[graph.Ref]graph.Verdict{role("runs"): graph.Allowed, role("boots"): graph.Denied} {
		d, err := estate.Decide(policy.Question{Principal: alice, Action: "iam:PassRole", Resource: string(ref)})
		if err != nil || got[ref] != want || d.Verdict != want {
			t.Errorf("passing %s: compiled %s, decided %s, want %s (%v)", ref, got[ref], d.Verdict, want, err)
		}
	}
}

// A comparison of the two readers over random estates: what was drawn, and
// what decided.
type twoReaders struct {
	verdicts [4]int
	layers   map[layerNumber]int
	triples  int
}

// differ evaluates some footholds of an estate with the compiled reader and
// decides some of their triples; it returns the first that comes out otherwise.
// The rules in off are off for one of the two.
func (w *twoReaders) differ(r *rand.Rand, e, other *Estate) string {
	taken := takeClasses(e, append(footholdsOf(e), freedFootholdsOf(e)...))
	for range 3 {
		class := oneOf(r, taken.classes...)
		member := oneOf(r, class.Members...)
		if e.homeOf(member) == "" && chance(r, 70) {
			continue // of services and strangers there are few
		}
		type pair struct {
			to     snapshot.Index
			action string
		}
		rows := map[pair]snapshot.Ruling{}
		var open []pair // what came out other than always allowed
		for _, row := range taken.access(class) {
			for _, a := range row.Actions {
				rows[pair{row.To, a}] = row.Ruling
			}
			if row.Ruling.Verdict != graph.Allowed {
				open = append(open, pair{row.To, oneOf(r, row.Actions...)})
			}
		}
		for range 12 {
			to := oneOf(r, e.targets()...)
			actions := sampleActions(r, e, to)
			if len(actions) == 0 {
				continue
			}
			action := oneOf(r, actions...)
			if len(open) > 0 && chance(r, 40) {
				at := oneOf(r, open...)
				to, action = at.to, at.action
			}
			if strings.HasPrefix(action, "sts:") {
				continue // who may assume a role is a pivot
			}
			req, err := other.newRequest(policy.Question{Principal: e.s.Ref(member.Node), Hold: member.Hold, Action: action, Resource: string(e.s.Ref(to))})
			if err != nil {
				return err.Error()
			}
			want := req.ruling(req.decide())
			w.count(req, want.Verdict)
			if got := rows[pair{to, action}]; got.Verdict != want.Verdict || got.Bounds != want.Bounds || got.Formula != want.Formula {
				return fmt.Sprintf("%s by %v %s %s: compiled %s if %q, decided %s if %q", e.s.Ref(member.Node), member.Hold, action, e.s.Ref(to), got.Verdict, got.Formula, want.Verdict, want.Formula)
			}
		}
	}
	return ""
}

// count notes the verdict, and the layers that spoke.
func (w *twoReaders) count(r *request, v graph.Verdict) {
	w.triples++
	w.verdicts[v]++
	seen := map[layerNumber]bool{}
	for i := range r.matched {
		if n := r.matched[i].layer; !seen[n] {
			seen[n] = true
			w.layers[n]++
		}
	}
}

// TestTwoReaders: the compiled reader and Decide come to the same formula
// state over random estates, in every verdict and with every layer.
func TestTwoReaders(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 5))
	w := &twoReaders{layers: map[layerNumber]int{}}
	for range 2000 {
		k := draftSketch(r)
		e := k.build(t)
		if text := w.differ(r, e, e); text != "" {
			t.Fatalf("%s\n%s", k, text)
		}
	}
	for v, n := range w.verdicts {
		t.Logf("%s %.1f %%", graph.Verdict(v), 100*float64(n)/float64(w.triples))
		if n*10 < w.triples {
			t.Errorf("%s: %d of %d triples, want a tenth", graph.Verdict(v), n, w.triples)
		}
	}
	for _, n := range []layerNumber{numRCP, numSCP, numResource, numIdentity, numBoundary} {
		t.Logf("%s spoke in %.1f %%", Layers[n].Name, 100*float64(w.layers[n])/float64(w.triples))
		if w.layers[n]*100 < 3*w.triples {
			t.Errorf("%s: spoke in %d of %d triples, want 3 in a hundred", Layers[n].Name, w.layers[n], w.triples)
		}
	}
}

// TestTwoReadersNotice: with a layer's rule switched off in one reader, the
// comparison fails.
func TestTwoReadersNotice(t *testing.T) {
	for name, rule := range map[string]ruleSet{
		"explicit deny": ruleExplicitDeny, "boundary": ruleBoundary, "organization": ruleOrganization, "conditions": ruleConditions,
		"KMS": ruleKMS, "public": rulePublic, "variables": ruleVariables, "resources": ruleResources, "accounts": ruleAccounts,
	} {
		r := rand.New(rand.NewPCG(44, 6))
		noticed := false
		for range 400 {
			k := draftSketch(r)
			e, other := k.build(t), k.build(t)
			other.off = rule
			if noticed = (&twoReaders{layers: map[layerNumber]int{}}).differ(r, e, other) != ""; noticed {
				break
			}
		}
		if !noticed {
			t.Errorf("%s: switched off in one reader, and nothing differs", name)
		}
	}
}
