package generate

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// ErrStory: an archive is no story of a technique.
var ErrStory = errors.New("not a story of a technique")

// A story is one archive of testdata/techniques: a small estate in which a
// technique works, and near misses in which it does not. The README beside
// them has the format.
type story struct {
	id     string
	actor  string // who can use it, by alias
	target string // whom it leads to, by alias
	files  map[string]string
	misses []miss
}

// A miss changes the files of a story so that its technique leads nowhere.
type miss struct {
	name  string
	files map[string]string
}

// readStories reads every archive of a folder, in the order of their names.
func readStories(from fs.FS) ([]story, error) {
	names, err := fs.Glob(from, "*.txtar")
	if err != nil {
		return nil, fmt.Errorf("read stories: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: the folder holds no .txtar", ErrStory)
	}
	var list []story
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("read stories: %w", err)
		}
		s, err := parseStory(strings.TrimSuffix(path.Base(name), ".txtar"), text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, s)
	}
	return list, nil
}

func parseStory(id string, text []byte) (story, error) {
	archive := txtar.Parse(text)
	s := story{id: id, files: map[string]string{}}
	for _, f := range archive.Files {
		switch {
		case f.Name == "want":
			s.want(strings.Fields(string(f.Data)))
		case !strings.HasPrefix(f.Name, "miss/"):
			s.files[f.Name] = string(f.Data)
		}
	}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "miss/"); ok {
			if err := s.miss(name, string(f.Data)); err != nil {
				return s, err
			}
		}
	}
	if s.actor == "" || s.files["setup"] == "" {
		return s, fmt.Errorf("%w: want the files setup and want", ErrStory)
	}
	return s, nil
}

// want reads the first line of the file want: actor => target!hold via …
func (s *story) want(words []string) {
	if len(words) > 2 && words[1] == "=>" {
		s.actor = words[0]
		s.target, _, _ = strings.Cut(words[2], "!")
	}
}

// miss applies the commands of a near miss. One that leaves something open
// (its text says which verdict) is none of ours: it must lead nowhere.
func (s *story) miss(name, text string) error {
	m, replacing := miss{name, maps.Clone(s.files)}, ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		command, rest, _ := strings.Cut(trimmed, " ")
		switch {
		case strings.HasPrefix(trimmed, "=>"):
			return nil
		case command == "replace":
			replacing = rest
			m.files[rest] = ""
		case command == "delete":
			replacing = ""
			delete(m.files, rest)
		case command == "setup" && strings.HasPrefix(rest, "+ "):
			replacing = ""
			m.files["setup"] += rest[2:] + "\n"
		case command == "setup" && strings.HasPrefix(rest, "- "):
			replacing = ""
			m.files["setup"] = strings.Replace(m.files["setup"], rest[2:]+"\n", "", 1)
		case replacing != "":
			m.files[replacing] += line
		case trimmed != "" && trimmed[0] != '#':
			return fmt.Errorf("%w: miss %s: %q is no command", ErrStory, name, trimmed)
		}
	}
	s.misses = append(s.misses, m)
	return nil
}

// A setupLine is one line of a story's setup: a sort, plain words, options, and
// the native properties and tags that it gives a thing.
type setupLine struct {
	sort           string
	plain          []string
	options, attrs map[string]string
	tags           []object
}

func (l setupLine) word(i int) string {
	if i < len(l.plain) {
		return l.plain[i]
	}
	return ""
}

func setupLines(text string) []setupLine {
	var out []setupLine
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, " #")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		l := setupLine{sort: words[0], options: map[string]string{}, attrs: map[string]string{}}
		for _, w := range words[1:] {
			l.read(w)
		}
		out = append(out, l)
	}
	return out
}

func (l *setupLine) read(word string) {
	key, value, ok := strings.Cut(word, "=")
	name, attr := strings.CutPrefix(key, "attr:")
	label, tag := strings.CutPrefix(key, "tag:")
	switch {
	case ok && tag:
		l.tags = append(l.tags, object{"Key": label, "Value": value})
	case ok && attr:
		l.attrs[name] = value
	case ok && !strings.ContainsAny(key, ":#"):
		l.options[key] = value
	default:
		l.plain = append(l.plain, word)
	}
}

// of returns the files of a folder that are about one alias, in order:
// identity/actor.json, identity/actor.2.json.
func of(files map[string]string, folder, alias string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		rest, ok := strings.CutPrefix(name, folder+"/"+alias+".")
		if ok && (rest == "json" || strings.HasSuffix(rest, ".json") && strings.Count(rest, ".") == 1) {
			out = append(out, name)
		}
	}
	return out
}
