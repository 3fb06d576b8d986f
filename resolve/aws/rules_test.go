package aws

import (
	"math/bits"
	"slices"
	"strconv"
	"testing"
)

// TestEveryRuleCounts switches one rule off at a time: at least five vectors
// notice, some of them among those that carry the rule's number.
func TestEveryRuleCounts(t *testing.T) {
	scenarios := readScenarios(t)
	for rule := ruleExplicitDeny; rule <= rulePartitions; rule <<= 1 {
		number := strconv.Itoa(bits.TrailingZeros32(uint32(rule)) + 1)
		fails, own := 0, 0
		for _, s := range scenarios {
			without := *s
			without.estate = NewEstate(s.estate.s)
			without.estate.off = rule
			for _, a := range s.asks {
				if s.check(a) == "" && without.check(a) != "" {
					fails++
					if slices.Contains(s.rules, number) {
						own++
					}
				}
			}
		}
		if fails < 5 || own == 0 {
			t.Errorf("rule %s switched off: %d vectors fail, %d of its own, want five and one", number, fails, own)
		}
		t.Logf("rule %s: %d, of its own %d", number, fails, own)
	}
}
