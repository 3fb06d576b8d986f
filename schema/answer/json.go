package answer

import (
	"bytes"
	"encoding/json"
	"io"
)

// JSON is any JSON value, as it was written.
type JSON []byte

// MarshalGQL writes the value without needless blanks.
func (j JSON) MarshalGQL(w io.Writer) {
	var compact bytes.Buffer
	if len(j) == 0 || json.Compact(&compact, j) != nil {
		io.WriteString(w, "null")
		return
	}
	w.Write(compact.Bytes())
}

// UnmarshalGQL takes a value that a client sent: a JSON value, or a string
// that holds one.
func (j *JSON) UnmarshalGQL(value any) error {
	if text, ok := value.(string); ok && json.Valid([]byte(text)) {
		*j = JSON(text)
		return nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fault(BadInput, "no JSON value: %w", err)
	}
	*j = raw
	return nil
}
