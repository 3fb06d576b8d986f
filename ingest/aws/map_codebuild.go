package aws

import "github.com/clewgraph/clew/graph"

func codebuildOperations() []operation {
	return []operation{
		{service: "codebuild", name: "list-projects", marks: []string{"projects"}, each: map[string]recordFunc{"projects": listedName("codebuild", "project/")}},
		{service: "codebuild", name: "batch-get-projects", lone: true, marks: []string{"projects"}, tells: has("serviceRole"),
			each: map[string]recordFunc{"projects": record(mapProject)}},
	}
}

// mapProject reads a project's name, role and where its source lies. Its
// environment may hold secrets and is not read.
func mapProject(m *mapper, p struct {
	Arn, Name, ServiceRole, EncryptionKey, ProjectVisibility, ResourceAccessRole string

	Source struct{ Type, Location string }
	Tags   tagList
}) error {
	_, err := m.resource(thing{arn: p.Arn, kind: "codebuild:project", is: graph.KindWorkload, name: p.Name, tags: p.Tags, role: p.ServiceRole,
		attrs: attrs("source-type", p.Source.Type, "source", withoutUser(p.Source.Location), "visibility", p.ProjectVisibility,
			"resource-access-role", p.ResourceAccessRole, "kms-key", keyARN(p.Arn, p.EncryptionKey))})
	return err
}
