package aws

func terraformOperations() []operation { return nil }

type terraformIndex struct{}

func newTerraformIndex() terraformIndex { return terraformIndex{} }
