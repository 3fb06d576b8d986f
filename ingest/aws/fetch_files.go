package aws

import (
	"cmp"
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
	"slices"
	"strings"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// ErrNoDocuments: the paths hold no file that could be a document.
var ErrNoDocuments = errors.New("no documents")

// Files returns the source that reads documents from files and folders, as the
// package comment describes them. It reads every file twice: once to see that
// all of them are sound and to note what other documents need (so that no
// record is written of a collection with a broken document in it), and once to
// map them.
func Files(paths []string) ingest.Source {
	return ingest.Source{
		Name: "aws documents",
		Run: func(ctx context.Context, sink graph.Sink, progress func(string)) error {
			files, err := list(paths)
			if err != nil {
				return err
			}
			return collect(ctx, files, sink, progress)
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

// list finds the files below paths, sorted by path, each once.
func list(paths []string) ([]file, error) {
	var files []file
	for _, root := range paths {
		found, err := listOne(root)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.path, b.path) })
	files = slices.CompactFunc(files, func(a, b file) bool { return a.path == b.path })
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: %s: want JSON files (.json or .json.gz)", ErrNoDocuments, strings.Join(paths, ", "))
	}
	return files, nil
}

func listOne(root string) ([]file, error) {
	var files []file
	near := neighbour{words: map[string]string{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		named := path == root
		if !named && strings.HasPrefix(d.Name(), ".") {
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
		f, err := near.file(path, info)
		files = append(files, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	return files, nil
}

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
	folder string
	place
	words map[string]string // each once: so many documents share few
}

func (n *neighbour) file(path string, info fs.FileInfo) (file, error) {
	f := file{path: filepath.ToSlash(filepath.Clean(path)), at: info.ModTime().UTC(), size: info.Size()}
	folder, name := pathpkg.Split(f.path)
	if folder == n.folder && n.resource != "" {
		var err error
		f.place = n.place
		f.resource, err = resourceOf(trimForm(name))
		return f, wrapPath(path, err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return file{}, err
	}
	f.place, err = placeOf(filepath.ToSlash(absolute))
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
