package main

import (
	"slices"
	"strings"
	"testing"
)

// row spells a row of access as "VERDICT LEVEL start over over target"; a name
// is called kind/account/name.
func row(text string) right {
	f := strings.Fields(text)
	r := right{Verdict: f[0], Levels: []string{f[1]}, Principal: called3(f[2]), Target: called3(f[len(f)-1])}
	r.Via = way{Verdict: f[0], From: r.Principal, To: r.Target}
	last := r.Principal
	for _, name := range f[3:] {
		next := called3(name)
		r.Via.Steps = append(r.Via.Steps, step{From: last, To: next})
		last = next
	}
	r.Hops = len(r.Via.Steps) - 1
	return r
}

func called3(name string) thing {
	f := strings.SplitN(name, "/", 3)
	return thing{Ref: name, Name: f[2], Kind: f[0], Scope: &thing{Ref: f[1]}, Mentioned: f[0] == "OUTSIDE"}
}

func TestTelling(t *testing.T) {
	rows := []right{
		row("ALLOWED READ USER/a/direct RES/a/jewel"),
		row("ALLOWED WRITE USER/a/long ROLE/a/r1 ROLE/b/r2 ROLE/b/r3 RES/b/ledger"),
		row("ALLOWED WRITE ROLE/a/r1 ROLE/b/r2 ROLE/b/r3 RES/b/ledger"),
		row("CONDITIONAL WRITE USER/c/mfa ROLE/a/x ROLE/b/y ROLE/d/z RES/d/books"),
		row("UNKNOWN WRITE USER/e/dark ROLE/a/q ROLE/b/p ROLE/d/o RES/d/dark"),
		row("ALLOWED READ OUTSIDE/v/root ROLE/a/vendor RES/a/exports"),
		row("ALLOWED READ WORKLOAD/a/code ROLE/a/coderole RES/a/secret"),
		row("ALLOWED PERMISSIONS USER/a/admin ROLE/b/org RES/b/other"),
		row("ALLOWED READ USER/a/itself"),
	}
	admins := []administration{{scope: thing{Ref: "a"}, right: right{Principal: called3("USER/a/admin")}}}
	got := func(most int) []string {
		var names []string
		for _, r := range telling(rows, admins, most) {
			names = append(names, r.Principal.Name)
		}
		return names
	}
	// The vendor weighs 2 steps, one crossing and an entry from outside; long 4
	// steps and one crossing; code 2 steps in code. The role on long's way is
	// part of it, the administrator is expected, UNKNOWN is no news.
	if want := []string{"root", "long", "code"}; !slices.Equal(got(3), want) {
		t.Errorf("the three: %v, want %v", got(3), want)
	}
	if want := []string{"root", "long", "code", "direct", "mfa"}; !slices.Equal(got(9), want) {
		t.Errorf("all: %v, want %v", got(9), want)
	}
}

func TestReachers(t *testing.T) {
	list := reachers([]right{
		row("CONDITIONAL READ USER/a/one ROLE/a/x RES/a/j1"),
		row("ALLOWED WRITE USER/a/one RES/a/j1"),
		row("UNKNOWN READ USER/a/one RES/a/j2"),
		row("ALLOWED READ USER/a/two RES/a/j1"),
	})
	if len(list) != 2 || list[0].who.Name != "one" || !slices.Equal(list[0].jewels, []string{"j1", "j2"}) ||
		list[0].verdict != "ALLOWED" || list[0].hops != 0 || !slices.Equal(list[0].levels, []string{"WRITE", "READ"}) {
		t.Errorf("%+v", list)
	}
}
