package aws

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A listed is what was found below the paths that a user gave. Estates have files
// by the million, so those of a tree are kept as packed text, some 20 bytes each,
// and made into files when their account's turn comes.
type listed struct {
	homes []home // in the order in which they were found
	trees int    // how many of these are accounts of a tree
	text  packed
	open  func(path string) (io.ReadCloser, error) // nil: files of the system
	base  string                                   // what relative paths lie below

	at   map[string]int // of homes, by account
	last string         // the account that the last file was of
}

// A home is what is read by one goroutine, one document after the other: an
// account's documents in a tree, or one document outside of any.
type home struct {
	account string
	parts   []part // of a tree's account
	lone    file   // outside of any tree
}

// list finds the files below paths, each once: in the order of paths, and below
// each in that of names.
func list(paths []string) (*listed, error) {
	given := slices.Clone(paths)
	slices.SortFunc(given, func(a, b string) int {
		return cmp.Or(cmp.Compare(filepath.Clean(a), filepath.Clean(b)), cmp.Compare(len(b), len(a))) // a link with a slash leads on
	})
	given = slices.CompactFunc(given, func(a, b string) bool { return filepath.Clean(a) == filepath.Clean(b) })
	var roots []string
	for _, p := range given {
		roots = append(roots, filepath.Clean(p))
	}
	l := newListed()
	var err error
	if l.base, err = filepath.Abs("."); err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	for _, root := range given {
		if err := l.walk(root, roots); err != nil {
			return nil, err
		}
	}
	if len(l.homes) == 0 {
		return nil, fmt.Errorf("%w: %s: want JSON files (.json or .json.gz)", ErrNoDocuments, strings.Join(paths, ", "))
	}
	return l, nil
}

func newListed() *listed { return &listed{at: map[string]int{}} }

// walk finds what lies below root, but for what lies below another of the roots.
func (l *listed) walk(root string, roots []string) error {
	near := newNeighbour(l.base)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		named := path == root
		if !named && (strings.HasPrefix(d.Name(), ".") || isOneOf(path, roots)) {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		info, err := stat(path, d)
		if err != nil || info.IsDir() {
			return err
		}
		if !info.Mode().IsRegular() || !named && !isDocumentName(path) {
			return nil
		}
		f, err := near.file(filepath.ToSlash(filepath.Clean(path)), info.ModTime().UTC(), info.Size())
		if err == nil {
			l.add(f)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	return nil
}

func isOneOf(path string, sorted []string) bool {
	_, found := slices.BinarySearch(sorted, path)
	return found && len(sorted) > 1
}

// add takes a file.
func (l *listed) add(f file) {
	if !f.inTree() {
		l.homes = append(l.homes, home{lone: f})
		l.last = ""
		return
	}
	i, known := l.at[f.account]
	if !known {
		i = len(l.homes)
		l.at[f.account] = i
		l.homes = append(l.homes, home{account: f.account})
		l.trees++
	}
	h := &l.homes[i]
	if l.last != f.account {
		h.parts = append(h.parts, l.text.begin())
		l.last = f.account
	}
	l.text.add(f)
	h.parts[len(h.parts)-1].files++
}

// each yields the files of a home in the order in which they were found; the
// words of places are shared.
func (l *listed) each(h home) iter.Seq[file] {
	return func(yield func(file) bool) {
		if h.account == "" {
			yield(h.lone)
			return
		}
		near := newNeighbour(l.base)
		for _, p := range h.parts {
			for path, seen := range l.text.each(p) {
				f, err := near.file(path, time.Unix(seen.second, seen.nano).UTC(), seen.size)
				if err != nil {
					panic(err) // it could be made before
				}
				if l.open != nil {
					f.open = func() (io.ReadCloser, error) { return l.open(path) }
				}
				if !yield(f) {
					return
				}
			}
		}
	}
}

// documents are those of a home, none of them read.
func (l *listed) documents(h home, apart bool) []*document {
	var docs []*document
	for f := range l.each(h) {
		docs = append(docs, newDocument(f, apart))
	}
	return docs
}

// newDocument returns what its place tells of a document.
func newDocument(f file, apart bool) *document {
	d := &document{file: f}
	if d.inTree() {
		d.op = operationOf(d.service, d.operation)
	}
	d.early = !d.inTree() || d.op == nil || d.op.common || rank(d) > 0 || !apart && d.op.survey != nil
	return d
}

// stretches yields what documents makes of each home, unless it is nothing, until
// ctx ends.
func (l *listed) stretches(ctx context.Context, documents func(h home) []*document) iter.Seq[[]*document] {
	return func(yield func([]*document) bool) {
		for _, h := range l.homes {
			if ctx.Err() != nil {
				return
			}
			if docs := documents(h); len(docs) > 0 && !yield(docs) {
				return
			}
		}
	}
}

// early yields the documents that must be read before anything is mapped.
func (l *listed) early(ctx context.Context, apart bool) iter.Seq[*document] {
	return func(yield func(*document) bool) {
		for _, h := range l.homes {
			for f := range l.each(h) {
				if ctx.Err() != nil {
					return
				}
				if d := newDocument(f, apart); d.early && !yield(d) {
					return
				}
			}
		}
	}
}

// dumps counts what may be a dump of an account, which documents outside of a tree
// tell only when they are read.
func dumps(docs []*document) int {
	n := 0
	for _, d := range docs {
		if d.op == nil || d.op.name == detailsOperation {
			n++
		}
	}
	return n
}
