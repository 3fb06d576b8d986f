package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// A loss is what follows when one secret falls into other hands.
type loss struct {
	what  thing
	blast blast
}

// tellLoss prints the blast radius of the secret whose loss costs most.
func (a *app) tellLoss(ctx context.Context, ask *client) error {
	list, err := losses(ctx, ask)
	if err != nil {
		return err
	}
	a.screen.line("")
	if len(list) == 0 {
		a.screen.line("no active access key is known")
		return nil
	}
	worst := list[0]
	a.screen.line("%s", in(bold, "The secret whose loss costs most, of %d that are active", len(list)))
	a.screen.line("%s opens %s, %s (%s) and %s", fullName(worst.what), worst.blast.PrincipalsReached.of("principal"),
		worst.blast.ResourcesReached.of("resource"), levelWords(&worst.blast), worst.blast.ScopesReached.of("account"))
	for _, w := range worst.blast.CrownJewels {
		a.screen.line("  %s  %s, %s", in(red, "crown jewel"), fullName(w.To), plural(w.Hops, "hop", "hops"))
	}
	return nil
}

// losses asks what follows from each active credential, the worst first.
func losses(ctx context.Context, ask *client) ([]loss, error) {
	raw, err := ask.pages(ctx, "Credentials", map[string]any{"text": "credential:"}, pageSize)
	if err != nil {
		return nil, err
	}
	var found page[thing]
	if err := json.Unmarshal(raw, &found); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	var list []loss
	for _, c := range found.nodes() {
		if c.Typename != "Credential" || !c.Active {
			continue
		}
		raw, err := ask.query(ctx, "Loss", map[string]any{"of": selector(c.Ref)})
		if err != nil {
			return nil, fmt.Errorf("blast radius of %s: %w", c.Ref, err)
		}
		l := loss{what: c}
		if err := json.Unmarshal(raw, &l.blast); err != nil {
			return nil, fmt.Errorf("read answer: %w", err)
		}
		list = append(list, l)
	}
	slices.SortStableFunc(list, func(a, b loss) int {
		return cmp.Or(cmp.Compare(b.blast.ScopesReached.Value, a.blast.ScopesReached.Value),
			cmp.Compare(len(b.blast.CrownJewels), len(a.blast.CrownJewels)),
			cmp.Compare(b.blast.ResourcesReached.Value, a.blast.ResourcesReached.Value), cmp.Compare(a.what.Ref, b.what.Ref))
	})
	return list, nil
}

func levelWords(b *blast) string {
	var words []string
	for _, l := range b.ByLevel {
		if l.Count.Value > 0 {
			words = append(words, fmt.Sprintf("%s at level %s", l.Count, l.Level))
		}
	}
	return few(words, 5)
}
