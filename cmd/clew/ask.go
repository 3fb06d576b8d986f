package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema"
)

//go:embed operations.graphql
var operations string

// timeForm is how times are written.
const timeForm = time.RFC3339

// pageSize is what one question asks for at most; the schema gives no more.
const pageSize = 500

// A client asks the operations of operations.graphql of a store, in this
// process.
type client struct {
	api *schema.API
	at  string // the snapshot; "" is the newest
}

// api makes the API that commands and the server answer from.
func (a *app) api(store snapshot.Store) *schema.API {
	return &schema.API{Store: store, Providers: evaluators, Estate: a.estate}
}

// ask opens the store for questions. Whoever owns the machine may ask for more
// than a server gives: how large a question is does not matter here. A store without a snapshot is an error
// that says how to get one.
func (a *app) ask(ctx context.Context) (*client, error) {
	empty := fmt.Errorf("store %s holds no snapshot: run 'clew ingest aws PATH…', or look around with 'clew demo'", a.dir)
	if a.missing() {
		return nil, empty
	}
	store, err := a.store(ctx)
	if err != nil {
		return nil, err
	}
	list, err := store.List(ctx, a.estate)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, empty
	}
	api := a.api(store)
	api.Limits = schema.Limits{Complexity: math.MaxInt32, Operation: time.Hour}
	return &client{api: api, at: a.at}, nil
}

// query executes an operation and returns the value of its one field.
func (c *client) query(ctx context.Context, operation string, vars map[string]any) (json.RawMessage, error) {
	if c.at != "" {
		vars["at"] = c.at
	}
	vars, err := asJSONValues(vars)
	if err != nil {
		return nil, err
	}
	data, faults := schema.Execute(ctx, c.api, operations, operation, vars)
	if len(faults) > 0 {
		return nil, answerError(faults[0].Message, faults[0].Extensions["code"])
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("answer of %s: %w", operation, err)
	}
	for _, value := range fields {
		return value, nil
	}
	return nil, fmt.Errorf("answer of %s holds nothing", operation)
}

// asJSONValues gives variables the types that they have when they come in as
// JSON.
func asJSONValues(vars map[string]any) (map[string]any, error) {
	text, err := json.Marshal(vars)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return values, d.Decode(&values)
}

// answerError is the error of an operation. BAD_INPUT is a matter of usage.
func answerError(message string, code any) error {
	err := errors.New(message)
	if code == "BAD_INPUT" {
		return usageError{err}
	}
	return err
}

// pages asks a connection page by page until limit nodes came, and returns it
// as one.
func (c *client) pages(ctx context.Context, operation string, vars map[string]any, limit int) (json.RawMessage, error) {
	var whole map[string]json.RawMessage
	var edges []json.RawMessage
	for limit > len(edges) {
		vars["first"] = min(pageSize, limit-len(edges))
		value, err := c.query(ctx, operation, vars)
		if err != nil {
			return nil, err
		}
		var head page[json.RawMessage]
		whole = nil
		if err := errors.Join(json.Unmarshal(value, &head), json.Unmarshal(value, &whole)); err != nil {
			return nil, fmt.Errorf("answer of %s: %w", operation, err)
		}
		var more []json.RawMessage
		if err := json.Unmarshal(whole["edges"], &more); err != nil {
			return nil, fmt.Errorf("answer of %s: %w", operation, err)
		}
		edges = append(edges, more...)
		if !head.PageInfo.HasNextPage || len(more) == 0 {
			break
		}
		vars["after"] = head.PageInfo.EndCursor
	}
	joined, err := json.Marshal(edges)
	if err != nil {
		return nil, err
	}
	whole["edges"] = joined
	return json.Marshal(whole)
}
