package aws

import (
	"fmt"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func ec2Operations() []operation {
	return []operation{
		{service: "ec2", name: "describe-instances", lone: true, marks: []string{"Reservations"},
			each: map[string]recordFunc{"Reservations": mapReservation}},
		{service: "ec2", name: "describe-vpc-endpoints", lone: true, marks: []string{"VpcEndpoints"}, layers: []graph.LayerID{LayerVPCEndpoint},
			each: map[string]recordFunc{"VpcEndpoints": mapVPCEndpoint}},
	}
}

type instance struct {
	InstanceId         string
	IamInstanceProfile struct{ Arn string }
	Placement          struct{ AvailabilityZone string }
	State              struct{ Name string }
	KeyName            string
	MetadataOptions    struct{ HttpTokens string }
	PublicIpAddress    string
	Tags               tagList
}

func mapReservation(m *mapper, v jsontext.Value) error {
	var r struct {
		OwnerId   string
		Instances []instance
	}
	if err := decode(v, &r); err != nil {
		return err
	}
	for _, i := range r.Instances {
		if err := m.instance(r.OwnerId, i); err != nil {
			return err
		}
	}
	return nil
}

// zoneRegion is the region that a zone's name begins with: eu-west-1a,
// us-west-2-lax-1a.
var zoneRegion = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}`)

// regionOr returns the tree's region, or else the one that begins zone.
func (m *mapper) regionOr(zone string) (string, error) {
	if m.doc.region != "" {
		return m.doc.region, nil
	}
	if region := zoneRegion.FindString(zone); region != "" {
		return region, nil
	}
	return "", fmt.Errorf("%w: %s: zone %.60q: want the name of a zone, or the document in a region's folder", ErrContent, m.pointer, zone)
}

func (m *mapper) instance(owner string, i instance) error {
	region, err := m.regionOr(i.Placement.AvailabilityZone)
	if err != nil {
		return err
	}
	a := arn{partitionOf(region), "ec2", region, owner, "instance/" + i.InstanceId}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	a.account = account
	o := m.origin(account, region, "")
	ref := graph.Ref(a.String())
	err = m.node(graph.Node{Ref: ref, Kind: graph.KindWorkload, Type: "ec2:instance", Name: i.InstanceId, NativeID: i.InstanceId,
		Scope: accountRef(account), Tags: i.Tags.sorted(), Attrs: attrs("state", i.State.Name, "key-pair", i.KeyName,
			"http-tokens", i.MetadataOptions.HttpTokens, "public-address", i.PublicIpAddress), Origin: o})
	if err != nil || i.IamInstanceProfile.Arn == "" {
		return err
	}
	return m.edge(ref, graph.RunsAs, graph.Ref(i.IamInstanceProfile.Arn), o)
}

// mapVPCEndpoint reads the policy of a gateway to AWS's services. Only in a
// region's folder: the document names no zone.
func mapVPCEndpoint(m *mapper, v jsontext.Value) error {
	var e struct {
		VpcEndpointId, VpcId, ServiceName, OwnerId string
		PolicyDocument                             jsontext.Value
		Tags                                       tagList
	}
	if err := decode(v, &e); err != nil {
		return err
	}
	region, err := m.regionOr(serviceRegion(e.ServiceName))
	if err != nil {
		return err
	}
	ref := arn{partitionOf(region), "ec2", region, e.OwnerId, "vpc-endpoint/" + e.VpcEndpointId}.String()
	o, err := m.resource(thing{arn: ref, kind: "ec2:vpc-endpoint", name: e.VpcEndpointId, nativeID: e.VpcEndpointId, tags: e.Tags,
		attrs: attrs("service", e.ServiceName, "vpc", e.VpcId)})
	if err != nil || len(e.PolicyDocument) == 0 {
		return err
	}
	return m.attach(graph.Attachment{To: graph.Ref(ref), Layer: LayerVPCEndpoint, Policy: graph.Ref(ref + "#policy"), Name: "policy",
		Inline: true, Origin: o}, e.PolicyDocument, "/PolicyDocument")
}

// serviceRegion finds the region in a service name: com.amazonaws.eu-west-1.s3.
var serviceName = regexp.MustCompile(`(?:^|\.)com\.amazonaws\.([a-z0-9-]+)\.`)

func serviceRegion(name string) string {
	if m := serviceName.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return ""
}
