package aws

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// Twins: estates in which much is alike. Beside the cast stand a user with the
// policies of alice, a user of a third account with those of bob, and things
// whose policies say of themselves what those of others say of themselves. What
// is decided once for several is then compared with Decide for each.

const (
	third = "444444444444"

	ann, bea                    = "arn:aws:iam::" + home + ":user/ann", "arn:aws:iam::" + third + ":user/bea"
	dataTwo, sealedTwo, lentTwo = data + "-two", sealed + "-two", lent + "-two"
	queueTwo                    = queue + "-two"
)

// twins are who and what has the policies of whom and what.
var twins = map[graph.Ref][]graph.Ref{
	alice: {ann}, bob: {bea}, data: {dataTwo}, sealed: {sealedTwo}, lent: {lentTwo}, queue: {queueTwo}, AccountRef(away): {AccountRef(third)},
}

func castTwins(b *snapshot.Builder) error {
	for _, n := range []graph.Node{
		{Ref: AccountRef(third), Kind: graph.KindAccount, Type: "organizations:account", Scope: "unit"},
		{Ref: ann, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(home), Name: "ann", NativeID: "AIDA4"},
		{Ref: bea, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(third), Name: "bea", NativeID: "AIDA5"},
		{Ref: dataTwo, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(home)},
		{Ref: sealedTwo, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(home), Attrs: []graph.Attr{{Key: "kms-key", Value: key}}},
		{Ref: lentTwo, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(third)},
		{Ref: queueTwo, Kind: graph.KindResource, Type: "sqs:queue", Scope: AccountRef(home)},
	} {
		n.Provider = graph.AWS
		if err := b.Node(n); err != nil {
			return err
		}
	}
	return b.Edge(graph.Edge{From: ann, To: dev, Relation: graph.MemberOf})
}

// twinsOf are the twins of a thing or principal; a bucket has a crowd of more.
func twinsOf(of graph.Ref, crowd int) []graph.Ref {
	list := slices.Clone(twins[of])
	if of == data || of == sealed {
		for i := range crowd {
			list = append(list, graph.Ref(fmt.Sprintf("%s-%03d", of, i)))
		}
	}
	return list
}

// buildTwins makes the estate of a sketch, with twins.
func (k *sketch) buildTwins(t *testing.T, crowd int) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(cast(b))
	must(castTwins(b))
	for _, of := range []graph.Ref{data, sealed} {
		for _, ref := range twinsOf(of, crowd)[1:] {
			n := graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindResource, Type: "s3:bucket", Scope: AccountRef(home)}
			if of == sealed {
				n.Attrs = []graph.Attr{{Key: "kms-key", Value: key}}
			}
			must(b.Node(n))
		}
	}
	for _, s := range k.sheets {
		text := s.text()
		must(b.Attach(graph.Attachment{To: s.to, Layer: s.layer, Policy: graph.Ref(s.name), Name: s.name, Document: text}))
		for _, twin := range twinsOf(s.to, crowd) {
			own := bytes.ReplaceAll(text, []byte(`"`+s.to), []byte(`"`+twin))
			must(b.Attach(graph.Attachment{To: twin, Layer: s.layer, Policy: graph.Ref(s.name + "-two"), Name: s.name, Document: own}))
		}
	}
	for _, s := range k.missing {
		for _, to := range append([]graph.Ref{s.to}, twinsOf(s.to, crowd)...) {
			must(b.Cover(graph.Coverage{Status: graph.Failed, Reason: graph.ReasonAccessDenied, Of: to, Affects: []graph.LayerID{s.layer},
				Listing: graph.Listing{Service: "test", Operation: string(s.layer), Subject: to}}))
		}
	}
	facts, err := b.Facts()
	must(err)
	return NewEstate(facts)
}

// TestTwinsShare: who shares a part of access with others may do what Decide
// says of it, to each of the things that share a row.
func TestTwinsShare(t *testing.T) {
	r := rand.New(rand.NewPCG(44, 11))
	compared, shared, across := 0, 0, 0
	for i := range 56 {
		k := draftSketch(r)
		crowd := 0
		if i >= 50 {
			crowd = 90 // more than fit into one word of a set
		}
		e := k.buildTwins(t, crowd)
		taken := takeClasses(e, footholdsOf(e))
		holders := map[snapshot.PartIndex]int{}
		for _, class := range taken.classes {
			rows := taken.access(class)
			for _, member := range class.Members {
				compared += compareRows(t, r, k, e, member.Node, rows, "effective access")
			}
			for _, part := range class.Parts {
				holders[part] += len(class.Members)
			}
		}
		for part, n := range holders {
			switch {
			case n > 1 && taken.parts[part-1].Abroad:
				across++
			case n > 1:
				shared++
			}
		}
	}
	t.Logf("%d decisions compared; %d parts had by several, %d of them from abroad", compared, shared+across, across)
	if shared < 100 || across < 10 {
		t.Error("the draws share too little")
	}
}

