package generate

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Planted is one technique planted into an account of its own. Where it is a
// way out of the management account, its principal stands there.
type Planted struct {
	Technique string `json:"technique"`
	Account   string `json:"account"`
	Principal string `json:"principal"` // the ARN of who can, or nearly can, use it
	Target    string `json:"target"`    // whom it leads to, as the story has it
	Works     bool   `json:"works"`
	Miss      string `json:"miss,omitempty"` // the near miss that it is, where it does not work
}

// A planting is an account of its own with what a story, or a miss, says.
type planting struct {
	Planted
	files map[string]string
	lines []setupLine
	away  bool // it is the part that stands in the management account
}

// The account and organization that stories are written in.
const (
	storyAccount = "111122223333"
	storyManager = "999999999999"
)

// plant makes one working and one blocked account of each story that documents
// can be made of, and names the others.
func (p *plan) plant() error {
	stories, err := readStories(p.Stories)
	if err != nil {
		return err
	}
	for i, s := range stories {
		blocked := slices.DeleteFunc(slices.Clone(s.misses), func(m miss) bool {
			return unable(m.files) != "" || leads(m.files) != leads(s.files) || organizationOf(m.files) != organizationOf(s.files)
		})
		why := unable(s.files)
		if why == "" && len(blocked) == 0 {
			why = "no near miss that documents can be made of"
		}
		if why != "" {
			p.left = append(p.left, s.id+": "+why)
			continue
		}
		p.put(s, Planted{Works: true}, s.files)
		m := blocked[p.pick(len(blocked), 'q', i, 0)]
		p.put(s, Planted{Miss: m.name}, m.files)
	}
	return nil
}

// leads lists what runs as whom. A miss in which that is somebody else than in
// the story does lead somewhere, only not there.
func leads(files map[string]string) (out string) {
	for _, l := range setupLines(files["setup"]) {
		if l.sort == "workload" || l.sort == "profile" {
			out += l.options["runs-as"] + l.options["role"] + " "
		}
	}
	return out
}

// put gives a story the next account.
func (p *plan) put(s story, planted Planted, files map[string]string) {
	id := p.accountID(p.Accounts + len(p.planted))
	fresh := strings.NewReplacer(append(p.renamed(id, setupLines(files["setup"])), storyAccount, id, storyManager, p.manager(), "o-acme", p.org)...)
	g := planting{Planted: planted, files: map[string]string{}}
	for name, text := range files {
		g.files[fresh.Replace(name)] = fresh.Replace(text)
	}
	g.lines = withDefinitions(setupLines(g.files["setup"]))
	g.Technique, g.Account, g.Target = s.id, id, targetOf(fresh.Replace(s.target))
	for _, l := range g.lines {
		if l.word(0) == s.actor && (l.sort == "user" || l.sort == "role") {
			g.Principal = l.word(1)
		}
		if l.word(0) == s.target && len(l.plain) > 1 {
			g.Target = l.word(1)
		}
	}
	p.planted = append(p.planted, g)
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

// targetOf is the reference of what a story needs no line for: an account stands
// for whoever administers it, and has a root user.
func targetOf(alias string) string {
	if account, ok := strings.CutPrefix(alias, "root@"); ok {
		return "arn:aws:iam::" + account + ":root"
	}
	if accountNumber.MatchString(alias) {
		return "account:" + alias
	}
	return ""
}

// renamed gives a name of its own to what could stand there once only: a thing
// whose ARN names no account, and what stands in the management account.
func (p *plan) renamed(id string, lines []setupLine) (pairs []string) {
	for _, l := range lines {
		arn := l.word(1)
		switch account := accountOf(arn); {
		case account == storyManager:
			pairs = append(pairs, arn, strings.Replace(strings.TrimSuffix(arn, lastOf(arn)), storyManager, p.manager(), 1)+"planted-"+id+"-"+lastOf(arn))
		case strings.HasPrefix(arn, "arn:") && account == "":
			pairs = append(pairs, arn, arn+id, "s3://"+lastOf(arn), "s3://"+lastOf(arn)+id)
		}
	}
	return pairs
}

// accountOf is the account in an ARN, "" where there is none.
func accountOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// plantUnit holds the planted accounts: its ceilings deny nothing.
func (p *plan) plantUnit() string { return p.unitID(p.units()) }

func (g planting) name() string { return "planted-" + g.Account }

// ceiling returns the account's own service control policy, if it has one.
func (g planting) ceiling() (ceiling, bool) {
	text := g.files["scp/"+g.Account+".json"]
	return ceiling{id: "p-" + g.Account, name: g.name(), raw: compact(text), targets: []string{g.Account}}, text != ""
}

var space = regexp.MustCompile(`\s*\n\s*`)

func compact(text string) string { return strings.TrimSpace(space.ReplaceAllString(text, " ")) }

func policyOf(text string) any { return json.RawMessage(compact(text)) }

// plantAll writes the planted accounts.
func (w *writer) plantAll() {
	for i := range w.planted {
		w.plantOne(i, &w.planted[i])
	}
	w.organizationAccess()
}

func (w *writer) plantOne(i int, g *planting) {
	d := w.open(g.path("global", "iam", "get-account-authorization-details"))
	d.records("UserDetailList", w.plantedUsers(i, g))
	d.records("GroupDetailList", w.plantedGroups(i, g))
	d.records("RoleDetailList", w.plantedRoles(i, g))
	d.records("Policies", w.plantedPolicies(i, g))
	d.member("IsTruncated", false)
	d.close()
	w.plantedCredentials(i, g)
	w.plantedThings(g)
}

func (g *planting) path(region, service, operation string) string {
	return fmt.Sprintf("%s/%s/%s/%s", g.Account, region, service, operation)
}

func (d *document) records(member string, list []any) {
	d.list(member, len(list), func(i int) any { return list[i] })
}
