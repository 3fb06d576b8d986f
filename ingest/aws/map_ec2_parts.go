package aws

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// The layers of what EC2's machines are made of.
const (
	// LayerUserData says that an instance has user data. Never what it says.
	LayerUserData graph.LayerID = "aws:user-data"
	// LayerLaunchTemplateVersion holds what a version of a launch template gives
	// an instance: its profile, and whether user data. To the template.
	LayerLaunchTemplateVersion graph.LayerID = "aws:launch-template-version"
	// LayerSharing holds with whom a snapshot is shared: accounts, or everybody.
	LayerSharing graph.LayerID = "aws:sharing"
)

func ec2PartOperations() []operation {
	list := func(name, mark string, f recordFunc) operation {
		return operation{service: "ec2", name: name, marks: []string{mark}, each: map[string]recordFunc{mark: f}}
	}
	versions := list("describe-launch-template-versions", "LaunchTemplateVersions", record(mapLaunchTemplateVersion))
	versions.subject, versions.selfEvident, versions.refOf = "launch template id", true, launchTemplateOf
	versions.layers = []graph.LayerID{LayerLaunchTemplateVersion}
	versions.survey = map[string]recordFunc{"LaunchTemplateVersions": record(surveyLaunchTemplateVersion)}
	return []operation{
		list("describe-launch-templates", "LaunchTemplates", record(mapLaunchTemplate)),
		versions,
		{service: "ec2", name: "describe-instance-attribute", subject: "instance id", marks: []string{"UserData"}, layers: []graph.LayerID{LayerUserData},
			whole: record(mapUserData), refOf: ofSubject("ec2", "instance/")},
		list("describe-key-pairs", "KeyPairs", record(mapKeyPair)),
		list("describe-volumes", "Volumes", record(mapVolume)),
		list("describe-snapshots", "Snapshots", record(mapSnapshot)),
		list("describe-images", "Images", record(mapImage)),
		{service: "ec2", name: "describe-snapshot-attribute", subject: "snapshot id", marks: []string{"CreateVolumePermissions"}, layers: []graph.LayerID{LayerSharing},
			whole: mapSnapshotSharing, refOf: snapshotOf},
	}
}

func mapLaunchTemplate(m *mapper, t struct {
	LaunchTemplateID, LaunchTemplateName string
	DefaultVersionNumber                 int64
	Tags                                 tagList
}) error {
	s, err := m.inRegion("ec2", "launch-template/"+t.LaunchTemplateID)
	if err != nil {
		return err
	}
	_, err = m.resource(thing{arn: s, kind: "ec2:launch-template", name: t.LaunchTemplateName, nativeID: t.LaunchTemplateID, tags: t.Tags,
		attrs: attrs("default-version", strconv.FormatInt(t.DefaultVersionNumber, 10))})
	return err
}

// launchTemplateOf names the template of a path; none where the document holds
// the versions of several.
func launchTemplateOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource == "" {
		return "", nil
	}
	return m.subjectARN("ec2", "launch-template/")
}

type launchTemplateVersion struct {
	LaunchTemplateID   string
	VersionNumber      int64
	DefaultVersion     bool
	LaunchTemplateData struct {
		IamInstanceProfile struct{ Arn, Name string }
		UserData           string
		KeyName            string
	}
}

func surveyLaunchTemplateVersion(m *mapper, v launchTemplateVersion) error {
	m.c.wantName("instance-profile", v.LaunchTemplateData.IamInstanceProfile.Name)
	return nil
}

