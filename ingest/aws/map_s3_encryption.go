package aws

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerEncryption holds the key that a bucket's objects are encrypted under
// unless their writer says otherwise: {"algorithm": …, "kms-key": …}.
const LayerEncryption graph.LayerID = "aws:encryption"

func s3EncryptionOperations() []operation {
	return []operation{{service: "s3api", name: "get-bucket-encryption", subject: "bucket name", marks: []string{"ServerSideEncryptionConfiguration"},
		layers: []graph.LayerID{LayerEncryption}, whole: record(mapBucketEncryption), refOf: bucketOf}}
}

// encryptionRule is the default for new objects.
type encryptionRule struct {
	ApplyServerSideEncryptionByDefault struct{ SSEAlgorithm, KMSMasterKeyID string }
}

func mapBucketEncryption(m *mapper, d struct {
	ServerSideEncryptionConfiguration struct{ Rules []encryptionRule }
}) error {
	ref, err := bucketOf(m)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, "", ref)
	for _, r := range d.ServerSideEncryptionConfiguration.Rules {
		s := r.ApplyServerSideEncryptionByDefault
		if err := m.bucketEncryption(ref, s.SSEAlgorithm, s.KMSMasterKeyID, o); err != nil {
			return err
		}
	}
	return nil
}

// bucketEncryption attaches algorithm and key. A key that is named by id or
// alias lies in the account that names it; its region is the bucket's, which
// the folder tells if it is not the global one.
func (m *mapper) bucketEncryption(bucket graph.Ref, algorithm, key string, o *graph.Origin) error {
	rule := map[string]string{"algorithm": algorithm}
	if strings.HasPrefix(algorithm, "aws:kms") {
		if key == "" {
			key = "alias/aws/s3"
		}
		if m.doc.region != "" {
			key = keyARN(arn{m.partition(), "s3", m.doc.region, m.doc.account, "x"}.String(), key)
		}
		rule["kms-key"] = key
	}
	text, err := json.Marshal(rule, json.Deterministic(true))
	if err != nil {
		return err
	}
	return m.factText(fact{bucket, LayerEncryption, "encryption"}, jsontext.Value(text), o)
}
