package main

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"
)

// mostCompletions bounds what one press of Tab asks for.
const mostCompletions = 200

// refsAt completes references at some places of the arguments: names and
// references of the newest snapshot that begin with what was typed.
func (a *app) refsAt(places ...int) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		for _, place := range places {
			if len(args) == place {
				return a.refs(c, typed), cobra.ShellCompDirectiveNoFileComp
			}
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) refs(c *cobra.Command, typed string) []string {
	var words []string
	for _, word := range []string{crownJewels, "internet"} {
		if strings.HasPrefix(word, typed) {
			words = append(words, word)
		}
	}
	if typed == "" {
		return words
	}
	// Nobody sees errors while completing: no store is no words.
	ask, err := a.ask(c.Context())
	if err != nil {
		return words
	}
	raw, err := ask.query(c.Context(), "Search", map[string]any{"text": typed, "first": mostCompletions})
	if err != nil {
		return words
	}
	var found page[thing]
	if json.Unmarshal(raw, &found) != nil {
		return words
	}
	for _, n := range found.nodes() {
		words = append(words, wordsOf(n, typed)...)
	}
	return words
}

// wordsOf lists the names of a thing that begin with what was typed. Shells
// part words and descriptions by signs that hostile names may hold.
func wordsOf(n thing, typed string) []string {
	var words []string
	for _, word := range []string{n.Name, n.Ref} {
		if word != "" && strings.HasPrefix(word, typed) && isClean(word) && (len(words) == 0 || words[0] != word) {
			words = append(words, cobra.CompletionWithDesc(word, clean(n.Type+" in "+place(n.Scope))))
		}
	}
	return words
}
