package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// A document is one file and what the first reading found out of it.
type document struct {
	file
	early     bool // it must be read before anything is mapped
	op        *operation
	members   []string // top-level names, in order
	truncated string   // the member that says that there is more; "" if none
	empty     bool     // the CLI prints nothing where an answer holds nothing
	failure   *cliError
	broken    error // of a document in a tree: a gap rather than the end
	bytes     int64
	text      []byte // of a small one, kept for the second reading

	origins map[graph.Listing]*graph.Origin
}

// survey reads the whole document once: it must be sound, of a known kind and
// in the right place. What other documents need of it goes to c.
func (d *document) survey(ctx context.Context, c *collection) error {
	r, err := d.unpack(ctx)
	if err != nil {
		err = fmt.Errorf("%s: %w", d.path, err)
		if errors.Is(err, ErrSyntax) {
			return d.orBroken(err)
		}
		return err
	}
	defer r.Close()
	d.keep(c, r)
	err = d.surveyFrom(c, r)
	d.bytes = r.read()
	if err == nil && d.op != nil && d.op.stream != nil && !slices.Equal(d.members[:1], d.op.marks) {
		// Recognised after other members had passed by: read it once more.
		err = d.surveyAgain(ctx, c)
	}
	if err == nil {
		return d.check()
	}
	if errors.Is(err, ErrSyntax) && d.inTree() {
		d.broken = err
		return nil
	}
	return err
}

func (d *document) surveyAgain(ctx context.Context, c *collection) error {
	r, err := d.unpack(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	defer r.Close()
	d.members = nil
	return d.surveyFrom(c, r)
}

func (d *document) surveyFrom(c *collection, r reader) error {
	switch first, err := firstByte(r); {
	case errors.Is(err, io.EOF):
		d.empty = true
		return nil
	case err != nil:
		return d.failAt(0, err)
	case first != '{' && first != '[':
		return d.surveyText(r)
	}
	m := &mapper{c: c, doc: d}
	m.lead = r.passed() // white space before the document
	dec, done := r.decoder()
	defer done()
	m.dec = dec
	err := readMembers(dec, func(name string) error {
		d.members = append(d.members, name)
		return d.surveyMember(m, name)
	})
	if err != nil {
		err = d.failAt(m.lead+dec.InputOffset(), shift(err, m.lead))
	}
	return err
}

// shift moves a syntax error's offset past bytes that the decoder never saw.
func shift(err error, by int64) error {
	if syntax := new(jsontext.SyntacticError); errors.As(err, &syntax) && by > 0 {
		moved := *syntax
		moved.ByteOffset += by
		return &moved
	}
	return err
}

func (d *document) surveyText(r reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxText))
	if err != nil {
		return d.failAt(0, err)
	}
	failure, ok := parseErrorText(string(text))
	if !ok {
		return d.failAt(0, fmt.Errorf("%w: neither JSON nor an error message of the AWS CLI", ErrSyntax))
	}
	d.failure = &failure
	return nil
}

// surveyMember reads one top-level member.
func (d *document) surveyMember(m *mapper, name string) error {
	if d.op == nil {
		d.op = recogniseName(name)
	}
	if slices.Contains(pagingMembers, name) {
		v, err := m.dec.ReadValue()
		if err == nil && saysMore(v) && d.truncated == "" {
			d.truncated = name
		}
		return err
	}
	if d.op != nil && d.op.stream != nil {
		return d.op.stream(m, name, true)
	}
	if d.op != nil && (d.op.survey[name] == nil || m.c.hears == hearNothing) {
		return d.surveyOther(m, name)
	}
	return readRecords(m.dec, func(v jsontext.Value) error {
		if d.op == nil {
			d.op = recogniseRecord(name, v)
		}
		if d.op == nil || d.op.survey[name] == nil || m.c.hears == hearNothing {
			return nil
		}
		m.standAt(v)
		return d.op.survey[name](m, v)
	})
}

// surveyOther skips a member that no other document needs; in a tree an error
// may also be written as JSON.
func (d *document) surveyOther(m *mapper, name string) error {
	if name != "Code" && name != "Message" || slices.Contains(d.op.marks, name) {
		return m.dec.SkipValue()
	}
	v, err := m.dec.ReadValue()
	if err != nil || v.Kind() != '"' {
		return err
	}
	if d.failure == nil {
		d.failure = &cliError{}
	}
	text, err := unquote(v)
	if name == "Code" {
		d.failure.code = text
	} else {
		d.failure.message = text
	}
	return err
}

