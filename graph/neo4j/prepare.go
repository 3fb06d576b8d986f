package neo4j

import (
	"context"
	"fmt"
	"strings"
)

// prepare makes the constraints and indexes that are not there yet. Community
// Edition has uniqueness constraints and no others.
func (s *server) prepare(ctx context.Context) error {
	for _, cypher := range schemaStatements() {
		if err := s.schema(ctx, cypher); err != nil {
			return err
		}
	}
	return s.schema(ctx, "CALL db.awaitIndexes(300)")
}

func schemaStatements() []string {
	out := []string{
		"CREATE CONSTRAINT clew_estate IF NOT EXISTS FOR (n:Estate) REQUIRE n.name IS UNIQUE",
		"CREATE CONSTRAINT clew_snapshot IF NOT EXISTS FOR (n:Snapshot) REQUIRE n.uid IS UNIQUE",
		"CREATE CONSTRAINT clew_label IF NOT EXISTS FOR (n:Label) REQUIRE n.uid IS UNIQUE",
		"CREATE CONSTRAINT clew_versioned IF NOT EXISTS FOR (n:Versioned) REQUIRE n.uid IS UNIQUE",
		"CREATE INDEX clew_versioned_to IF NOT EXISTS FOR (n:Versioned) ON (n.to)",
	}
	for _, label := range []string{"Principal", "Resource", "Scope", "Credential", labelPolicy} {
		out = append(out, fmt.Sprintf("CREATE INDEX clew_%s_ref IF NOT EXISTS FOR (n:%s) ON (n.ref)", strings.ToLower(label), label))
	}
	for _, r := range relations {
		name := strings.ToLower(string(r))
		out = append(out,
			fmt.Sprintf("CREATE CONSTRAINT clew_%s IF NOT EXISTS FOR ()-[r:%s]-() REQUIRE r.uid IS UNIQUE", name, r),
			fmt.Sprintf("CREATE INDEX clew_%s_to IF NOT EXISTS FOR ()-[r:%s]-() ON (r.to)", name, r))
	}
	return out
}
