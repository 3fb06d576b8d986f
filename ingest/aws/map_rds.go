package aws

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func rdsOperations() []operation {
	return []operation{
		{service: "rds", name: "describe-db-instances", lone: true, marks: []string{"DBInstances"}, tells: has("DBInstanceArn"),
			each: map[string]recordFunc{"DBInstances": record(mapDatabase)}},
		{service: "rds", name: "describe-db-clusters", lone: true, marks: []string{"DBClusters"}, tells: has("DBClusterArn"),
			each: map[string]recordFunc{"DBClusters": record(mapDatabaseCluster)}},
		{service: "rds", name: "describe-db-snapshots", lone: true, marks: []string{"DBSnapshots"}, tells: has("DBSnapshotArn"),
			each: map[string]recordFunc{"DBSnapshots": record(mapDatabaseSnapshot)}},
		{service: "rds", name: "describe-db-snapshot-attributes", subject: "snapshot name", marks: []string{"DBSnapshotAttributesResult"},
			layers: []graph.LayerID{LayerSharing}, each: map[string]recordFunc{"DBSnapshotAttributesResult": mapDatabaseSharing}, refOf: ofSubject("rds", "snapshot:")},
	}
}

// mapDatabase writes a database. Roles are features' (imports, exports): the
// database engine uses them for whoever may ask it to.
func mapDatabase(m *mapper, d struct {
	DBInstanceArn, DBInstanceIdentifier, DbiResourceID, Engine, KmsKeyID string
	PubliclyAccessible, IAMDatabaseAuthenticationEnabled                 bool
	AssociatedRoles                                                      []struct{ RoleArn string }
	MasterUserSecret                                                     struct{ SecretArn string }
	TagList                                                              tagList
}) error {
	var roles []string
	for _, r := range d.AssociatedRoles {
		roles = append(roles, r.RoleArn)
	}
	t := thing{arn: d.DBInstanceArn, kind: "rds:db", name: d.DBInstanceIdentifier, nativeID: d.DbiResourceID, tags: d.TagList,
		attrs: attrs("engine", d.Engine, "public", yes(d.PubliclyAccessible), "iam-authentication", fmt.Sprint(d.IAMDatabaseAuthenticationEnabled),
			"secret", d.MasterUserSecret.SecretArn, "roles", joined(roles), "kms-key", keyARN(d.DBInstanceArn, d.KmsKeyID))}
	_, err := m.resource(t)
	return err
}

// mapDatabaseCluster writes a cluster. Its Data API takes SQL from whoever may
// call it and read the secret.
func mapDatabaseCluster(m *mapper, d struct {
	DBClusterArn, DBClusterIdentifier, DBClusterResourceID, Engine, KmsKeyID string
	HTTPEndpointEnabled                                                      bool `json:"HttpEndpointEnabled"`
	IAMDatabaseAuthenticationEnabled                                         bool
	AssociatedRoles                                                          []struct{ RoleArn string }
	MasterUserSecret                                                         struct{ SecretArn string }
	TagList                                                                  tagList
}) error {
	var roles []string
	for _, r := range d.AssociatedRoles {
		roles = append(roles, r.RoleArn)
	}
	_, err := m.resource(thing{arn: d.DBClusterArn, kind: "rds:cluster", name: d.DBClusterIdentifier, nativeID: d.DBClusterResourceID, tags: d.TagList,
		attrs: attrs("engine", d.Engine, "data-api", yes(d.HTTPEndpointEnabled), "iam-authentication", fmt.Sprint(d.IAMDatabaseAuthenticationEnabled),
			"secret", d.MasterUserSecret.SecretArn, "roles", joined(roles), "kms-key", keyARN(d.DBClusterArn, d.KmsKeyID))})
	return err
}

func mapDatabaseSnapshot(m *mapper, s struct {
	DBSnapshotArn, DBSnapshotIdentifier, DBInstanceIdentifier, SnapshotType, KmsKeyID string
	TagList                                                                           tagList
}) error {
	_, err := m.resource(thing{arn: s.DBSnapshotArn, kind: "rds:snapshot", name: s.DBSnapshotIdentifier, tags: s.TagList,
		attrs: attrs("database", s.DBInstanceIdentifier, "snapshot-type", s.SnapshotType, "kms-key", keyARN(s.DBSnapshotArn, s.KmsKeyID))})
	return err
}

func mapDatabaseSharing(m *mapper, v jsontext.Value) error {
	ref, err := m.subjectARN("rds", "snapshot:")
	if err != nil {
		return err
	}
	return m.fact(fact{ref, LayerSharing, "sharing"}, v, m.origin(m.doc.account, m.doc.region, ref), "DBSnapshotAttributes")
}