// pagingMembers are the top-level members by which AWS says that an answer has
// further pages, across its services' styles.
var pagingMembers = []string{
	"IsTruncated", "Truncated", "NextToken", "nextToken", "Marker", "NextMarker", "ContinuationToken",
}

func saysMore(v jsontext.Value) bool {
	return v.Kind() == 't' || v.Kind() == '"' && len(v) > len(`""`)
}

// check says whether the document, sound as it is, can be used where it lies.
func (d *document) check() error {
	switch {
	case d.failure != nil && d.failure.code == "" && d.failure.message == "":
		d.failure = nil
	case d.failure != nil && !d.inTree():
		return fmt.Errorf("%s: %w: an error message of the AWS CLI says nothing of the account that was asked: want it at %s", d.path, ErrMisplaced, treeForm)
	case d.failure != nil:
		return nil
	}
	if d.op == nil {
		return d.unknown()
	}
	if d.empty {
		if d.inTree() && d.op.mayBeEmpty {
			return nil
		}
		return d.orBroken(fmt.Errorf("%s: %w: empty file", d.path, ErrSyntax))
	}
	if !d.holdsAny(d.op.marks) {
		return fmt.Errorf("%s: %w: want the output of aws %s %s (member %s), found members %s",
			d.path, ErrUnknownDocument, d.op.service, d.op.name, strings.Join(d.op.marks, " or "), d.memberList())
	}
	if d.op.subject != "" && d.resource == "" && !d.op.selfEvident {
		return fmt.Errorf("%s: %w: the output of aws %s %s does not say which %s it is of: want it at %s/<%s>.json",
			d.path, ErrMisplaced, d.op.service, d.op.name, d.op.subject, strings.TrimSuffix(d.op.path(), ".json"), d.op.subject)
	}
	return nil
}

// orBroken makes a gap of an error where the tree says what is missing.
func (d *document) orBroken(err error) error {
	if d.inTree() {
		d.broken = err
		return nil
	}
	return err
}

func (d *document) unknown() error {
	switch {
	case d.inTree():
		return nil // coverage says that it is not read
	case d.empty:
		return fmt.Errorf("%s: %w: empty file", d.path, ErrSyntax)
	}
	if ops := misplacedBy(d.members); ops != nil {
		return fmt.Errorf("%s: %w: this looks like the output of aws %s, which does not say what it is of: want it at %s",
			d.path, ErrMisplaced, strings.Join(ops, " or aws "), treeForm)
	}
	return fmt.Errorf("%s: %w: members %s: want the output of one of: %s",
		d.path, ErrUnknownDocument, d.memberList(), knownDocuments())
}

func (d *document) holdsAny(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(d.members, n) })
}

// memberList shows what the document holds, briefly: names are hostile text.
func (d *document) memberList() string {
	if len(d.members) == 0 {
		return "none"
	}
	var shown []string
	for _, m := range d.members[:min(len(d.members), 6)] {
		shown = append(shown, fmt.Sprintf("%.40q", m))
	}
	if len(d.members) > 6 {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}

// mapRecords reads the document again and maps every record of it.
func (d *document) mapRecords(ctx context.Context, m *mapper) error {
	r, err := d.again(ctx, m.c)
	if err != nil {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	defer r.Close()
	dec, done := r.decoder(sound)
	defer done()
	m.dec = dec
	if d.op.whole != nil {
		v, err := m.dec.ReadValue()
		if err == nil {
			m.standAt(v)
			err = d.op.whole(m, v)
		}
		return d.wrap(m, err)
	}
	return d.wrap(m, readMembers(m.dec, func(name string) error { return d.mapMember(m, name) }))
}

func (d *document) mapMember(m *mapper, name string) error {
	if d.op.stream != nil {
		return d.op.stream(m, name, false)
	}
	each := d.op.each[name]
	if each == nil {
		return m.dec.SkipValue()
	}
	return readRecords(m.dec, func(v jsontext.Value) error {
		m.standAt(v)
		return each(m, v)
	})
}

// wrap names the record that a mapping error happened in. The sink's errors
// and file errors stay what they are.
func (d *document) wrap(m *mapper, err error) error {
	if err == nil || errors.Is(err, errSink) {
		return err
	}
	return d.failAt(m.offset, err)
}
