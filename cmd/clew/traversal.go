package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
)

var (
	levels   = []string{"LIST", "READ", "WRITE", "TAGGING", "PERMISSIONS"}
	verdicts = []string{"ALLOWED", "CONDITIONAL", "UNKNOWN", "DENIED"}
)

// A traversal is the flags of commands that follow steps.
type traversal struct {
	actions, levels, verdicts []string
	relations, exclude        []string
	context, assumeNone       []string
	techniques                []string
	noTechniques              bool
	maxHops                   int
	timeout                   time.Duration
}

func (t *traversal) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&t.actions, "action", nil, "what counts as reaching a resource, e.g. s3:PutObject or 's3:Get*'; may be repeated")
	f.StringSliceVar(&t.levels, "level", nil, "which levels count as reaching a resource: "+strings.Join(levels, ", "))
	f.StringSliceVar(&t.verdicts, "verdict", nil, "take steps of these verdicts alone: "+strings.Join(verdicts[:3], ", "))
	f.StringSliceVar(&t.relations, "relation", nil, "take steps of these relations alone, e.g. CAN_ASSUME")
	f.StringArrayVar(&t.exclude, "exclude-step", nil, "do not take this step (its id, as -o json prints it); may be repeated")
	f.StringArrayVar(&t.context, "context", nil, contextHelp)
	f.StringArrayVar(&t.assumeNone, "assume-none", nil, "take gaps of this layer, e.g. aws:scp, to hold no policy; may be repeated")
	techniqueFlags(c, &t.noTechniques, &t.techniques)
	f.IntVar(&t.maxHops, "max-hops", 0, "hops to go at most, the last one to a resource or scope not counted; 0 is no limit")
	f.DurationVar(&t.timeout, "timeout", 5*time.Second, "the time to search")
	complete(c, "level", levels)
	complete(c, "verdict", verdicts[:3])
}

// options makes the GraphQL input of the flags.
func (t *traversal) options() (map[string]any, error) {
	o := map[string]any{"timeoutMs": t.timeout.Milliseconds()}
	put(o, "actions", t.actions)
	put(o, "levels", upper(t.levels))
	put(o, "verdicts", upper(t.verdicts))
	put(o, "relations", upper(t.relations))
	put(o, "excludeEdges", t.exclude)
	put(o, "assumeNone", t.assumeNone)
	if t.maxHops > 0 {
		o["maxHops"] = t.maxHops
	}
	if err := followed(o, t.noTechniques, t.techniques); err != nil {
		return nil, err
	}
	if len(t.context) == 0 {
		return o, nil
	}
	stated, err := readContext(t.context)
	o["context"] = stated
	return o, err
}

// put sets a list where it has something.
func put(o map[string]any, key string, list []string) {
	if len(list) > 0 {
		o[key] = list
	}
}

func upper(words []string) []string {
	for i, w := range words {
		words[i] = strings.ToUpper(w)
	}
	return words
}

const contextHelp = "what the request carries, key=value or key=v1,v2; !key: it does not carry it; may be repeated"

// readContext reads --context flags.
func readContext(flags []string) ([]map[string]any, error) {
	var list []map[string]any
	for _, flag := range flags {
		if key, absent := strings.CutPrefix(flag, "!"); absent && key != "" && !strings.Contains(key, "=") {
			list = append(list, map[string]any{"key": key, "values": []string{}})
			continue
		}
		key, value, ok := strings.Cut(flag, "=")
		if !ok || key == "" {
			return nil, usagef("--context %q: want key=value, key=v1,v2 or !key", flag)
		}
		list = append(list, map[string]any{"key": key, "values": strings.Split(value, ",")})
	}
	return list, nil
}

func complete(c *cobra.Command, flag string, words []string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// selector names something in the graph.
func selector(ref string) map[string]any { return map[string]any{"ref": ref} }

// techniqueFlags are the flags that say which techniques are followed.
func techniqueFlags(c *cobra.Command, none *bool, these *[]string) {
	c.Flags().BoolVar(none, "no-techniques", false, "follow no technique of taking over principals")
	c.Flags().StringSliceVar(these, "techniques", nil, "follow these techniques alone, by id; 'clew techniques' lists them")
	c.MarkFlagsMutuallyExclusive("no-techniques", "techniques")
	_ = c.RegisterFlagCompletionFunc("techniques", techniqueIDs)
}

// followed puts them into a GraphQL input.
func followed(o map[string]any, none bool, these []string) error {
	if none {
		o["techniques"] = false
	}
	put(o, "techniqueIds", these)
	return checkTechniques(these)
}
