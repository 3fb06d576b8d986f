package aws

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func s3Operations() []operation {
	block := []graph.LayerID{LayerPublicAccessBlock}
	return []operation{
		{service: "s3api", name: "list-buckets", lone: true, homeless: true, marks: []string{"Buckets"},
			each: map[string]recordFunc{"Buckets": mapBucket}},
		{service: "s3api", name: "get-bucket-policy", subject: "bucket name", marks: []string{"Policy"}, layers: resourceLayers,
			whole: mapBucketPolicy, refOf: bucketOf},
		{service: "s3api", name: "get-public-access-block", subject: "bucket name", marks: []string{"PublicAccessBlockConfiguration"}, layers: block,
			whole: mapBucketBlock, refOf: bucketOf},
		{service: "s3control", name: "get-public-access-block", marks: []string{"PublicAccessBlockConfiguration"}, layers: block,
			whole: mapAccountBlock, refOf: func(m *mapper) (graph.Ref, error) { return accountRef(m.doc.account), nil }},
	}
}

// bucketARN names a bucket: names are unique in a partition, so that the ARN
// holds neither region nor account.
func bucketARN(partition, name string) graph.Ref {
	return graph.Ref("arn:" + partition + ":s3:::" + name)
}

func bucketOf(m *mapper) (graph.Ref, error) {
	if a, ok := parseARN(m.doc.resource); ok && a.service == "s3" {
		return graph.Ref(m.doc.resource), nil
	}
	return bucketARN(m.partition(), m.doc.resource), nil
}

func mapBucket(m *mapper, v jsontext.Value) error {
	var b struct{ Name, BucketRegion, BucketArn string }
	if err := decode(v, &b); err != nil {
		return err
	}
	if b.Name == "" {
		return fmt.Errorf("%w: %s: want the bucket's Name", ErrContent, m.pointer)
	}
	account, err := m.account()
	if err != nil {
		return err
	}
	o := m.origin(account, "", "")
	return m.node(graph.Node{Ref: bucketARN(m.partition(), b.Name), Kind: graph.KindResource, Type: "s3:bucket",
		Name: b.Name, Scope: accountRef(account), Attrs: attrs("region", b.BucketRegion), Origin: o})
}

func mapBucketPolicy(m *mapper, v jsontext.Value) error {
	var p struct{ Policy jsontext.Value }
	if err := decode(v, &p); err != nil {
		return err
	}
	ref, err := bucketOf(m)
	if err != nil {
		return err
	}
	return m.resourcePolicy(ref, "s3:bucket", p.Policy, "/Policy")
}

func mapBucketBlock(m *mapper, v jsontext.Value) error {
	ref, err := bucketOf(m)
	if err != nil {
		return err
	}
	if err := m.resourcePolicy(ref, "s3:bucket", nil, ""); err != nil {
		return err
	}
	return m.publicAccessBlock(ref, ref, v)
}

func mapAccountBlock(m *mapper, v jsontext.Value) error {
	ref := accountRef(m.doc.account)
	return m.publicAccessBlock(ref, ref, v)
}

// publicAccessBlock attaches a block to a bucket or to a whole account.
func (m *mapper) publicAccessBlock(to, subject graph.Ref, v jsontext.Value) error {
	var p struct{ PublicAccessBlockConfiguration jsontext.Value }
	if err := decode(v, &p); err != nil {
		return err
	}
	a := graph.Attachment{To: to, Layer: LayerPublicAccessBlock, Policy: to + "#public-access-block", Name: "public-access-block",
		Inline: true, Origin: m.origin(m.doc.account, "", subject)}
	return m.attach(a, p.PublicAccessBlockConfiguration, "/PublicAccessBlockConfiguration")
}
