package aws

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/escalate"
)

const techniqueFolder = "../../testdata/techniques"

// A story is one archive of testdata/techniques: a technique that works, and
// the near misses in which it does not.
type story struct {
	id     string
	wants  []wanted
	files  map[string][]byte
	misses []miss
}

// wanted is one line of the file want.
type wanted struct {
	not          bool
	actor, to    string
	hold         graph.Hold
	verdict      string
	line         string
	techniqueID  string
	defaultHolds bool
}

// miss is one section miss/NAME.
type miss struct {
	name    string
	verdict string // "" where nothing is left
	files   map[string][]byte
}

func readStories(t *testing.T) map[string]*story {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(techniqueFolder, "*.txtar"))
	stories := map[string]*story{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := parseStory(text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if want := strings.TrimSuffix(filepath.Base(path), ".txtar"); s.id != want {
			t.Errorf("%s: technique %q", path, s.id)
		}
		stories[s.id] = s
	}
	return stories
}

func parseStory(text []byte) (*story, error) {
	archive := txtar.Parse(text)
	s := &story{files: map[string][]byte{}}
	for line := range strings.Lines(string(archive.Comment)) {
		if id, ok := strings.CutPrefix(strings.TrimSpace(line), "technique:"); ok {
			s.id = strings.TrimSpace(id)
		}
	}
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "miss/") && f.Name != "want" {
			s.files[f.Name] = f.Data
		}
	}
	for _, f := range archive.Files {
		switch {
		case f.Name == "want":
			for line := range strings.Lines(string(f.Data)) {
				if line, _, _ = strings.Cut(line, " #"); strings.TrimSpace(line) != "" {
					s.wants = append(s.wants, parseWanted(strings.TrimSpace(line)))
				}
			}
		case strings.HasPrefix(f.Name, "miss/"):
			m, err := s.parseMiss(strings.TrimPrefix(f.Name, "miss/"), string(f.Data))
			if err != nil {
				return nil, err
			}
			s.misses = append(s.misses, m)
		}
	}
	if s.id == "" || len(s.wants) == 0 {
		return nil, fmt.Errorf("no technique: or no want")
	}
	return s, nil
}

var holdNames = map[string]graph.Hold{
	"own": graph.WithOwnPolicy, "session": graph.AsSession, "code": graph.AsSession, "credential": graph.ByCredential,
}

func parseWanted(line string) wanted {
	w := wanted{line: line}
	line, w.not = strings.CutPrefix(line, "!")
	f := strings.Fields(line)
	w.actor = f[0]
	if len(f) > 2 {
		name, hold, ok := strings.Cut(f[2], "!")
		w.to, w.hold, w.defaultHolds = name, holdNames[hold], !ok
	}
	if i := slices.Index(f, "via"); i > 0 && i+1 < len(f) {
		w.techniqueID = f[i+1]
		if i+2 < len(f) {
			w.verdict = f[i+2]
		}
	}
	return w
}

// parseMiss applies the commands of a near miss to the files of the story.
func (s *story) parseMiss(name, text string) (miss, error) {
	m := miss{name: name, files: maps.Clone(s.files)}
	replacing := ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		command, rest, _ := strings.Cut(trimmed, " ")
		switch {
		case strings.HasPrefix(trimmed, "=>"):
			m.verdict = strings.Fields(trimmed)[1]
		case command == "replace":
			replacing = rest
			m.files[replacing] = nil
		case command == "delete":
			if _, ok := m.files[rest]; !ok {
				return m, fmt.Errorf("miss %s: no file %q to delete", name, rest)
			}
			delete(m.files, rest)
			replacing = ""
		case command == "setup" && strings.HasPrefix(rest, "+ "):
			m.files["setup"] = append(slices.Clone(m.files["setup"]), rest[2:]+"\n"...)
			replacing = ""
		case command == "setup" && strings.HasPrefix(rest, "- "):
			before := string(m.files["setup"])
			after := strings.Replace(before, rest[2:]+"\n", "", 1)
			if before == after {
				return m, fmt.Errorf("miss %s: setup has no line %q", name, rest[2:])
			}
			m.files["setup"] = []byte(after)
			replacing = ""
		case replacing != "":
			m.files[replacing] = append(m.files[replacing], line...)
		case trimmed != "" && trimmed[0] != '#':
			return m, fmt.Errorf("miss %s: %q is no command", name, trimmed)
		}
	}
	return m, nil
}

