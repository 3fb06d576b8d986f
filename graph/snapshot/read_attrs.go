package snapshot

import "github.com/clewgraph/clew/graph"

// Attrs returns the native properties of a node, as Node does, without reading
// the rest of it.
func (s *Snapshot) Attrs(i Index) []graph.Attr {
	if uint32(i) >= s.n {
		return nil
	}
	return s.attrs(s.nodeAttrs.at(uint32(i)))
}

// Attr returns one native property of a node, "" where it has none of that name.
func (s *Snapshot) Attr(i Index, key string) string {
	if uint32(i) >= s.n {
		return ""
	}
	items := s.list(s.nodeAttrs.at(uint32(i)))
	for at := 0; at+1 < len(items); at += 2 {
		if s.str.shared(items[at]) == key {
			return s.str.text(items[at+1])
		}
	}
	return ""
}

// Tags returns the tags of a node, as Node does.
func (s *Snapshot) Tags(i Index) []graph.Tag {
	if uint32(i) >= s.n {
		return nil
	}
	var tags []graph.Tag
	for _, a := range s.attrs(s.nodeTags.at(uint32(i))) {
		tags = append(tags, graph.Tag(a))
	}
	return tags
}
