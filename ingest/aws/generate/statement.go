package generate

import "encoding/json"

const (
	allow = "Allow"
	deny  = "Deny"
)

// A statement is one of a policy document.
type statement struct {
	Sid         string `json:",omitempty"`
	Effect      string
	Principal   any       `json:",omitempty"`
	Action      any       `json:",omitempty"`
	NotAction   any       `json:",omitempty"`
	Resource    any       `json:",omitempty"`
	NotResource any       `json:",omitempty"`
	Condition   condition `json:",omitempty"`
}

// A condition holds values by operator and key.
type condition map[string]map[string]any

// statements are what a policy document holds.
type statements []statement

// document is the policy as an object, as IAM's listings show it.
func (s statements) document() any {
	return struct {
		Version   string
		Statement []statement
	}{"2012-10-17", s}
}

// text is the policy as a string, as resources and organizations show it.
func (s statements) text() string {
	raw, _ := json.Marshal(s.document()) // strings, lists and maps of them: no error can come
	return string(raw)
}
