package neo4j

import (
	"fmt"
	"time"

	"github.com/clewgraph/clew/graph"
)

// fields reads properties by name. What is missing is the zero value; what has
// another type than it should is the error.
type fields struct {
	m   map[string]any
	err error
}

func (f *fields) wrong(name string, v any) {
	if f.err == nil {
		f.err = fmt.Errorf("%w: property %s is a %T", graph.ErrUnavailable, name, v)
	}
}

func field[T any](f *fields, name string) (out T) {
	v, there := f.m[name]
	if !there || v == nil {
		return out
	}
	out, ok := v.(T)
	if !ok {
		f.wrong(name, v)
	}
	return out
}

func (f *fields) number(name string) int64   { return field[int64](f, name) }
func (f *fields) flag(name string) bool      { return field[bool](f, name) }
func (f *fields) time(name string) time.Time { return field[time.Time](f, name).UTC() }
func (f *fields) has(name string) bool       { return f.m[name] != nil }

func (f *fields) text(name string) string { return f.decoded(name, field[string](f, name)) }

func (f *fields) decoded(name, s string) string {
	text, err := decode(s)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%w: property %s: %w", graph.ErrUnavailable, name, err)
	}
	return text
}

func (f *fields) ref(name string) graph.Ref {
	if f.has(name) {
		return graph.Ref(f.text(name))
	}
	return graph.Ref(f.text(name + "Long"))
}

func (f *fields) texts(name string) []string {
	var out []string
	for _, v := range field[[]any](f, name) {
		s, ok := v.(string)
		if !ok {
			f.wrong(name, v)
		}
		out = append(out, f.decoded(name, s))
	}
	return out
}

func (f *fields) attrs(name string) []graph.Attr {
	var out []graph.Attr
	for _, s := range f.texts(name) {
		a, err := parsePair(s)
		if err != nil && f.err == nil {
			f.err = fmt.Errorf("%w: property %s: %w", graph.ErrUnavailable, name, err)
		}
		out = append(out, a)
	}
	return out
}

func (f *fields) listing() graph.Listing {
	return graph.Listing{
		Scope: graph.Ref(f.text("scope")), Region: f.text("region"), Service: f.text("service"),
		Operation: f.text("operation"), Subject: graph.Ref(f.text("subject")),
	}
}
