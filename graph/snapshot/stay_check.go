package snapshot

// What stays must not speak of what is gone.

// checkFeet looks where pivots lead. At what is gone nothing starts.
func (c *carried) checkFeet() error {
	for f, named := range c.feet {
		if node := Index(c.last.footNode[f]); named && c.m.Nodes[node] == None {
			return stale("a pivot leads to %q", c.last.Ref(node))
		}
	}
	return nil
}

func (c *carried) checkAdmins() error {
	for _, row := range c.admins {
		if scope := Index(c.last.admScope[row]); c.m.Nodes[scope] == None {
			return stale("somebody administers %q", c.last.Ref(scope))
		}
	}
	return nil
}

// checkRulings looks at the evidence of pivots and administrations, before rows
// mark theirs.
func (c *carried) checkRulings() error {
	s := c.last
	for ruling := range used(c.uses.rulings) {
		for e := s.rulingOff[ruling]; e < s.rulingOff[ruling+1]; e++ {
			if at := AttachmentIndex(s.evAttachment[e]); c.m.Attachments[at] == AttachmentIndex(None) {
				return c.staleEvidence(at)
			}
		}
	}
	return nil
}

func (c *carried) staleEvidence(at AttachmentIndex) error {
	return stale("there is evidence in a policy of %q", c.last.endRef(c.last.attTo.at(uint32(at))))
}
