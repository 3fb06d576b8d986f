package main

import (
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
	resolveaws "github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/escalate"
)

// evaluators lists how each provider decides. The lists of this file are the
// only places that name providers.
var evaluators = []resolve.Provider{
	resolveaws.Provider(),
}

// sources lists what `clew ingest NAME PATH…` reads.
var sources = map[string]func(paths []string) ingest.Source{
	"aws": ingestaws.Files,
}

// referenceTables lists the tables of what providers' actions are, with the
// day on which each was true.
var referenceTables = []struct {
	provider string
	date     func() string
}{
	{"aws", reference.Date},
}

// techniques lists the known techniques of all providers.
var techniques = escalate.AWS
