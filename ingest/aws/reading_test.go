package aws

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
)

// Where every document lies in a tree, accounts are read apart from each other. A
// document outside of any makes them be read together: the records are the same,
// and those of that document besides.
func TestApartOrTogether(t *testing.T) {
	beside := details("UserDetailList", `{"UserName": "v", "Arn": "arn:aws:iam::999999999999:user/v"}`)
	scenarios, err := filepath.Glob("testdata/scenario/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string]map[string]string{"scattered": scattered(20), "common": commonPolicies}
	for _, path := range scenarios {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		files := scenarioFiles(t, name)
		if !hasLone(files) {
			trees[name] = files
		}
	}
	if len(trees) < 8 {
		t.Fatalf("%d scenarios lie in trees alone", len(trees))
	}
	alone, _, err := run(t, write(t, map[string]string{"dump.json": beside}))
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range trees {
		apart, before, err := run(t, write(t, files))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		dir := write(t, files)
		if err := os.WriteFile(filepath.Join(dir, "dump.json"), []byte(beside), 0o644); err != nil {
			t.Fatal(err)
		}
		together, after, err := run(t, dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := slices.Sorted(slices.Values(append(apart.records(), alone.records()...)))
		got := slices.Sorted(slices.Values(together.records()))
		sameRecords(t, name, slices.Compact(got), slices.Compact(want))
		if after.Documents != before.Documents+1 || len(after.Gaps) != len(before.Gaps) {
			t.Errorf("%s: %d documents and %d gaps, then %d and %d", name, before.Documents, len(before.Gaps), after.Documents, len(after.Gaps))
		}
	}
}

func hasLone(files map[string]string) bool {
	for path := range files {
		if p, err := placeOf(path); err != nil || !p.inTree() {
			return true
		}
	}
	return false
}

// commonPolicies are two accounts that show one policy of AWS's own in different
// versions, and one that shows it in none.
var commonPolicies = func() map[string]string {
	files := map[string]string{}
	for id, policies := range map[string]string{
		"111111111111": strings.NewReplacer("arn:aws:iam::111111111111:policy/p", "arn:aws:iam::aws:policy/Common", `"v1"`, `"v2"`, `"Statement": []`, `"Statement": [], "Id": "older"`).Replace(policyOne),
		"222222222222": strings.NewReplacer("arn:aws:iam::111111111111:policy/p", "arn:aws:iam::aws:policy/Common", `"v1"`, `"v3"`, `"Statement": []`, `"Statement": [], "Id": "newer"`).Replace(policyOne),
		"333333333333": "",
	} {
		user := fmt.Sprintf(`{"UserName": "u", "Arn": "arn:aws:iam::%s:user/u", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/Common"}]}`, id)
		files[id+"/global/iam/get-account-authorization-details.json"] = strings.Replace(details("UserDetailList", user), `"Policies": []`, `"Policies": [`+policies+`]`, 1)
	}
	return files
}()

// The newest version that any account shows of a policy of AWS's own is that of all.
func TestCommonPoliciesAreOfAllAccounts(t *testing.T) {
	n, _, err := run(t, write(t, commonPolicies))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"111111111111", "222222222222", "333333333333"} {
		checkLine(t, `attach aws:identity arn:aws:iam::`+id+`:user/u arn:aws:iam::aws:policy/Common name=Common v3 {"Statement":[],"Id":"newer"}`, n.records())
	}
}

// An account's own policy is of no other account: the same name there tells nothing.
func TestOwnPoliciesStayInTheirAccount(t *testing.T) {
	files := map[string]string{}
	for _, id := range []string{"111111111111", "222222222222"} {
		user := fmt.Sprintf(`{"UserName": "u", "Arn": "arn:aws:iam::%s:user/u", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::%s:policy/p"}]}`, id, id)
		files[id+"/global/iam/get-account-authorization-details.json"] = details("UserDetailList", user)
	}
	first := "111111111111/global/iam/get-account-authorization-details.json"
	files[first] = strings.Replace(files[first], `"Policies": []`, `"Policies": [`+policyOne+`]`, 1)
	n, sum, err := run(t, write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	checkLine(t, `attach aws:identity arn:aws:iam::111111111111:user/u arn:aws:iam::111111111111:policy/p name=p v1 {"Statement":[]}`, n.records())
	checkLine(t, `attach aws:identity arn:aws:iam::222222222222:user/u arn:aws:iam::222222222222:policy/p name=p missing`, n.records())
	if len(sum.Gaps) != 1 {
		t.Errorf("gaps %v", sum.Gaps)
	}
}

// Two dumps of one account are told in a tree as well, wherever its parts lie.
func TestTwoDumpsInTrees(t *testing.T) {
	one, two := details("UserDetailList", userOne), details("UserDetailList", userOne+",\n"+userTwo)
	const dump = "111111111111/%s/iam/get-account-authorization-details.json"
	for what, files := range map[string]map[string]string{
		"of one folder":  {fmt.Sprintf(dump, "global"): one, fmt.Sprintf(dump, "eu-west-1"): two},
		"of two folders": {"a/" + fmt.Sprintf(dump, "global"): one, "b/" + fmt.Sprintf(dump, "global"): two},
		"of one outside": {fmt.Sprintf(dump, "global"): one, "dump.json": two},
	} {
		if _, _, err := run(t, write(t, files)); !errors.Is(err, ErrTwoDumps) {
			t.Errorf("%s: error %v", what, err)
		}
		for path := range files {
			files[path] = one
		}
		if _, _, err := run(t, write(t, files)); err != nil {
			t.Errorf("the same %s: %v", what, err)
		}
	}
}

// A document of a tree whose path says nothing of Terraform, and whose content does,
// gives way to live documents of every account, and leans on what they show.
func TestTerraformWithinATree(t *testing.T) {
	live := details("RoleDetailList", `{"RoleName": "r", "Arn": "arn:aws:iam::222222222222:role/r", "AssumeRolePolicyDocument": {"Statement": []}}`)
	state := `{"format_version": "1.0", "values": {"root_module": {"resources": [
	  {"mode": "managed", "type": "aws_iam_role", "values": {"arn": "arn:aws:iam::222222222222:role/r", "name": "r", "assume_role_policy": "{\"Id\": \"remembered\"}"}},
	  {"mode": "managed", "type": "aws_iam_role", "values": {"arn": "arn:aws:iam::222222222222:role/s", "name": "s", "assume_role_policy": "{\"Id\": \"remembered\"}"}},
	  {"mode": "managed", "type": "aws_iam_role_policy_attachment", "values": {"role": "s", "policy_arn": "arn:aws:iam::222222222222:policy/p"}}]}}}`
	live = strings.Replace(live, `"Policies": []`, `"Policies": [`+strings.ReplaceAll(policyOne, "111111111111", "222222222222")+`]`, 1)
	n, sum, err := run(t, write(t, map[string]string{
		"111111111111/global/stacks/state.json":                          state,
		"222222222222/global/iam/get-account-authorization-details.json": live,
	}))
	if err != nil || sum.Documents != 2 {
		t.Fatal(err, sum.Documents)
	}
	checkLine(t, `attach aws:identity arn:aws:iam::222222222222:role/s arn:aws:iam::222222222222:policy/p name=p v1 {"Statement":[]}`, n.records())
	trust := map[graph.Ref]string{}
	for _, a := range n.attached {
		if a.Layer == LayerTrust {
			trust[a.To] += string(a.Document)
		}
	}
	if trust["arn:aws:iam::222222222222:role/r"] != `{"Statement":[]}` || trust["arn:aws:iam::222222222222:role/s"] != `{"Id":"remembered"}` {
		t.Errorf("trusts %v", trust)
	}
}

// Files come back as they were put in, whatever their names, ages and sizes, and
// whichever account they are of.
func TestPackedFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	l := newListed()
	want := map[string][]file{}
	near := newNeighbour("/")
	for i := range 20_000 {
		id := fmt.Sprint(111111111111 + r.IntN(5)*r.IntN(2))
		path := fmt.Sprintf("/t/%s/eu-west-1/sqs/get-queue-attributes/%s%d.json", id, strings.Repeat("ü", r.IntN(40)), i)
		if r.IntN(100) == 0 {
			path = fmt.Sprintf("/t/%d%s.json", i, strings.Repeat("x", r.IntN(2*chunkSize)))
		}
		at := time.Unix(r.Int64N(1<<36)-1<<35, r.Int64N(1e9)).UTC()
		f, err := near.file(path, at, r.Int64N(1<<r.IntN(40)))
		if err != nil {
			t.Fatal(err)
		}
		l.add(f)
		want[f.account] = append(want[f.account], f)
	}
	got := map[string][]file{}
	for _, h := range l.homes {
		got[h.account] = slices.AppendSeq(got[h.account], l.each(h))
	}
	if len(l.text.chunks) < 3 || len(got) != len(want) {
		t.Fatalf("%d chunks, %d accounts, want %d", len(l.text.chunks), len(got), len(want))
	}
	for id, files := range want {
		if len(got[id]) != len(files) {
			t.Fatalf("account %q has %d files, want %d", id, len(got[id]), len(files))
		}
		for i, f := range files {
			if g := got[id][i]; g.path != f.path || !g.at.Equal(f.at) || g.size != f.size || g.place != f.place {
				t.Fatalf("file %d of account %q: %+v, want %+v", i, id, g, f)
			}
		}
	}
}

// Of what is given, each file is read once: also where one path lies within
// another, and where only being named makes a document of a file.
func TestEachFileOnce(t *testing.T) {
	dir := write(t, map[string]string{"t/a.json": "", "t/u/b.json": "", "t/u/.hidden": "", "t/c.txt": "", "v/d.json": ""})
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	if err := os.Symlink(at("v"), at("t", "link")); err != nil {
		t.Fatal(err)
	}
	for what, tc := range map[string]struct{ given, want []string }{
		"a folder":              {[]string{at("t")}, []string{"t/a.json", "t/u/b.json"}},
		"a folder twice":        {[]string{at("t"), at("t") + "/"}, []string{"t/a.json", "t/u/b.json"}},
		"one within":            {[]string{at("t", "u"), at("t")}, []string{"t/a.json", "t/u/b.json"}},
		"named files within":    {[]string{at("t"), at("t", "c.txt"), at("t", "u", ".hidden")}, []string{"t/a.json", "t/c.txt", "t/u/.hidden", "t/u/b.json"}},
		"a link with a slash":   {[]string{at("t", "link") + "/"}, []string{"t/link/d.json"}},
		"two folders":           {[]string{at("v"), at("t", "u")}, []string{"t/u/b.json", "v/d.json"}},
		"a file and its like":   {[]string{at("t", "a.json"), at("t", ".", "a.json")}, []string{"t/a.json"}},
		"a name that begins so": {[]string{at("t"), at("t", "u", "b.json")}, []string{"t/a.json", "t/u/b.json"}},
	} {
		l, err := list(tc.given)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var got []string
		for _, h := range l.homes {
			for f := range l.each(h) {
				got = append(got, strings.TrimPrefix(f.path, filepath.ToSlash(dir)+"/"))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", what, got, tc.want)
		}
	}
}

// Memory does not grow with the documents of a tree, but for what is noted of their
// names: what is live after half of 2,000 accounts is what was live after 100.
func TestMemoryIsBoundedByOneAccount(t *testing.T) {
	const each = 24 // documents of an account
	live := func(accounts int) (peak, noted uint64) {
		l := newListed()
		l.open = func(path string) (io.ReadCloser, error) { return madeUp(path), nil }
		near := newNeighbour("/")
		for a := range accounts {
			id := fmt.Sprint(100000000000 + a)
			for d := range each {
				path := fmt.Sprintf("/t/%s/global/s3api/get-bucket-policy/bucket-%d-%d.json", id, a, d)
				if d == 0 {
					path = fmt.Sprintf("/t/%s/global/iam/get-account-authorization-details.json", id)
				}
				f, err := near.file(path, time.Unix(1700000000, 0), 0)
				if err != nil {
					t.Fatal(err)
				}
				l.add(f)
			}
		}
		for _, chunk := range l.text.chunks {
			noted += uint64(cap(chunk))
		}
		sink := &blank{every: accounts * each}
		if err := collect(context.Background(), l, sink, func(string) {}); err != nil {
			t.Fatal(err)
		}
		if sink.records < 3*accounts*each {
			t.Fatalf("%d records of %d accounts", sink.records, accounts)
		}
		return sink.peak, noted
	}
	small, _ := live(100)
	large, noted := live(2000)
	// 512 bytes for each account: accounts are what a collection keeps.
	if most := small + noted + 2000*512 + 1<<20; large > most {
		t.Errorf("live heap grew from %d to %d bytes, of which %d are names", small, large, noted)
	}
}

// madeUp is the document that lies at a path of TestMemoryIsBoundedByOneAccount.
func madeUp(path string) io.ReadCloser {
	p, err := placeOf(path)
	if err != nil {
		panic(err)
	}
	text := fmt.Sprintf(`{"Policy": "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::%s:role/r\"}, \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::%s/*\"}]}"}`, p.account, p.resource)
	if p.service == "iam" {
		text = details("RoleDetailList", fmt.Sprintf(`{"RoleName": "r", "Arn": "arn:aws:iam::%s:role/r", "AssumeRolePolicyDocument": {"Statement": []}}`, p.account))
	}
	return io.NopCloser(bytes.NewReader([]byte(text)))
}
