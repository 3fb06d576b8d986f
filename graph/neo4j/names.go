package neo4j

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
)

// Labels of this store, besides those that classes, kinds and types make.
const (
	labelVersioned   = "Versioned" // of every node that has from and to
	labelDangling    = "Dangling"
	labelSuperseded  = "Superseded"
	labelPolicy      = "Policy"
	labelCoverage    = "Coverage"
	labelOrigin      = "Origin"
	labelAccessClass = "AccessClass"
	labelEstate      = "Estate"
	labelSnapshot    = "Snapshot"
	labelLabel       = "Label"
)

// Relations of this store, besides graph's.
const (
	attachedTo   graph.Relation = "ATTACHED_TO"
	mentionedFor graph.Relation = "MENTIONED_FOR"
	inClass      graph.Relation = "IN_CLASS"
)

// observed are the relations that ingesters write.
var observed = []graph.Relation{graph.Contains, graph.MemberOf, graph.CredentialOf, graph.RunsAs}

// relations are all types of relation that this store writes. Statements hold
// no other.
var relations = append(slices.Clone(graph.Relations), attachedTo, mentionedFor, inClass)

var classLabels = map[graph.Class]string{
	graph.ClassPrincipal: "Principal", graph.ClassResource: "Resource",
	graph.ClassScope: "Scope", graph.ClassCredential: "Credential",
}

// reserved are the labels that a provider's type cannot have: it would make a
// thing look like what it is not.
var reserved = reservedLabels()

func reservedLabels() map[string]bool {
	out := map[string]bool{}
	for _, k := range graph.Kinds {
		out[string(k)] = true
	}
	for _, label := range classLabels {
		out[label] = true
	}
	for _, label := range []string{labelVersioned, labelDangling, labelSuperseded, labelPolicy, labelCoverage,
		labelOrigin, labelAccessClass, labelEstate, labelSnapshot, labelLabel} {
		out[label] = true
	}
	return out
}

// labelsOf returns the labels of a node: its class, its kind, and of a
// resource the type.
func labelsOf(n graph.Node) []string {
	out := []string{labelVersioned, classLabels[n.Kind.Class()]}
	if string(n.Kind) != out[1] {
		out = append(out, string(n.Kind))
	}
	if n.Kind == graph.KindResource {
		if label := typeLabel(n.Type); label != "" {
			out = append(out, label)
		}
	}
	return out
}

// maxTypeLabel is longer than any type that a provider documents.
const maxTypeLabel = 64

// typeLabel makes a label of a provider's type: "s3:bucket" is S3Bucket. It is
// empty for what is no service and type in plain letters and digits.
func typeLabel(typ string) string {
	service, name, ok := strings.Cut(typ, ":")
	if !ok || service == "" || name == "" || len(typ) > maxTypeLabel {
		return ""
	}
	var b strings.Builder
	up := true
	for _, r := range typ {
		switch {
		case r == ':' || r == '-' || r == '_' || r == '/' || r == '.':
			up = true
			continue
		case r >= utf8.RuneSelf || !alphanumeric(r):
			return ""
		case up && 'a' <= r && r <= 'z':
			r -= 'a' - 'A'
		}
		up = false
		b.WriteRune(r)
	}
	label := b.String()
	if reserved[label] || label == "" || label[0] < 'A' || label[0] > 'Z' {
		return ""
	}
	return label
}

func alphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
