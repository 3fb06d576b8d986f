package generate

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"slices"
)

// A writer writes documents. After the first error it writes nothing more.
type writer struct {
	*plan
	create Create
	err    error
}

// A document is one file under way: an object whose members are lists.
type document struct {
	w     *writer
	file  io.WriteCloser
	out   *bufio.Writer
	comma string // before the next member or record
}

// object is any record: encoding/json sorts its members.
type object = map[string]any

// path is where the tree keeps the answer of an operation.
func (w *writer) path(a int, region, service, operation string) string {
	return w.accountID(a) + "/" + region + "/" + service + "/" + operation
}

// open begins a document.
func (w *writer) open(path string) *document {
	d := &document{w: w}
	if w.err != nil {
		return d
	}
	if d.file, w.err = w.create(path + ".json"); w.err == nil {
		d.out = bufio.NewWriterSize(d.file, 64<<10)
		d.text("{")
	}
	return d
}

// list writes a member that is a list of n records.
func (d *document) list(member string, n int, record func(i int) any) {
	d.text(d.comma + "\n\"" + member + "\": [")
	d.comma = ""
	for i := range n {
		if d.w.err != nil {
			return
		}
		d.text(d.comma + "\n")
		d.value(record(i))
		d.comma = ","
	}
	d.text("\n]")
	d.comma = ","
}

// member writes a member that is one value.
func (d *document) member(name string, v any) {
	d.text(d.comma + "\n\"" + name + "\": ")
	d.value(v)
	d.comma = ","
}

func (d *document) value(v any) {
	if d.w.err != nil {
		return
	}
	raw, err := json.Marshal(v)
	if d.w.err = err; err == nil {
		_, d.w.err = d.out.Write(raw)
	}
}

func (d *document) text(s string) {
	if d.w.err == nil {
		_, d.w.err = d.out.WriteString(s)
	}
}

// close ends a document.
func (d *document) close() {
	d.text("\n}\n")
	if d.w.err == nil {
		d.w.err = d.out.Flush()
	}
	if d.file == nil {
		return
	}
	if err := d.file.Close(); d.w.err == nil {
		d.w.err = err
	}
}

// lists writes a document that is one list.
func (w *writer) lists(path, member string, n int, record func(i int) any) {
	d := w.open(path)
	d.list(member, n, record)
	d.close()
}

// one writes a document that is one object, about one resource.
func (w *writer) one(path, resource, member string, v any) {
	d := w.open(path + "/" + url.PathEscape(resource))
	d.member(member, v)
	d.close()
}

// refused writes what the CLI says in place of a document.
func (w *writer) refused(path, resource, message string) {
	if w.err != nil {
		return
	}
	file, err := w.create(path + "/" + url.PathEscape(resource) + ".json")
	if w.err = err; err != nil {
		return
	}
	_, w.err = io.WriteString(file, "\n"+message+"\n")
	if err := file.Close(); w.err == nil {
		w.err = err
	}
}

// whole writes a document that is all one object, about one resource.
func (w *writer) whole(path, resource string, o object) {
	d := w.open(path + "/" + url.PathEscape(resource))
	for _, name := range slices.Sorted(maps.Keys(o)) {
		d.member(name, o[name])
	}
	d.close()
}
