package escalate

import "github.com/clewgraph/clew/graph"

// awsDataRoutes are ways by which data leaves, and what workloads load.
// Reading something directly is access and needs no technique.
var awsDataRoutes = []Technique{
	{
		// A snapshot can be shared with any account, which makes a volume of it.
		// Not one that is encrypted: its key would have to be shared, too.
		ID: "aws-ec2-share-snapshot", Title: "ec2:ModifySnapshotAttribute",
		Provider: graph.AWS, Category: DataAccess,
		Vars:   []Var{{Name: "snapshot", Type: "ec2:snapshot"}},
		Facts:  []Fact{{Kind: HasNoAttr, A: "snapshot", Value: "kms-key"}},
		Needs:  []Need{{Action: "ec2:ModifySnapshotAttribute", On: "snapshot"}},
		Yields: Yield{Of: "snapshot", Data: "the volume that the snapshot is of"},
		Log: []Event{{Source: "ec2.amazonaws.com", Name: "ModifySnapshotAttribute", Match: map[string]string{
			"requestParameters.attributeType": "CREATE_VOLUME_PERMISSION",
			"requestParameters.snapshotId":    "$snapshot.name",
		}}},
		Reference: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
		Status:    Known,
	},
	{
		// A snapshot of a volume is made, and shared.
		ID: "aws-ec2-create-and-share-snapshot", Title: "ec2:CreateSnapshot + ec2:ModifySnapshotAttribute",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{
			{Name: "volume", Type: "ec2:volume"},
			{Name: "snapshot", Type: "ec2:snapshot", New: true},
		},
		Facts: []Fact{{Kind: HasNoAttr, A: "volume", Value: "kms-key"}},
		Needs: []Need{
			{Action: "ec2:CreateSnapshot", On: "volume"},
			{Action: "ec2:ModifySnapshotAttribute", On: "snapshot"},
		},
		Yields: Yield{Of: "volume", Data: "the volume"},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateSnapshot", Match: map[string]string{
				"requestParameters.volumeId":  "$volume.name",
				"responseElements.snapshotId": "$snapshot.name",
			}},
			{Source: "ec2.amazonaws.com", Name: "ModifySnapshotAttribute", Match: map[string]string{
				"requestParameters.attributeType": "CREATE_VOLUME_PERMISSION",
				"requestParameters.snapshotId":    "$snapshot.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
		Status:    Known,
	},
	{
		// An image can be shared with any account, which launches it and reads its
		// volumes. Not one of encrypted snapshots.
		ID: "aws-ec2-share-image", Title: "ec2:ModifyImageAttribute",
		Provider: graph.AWS, Category: DataAccess,
		Vars:   []Var{{Name: "image", Type: "ec2:image"}},
		Facts:  []Fact{{Kind: HasNoAttr, A: "image", Value: "encrypted"}},
		Needs:  []Need{{Action: "ec2:ModifyImageAttribute", On: "image"}},
		Yields: Yield{Of: "image", Data: "the volumes that the image holds"},
		Log: []Event{{Source: "ec2.amazonaws.com", Name: "ModifyImageAttribute", Match: map[string]string{
			"requestParameters.attributeType": "launchPermission",
			"requestParameters.imageId":       "$image.name",
		}}},
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html",
		Status:    Known,
	},
	{
		// A manual snapshot of a database can be shared with any account, which
		// restores it. Automated ones cannot be shared, and encrypted ones not
		// without their key.
		ID: "aws-rds-share-snapshot", Title: "rds:ModifyDBSnapshotAttribute",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{{Name: "snapshot", Type: "rds:snapshot"}},
		Facts: []Fact{
			{Kind: HasAttr, A: "snapshot", Value: "snapshot-type=manual"},
			{Kind: HasNoAttr, A: "snapshot", Value: "kms-key"},
		},
		Needs:  []Need{{Action: "rds:ModifyDBSnapshotAttribute", On: "snapshot"}},
		Yields: Yield{Of: "snapshot", Data: "the database that the snapshot is of"},
		Log: []Event{{Source: "rds.amazonaws.com", Name: "ModifyDBSnapshotAttribute", Match: map[string]string{
			"requestParameters.attributeName":        "restore",
			"requestParameters.dBSnapshotIdentifier": "$snapshot.name",
		}}},
		Reference: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
		Status:    Known,
	},
	{
		// A snapshot of a database is made, and shared.
		ID: "aws-rds-create-and-share-snapshot", Title: "rds:CreateDBSnapshot + rds:ModifyDBSnapshotAttribute",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{
			{Name: "database", Type: "rds:db"},
			{Name: "snapshot", Type: "rds:snapshot", New: true},
		},
		Facts: []Fact{{Kind: HasNoAttr, A: "database", Value: "kms-key"}},
		Needs: []Need{
			{Action: "rds:CreateDBSnapshot", On: "database"},
			{Action: "rds:CreateDBSnapshot", On: "snapshot"},
			{Action: "rds:ModifyDBSnapshotAttribute", On: "snapshot"},
		},
		Yields: Yield{Of: "database", Data: "the database"},
		Log: []Event{
			{Source: "rds.amazonaws.com", Name: "CreateDBSnapshot", Match: map[string]string{
				"requestParameters.dBInstanceIdentifier": "$database.name",
				"requestParameters.dBSnapshotIdentifier": "$snapshot.name",
			}},
			{Source: "rds.amazonaws.com", Name: "ModifyDBSnapshotAttribute", Match: map[string]string{
				"requestParameters.attributeName":        "restore",
				"requestParameters.dBSnapshotIdentifier": "$snapshot.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
		Status:    Known,
	},
	{
		// A grant lets whom it names use a key. What denies the actor still does.
		ID: "aws-kms-creategrant", Title: "kms:CreateGrant",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{{Name: "key", Type: "kms:key"}},
		Needs: []Need{
			{Action: "kms:CreateGrant", On: "key", With: map[string]string{"kms:GrantIsForAWSResource": "false", "kms:GrantOperations": "Decrypt"}},
			{Action: "kms:Decrypt", On: "key", Given: true},
		},
		Yields: Yield{Of: "key", Data: "what is encrypted under the key"},
		Log: []Event{{Source: "kms.amazonaws.com", Name: "CreateGrant", Match: map[string]string{
			"requestParameters.keyId":      "$key.name",
			"requestParameters.operations": "Decrypt",
		}}},
		Reference: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
		Status:    Known,
	},
	{
		// The next task that a service starts pulls the image again: whoever may push
		// over its tag has its code run as the task's role.
		ID: "aws-ecr-putimage-ecs", Title: "ecr:PutImage",
		Provider: graph.AWS, Category: PoisonedInput,
		Vars: []Var{
			{Name: "service", Type: "ecs:service", Listing: "ecs describe-services"},
			{Name: "definition", Type: "ecs:task-definition"},
			{Name: "repository", Type: "ecr:repository"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: AttrNames, A: "service", B: "definition", Value: "task-definition"},
			{Kind: Loads, A: "definition", B: "repository", Value: "images"},
			{Kind: HasAttr, A: "repository", Value: "tag-mutability=MUTABLE"},
			{Kind: RunsAs, A: "service", B: "role"},
		},
		Needs: []Need{
			{Action: "ecr:GetAuthorizationToken", On: "*"},
			{Action: "ecr:BatchCheckLayerAvailability", On: "repository"},
			{Action: "ecr:InitiateLayerUpload", On: "repository"},
			{Action: "ecr:UploadLayerPart", On: "repository"},
			{Action: "ecr:CompleteLayerUpload", On: "repository"},
			{Action: "ecr:PutImage", On: "repository"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecr.amazonaws.com", Name: "InitiateLayerUpload", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
			{Source: "ecr.amazonaws.com", Name: "PutImage", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html",
		Status:    Known,
	},
	{
		// A job loads its script from a bucket each time that it runs. Whoever may
		// write there has its code run as the job's role the next time. Of jobs that
		// no document shows it is not known which object that would be.
		ID: "aws-s3-putobject-glue-script", Title: "s3:PutObject",
		Provider: graph.AWS, Category: PoisonedInput,
		Vars: []Var{
			{Name: "job", Type: "glue:job"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "job", B: "role"},
			{Kind: HasAttr, A: "job", Value: "script"},
		},
		Needs:     []Need{{Action: "s3:PutObject", On: "job@script"}},
		Yields:    Yield{Of: "role", Hold: graph.AsCode},
		Log:       []Event{{Source: "s3.amazonaws.com", Name: "PutObject", Match: map[string]string{"resources.ARN": "$job@script"}}},
		Reference: "https://docs.aws.amazon.com/glue/latest/dg/add-job.html",
		Status:    Known,
	},
}
