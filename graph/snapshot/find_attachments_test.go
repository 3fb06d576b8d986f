package snapshot_test

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Attached is held against the records of all attachments.
func TestAttachedIsWhatTheRecordsSay(t *testing.T) {
	s := opened(t, build(t, small("iam.json", "s3.json")...))
	layers := map[graph.LayerID]bool{"none": true}
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		layers[s.Attachment(a).Layer] = true
		equal(t, "layer", s.AttachmentLayer(a), s.Attachment(a).Layer)
	}
	for node := range snapshot.Index(s.NumNodes()) {
		for layer := range layers {
			want := slices.DeleteFunc(s.Attachments(node), func(a snapshot.AttachmentIndex) bool { return s.Attachment(a).Layer != layer })
			if got := s.Attached(node, layer); !slices.Equal(got, want) {
				t.Errorf("node %d, layer %s: got %v, want %v", node, layer, got, want)
			}
		}
	}
	equal(t, "attached to no node", len(s.Attached(snapshot.None, "aws:identity")), 0)
}

func TestDocumentsByNumber(t *testing.T) {
	s := opened(t, build(t, small("iam.json", "s3.json")...))
	some := 0
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		number, ok := s.DocumentNumber(a)
		equal(t, "has a document", ok, s.Attachment(a).Document != nil)
		if ok {
			some++
			equal(t, "text", string(s.DocumentText(number)), string(s.Attachment(a).Document))
		}
	}
	if some == 0 {
		t.Error("no attachment has a document")
	}
	_, ok := s.DocumentNumber(snapshot.AttachmentIndex(s.NumAttachments()))
	equal(t, "document of no attachment", ok, false)
}
