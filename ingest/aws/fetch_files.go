package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	pathpkg "path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// ErrNoDocuments: the paths hold no file that could be a document.
var ErrNoDocuments = errors.New("no documents")

// Files returns the source that reads documents from files and folders, as the
// package comment describes them. It reads every file twice: once to see that it
// is sound and to note what other documents need, and once to map it. Files that
// others may need, and those outside of trees, are read for the first time before
// any record is written; an account's other files when its turn comes.
func Files(paths []string) ingest.Source {
	return ingest.Source{
		Name: "aws documents",
		Run: func(ctx context.Context, sink graph.Sink, progress func(string)) error {
			found, err := list(paths)
			if err != nil {
				return err
			}
			return collect(ctx, found, sink, progress)
		},
	}
}

// A file is one document's place in the file system and in the tree.
type file struct {
	path string // as the user gave it, joined with what lies below
	at   time.Time
	place
	size int64                         // as stored, where known
	open func() (io.ReadCloser, error) // the bytes as stored, packed or not; nil: those of path
}

// A place is what the tree says of a document; zero outside of a tree.
type place struct {
	account   string
	region    string // "" for "global"
	service   string
	operation string
	resource  string
	partition string
}

func (p place) inTree() bool { return p.account != "" }

// stat follows links.
func stat(path string, d fs.DirEntry) (fs.FileInfo, error) {
	if d.Type().IsRegular() {
		return d.Info()
	}
	return os.Stat(path)
}

func isDocumentName(path string) bool {
	return strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".json.gz")
}

// A neighbour makes files of paths, and remembers what the folder of the last
// one says of its documents: trees have many documents in one folder.
type neighbour struct {
	base   string // what relative paths lie below
	folder string
	place
	words map[string]string // each once: so many documents share few
}

func newNeighbour(base string) neighbour { return neighbour{base: base, words: map[string]string{}} }

// file makes a file of a path with slashes, cleaned.
func (n *neighbour) file(path string, at time.Time, size int64) (file, error) {
	f := file{path: path, at: at, size: size}
	folder, name := pathpkg.Split(f.path)
	if folder == n.folder && n.resource != "" {
		var err error
		f.place = n.place
		f.resource, err = resourceOf(trimForm(name))
		return f, wrapPath(path, err)
	}
	whole := f.path
	if strings.Count(whole, "/") < treeDepth && !filepath.IsAbs(path) {
		whole = filepath.ToSlash(filepath.Join(n.base, path))
	}
	var err error
	f.place, err = placeOf(whole)
	for _, word := range []*string{&f.account, &f.region, &f.service, &f.operation, &f.partition} {
		*word = n.once(*word)
	}
	f.resource = strings.Clone(f.resource)
	n.folder, n.place = folder, f.place
	return f, wrapPath(path, err)
}

func (n *neighbour) once(word string) string {
	if known, ok := n.words[word]; ok {
		return known
	}
	word = strings.Clone(word)
	n.words[word] = word
	return word
}

func wrapPath(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}

func trimForm(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".json")
}

// resourceOf reads the last word of a path.
func resourceOf(word string) (string, error) {
	resource, err := url.PathUnescape(word)
	if err != nil {
		return "", fmt.Errorf("resource %q: want percent-encoding: %w", word, err)
	}
	return resource, nil
}

var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

// treeDepth is how many slashes a path has in which all of the tree's words stand.
const treeDepth = 5

// placeOf reads the tree's words from the end of a path: the last component of
// twelve digits that a region, a service and an operation follow is the
// account. A path that holds none lies outside of any tree.
func placeOf(path string) (place, error) {
	path = trimForm(path)
	parts := strings.Split(path, "/")
	for i := len(parts) - 4; i >= max(0, len(parts)-5); i-- {
		region, isRegion := regionOf(parts[i+1])
		if !isAccountID(parts[i]) || !isRegion {
			continue
		}
		p := place{account: parts[i], region: region, service: parts[i+2], operation: parts[i+3], partition: partitionOf(parts[i+1])}
		if i+5 == len(parts) {
			resource, err := resourceOf(parts[i+4])
			if err != nil {
				return place{}, err
			}
			p.resource = resource
		}
		return p, nil
	}
	return place{}, nil
}

func regionOf(s string) (region string, ok bool) {
	if s == "global" || isPartition(s) {
		return "", true
	}
	return s, regionName.MatchString(s)
}
