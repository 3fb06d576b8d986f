package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// crownJewels names everything that must not be reached.
const crownJewels = "crown-jewels"

// tell prints what the newest snapshot holds that somebody should know.
func (a *app) tell(ctx context.Context) error {
	ask, err := a.ask(ctx)
	if err != nil {
		return err
	}
	rows, err := reaching(ctx, ask)
	if err != nil {
		return err
	}
	admins, err := administrators(ctx, ask)
	if err != nil {
		return err
	}
	printReaching(a.screen, rows)
	printAdministrators(a.screen, admins)
	if err := a.tellPaths(ctx, ask, rows, admins); err != nil {
		return err
	}
	return a.tellLoss(ctx, ask)
}

// reaching asks who reaches crown jewels, over any number of steps.
func reaching(ctx context.Context, ask *client) ([]right, error) {
	raw, err := ask.pages(ctx, "Reaching", map[string]any{"resource": selector(crownJewels)}, 20*pageSize)
	if err != nil {
		return nil, fmt.Errorf("who reaches crown jewels: %w", err)
	}
	var found page[right]
	if err := json.Unmarshal(raw, &found); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	// A service acts for who configures it: the code and the roles that it runs
	// are in the list themselves.
	return slices.DeleteFunc(found.nodes(), func(r right) bool { return r.Principal.Kind == "SERVICE_PRINCIPAL" }), nil
}

// An administration is one principal that administers one scope.
type administration struct {
	scope thing
	right right
}

// administrators asks of every account who administers it without another step.
func administrators(ctx context.Context, ask *client) ([]administration, error) {
	raw, err := ask.query(ctx, "Scopes", map[string]any{"first": pageSize})
	if err != nil {
		return nil, err
	}
	var cov coverage
	if err := json.Unmarshal(raw, &cov); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	var list []administration
	for _, sc := range cov.Scopes {
		if sc.Scope.Kind != "ACCOUNT" || sc.Scope.Mentioned {
			continue
		}
		raw, err := ask.query(ctx, "Administrators", map[string]any{"ref": sc.Scope.Ref, "first": 100})
		if err != nil {
			return nil, fmt.Errorf("who administers %s: %w", sc.Scope.Ref, err)
		}
		var scope struct{ Administrators page[right] }
		if err := json.Unmarshal(raw, &scope); err != nil {
			return nil, fmt.Errorf("read answer: %w", err)
		}
		for _, r := range scope.Administrators.nodes() {
			list = append(list, administration{sc.Scope, r})
		}
	}
	return list, nil
}

// A reacher is one principal and the crown jewels that it reaches.
type reacher struct {
	who     thing
	jewels  []string
	levels  []string
	verdict string // the surest
	hops    int    // the fewest
}

// reachers gathers rows by principal, those that reach most first.
func reachers(rows []right) []reacher {
	byRef := map[string]*reacher{}
	var order []*reacher
	for _, r := range rows {
		who := byRef[r.Principal.Ref]
		if who == nil {
			who = &reacher{who: r.Principal, verdict: r.Verdict, hops: r.Hops}
			byRef[r.Principal.Ref] = who
			order = append(order, who)
		}
		if name := called(r.Target); !slices.Contains(who.jewels, name) {
			who.jewels = append(who.jewels, name)
		}
		for _, l := range r.Levels {
			if !slices.Contains(who.levels, l) {
				who.levels = append(who.levels, l)
			}
		}
		who.hops = min(who.hops, r.Hops)
		if sureness(r.Verdict) > sureness(who.verdict) {
			who.verdict = r.Verdict
		}
	}
	list := make([]reacher, len(order))
	for i, who := range order {
		slices.Sort(who.jewels)
		slices.SortFunc(who.levels, func(a, b string) int { return strength([]string{b}) - strength([]string{a}) })
		list[i] = *who
	}
	slices.SortStableFunc(list, func(a, b reacher) int {
		return cmp.Or(cmp.Compare(len(b.jewels), len(a.jewels)), cmp.Compare(sureness(b.verdict), sureness(a.verdict)),
			cmp.Compare(a.hops, b.hops), cmp.Compare(a.who.Ref, b.who.Ref))
	})
	return list
}

func sureness(verdict string) int {
	return slices.Index([]string{"DENIED", "UNKNOWN", "CONDITIONAL", "ALLOWED"}, verdict)
}

// mostReachers is how many lines the demo spends on them.
const mostReachers = 25

func printReaching(s *screen, rows []right) {
	list := reachers(rows)
	s.line("")
	s.line("%s", in(bold, "Who reaches crown jewels (%d)", len(list)))
	t := &table{head: []string{"WHO", "SUREST", "HOPS", "CAN", "JEWELS"}}
	for _, r := range list[:min(mostReachers, len(list))] {
		t.add(fullName(r.who), ofVerdict(r.verdict), r.hops, strings.ToLower(few(r.levels, 2)), fmt.Sprintf("%d: %s", len(r.jewels), few(r.jewels, 3)))
	}
	t.print(s)
	if len(list) > mostReachers {
		s.line("%s", in(faint, "and %d more: clew who-can '*' crown-jewels", len(list)-mostReachers))
	}
}

func printAdministrators(s *screen, list []administration) {
	s.line("")
	s.line("%s", in(bold, "Who administers an account"))
	t := &table{head: []string{"ACCOUNT", "WHO", "VERDICT", "HOW"}}
	for _, ad := range list {
		how := "granted"
		if len(ad.right.Actions) > 0 {
			how = "gives itself the rest by " + strings.Join(ad.right.Actions[:min(3, len(ad.right.Actions))], ", ")
		}
		t.add(place(&ad.scope), fullName(ad.right.Principal), ofVerdict(ad.right.Verdict), how)
	}
	t.print(s)
}

// tellPaths prints the most telling paths with every reason.
func (a *app) tellPaths(ctx context.Context, ask *client, rows []right, admins []administration) error {
	chosen := telling(rows, admins, 3)
	a.screen.line("")
	a.screen.line("%s", in(bold, "The %d most telling paths", len(chosen)))
	for i, r := range chosen {
		w, err := wholeWay(ctx, ask, r)
		if err != nil {
			return err
		}
		a.screen.line("")
		printWay(a.screen, i+1, w)
	}
	return nil
}

// wholeWay asks for the path of a row with all evidence and breakers.
func wholeWay(ctx context.Context, ask *client, r right) (way, error) {
	options := map[string]any{}
	put(options, "levels", r.Levels)
	if r.Verdict == "ALLOWED" {
		options["verdicts"] = []string{"ALLOWED"}
	}
	raw, err := ask.query(ctx, "Path", map[string]any{
		"from": selector(r.Principal.Ref), "to": selector(r.Target.Ref),
		"options": options, "algorithm": "SHORTEST", "first": 1,
	})
	if err != nil {
		return way{}, fmt.Errorf("path from %s to %s: %w", r.Principal.Ref, r.Target.Ref, err)
	}
	var found page[way]
	if err := json.Unmarshal(raw, &found); err != nil {
		return way{}, fmt.Errorf("read answer: %w", err)
	}
	if len(found.Edges) == 0 {
		return r.Via, nil
	}
	return found.Edges[0].Node, nil
}