// mapLaunchTemplateVersion reads one version. Instances that name no version
// get the default one, so its profile is the template's.
func mapLaunchTemplateVersion(m *mapper, v launchTemplateVersion) error {
	s, err := m.inRegion("ec2", "launch-template/"+v.LaunchTemplateID)
	if err != nil {
		return err
	}
	subject, err := launchTemplateOf(m)
	if err != nil {
		return err
	}
	ref, o := graph.Ref(s), m.origin(m.doc.account, m.doc.region, subject)
	d := v.LaunchTemplateData
	profile := cmp.Or(d.IamInstanceProfile.Arn, d.IamInstanceProfile.Name)
	text, err := json.Marshal(map[string]any{"VersionNumber": v.VersionNumber, "DefaultVersion": v.DefaultVersion, "IamInstanceProfile": profile,
		"KeyName": d.KeyName, "UserData": d.UserData != ""}, json.Deterministic(true))
	if err != nil {
		return err
	}
	if err := m.factText(fact{ref, LayerLaunchTemplateVersion, "version:" + strconv.FormatInt(v.VersionNumber, 10)}, text, o); err != nil {
		return err
	}
	if !v.DefaultVersion {
		return nil
	}
	return m.runsAs(ref, "instance-profile", profile, o)
}

// mapUserData says that there is user data, which runs as root when an instance
// starts. The text often holds secrets and goes nowhere.
func mapUserData(m *mapper, d struct{ UserData struct{ Value string } }) error {
	ref, err := m.subjectARN("ec2", "instance/")
	if err != nil {
		return err
	}
	text := fmt.Sprintf(`{"UserData":%t}`, d.UserData.Value != "")
	return m.factText(fact{ref, LayerUserData, "user-data"}, jsontext.Value(text), m.origin(m.doc.account, m.doc.region, ref))
}

func mapKeyPair(m *mapper, k struct {
	KeyPairID, KeyName, KeyType string
	Tags                        tagList
}) error {
	s, err := m.inRegion("ec2", "key-pair/"+k.KeyName)
	if err != nil {
		return err
	}
	_, err = m.resource(thing{arn: s, kind: "ec2:key-pair", name: k.KeyName, nativeID: k.KeyPairID, tags: k.Tags, attrs: attrs("key-type", k.KeyType)})
	return err
}

func mapVolume(m *mapper, v struct {
	VolumeID, SnapshotID, KmsKeyID, State string
	Attachments                           []struct{ InstanceID string }
	Tags                                  tagList
}) error {
	s, err := m.inRegion("ec2", "volume/"+v.VolumeID)
	if err != nil {
		return err
	}
	var instances []string
	for _, a := range v.Attachments {
		instances = append(instances, a.InstanceID)
	}
	_, err = m.resource(thing{arn: s, kind: "ec2:volume", name: v.VolumeID, nativeID: v.VolumeID, tags: v.Tags,
		attrs: attrs("state", v.State, "snapshot", v.SnapshotID, "instances", joined(instances), "kms-key", keyARN(s, v.KmsKeyID))})
	return err
}

// snapshotRef: ARNs of snapshots name no account.
func (m *mapper) snapshotRef(id string) (string, error) {
	s, err := m.inRegion("ec2", "snapshot/"+id)
	return withoutAccount(s), err
}

// mapSnapshot writes a snapshot of the account. The operation shows those of
// others that it may use as well: they are in their owners' accounts.
func mapSnapshot(m *mapper, n struct {
	SnapshotID, VolumeID, OwnerID, KmsKeyID string
	Tags                                    tagList
}) error {
	s, err := m.snapshotRef(n.SnapshotID)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, "")
	scope := accountRef(m.doc.account)
	if isAccountID(n.OwnerID) {
		m.c.mention(n.OwnerID, m.partition())
		scope = accountRef(n.OwnerID)
	}
	key := n.KmsKeyID
	return m.node(graph.Node{Ref: graph.Ref(s), Kind: graph.KindResource, Type: "ec2:snapshot", Name: n.SnapshotID, NativeID: n.SnapshotID, Scope: scope,
		Tags: n.Tags.sorted(), Attrs: attrs("volume", n.VolumeID, "kms-key", key), Origin: o})
}

func snapshotOf(m *mapper) (graph.Ref, error) {
	ref, err := m.subjectARN("ec2", "snapshot/")
	return graph.Ref(withoutAccount(string(ref))), err
}

func mapSnapshotSharing(m *mapper, v jsontext.Value) error {
	ref, err := snapshotOf(m)
	if err != nil {
		return err
	}
	return m.fact(fact{ref, LayerSharing, "sharing"}, v, m.origin(m.doc.account, m.doc.region, ref), "CreateVolumePermissions")
}
