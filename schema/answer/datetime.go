package answer

import (
	"io"
	"strconv"
	"time"
)

// A DateTime is a point in time, RFC 3339 in UTC.
type DateTime struct{ time.Time }

// MarshalGQL writes the time.
func (t DateTime) MarshalGQL(w io.Writer) {
	io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
}

// UnmarshalGQL reads what a client sent.
func (t *DateTime) UnmarshalGQL(value any) error {
	text, _ := value.(string)
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fault(BadInput, "%v is no time: want RFC 3339, such as 2026-01-31T12:00:00Z", value)
	}
	t.Time = parsed
	return nil
}

// optionalTime is null where t is not known.
func optionalTime(t time.Time) *DateTime {
	if t.IsZero() {
		return nil
	}
	return &DateTime{t}
}
