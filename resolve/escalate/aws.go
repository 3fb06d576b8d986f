package escalate

import "slices"

// AWS are the techniques on Amazon Web Services. The order is that of the
// families; ids are unique (a test holds it).
var AWS = slices.Concat(
	awsIAMSelf,
	awsIAMUsers,
	awsIAMUserPolicies,
	awsIAMRoles,
	awsIAMUnbound,
	awsIAMLimits,
	awsTagsIAM,
	awsTagsSelf,
	awsTags,
	awsResourcePolicy,
	awsDataRoutes,
	awsOrganization,
	awsRolesAnywhere,
	awsIoT,
	awsEC2Launch,
	awsEC2Instances,
	awsSystemsManager,
	awsLambda,
	awsECS,
	awsContainers,
	awsGlue,
	awsSageMaker,
	awsDataProcessing,
	awsCloudFormation,
	awsCodeBuild,
	awsDeployment,
	awsOrchestration,
	awsAgentCore,
)
