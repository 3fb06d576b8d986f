package schema

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/clewgraph/clew/schema/answer"
)

// snapshotWithin returns the snapshot of the cursors that stand in the fields
// of a question, "" where there are none. The pages of a blast radius, say, go
// on in the snapshot in which they began, whatever was published since.
func snapshotWithin(ctx context.Context) (string, error) {
	field := graphql.GetFieldContext(ctx)
	if field == nil || field.Field.Field == nil {
		return "", nil
	}
	found := ""
	for _, after := range cursorsIn(field.Field.Selections, graphql.GetOperationContext(ctx).Variables) {
		id, err := answer.CursorSnapshot(after)
		if err != nil {
			return "", err
		}
		if found != "" && found != id {
			return "", &answer.Error{Code: answer.BadInput, Message: "after: the cursors of one question belong to different snapshots"}
		}
		found = id
	}
	return found, nil
}

// cursorsIn lists what the fields of a selection, and theirs, have as after.
func cursorsIn(set ast.SelectionSet, variables map[string]any) (out []string) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if arg := s.Arguments.ForName("after"); arg != nil {
				// What is no text was refused before.
				if value, err := arg.Value.Value(variables); err == nil {
					if text, ok := value.(string); ok && text != "" {
						out = append(out, text)
					}
				}
			}
			out = append(out, cursorsIn(s.SelectionSet, variables)...)
		case *ast.InlineFragment:
			out = append(out, cursorsIn(s.SelectionSet, variables)...)
		case *ast.FragmentSpread:
			if s.Definition != nil {
				out = append(out, cursorsIn(s.Definition.SelectionSet, variables)...)
			}
		}
	}
	return out
}
