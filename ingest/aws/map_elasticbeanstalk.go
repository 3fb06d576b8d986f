package aws

import "github.com/clewgraph/clew/graph"

func elasticbeanstalkOperations() []operation {
	settings := "ConfigurationSettings"
	return []operation{
		{service: "elasticbeanstalk", name: "describe-environments", lone: true, marks: []string{"Environments"}, tells: has("EnvironmentArn"),
			each: map[string]recordFunc{"Environments": record(mapEnvironment)}},
		{service: "elasticbeanstalk", name: "describe-configuration-settings", subject: "application name/environment name", marks: []string{settings},
			survey: map[string]recordFunc{settings: record(surveyEnvironmentSettings)}, each: map[string]recordFunc{settings: record(mapEnvironmentSettings)},
			refOf: ofSubject("elasticbeanstalk", "environment/")},
	}
}

func mapEnvironment(m *mapper, e struct{ EnvironmentArn, EnvironmentID, EnvironmentName, ApplicationName, Status, OperationsRole string }) error {
	_, err := m.resource(thing{arn: e.EnvironmentArn, kind: "elasticbeanstalk:environment", is: graph.KindWorkload, name: e.EnvironmentName, nativeID: e.EnvironmentID,
		attrs: attrs("application", e.ApplicationName, "status", e.Status, "service-role", e.OperationsRole)})
	return err
}

// environmentSettings holds the options of an environment, among them the
// environment variables of its code. One option is read.
type environmentSettings struct {
	OptionSettings []struct{ Namespace, OptionName, Value string }
}

// profile returns the instance profile, by name or ARN. Source:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
func (s environmentSettings) profile() string {
	for _, o := range s.OptionSettings {
		if o.Namespace == "aws:autoscaling:launchconfiguration" && o.OptionName == "IamInstanceProfile" {
			return o.Value
		}
	}
	return ""
}

func surveyEnvironmentSettings(m *mapper, s environmentSettings) error {
	m.c.wantName("instance-profile", s.profile())
	return nil
}

// mapEnvironmentSettings writes what an environment's machines run as.
func mapEnvironmentSettings(m *mapper, s environmentSettings) error {
	ref, err := m.subjectARN("elasticbeanstalk", "environment/")
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, ref)
	if err := m.mentionThing(ref, o); err != nil {
		return err
	}
	return m.runsAs(ref, "instance-profile", s.profile(), o)
}
