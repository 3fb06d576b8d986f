package generate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
)

const (
	family     = 10  // accounts that trust each other
	chainEvery = 200 // ordinary roles from the start of a chain to that of the next
	chainLen   = 30  // roles of a chain
	hubs       = 3   // roles of the last account that lead to every account
	perHub     = 100 // principals of which one may assume a hub
)

// A plan says, without holding it, what stands where: every account is written
// knowing nothing of the others but what the plan tells.
type plan struct {
	Options
	org   string
	first []int // number of ordinary roles in the accounts before; one more than accounts

	planted []planting
	left    []string // stories that were not planted, and why
}

func newPlan(o Options) (*plan, error) {
	switch {
	case o.Accounts < 1 || o.Accounts > maxAccounts:
		return nil, fmt.Errorf("%w: %d accounts, want 1 to %d", ErrOptions, o.Accounts, maxAccounts)
	case o.Principals < o.Accounts:
		return nil, fmt.Errorf("%w: %d principals, want at least one for each of %d accounts", ErrOptions, o.Principals, o.Accounts)
	case o.Resources < 0:
		return nil, fmt.Errorf("%w: %d resources", ErrOptions, o.Resources)
	case o.Defeat != DefeatNothing && !slices.Contains(Defeats, o.Defeat):
		return nil, fmt.Errorf("%w: defeat %q, want one of %q", ErrOptions, o.Defeat, Defeats)
	}
	p := &plan{Options: o, first: make([]int, o.Accounts+1)}
	p.org = "o-" + p.word(10, 'o', 0, 0)
	for a := range o.Accounts {
		p.first[a+1] = p.first[a] + p.ordinary(a)
	}
	if p.Stories != nil {
		return p, p.plant()
	}
	return p, nil
}

// share is the part of total that falls to account a.
func (p *plan) share(total, a int) int {
	return total*(a+1)/p.Accounts - total*a/p.Accounts
}

func (p *plan) principals(a int) int { return p.share(p.Principals, a) }
func (p *plan) users(a int) int      { return p.principals(a) / 5 }

// special counts the roles that are no ordinary ones: hubs in the last
// account, and everywhere one that all of the organization may assume.
func (p *plan) special(a int) int { return p.hubs(a) + min(1, p.principals(a)) }

func (p *plan) hubs(a int) int {
	if a == p.Accounts-1 && p.principals(a) >= 3*hubs {
		return hubs
	}
	return 0
}

// ordinary counts the ordinary roles of an account: those before the special.
func (p *plan) ordinary(a int) int { return p.principals(a) - p.users(a) - p.special(a) }

// place finds the account of an ordinary role by its number in the estate.
func (p *plan) place(number int) (a, role int) {
	a = sort.Search(p.Accounts, func(i int) bool { return p.first[i+1] > number })
	return a, number - p.first[a]
}

func (p *plan) accountID(a int) string {
	const span = 900_000_000_000
	return fmt.Sprint(100_000_000_000 + (uint64(a)*982_451_653+p.Seed%1_000_003*7_919)%span)
}

var regions = []string{"eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2"}

func (p *plan) region(a int) string { return regions[p.pick(len(regions), 'r', a, 0)] }

func (p *plan) userName(i int) string { return fmt.Sprintf("user-%05d", i) }
func (p *plan) roleName(a, i int) string {
	ordinary := p.ordinary(a)
	switch {
	case i < ordinary:
		return fmt.Sprintf("app-%05d", i)
	case i < ordinary+p.hubs(a):
		return fmt.Sprintf("hub-%d", i-ordinary)
	}
	return orgAudit
}

// orgAudit is the role that the hubs may assume in every account.
const orgAudit = "org-audit"

func (p *plan) userARN(a, i int) string {
	return "arn:aws:iam::" + p.accountID(a) + ":user/" + p.userName(i)
}

func (p *plan) roleARN(a, i int) string {
	return "arn:aws:iam::" + p.accountID(a) + ":role/" + p.roleName(a, i)
}

func (p *plan) hubARN(hub int) string {
	last := p.Accounts - 1
	return p.roleARN(last, p.ordinary(last)+hub)
}

// principalARN numbers users first, then ordinary roles.
func (p *plan) principalARN(a, i int) string {
	if users := p.users(a); i >= users {
		return p.roleARN(a, i-users)
	}
	return p.userARN(a, i)
}

// hash is a well-mixed number of what it is of, the same in every run.
func (p *plan) hash(of byte, a, i int) uint64 {
	h := p.Seed ^ uint64(of)<<56
	for _, part := range [...]uint64{uint64(a), uint64(i)} {
		h += 0x9e3779b97f4a7c15 + part
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// pick is a number below n.
func (p *plan) pick(n int, of byte, a, i int) int { return int(p.hash(of, a, i) % uint64(n)) }

// chance is true for about percent of a hundred.
func (p *plan) chance(percent float64, of byte, a, i int) bool {
	return float64(p.hash(of, a, i)>>11)/(1<<53) < percent/100
}

func (p *plan) rng(of byte, a, i int) *rand.Rand {
	return rand.New(rand.NewPCG(p.hash(of, a, i), p.Seed))
}

// word is n letters and digits as AWS's ids have them.
func (p *plan) word(n int, of byte, a, i int) string {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	out := make([]byte, n)
	h := p.hash(of, a, i)
	for k := range out {
		if k%12 == 11 {
			h = p.hash(of+byte(k), a, i)
		}
		out[k] = digits[h&31]
		h >>= 5
	}
	return string(out)
}
