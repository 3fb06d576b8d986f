package aws

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

const vectorFolder = "../../testdata/aws"

// A scenario is one archive of testdata/aws; its README gives the format.
type scenario struct {
	name   string
	rules  []string
	docs   []string
	files  map[string][]byte
	alias  map[string]graph.Ref
	estate *Estate
	asks   []ask
}

// An ask is one line of the file ask.
type ask struct {
	line      int
	text      string
	question  policy.Question
	verdict   graph.Verdict
	layer     string
	statement string
	extra     map[string]string
}

func readScenarios(t testing.TB) []*scenario {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(vectorFolder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no vectors in %s: %v", vectorFolder, err)
	}
	var list []*scenario
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := parseScenario(filepath.Base(path), text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		list = append(list, s)
	}
	return list
}

// scenarioOf is one of files as an archive holds them, without questions.
func scenarioOf(files map[string][]byte) *scenario {
	return &scenario{files: files, alias: map[string]graph.Ref{"internet": graph.Internet}}
}

func parseScenario(name string, text []byte) (*scenario, error) {
	archive := txtar.Parse(text)
	s := scenarioOf(map[string][]byte{})
	s.name = name
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if rule, ok := strings.CutPrefix(line, "rule:"); ok {
			s.rules = append(s.rules, strings.Fields(rule)...)
		}
		if doc, ok := strings.CutPrefix(line, "doc:"); ok {
			s.docs = append(s.docs, strings.TrimSpace(doc))
		}
	}
	if len(s.rules) == 0 || len(s.docs) == 0 {
		return nil, fmt.Errorf("the comment names no rule or no doc")
	}
	for _, f := range archive.Files {
		s.files[f.Name] = f.Data
	}
	snap, err := s.build()
	if err != nil {
		return nil, err
	}
	s.estate = NewEstate(snap)
	return s, s.parseAsks()
}

// A builder puts a scenario's facts together.
type builder struct {
	*snapshot.Builder
	s        *scenario
	accounts map[string]string // id → parent alias
	org      bool
	err      error
}

func (b *builder) node(n graph.Node) {
	n.Provider = graph.AWS
	slices.SortFunc(n.Attrs, func(x, y graph.Attr) int { return strings.Compare(x.Key, y.Key) })
	slices.SortFunc(n.Tags, func(x, y graph.Tag) int { return strings.Compare(x.Key, y.Key) })
	if err := b.Node(n); err != nil && b.err == nil {
		b.err = err
	}
}

func (b *builder) edge(from, to graph.Ref, r graph.Relation) {
	if err := b.Edge(graph.Edge{From: from, To: to, Relation: r}); err != nil && b.err == nil {
		b.err = err
	}
}

func (s *scenario) build() (*snapshot.Snapshot, error) {
	b := &builder{Builder: snapshot.NewBuilder(), s: s, accounts: map[string]string{}}
	b.node(graph.Node{Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "anonymous", Name: "internet"})
	for i, line := range strings.Split(string(s.files["setup"]), "\n") {
		line, _, _ = strings.Cut(line, " #")
		fields := splitQuoted(line)
		if len(fields) == 0 {
			continue
		}
		if err := b.line(fields); err != nil {
			return nil, fmt.Errorf("setup line %d: %w", i+1, err)
		}
	}
	b.mentionAccounts()
	if err := b.attachAll(); err != nil {
		return nil, err
	}
	if b.err != nil {
		return nil, b.err
	}
	return b.Facts()
}

var layerOf = map[string]graph.LayerID{
	"acl":      layerBucketACL,
	"identity": LayerIdentity, "boundary": LayerBoundary, "trust": LayerTrust, "resource": LayerResource,
	"scp": LayerSCP, "rcp": LayerRCP, "public-access-block": LayerPublicAccess, "policy-version": LayerPolicyVersion,
}

