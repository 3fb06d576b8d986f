// Package generate writes whole estates that nobody owns: the documents that
// package ingest/aws reads, of as many accounts, principals and resources as
// are asked for, in the shapes that make real estates hard to resolve. Two runs
// with the same Options write the same bytes.
//
// # Shapes
//
//	organization  policies at the root, at every unit and at every account
//	identities    a fifth users in one to three groups, the rest roles; one of four
//	              has statements that no other has, the others share those of some
//	              ten profiles an account; one of five has a permissions boundary
//	policies      managed policies of every account that are nearly those of all
//	              others; wildcards inside of names, NotAction, NotResource,
//	              variables and tags; conditions on three statements of twenty
//	trusts        by name, by account, by organization; between three and four a
//	              principal (five with what runs as roles, at ten resources each);
//	              chains of thirty roles across accounts; hub roles that
//	              one principal of a hundred may assume and that lead to every
//	              account; 0.5 to 1 % of the trusts close a circle
//	resources     buckets, keys, secrets, functions, queues, topics, instances;
//	              every second bucket has a policy that no other has
//	defeats       on demand, what keeps evaluators from working things out once for
//	              many: a tag for each principal, statements for each, NotResource
//	              everywhere
//
// # Order
//
// Trusts lead from users to roles, from lower to higher roles, from lower to
// higher accounts of one family of ten. Only those that are meant to close a
// circle lead back, so that how much is welded together is known.
package generate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrOptions: the numbers that were asked for make no estate.
var ErrOptions = errors.New("no such estate")

// maxAccounts bounds the accounts: their numbers have twelve digits and must
// differ.
const maxAccounts = 1_000_000

// Options say how large an estate is.
type Options struct {
	Seed       uint64
	Accounts   int // the first one manages the organization
	Principals int // users and roles of all accounts together; at least one an account
	Resources  int // of all accounts together
	// Defeat shapes the estate so that little can be worked out once for many.
	Defeat Defeat
	// Stories is a folder of techniques' stories. Each is planted twice, in
	// accounts that come on top of the others: once as it works, once as a near
	// miss that leads nowhere, which one the seed says. Who can, or nearly can,
	// use a technique of the management account stands in that of the estate. As
	// in the stories, whoever can use a technique may be able to use another that
	// asks for less. Nil plants nothing.
	Stories fs.FS
}

// A Garden is what was planted.
type Garden struct {
	Planted []Planted `json:"planted"`
	// Left names the stories of which no documents could be made, and why: none
	// of those that come with clew.
	Left []string `json:"left"`
}

// Plant says what AWS plants with the same options. Errors wrap ErrOptions or
// ErrStory, or are those of reading the stories.
func Plant(o Options) (Garden, error) {
	p, err := newPlan(o)
	if err != nil {
		return Garden{}, err
	}
	g := Garden{Planted: []Planted{}, Left: p.left}
	for _, one := range p.planted {
		g.Planted = append(g.Planted, one.Planted)
	}
	return g, nil
}

// Create opens a new document, by its slash-separated path below the tree.
type Create func(path string) (io.WriteCloser, error)

// AWS writes an estate, account by account. Memory holds one account, and the
// stories. Errors wrap ErrOptions or ErrStory, or are those of ctx and create.
func AWS(ctx context.Context, o Options, create Create) error {
	p, err := newPlan(o)
	if err != nil {
		return err
	}
	w := &writer{create: create, plan: p}
	w.organization()
	for a := range o.Accounts {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("generate account %s: %w", p.accountID(a), err)
		}
		if w.account(a); w.err != nil {
			return fmt.Errorf("generate account %s: %w", p.accountID(a), w.err)
		}
	}
	w.plantAll()
	return w.err
}

// Folder returns a Create that writes files below a folder, which it makes.
func Folder(dir string) Create {
	made := map[string]bool{}
	return func(path string) (io.WriteCloser, error) {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if parent := filepath.Dir(path); !made[parent] {
			if err := os.MkdirAll(parent, 0o755); err != nil {
				return nil, err
			}
			clear(made) // folders come one after the other
			made[parent] = true
		}
		return os.Create(path)
	}
}

// account writes the documents of one account.
func (w *writer) account(a int) {
	w.identities(a)
	w.buckets(a)
	w.keys(a)
	w.secrets(a)
	w.functions(a)
	w.queues(a)
	w.topics(a)
	w.instances(a)
}
