package schema

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/answer"
)

// endpoint serves operations. It reads requests itself so that nothing of a
// refused body is echoed and no limit comes too late.
type endpoint struct {
	api  *API
	m    *metrics
	only map[string]string // the queries that may be asked, by hash; nil is all
	seen memory
}

// ServeHTTP runs one operation.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := e.api.now()
	params, status, err := e.read(w, r)
	if err == nil {
		status, err = http.StatusBadRequest, e.resolve(params)
	}
	if err != nil {
		refuse(w, status, err)
		e.m.refused(err)
		return
	}
	ctx := r.Context()
	if r.Method == http.MethodGet {
		ctx = context.WithValue(ctx, readingKey{}, true)
	}
	response, told := e.api.run(ctx, params)
	took := e.api.now().Sub(start)
	list := codes(response.Errors)
	e.api.tell(r.Context(), told, took, list)
	e.m.observe(told, took, list)
	status = http.StatusOK
	if response.Data == nil {
		status = http.StatusBadRequest
	} else {
		e.remember(params)
	}
	writeJSON(w, status, response)
}

func (e *endpoint) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, *gqlerror.Error) {
	switch r.Method {
	case http.MethodGet:
		return readQuery(r.URL.Query())
	case http.MethodPost:
		// A page of another site can send forms, but no JSON without asking.
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			return nil, http.StatusUnsupportedMediaType, rejection(answer.BadInput, "send the operation as application/json")
		}
		return readBody(http.MaxBytesReader(w, r.Body, e.api.Limits.orDefault().Body))
	}
	w.Header().Set("Allow", "GET, POST")
	return nil, http.StatusMethodNotAllowed, rejection(answer.BadInput, "ask with GET or POST")
}

func readBody(body io.Reader) (*graphql.RawParams, int, *gqlerror.Error) {
	raw, err := io.ReadAll(body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, http.StatusRequestEntityTooLarge, rejection(answer.Limit, "the request is too large")
	}
	if err != nil {
		return nil, http.StatusBadRequest, rejection(answer.BadInput, "the request ended early")
	}
	var p struct {
		Query         string          `json:"query"`
		OperationName string          `json:"operationName"`
		Variables     json.RawMessage `json:"variables"`
		Extensions    json.RawMessage `json:"extensions"`
	}
	if json.Unmarshal(raw, &p) != nil {
		return nil, http.StatusBadRequest, rejection(answer.BadInput, "the request is no JSON object with query, operationName and variables")
	}
	return withObjects(&graphql.RawParams{Query: p.Query, OperationName: p.OperationName}, p.Variables, p.Extensions)
}

func readQuery(q url.Values) (*graphql.RawParams, int, *gqlerror.Error) {
	p := &graphql.RawParams{Query: q.Get("query"), OperationName: q.Get("operationName")}
	return withObjects(p, []byte(q.Get("variables")), []byte(q.Get("extensions")))
}

func withObjects(p *graphql.RawParams, variables, extensions []byte) (*graphql.RawParams, int, *gqlerror.Error) {
	if len(variables) > 0 && !readObject(variables, &p.Variables) {
		return nil, http.StatusBadRequest, rejection(answer.BadInput, "variables: no JSON object")
	}
	if len(extensions) > 0 && !readObject(extensions, &p.Extensions) {
		return nil, http.StatusBadRequest, rejection(answer.BadInput, "extensions: no JSON object")
	}
	return p, 0, nil
}

// readObject reads an object, or null, and nothing behind it. Numbers stay as
// they were written: whether one is an integer is for the schema to say.
func readObject(text []byte, into *map[string]any) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into) == nil && errors.Is(d.Decode(new(any)), io.EOF)
}