func (b *builder) line(f []string) error {
	sort, options, plain := f[0], map[string]string{}, []string{}
	n := graph.Node{}
	for _, word := range f[1:] {
		key, value, ok := strings.Cut(word, "=")
		switch {
		case ok && strings.HasPrefix(key, "tag:"):
			n.Tags = append(n.Tags, graph.Tag{Key: key[4:], Value: value})
		case ok && strings.HasPrefix(key, "attr:"):
			n.Attrs = append(n.Attrs, graph.Attr{Key: key[5:], Value: value})
		case ok && !strings.ContainsAny(key, ":#"):
			options[key] = value
		default:
			plain = append(plain, word)
		}
	}
	switch sort {
	case "gap", "none":
		return b.coverage(sort, plain)
	case "attached":
		return b.attachManaged(plain[0], options["to"])
	case "listed":
		return b.Cover(graph.Coverage{Status: graph.Collected,
			Listing: graph.Listing{Scope: AccountRef(plain[0]), Service: plain[1], Operation: plain[2]}})
	case "fact":
		return b.Attach(graph.Attachment{To: b.s.alias[plain[1]], Layer: graph.LayerID(plain[0]), Policy: "fact", Name: plain[0], Document: []byte("{}")})
	}
	if len(plain) == 0 {
		return fmt.Errorf("%v: no alias", f)
	}
	if len(plain) > 1 {
		b.s.alias[plain[0]] = graph.Ref(plain[1])
		n.Ref = graph.Ref(plain[1])
	}
	n.Name, n.NativeID = plain[0], options["id"]
	if arn, ok := ParseARN(string(n.Ref)); ok {
		n.Scope = AccountRef(arn.Account)
		n.Name = arn.Resource[strings.LastIndexByte(arn.Resource, '/')+1:]
	}
	switch sort {
	case "organization":
		b.organization(plain[0], options["management"])
		return nil
	case "ou":
		b.unit(plain[0], options["in"])
		return nil
	case "account":
		b.account(plain[0], options["in"])
		return nil
	case "user":
		n.Kind, n.Type = graph.KindUser, "iam:user"
	case "root":
		n.Kind, n.Type, n.Name = graph.KindUser, "iam:root", "root"
	case "role":
		n.Kind, n.Type = graph.KindRole, "iam:role"
	case "group":
		n.Kind, n.Type = graph.KindGroup, "iam:group"
		for _, m := range strings.Split(options["members"], ",") {
			b.edge(b.s.alias[m], n.Ref, graph.MemberOf)
		}
	case "key", "login":
		n.Kind, n.Name = graph.KindCredential, strings.TrimPrefix(plain[1], "credential:")
		n.Type = map[string]string{"key": "iam:access-key", "login": "iam:login-profile"}[sort]
		b.edge(n.Ref, b.s.alias[options["of"]], graph.CredentialOf)
	case "service":
		n.Kind, n.Type, n.Name = graph.KindServicePrincipal, "iam:service", strings.TrimPrefix(plain[1], "service:")
	case "subject", "saml":
		n.Kind, n.Type = graph.KindFederatedSubject, map[string]string{"subject": "sts:web-identity", "saml": "sts:saml"}[sort]
		n.Name = options["sub"]
		for _, key := range []string{"provider", "issuer", "sub"} {
			n.Attrs = append(n.Attrs, graph.Attr{Key: key, Value: options[key]})
		}
		if ids := options["client-ids"]; ids != "" {
			b.node(graph.Node{Ref: graph.Ref(options["provider"]), Kind: graph.KindResource, Type: "iam:oidc-provider",
				Name: options["issuer"], Attrs: []graph.Attr{{Key: "client-ids", Value: ids}}})
		}
	case "workload":
		n.Kind, n.Type = graph.KindWorkload, options["type"]
		if role := options["runs-as"]; role != "" {
			b.edge(n.Ref, b.s.alias[role], graph.RunsAs)
		}
	case "profile":
		n.Kind, n.Type = graph.KindResource, "iam:instance-profile"
		b.edge(n.Ref, b.s.alias[options["role"]], graph.RunsAs)
	case "policy":
		n.Kind, n.Type = graph.KindResource, "iam:policy"
		if v := options["versions"]; v != "" {
			n.Attrs = append(n.Attrs, graph.Attr{Key: "versions", Value: v})
		}
	case "resource":
		n.Kind, n.Type = graph.KindResource, options["type"]
		if options["account"] != "" {
			n.Scope = AccountRef(options["account"])
		}
	default:
		return fmt.Errorf("sort %q is not known", sort)
	}
	b.node(n)
	return nil
}

func (b *builder) organization(id, management string) {
	b.org = true
	b.s.alias["root"] = "root"
	b.node(graph.Node{Ref: "organization", Kind: graph.KindOrganization, Type: "organizations:organization", Name: id,
		Attrs: []graph.Attr{{Key: "id", Value: id}, {Key: "management-account", Value: management}}})
	b.node(graph.Node{Ref: "root", Kind: graph.KindFolder, Type: "organizations:root", Name: "Root", Scope: "organization",
		Attrs: []graph.Attr{{Key: "id", Value: "r-0001"}, {Key: "policy-types", Value: "RESOURCE_CONTROL_POLICY,SERVICE_CONTROL_POLICY"}}})
	b.account(management, "root")
}

func (b *builder) unit(alias, in string) {
	if in == "" {
		in = "root"
	}
	b.s.alias[alias] = graph.Ref(alias)
	b.node(graph.Node{Ref: graph.Ref(alias), Kind: graph.KindFolder, Type: "organizations:organizational-unit", Name: alias,
		Scope: graph.Ref(in), Attrs: []graph.Attr{{Key: "id", Value: "ou-" + alias}}})
}

