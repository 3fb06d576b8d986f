package aws

import (
	"fmt"
	"slices"

	"github.com/clewgraph/clew/graph"
)

type machineImage struct {
	ImageID, Name, OwnerID string
	Public                 bool
	Tags                   tagList
	BlockDeviceMappings    []struct {
		Ebs struct{ Encrypted bool }
	}
}

// mapImage writes a machine image. The operation shows those of others that the
// account may use as well, of AWS and its sellers by default: they are in their
// owners' accounts.
func mapImage(m *mapper, i machineImage) error {
	s, err := m.inRegion("ec2", "image/"+i.ImageID)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, "")
	scope := accountRef(m.doc.account)
	if isAccountID(i.OwnerID) {
		m.c.mention(i.OwnerID, m.partition())
		scope = accountRef(i.OwnerID)
	}
	encrypted := ""
	if slices.ContainsFunc(i.BlockDeviceMappings, func(d struct{ Ebs struct{ Encrypted bool } }) bool { return d.Ebs.Encrypted }) {
		encrypted = "true"
	}
	return m.node(graph.Node{Ref: graph.Ref(withoutAccount(s)), Kind: graph.KindResource, Type: "ec2:image", Name: i.Name, NativeID: i.ImageID,
		Scope: scope, Tags: i.Tags.sorted(), Attrs: attrs("public", fmt.Sprint(i.Public), "encrypted", encrypted), Origin: o})
}
