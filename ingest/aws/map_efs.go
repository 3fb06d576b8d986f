package aws

func efsOperations() []operation {
	return []operation{
		{service: "efs", name: "describe-file-systems", lone: true, marks: []string{"FileSystems"}, tells: has("FileSystemArn"),
			each: map[string]recordFunc{"FileSystems": record(mapFileSystem)}},
		{service: "efs", name: "describe-file-system-policy", subject: "file system id", marks: []string{"Policy"}, layers: resourceLayers,
			whole: policyDocument("Policy", "elasticfilesystem", "file-system/", "elasticfilesystem:file-system"),
			refOf: ofSubject("elasticfilesystem", "file-system/")},
	}
}

type fileSystem struct {
	FileSystemArn, FileSystemID, Name, KmsKeyID string
	Tags                                        tagList
}

func mapFileSystem(m *mapper, f fileSystem) error {
	_, err := m.resource(thing{arn: f.FileSystemArn, kind: "elasticfilesystem:file-system", name: f.Name, nativeID: f.FileSystemID, tags: f.Tags,
		attrs: attrs("kms-key", keyARN(f.FileSystemArn, f.KmsKeyID))})
	return err
}