func (b *builder) account(id, in string) {
	if _, done := b.accounts[id]; done {
		return
	}
	b.accounts[id] = in
	b.s.alias[id] = AccountRef(id)
	b.node(graph.Node{Ref: AccountRef(id), Kind: graph.KindAccount, Type: "organizations:account", Name: id, Scope: graph.Ref(in)})
	root := graph.Ref("arn:aws:iam::" + id + ":root")
	b.s.alias["root@"+id] = root
	b.node(graph.Node{Ref: root, Kind: graph.KindUser, Type: "iam:root", Name: "root", Scope: AccountRef(id)})
}

// attachManaged attaches the document of a managed policy.
func (b *builder) attachManaged(managed string, to string) error {
	return b.Attach(graph.Attachment{To: b.s.alias[to], Layer: LayerIdentity, Policy: b.s.alias[managed], Name: managed,
		Document: bytes.TrimSpace(b.s.files["managed/"+managed+".json"])})
}

// mentionAccounts makes the accounts that ARNs name and no line describes.
func (b *builder) mentionAccounts() {
	for _, ref := range b.s.alias {
		arn, ok := ParseARN(string(ref))
		if !ok || !isAccountID(arn.Account) {
			continue
		}
		if _, described := b.accounts[arn.Account]; !described {
			b.node(graph.Node{Ref: AccountRef(arn.Account), Kind: graph.KindAccount, Type: "organizations:account",
				Name: arn.Account, Mentioned: true})
		}
	}
}

func (b *builder) coverage(sort string, words []string) error {
	if len(words) < 2 {
		return fmt.Errorf("%s: want a layer and an alias", sort)
	}
	c := graph.Coverage{Status: graph.NoneExists, Of: b.s.alias[words[1]], Affects: []graph.LayerID{layerOf[words[0]]},
		Listing: graph.Listing{Service: "test", Operation: words[0], Subject: b.s.alias[words[1]]}}
	if sort == "gap" {
		c.Status, c.Reason, c.Detail = graph.Failed, graph.GapReason(words[2]), "the document did not come"
	}
	return b.Cover(c)
}

func (b *builder) attachAll() error {
	for name, text := range b.s.files {
		folder, file, ok := strings.Cut(name, "/")
		if !ok || folder == "managed" {
			continue
		}
		alias := strings.TrimSuffix(file, ".json")
		if base, number, numbered := strings.Cut(alias, "."); numbered && len(number) == 1 {
			alias = base
		}
		to, known := b.s.alias[alias]
		if !known || layerOf[folder] == "" {
			return fmt.Errorf("file %s: no such layer or alias", name)
		}
		if err := b.Attach(graph.Attachment{To: to, Layer: layerOf[folder], Policy: graph.Ref(name), Name: name, Inline: folder == "identity", Document: bytes.TrimSpace(text)}); err != nil {
			return err
		}
	}
	if !b.org {
		return nil
	}
	return b.attachFullAccess()
}

