package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// A build is what this program was made of.
type build struct {
	Version    string            `json:"version"`
	Go         string            `json:"go"`
	References map[string]string `json:"references"` // by provider, the date of its tables
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Say which version this is, and how old its tables are", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			raw, err := json.Marshal(b)
			if err != nil {
				return err
			}
			t := &table{head: []string{"WHAT", "VERSION"}}
			t.add("clew", b.Version)
			t.add("go", b.Go)
			for _, r := range referenceTables {
				t.add(r.provider+" reference table", r.date())
			}
			return a.show(answer{raw: raw, text: t.print, cells: func() *table { return t }})
		},
	}
}

func thisBuild() build {
	b := build{Version: "unknown", Go: runtime.Version(), References: map[string]string{}}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, r := range referenceTables {
		b.References[r.provider] = r.date()
	}
	return b
}
