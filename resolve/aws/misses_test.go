package aws

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

// A sort of near miss is a way in which defenders keep a technique from
// working. Every story shows all those that its technique can meet.
type sortOfMiss struct {
	name string
	// applies reports whether a technique can meet it.
	applies func(*escalate.Technique, *story) bool
	// is reports whether a near miss is of the sort, by what it changes.
	is func(*escalate.Technique, *story, *miss) bool
}

var sortsOfMiss = []sortOfMiss{
	{"the role trusts another service", asksService, func(t *escalate.Technique, s *story, m *miss) bool {
		return m.verdict == "" && slices.ContainsFunc(t.Needs, func(n escalate.Need) bool {
			host, ok := strings.CutPrefix(n.Who, "service:")
			was, is := s.files["trust/"+n.On+".json"], m.files["trust/"+n.On+".json"]
			return ok && !bytes.Equal(was, is) && bytes.Contains(is, []byte(`"Service"`)) && !bytes.Contains(is, []byte(host))
		})
	}},
	{"iam:PassedToService names another service", passesRole, func(t *escalate.Technique, s *story, m *miss) bool {
		value := regexp.MustCompile(`"iam:PassedToService": "([^"]+)"`)
		for name := range m.files {
			if found := value.FindSubmatch(m.files[name]); m.verdict == "" && m.changes(s, name) && found != nil {
				return slices.ContainsFunc(t.Needs, func(n escalate.Need) bool {
					return n.With["iam:PassedToService"] != "" && n.With["iam:PassedToService"] != string(found[1])
				})
			}
		}
		return false
	}},
	{"a service control policy denies", always, func(_ *escalate.Technique, s *story, m *miss) bool {
		want := ""
		if s.managing() {
			want = s.wants[0].verdict // it does not bind the management account
		}
		return m.verdict == want && m.denies(s, "scp/")
	}},
	{"a permissions boundary", always, func(_ *escalate.Technique, s *story, m *miss) bool {
		return m.verdict == "" && m.changes(s, "boundary/"+s.wants[0].actor+".json")
	}},
	{"an explicit deny", always, func(_ *escalate.Technique, s *story, m *miss) bool {
		return m.verdict == "" && m.denies(s, "identity/"+s.wants[0].actor)
	}},
	{"a condition that makes it CONDITIONAL", always, func(_ *escalate.Technique, _ *story, m *miss) bool {
		return m.verdict == "CONDITIONAL"
	}},
}

func always(*escalate.Technique, *story) bool { return true }

func asksService(t *escalate.Technique, _ *story) bool {
	return slices.ContainsFunc(t.Needs, func(n escalate.Need) bool { return strings.HasPrefix(n.Who, "service:") })
}

func passesRole(t *escalate.Technique, _ *story) bool {
	return slices.ContainsFunc(t.Needs, func(n escalate.Need) bool { return n.With["iam:PassedToService"] != "" })
}

// managing reports whether the actor is of the management account.
func (s *story) managing() bool {
	setup := string(s.files["setup"])
	management := regexp.MustCompile(`management=(\d+)`).FindStringSubmatch(setup)
	actor := regexp.MustCompile(`(?m)^\S+ ` + s.wants[0].actor + ` arn:aws:iam::(\d+):`).FindStringSubmatch(setup)
	return management != nil && actor != nil && management[1] == actor[1]
}

func (m *miss) changes(s *story, name string) bool {
	return !bytes.Equal(m.files[name], s.files[name])
}

// denies reports whether a near miss adds a statement that denies to a file
// whose name begins with prefix.
func (m *miss) denies(s *story, prefix string) bool {
	deny := []byte(`"Effect": "Deny"`)
	for name, text := range m.files {
		if strings.HasPrefix(name, prefix) && m.changes(s, name) && bytes.Contains(text, deny) {
			return true
		}
	}
	return false
}

// Every way in which a technique can be kept from working has its near miss;
// TestEveryNeedCounts holds that of each need that is not met.
func TestStoriesMissInEveryWay(t *testing.T) {
	stories := readStories(t)
	for i := range escalate.AWS {
		technique := &escalate.AWS[i]
		s := stories[technique.ID]
		if s == nil {
			continue
		}
		for _, sort := range sortsOfMiss {
			of := func(m miss) bool { return sort.is(technique, s, &m) }
			if sort.applies(technique, s) && !slices.ContainsFunc(s.misses, of) {
				t.Errorf("%s: no near miss in which %s", technique.ID, sort.name)
			}
		}
	}
}
