package aws

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func ecrOperations() []operation {
	return []operation{
		{service: "ecr", name: "describe-repositories", lone: true, marks: []string{"repositories"}, tells: has("repositoryArn"),
			each: map[string]recordFunc{"repositories": record(mapRepository)}},
		{service: "ecr", name: "get-repository-policy", subject: "repository name", marks: []string{"policyText"}, layers: resourceLayers,
			whole: policyDocument("policyText", "ecr", "repository/", "ecr:repository"), refOf: ofSubject("ecr", "repository/")},
		{service: "ecr", name: "get-registry-policy", marks: []string{"policyText"}, layers: resourceLayers, whole: record(mapRegistryPolicy), refOf: registryOf},
	}
}

// registryOf names the registry of an account and region. AWS has no ARN for
// it; this one is made like those of its repositories.
func registryOf(m *mapper) (graph.Ref, error) {
	s, err := m.inRegion("ecr", "registry")
	return graph.Ref(s), err
}

// mapRegistryPolicy attaches the policy that speaks of every repository of a
// registry.
func mapRegistryPolicy(m *mapper, d struct{ PolicyText jsontext.Value }) error {
	ref, err := registryOf(m)
	if err != nil {
		return err
	}
	return m.resourcePolicy(ref, "ecr:registry", d.PolicyText, "/policyText")
}

type repository struct {
	RepositoryArn, RepositoryName string
	ImageTagMutability            string
	EncryptionConfiguration       struct{ KmsKey string }
}

func mapRepository(m *mapper, r repository) error {
	o, err := m.resource(thing{arn: r.RepositoryArn, kind: "ecr:repository", name: r.RepositoryName,
		attrs: attrs("tag-mutability", r.ImageTagMutability, "kms-key", keyARN(r.RepositoryArn, r.EncryptionConfiguration.KmsKey))})
	if err != nil {
		return err
	}
	a, _ := parseARN(r.RepositoryArn)
	a.resource = "registry"
	return m.c.mentionNode(graph.Node{Ref: graph.Ref(a.String()), Kind: graph.KindResource, Type: "ecr:registry", Name: "registry", Scope: o.Listing.Scope, Origin: o})
}