// matches runs one technique over files and returns the ruling towards each
// wanted target, "" where there is no match.
func (s *story) verdicts(files map[string][]byte, techniques []escalate.Technique) ([]string, error) {
	sc := scenarioOf(files)
	snap, err := sc.build()
	if err != nil {
		return nil, err
	}
	e := NewEstate(snap)
	m := escalate.NewMatcher(snap, e, techniques)
	verdicts := make([]string, len(s.wants))
	for i, w := range s.wants {
		actor, ok := snap.Find(sc.ref(w.actor))
		if !ok {
			return nil, fmt.Errorf("%s: no actor %s", w.line, w.actor)
		}
		to, _ := snap.Find(sc.ref(w.to))
		for _, match := range m.FromBy(w.techniqueID, e.foothold(actor)) {
			if match.To.Node == to && (w.defaultHolds || match.To.Hold == w.hold) {
				verdicts[i] = match.Ruling.Verdict.String()
			}
		}
	}
	return verdicts, nil
}

// fails says what differs from a story, "" if nothing does.
func (s *story) fails(techniques []escalate.Technique) string {
	got, err := s.verdicts(s.files, techniques)
	if err != nil {
		return err.Error()
	}
	for i, w := range s.wants {
		if want := w.verdict; w.not && got[i] != "" || !w.not && got[i] != want {
			return fmt.Sprintf("%s: got %q", w.line, got[i])
		}
	}
	for _, m := range s.misses {
		got, err := s.verdicts(m.files, techniques)
		if err != nil {
			return fmt.Sprintf("miss %s: %v", m.name, err)
		}
		for i, w := range s.wants {
			if !w.not && got[i] != m.verdict {
				return fmt.Sprintf("miss %s: %s: got %q, want %q", m.name, w.line, got[i], m.verdict)
			}
		}
	}
	return ""
}

func TestTechniqueStories(t *testing.T) {
	stories := readStories(t)
	for _, technique := range escalate.AWS {
		t.Run(technique.ID, func(t *testing.T) {
			s := stories[technique.ID]
			if s == nil {
				t.Fatal("no story in testdata/techniques")
			}
			if len(s.misses) < len(technique.Needs) {
				t.Errorf("%d near misses for %d needs", len(s.misses), len(technique.Needs))
			}
			if diff := s.fails(escalate.AWS); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Without any one of its needs, a technique's story fails: no need is idle.
func TestEveryNeedCounts(t *testing.T) {
	stories := readStories(t)
	for _, technique := range escalate.AWS {
		s := stories[technique.ID]
		if s == nil {
			continue
		}
		for i, need := range technique.Needs {
			without := technique
			without.Needs = slices.Delete(slices.Clone(technique.Needs), i, i+1)
			if s.fails([]escalate.Technique{without}) == "" {
				t.Errorf("%s: nothing misses %s on %s", technique.ID, need.Action, need.On)
			}
		}
	}
}

func TestTechniquesDiffer(t *testing.T) {
	ids := map[string]bool{}
	for i, a := range escalate.AWS {
		if ids[a.ID] {
			t.Errorf("%s stands twice", a.ID)
		}
		ids[a.ID] = true
		for _, b := range escalate.AWS[i+1:] {
			if reflect.DeepEqual(a.Needs, b.Needs) && reflect.DeepEqual(a.Facts, b.Facts) && a.Yields == b.Yields {
				t.Errorf("%s and %s have the same needs and gain", a.ID, b.ID)
			}
		}
	}
	t.Logf("%d techniques", len(escalate.AWS))
}

// Every action, key and type that a technique names is in the reference table.
func TestTechniquesNameRealThings(t *testing.T) {
	for _, technique := range escalate.AWS {
		for _, n := range technique.Needs {
			id, ok := reference.Find(n.Action)
			if !ok {
				t.Errorf("%s: no action %s", technique.ID, n.Action)
				continue
			}
			for key := range n.With {
				key = strings.TrimPrefix(key, "!")
				if _, global := reference.KeyType(key); !id.Supports(key) && !(global && strings.HasPrefix(key, "aws:")) {
					t.Errorf("%s: %s does not carry %s", technique.ID, n.Action, key)
				}
			}
		}
		for _, v := range technique.Vars {
			if service, name, _ := strings.Cut(v.Type, ":"); v.New && v.Type != escalate.Tags {
				if _, ok := reference.FindType(service, name); !ok {
					t.Errorf("%s: no type %s", technique.ID, v.Type)
				}
			}
		}
	}
}
