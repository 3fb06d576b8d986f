package aws

func ecrOperations() []operation {
	return []operation{
		{service: "ecr", name: "describe-repositories", lone: true, marks: []string{"repositories"}, tells: has("repositoryArn"),
			each: map[string]recordFunc{"repositories": record(mapRepository)}},
		{service: "ecr", name: "get-repository-policy", subject: "repository name", marks: []string{"policyText"}, layers: resourceLayers,
			whole: policyDocument("policyText", "ecr", "repository/", "ecr:repository"), refOf: ofSubject("ecr", "repository/")},
	}
}

type repository struct {
	RepositoryArn, RepositoryName string
	ImageTagMutability            string
	EncryptionConfiguration       struct{ KmsKey string }
}

func mapRepository(m *mapper, r repository) error {
	_, err := m.resource(thing{arn: r.RepositoryArn, kind: "ecr:repository", name: r.RepositoryName,
		attrs: attrs("tag-mutability", r.ImageTagMutability, "kms-key", keyARN(r.RepositoryArn, r.EncryptionConfiguration.KmsKey))})
	return err
}