// TestNamedByAnother: two users have one policy, for an action that needs three
// things. Of one of them, which is not the one that is looked at, the policy
// denies it to one user by name.
func TestNamedByAnother(t *testing.T) {
	const lake = "arn:aws:glue:eu-west-1:" + home + ":"
	b := snapshot.NewBuilder()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	node := func(ref graph.Ref, kind graph.Kind, typ string) {
		must(b.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: kind, Type: typ, Scope: AccountRef(home)}))
	}
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: AccountRef(home), Kind: graph.KindAccount, Type: "organizations:account"}))
	node(lake+"catalog", graph.KindResource, "glue:catalog")
	node(lake+"database/sales", graph.KindResource, "glue:database")
	node(lake+"table/sales/orders", graph.KindResource, "glue:table")
	for _, user := range []graph.Ref{alice, amy} {
		node(user, graph.KindUser, "iam:user")
		must(b.Attach(graph.Attachment{To: user, Layer: LayerIdentity, Policy: user + "#p", Document: []byte(`{"Version":"2012-10-17","Statement":[{
			"Effect":"Allow","Action":"glue:GetTable","Resource":["` + lake + `catalog","` + lake + `database/sales","` + lake + `table/sales/orders"]}]}`)}))
	}
	must(b.Attach(graph.Attachment{To: lake + "catalog", Layer: LayerResource, Policy: "lake", Document: []byte(`{"Version":"2012-10-17","Statement":[{
		"Effect":"Deny","Principal":{"AWS":"` + alice + `"},"Action":"glue:GetTable","Resource":"*"}]}`)}))
	facts, err := b.Facts()
	must(err)
	e := NewEstate(facts)
	table, _ := facts.Find(lake + "table/sales/orders")
	taken := takeClasses(e, footholdsOf(e))
	for _, class := range taken.classes {
		for _, member := range class.Members {
			d, err := e.Decide(policy.Question{Principal: facts.Ref(member.Node), Action: "glue:GetTable", Resource: lake + "table/sales/orders"})
			must(err)
			if want := facts.Ref(member.Node) == amy; (d.Verdict != graph.Denied) != want {
				t.Errorf("%s: decided %s", facts.Ref(member.Node), d.Verdict)
			}
			if rows := rowOf(taken.access(class), table, "glue:GetTable"); (len(rows) > 0) != (d.Verdict != graph.Denied) {
				t.Errorf("%s: decided %s, and %d rows", facts.Ref(member.Node), d.Verdict, len(rows))
			}
		}
	}
}

// TestManyEncryptedBuckets: of hundreds of buckets, each encrypted under a key,
// every one is answered, those with keys that may be used and the others.
func TestManyEncryptedBuckets(t *testing.T) {
	b := snapshot.NewBuilder()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	node := func(ref graph.Ref, kind graph.Kind, typ string, attrs ...graph.Attr) {
		must(b.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: kind, Type: typ, Scope: AccountRef(home), Attrs: attrs}))
	}
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: AccountRef(home), Kind: graph.KindAccount, Type: "organizations:account"}))
	const closed = key + "-closed"
	for _, ref := range []graph.Ref{key, closed} {
		node(ref, graph.KindResource, "kms:key")
		must(b.Attach(graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Document: []byte(`{"Version":"2012-10-17","Statement":[{
			"Effect":"Allow","Principal":{"AWS":"` + homeRoot + `"},"Action":"kms:*","Resource":"*"}]}`)}))
	}
	var buckets []graph.Ref
	for i := range 300 {
		ref, under := graph.Ref(fmt.Sprintf("arn:aws:s3:::box-%03d", i)), key
		if i%3 == 0 {
			under = closed
		}
		buckets = append(buckets, ref)
		node(ref, graph.KindResource, "s3:bucket", graph.Attr{Key: "kms-key", Value: under}, graph.Attr{Key: "region", Value: "eu-west-1"})
	}
	node(alice, graph.KindUser, "iam:user")
	must(b.Attach(graph.Attachment{To: alice, Layer: LayerIdentity, Policy: "p", Document: []byte(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"` + key + `"}]}`)}))
	facts, err := b.Facts()
	must(err)
	e := NewEstate(facts)
	taken := takeClasses(e, footholdsOf(e))
	rows := taken.access(taken.classes[0])
	for _, ref := range buckets {
		d, err := e.Decide(policy.Question{Principal: alice, Action: "s3:GetObject", Resource: string(ref)})
		must(err)
		to, _ := facts.Find(ref)
		if found := rowOf(rows, to, "s3:GetObject"); (len(found) == 1) != (d.Verdict == graph.Allowed) {
			t.Errorf("%s: decided %s, and %d rows", ref, d.Verdict, len(found))
		}
	}
}

// TestDecidedOnce: a second user with the policies of the first costs no
// decision more; one with others does.
func TestDecidedOnce(t *testing.T) {
	own := func(to graph.Ref, bucket string) sheet {
		return sheet{to: to, layer: LayerIdentity, name: "own", sentences: []sentence{{Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{bucket + "/*"}}}}
	}
	decided := func(k *sketch, users ...graph.Ref) int64 {
		e := k.buildTwins(t, 0)
		var list []snapshot.Foothold
		for _, user := range users {
			node, _ := e.s.Find(user)
			list = append(list, e.foothold(node))
		}
		takeClasses(e, list)
		return e.evaluated.Load()
	}
	k := &sketch{sheets: []sheet{own(alice, data), own(amy, sealed)}}
	one, alike, other := decided(k, alice), decided(k, alice, ann), decided(k, alice, amy)
	if one == 0 || alike != one || other <= one {
		t.Errorf("one user takes %d decisions, with a namesake %d, with another %d", one, alike, other)
	}
}
