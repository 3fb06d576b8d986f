package main

import (
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
	resolveaws "github.com/clewgraph/clew/resolve/aws"
)

// evaluators lists how each provider decides. It and sources are the only
// places that name providers.
var evaluators = []resolve.Provider{
	resolveaws.Provider(),
}

// sources lists what `clew ingest NAME PATH…` reads.
var sources = map[string]func(paths []string) ingest.Source{
	"aws": ingestaws.Files,
}
