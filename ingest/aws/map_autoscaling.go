package aws

func autoscalingOperations() []operation {
	return []operation{
		{service: "autoscaling", name: "describe-auto-scaling-groups", lone: true, marks: []string{"AutoScalingGroups"},
			each: map[string]recordFunc{"AutoScalingGroups": record(mapAutoScalingGroup)}},
	}
}

// mapAutoScalingGroup writes a group and what it starts instances from.
func mapAutoScalingGroup(m *mapper, g struct {
	AutoScalingGroupARN, AutoScalingGroupName, LaunchConfigurationName string
	LaunchTemplate                                                     struct{ LaunchTemplateID, LaunchTemplateName, Version string }
	Tags                                                               tagList
}) error {
	_, err := m.resource(thing{arn: g.AutoScalingGroupARN, kind: "autoscaling:autoScalingGroup", name: g.AutoScalingGroupName, tags: g.Tags,
		attrs: attrs("launch-configuration", g.LaunchConfigurationName, "launch-template", g.LaunchTemplate.LaunchTemplateID,
			"launch-template-version", g.LaunchTemplate.Version)})
	return err
}