func (b *builder) attachFullAccess() error {
	levels := map[string]graph.Ref{}
	for alias, ref := range b.s.alias {
		if _, account := b.accounts[alias]; account || alias == string(ref) {
			levels[alias] = ref
		}
	}
	for alias, ref := range levels {
		if b.s.files["scp/"+alias+".json"] != nil || strings.Contains(string(b.s.files["setup"]), "gap scp "+alias) {
			continue
		}
		err := b.Attach(graph.Attachment{To: ref, Layer: LayerSCP, Name: "FullAWSAccess",
			Policy: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"})
		if err != nil {
			return err
		}
	}
	return nil
}

func splitQuoted(s string) []string {
	var words []string
	var word strings.Builder
	quoted, any := false, false
	for _, c := range s {
		switch {
		case c == '\'':
			quoted, any = !quoted, true
		case (c == ' ' || c == '\t') && !quoted:
			if any {
				words = append(words, word.String())
			}
			word.Reset()
			any = false
		default:
			word.WriteRune(c)
			any = true
		}
	}
	if any {
		words = append(words, word.String())
	}
	return words
}

func (s *scenario) parseAsks() error {
	for i, line := range strings.Split(string(s.files["ask"]), "\n") {
		text, _, _ := strings.Cut(line, " # ")
		if text = strings.TrimSpace(text); text == "" || text[0] == '#' {
			continue
		}
		a, err := s.parseAsk(text)
		if err != nil {
			return fmt.Errorf("ask line %d: %w", i+1, err)
		}
		a.line, a.text = i+1, text
		s.asks = append(s.asks, a)
	}
	return nil
}

func (s *scenario) parseAsk(text string) (ask, error) {
	question, want, ok := strings.Cut(text, "=> ")
	if !ok {
		return ask{}, fmt.Errorf("%q: want =>", text)
	}
	a := ask{extra: map[string]string{}}
	head, options, _ := strings.Cut(question, "{")
	words := splitQuoted(head)
	if len(words) != 3 {
		return a, fmt.Errorf("%q: want principal, action, resource", head)
	}
	a.question = policy.Question{Principal: s.ref(words[0]), Action: words[1], Resource: string(s.ref(words[2]))}
	options = strings.TrimSuffix(strings.TrimSpace(options), "}")
	for _, o := range splitQuoted(options) {
		if err := s.option(&a.question, o); err != nil {
			return a, err
		}
	}
	wanted := splitQuoted(want)
	if len(wanted) < 3 {
		return a, fmt.Errorf("%q: want verdict, layer, statement", want)
	}
	var err error
	a.verdict, err = graph.ParseVerdict(wanted[0])
	a.layer, a.statement = wanted[1], wanted[2]
	for _, w := range wanted[3:] {
		key, value, _ := strings.Cut(w, "=")
		a.extra[key] = value
	}
	return a, err
}

func (s *scenario) ref(word string) graph.Ref {
	if ref, ok := s.alias[word]; ok {
		return ref
	}
	if alias, rest, ok := strings.Cut(word, "/"); ok && s.alias[alias] != "" {
		return s.alias[alias] + "/" + graph.Ref(rest)
	}
	return graph.Ref(word)
}

func (s *scenario) option(q *policy.Question, o string) error {
	if o == "strict" {
		q.Strict = true
		return nil
	}
	if key, ok := strings.CutPrefix(o, "!"); ok {
		q.Context = append(q.Context, policy.Value{Key: key, Absent: true})
		return nil
	}
	key, value, ok := strings.Cut(o, "=")
	if !ok {
		return fmt.Errorf("option %q: want key=value", o)
	}
	switch key {
	case "session":
		q.SessionPolicies = append(q.SessionPolicies, s.files[value])
	case "endpoint":
		q.EndpointPolicy = s.files[value]
	case "hold":
		q.Hold = map[string]graph.Hold{"session": graph.AsSession, "code": graph.AsCode, "own-policy": graph.WithOwnPolicy}[value]
	case "at":
		at, err := time.Parse(time.RFC3339, value)
		q.At = at
		return err
	case "assume-none":
		q.AssumeNone = append(q.AssumeNone, layerOf[value])
	default:
		q.Context = append(q.Context, policy.Value{Key: key, Values: strings.Split(value, "|")})
	}
	return nil
}

// check decides an ask and returns what differs, "" if nothing does.
func (s *scenario) check(a ask) string {
	d, err := s.estate.Decide(a.question)
	if err != nil {
		return err.Error()
	}
	statement := "-"
	if d.Statement != nil {
		statement = evidenceName(*d.Statement)
	}
	layer := strings.TrimPrefix(string(d.Deciding), "aws:")
	if d.Verdict != a.verdict || layer != a.layer || statement != a.statement {
		return fmt.Sprintf("got  %s %s %s\nwant %s %s %s\ntext %s", d.Verdict, layer, statement, a.verdict, a.layer, a.statement, d.Text)
	}
	for key, want := range a.extra {
		if got := extraOf(&d, key, want); got != want {
			return fmt.Sprintf("%s: got %q, want %q", key, got, want)
		}
	}
	return ""
}

func evidenceName(e graph.Evidence) string {
	name := string(e.Policy)
	return fmt.Sprintf("%s#%d", name[strings.LastIndexByte(name, ':')+1:], e.Statement)
}

func extraOf(d *policy.Decision, key, want string) string {
	switch key {
	case "bounds":
		return d.Bounds.Least.String() + ".." + d.Bounds.Most.String()
	case "if":
		return d.Formula.String()
	case "keys":
		list := slices.Clone(d.Include)
		for _, x := range d.Exclude {
			list = append(list, "!"+x)
		}
		return strings.Join(list, ",")
	case "assumes":
		for _, a := range d.Assumptions {
			if a.Code == want {
				return want
			}
		}
		return ""
	case "flips":
		var names []string
		for _, e := range d.Flips {
			names = append(names, evidenceName(e))
		}
		return strings.Join(names, ",")
	}
	return "no such extra"
}

func TestVectors(t *testing.T) {
	total := 0
	for _, s := range readScenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			for _, a := range s.asks {
				total++
				if diff := s.check(a); diff != "" {
					t.Errorf("line %d: %s\n%s", a.line, a.text, diff)
				}
			}
		})
	}
	t.Logf("%d vectors", total)
}
