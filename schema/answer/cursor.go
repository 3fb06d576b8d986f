package answer

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// A cursor is a place in the answer to one question of one snapshot. People
// see it encoded: it is none of their business.
type cursor struct {
	snapshot string
	question string // a hash of the question without first and after
	at       int    // rows before the place
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte("1 " + c.question + " " + strconv.Itoa(c.at) + " " + c.snapshot))
}

func parseCursor(text string) (cursor, error) {
	bad := fault(BadInput, "after: %q is no cursor of this server", shorten(text))
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return cursor{}, bad
	}
	parts := strings.SplitN(string(raw), " ", 4)
	if len(parts) != 4 || parts[0] != "1" {
		return cursor{}, bad
	}
	at, err := strconv.Atoi(parts[2])
	if err != nil || at < 0 {
		return cursor{}, bad
	}
	return cursor{question: parts[1], at: at, snapshot: parts[3]}, nil
}

// CursorSnapshot returns the id of the snapshot that a cursor belongs to.
func CursorSnapshot(after string) (string, error) {
	c, err := parseCursor(after)
	return c.snapshot, err
}

// shorten keeps hostile input out of messages.
func shorten(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// hashQuestion tells questions apart.
func hashQuestion(question ...any) string {
	h := fnv.New64a()
	for _, q := range question {
		fmt.Fprintf(h, "%+v\x00", q)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// A window is the page of a list that was asked for.
type window struct {
	first, from int
	cursor      cursor
}

// window reads first and after of a question.
func (v *View) window(first int, after *string, question ...any) (window, error) {
	if v.sight != nil {
		question = append(question, v.sight.text())
	}
	return newWindow(v.limits, v.Info.ID, first, after, question...)
}

func newWindow(l Limits, snapshot string, first int, after *string, question ...any) (window, error) {
	w := window{first: first, cursor: cursor{snapshot: snapshot, question: hashQuestion(question...)}}
	if first < 0 {
		return w, fault(BadInput, "first: %d is negative", first)
	}
	if first > l.PageSize {
		return w, fault(Limit, "first: %d is more than the %d of a page", first, l.PageSize)
	}
	if after == nil || *after == "" {
		return w, nil
	}
	c, err := parseCursor(*after)
	if err != nil {
		return w, err
	}
	if c.snapshot != w.cursor.snapshot {
		return w, fault(BadInput, "after: the cursor belongs to snapshot %s, asked was %s", shorten(c.snapshot), snapshot)
	}
	if c.question != w.cursor.question {
		return w, fault(BadInput, "after: the cursor belongs to another question")
	}
	w.from = c.at
	return w, nil
}

// end returns where the page ends in a list of n.
func (w window) end(n int) int { return min(w.start(n)+w.first, n) }

func (w window) start(n int) int { return min(w.from, n) }

// at returns the cursor behind row i.
func (w window) at(i int) string {
	c := w.cursor
	c.at = i + 1
	return c.String()
}

// info describes the page of a list of n; more says that the list goes on
// behind what is known of it.
func (w window) info(n int, more bool) PageInfo {
	from, to := w.start(n), w.end(n)
	p := PageInfo{HasNextPage: to < n || more, HasPreviousPage: from > 0}
	if from < to {
		start, end := w.at(from), w.at(to-1)
		p.StartCursor, p.EndCursor = &start, &end
	}
	return p
}

// around describes the page where it has n rows.
func (w window) around(n int, more bool) PageInfo {
	p := PageInfo{HasNextPage: more, HasPreviousPage: w.from > 0}
	if n > 0 {
		start, end := w.at(w.from), w.at(w.from+n-1)
		p.StartCursor, p.EndCursor = &start, &end
	}
	return p
}

// page makes the edges of a window of a list.
func page[T, E any](w window, list []T, edge func(cursor string, item T) E) []E {
	from, to := w.start(len(list)), w.end(len(list))
	edges := make([]E, 0, to-from)
	for i := from; i < to; i++ {
		edges = append(edges, edge(w.at(i), list[i]))
	}
	return edges
}
