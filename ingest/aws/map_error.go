package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// A cliError is an error message of the AWS CLI, in either of its styles.
// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-error-format.html
type cliError struct {
	code      string // "" where the CLI gave none
	operation string // as the API spells it, e.g. "GetBucketPolicy"
	message   string
}

// awsErrorLine is how the CLI words an error that AWS answered. The operation
// is missing where the CLI itself failed.
var awsErrorLine = regexp.MustCompile(`An error occurred \(([^()\s]{1,100})\)(?: when calling the (\w{1,100}) operation)?(?: \([^()]{0,200}\))?: ?([^\r\n]*)`)

// cliFailures begin the CLI's own messages, from before any answer.
var cliFailures = []string{
	"aws: [ERROR]:", "aws: error:", "Unable to locate credentials", "Could not connect to the endpoint URL",
	"Connect timeout on endpoint URL", "Read timeout on endpoint URL", "You must specify a region",
	"The config profile (", "Error when retrieving token from sso", "Error loading SSO Token",
	"Partial credentials found", "Could not load credentials",
}

// parseErrorText reads an error message; false if text is none. It never takes
// text for an error that does not begin like one, apart from white space.
func parseErrorText(text string) (cliError, bool) {
	text = strings.TrimSpace(text)
	if m := awsErrorLine.FindStringSubmatchIndex(text); m != nil && isPreamble(text[:m[0]]) {
		sub := awsErrorLine.FindStringSubmatch(text)
		return cliError{code: sub[1], operation: sub[2], message: strings.TrimSpace(sub[3])}, true
	}
	for _, begin := range cliFailures {
		if strings.HasPrefix(text, begin) {
			line, _, _ := strings.Cut(text, "\n")
			return cliError{message: strings.TrimSpace(line)}, true
		}
	}
	return cliError{}, false
}

// isPreamble: what may stand before the message.
func isPreamble(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || s == "aws: [ERROR]:" || strings.HasPrefix(s, "aws: [ERROR]:") && !strings.ContainsAny(s, "{}<>")
}

// noneExists are the codes by which AWS says that there is nothing, by the API
// references of S3, S3 Control, Lambda, Secrets Manager, IAM, SQS,
// Organizations, DynamoDB, EFS, ECR, Glue, ECS and CloudFormation.
var noneExists = []string{
	"NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration", "ResourceNotFoundException",
	"NoSuchEntity", "NoSuchEntityException", "AWSOrganizationsNotInUseException",
	"PolicyNotFoundException", "PolicyNotFound", "RepositoryPolicyNotFoundException", "RegistryPolicyNotFoundException", "RepositoryNotFoundException", "FileSystemNotFound",
	"EntityNotFoundException", "ServerSideEncryptionConfigurationNotFoundError", "ClusterNotFoundException", "StackSetNotFoundException",
}

// reasons sort the other codes; the first match counts.
var reasons = []struct {
	parts  []string // the code contains one of them
	reason graph.GapReason
}{
	{[]string{"AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError", "Forbidden"}, graph.ReasonAccessDenied},
	{[]string{"Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown", "LimitExceeded"}, graph.ReasonThrottled},
	{[]string{"Timeout", "TimedOut"}, graph.ReasonTimeout},
	{[]string{"ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch", "AuthFailure",
		"InvalidAccessKeyId", "NoCredentials", "NoRegion", "OptInRequired"}, graph.ReasonNotConfigured},
	{[]string{"UnsupportedOperation", "NotImplemented", "MethodNotAllowed"}, graph.ReasonUnsupported},
}

// status says what the error means for coverage.
func (e cliError) status() (graph.Status, graph.GapReason) {
	if slices.Contains(noneExists, e.code) {
		return graph.NoneExists, ""
	}
	for _, r := range reasons {
		for _, part := range r.parts {
			if strings.Contains(e.code, part) {
				return graph.Failed, r.reason
			}
		}
	}
	if e.code != "" {
		return graph.Failed, graph.ReasonMissing
	}
	return graph.Failed, reasonOfMessage(e.message)
}

// reasonOfMessage sorts the CLI's own messages, which have no code.
func reasonOfMessage(message string) graph.GapReason {
	lower := strings.ToLower(message)
	switch {
	case strings.Contains(lower, "timeout"), strings.Contains(lower, "could not connect"):
		return graph.ReasonTimeout
	case strings.Contains(lower, "credentials"), strings.Contains(lower, "region"), strings.Contains(lower, "profile"),
		strings.Contains(lower, "sso"):
		return graph.ReasonNotConfigured
	}
	return graph.ReasonMissing
}

// String words e for a person.
func (e cliError) String() string {
	switch {
	case e.code == "":
		return e.message
	case e.operation == "":
		return e.code + ": " + e.message
	}
	return e.code + " from " + e.operation + ": " + e.message
}
