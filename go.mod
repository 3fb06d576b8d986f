module github.com/clewgraph/clew

go 1.26

require (
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
	golang.org/x/tools v0.40.0 // indirect
)
