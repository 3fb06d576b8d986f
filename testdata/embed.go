// Package testdata holds whole small estates as text archives, each with the
// provider's documents and with what must come out of them. The demo runs on
// one of them and tests run on all, so what a newcomer sees is what is tested.
package testdata

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/tools/txtar"
)

// ErrNoEstate: no estate of that name is bundled.
var ErrNoEstate = errors.New("no such estate")

//go:embed estates/*.txtar
var estates embed.FS

//go:embed techniques/*.txtar
var techniques embed.FS

// Techniques returns the stories of techniques: a folder of archives, one for
// each, in which it works and nearly works.
func Techniques() fs.FS {
	// The folder is embedded: no error can come.
	stories, _ := fs.Sub(techniques, "techniques")
	return stories
}

// Estates returns the names of the bundled estates, sorted.
func Estates() []string {
	// The pattern is constant and matched files are embedded: no error can come.
	files, _ := fs.Glob(estates, "estates/*.txtar")
	names := make([]string, 0, len(files))
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(file), ".txtar"))
	}
	return names
}

// Estate returns the bundled estate of that name, ErrNoEstate if there is none.
// The archive's comment says what its files are.
func Estate(name string) (*txtar.Archive, error) {
	data, err := estates.ReadFile("estates/" + name + ".txtar")
	if err != nil {
		return nil, fmt.Errorf("estate %q: %w (bundled: %s)", name, ErrNoEstate, strings.Join(Estates(), ", "))
	}
	return txtar.Parse(data), nil
}
