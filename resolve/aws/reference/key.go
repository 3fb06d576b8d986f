package reference

import (
	"sort"
	"strings"
)

// Key is a condition key of a service.
type Key struct {
	// Name as AWS spells it; a part in ${…} or <…> stands for any text:
	// "aws:ResourceTag/${TagKey}".
	Name string
	// Type of the values: String, ARN, Bool, Numeric, Date, IPAddress or Binary;
	// with ArrayOf before it where a request may carry several.
	Type string
}

// keyTypes in the order of the numbers in the table.
var keyTypes = [...]string{"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary",
	"ArrayOfString", "ArrayOfARN", "ArrayOfBool", "ArrayOfNumeric", "ArrayOfDate", "ArrayOfIPAddress", "ArrayOfBinary"}

// Keys returns the condition keys that a service's page lists, by name; nil
// where the service is unknown.
func Keys(service string) []Key {
	t := get()
	s, ok := t.service(service)
	if !ok {
		return nil
	}
	list := t.list(t.serviceKeys[s])
	out := make([]Key, len(list))
	for i, k := range list {
		out[i] = Key{Name: t.key(k), Type: keyTypes[t.keyTypes[k]]}
	}
	return out
}

// KeyType returns the type of a condition key's values, as in [Key], whatever
// the key's case: a key of any service, a key that fits a template
// ("s3:ExistingObjectTag/team"), or a global one ("aws:SourceIp"). Where
// services disagree about one key, the single value wins.
func KeyType(key string) (string, bool) {
	if g, ok := Global(key); ok {
		return g.Type, true
	}
	t := get()
	if run := t.exactKey(key); run.first < run.last {
		return keyTypes[t.keyTypes[run.first]], true
	}
	for _, k := range t.templates {
		if fitsTemplate(t.key(k), key) {
			return keyTypes[t.keyTypes[k]], true
		}
	}
	return "", false
}

// ConditionKeys are the keys that AWS lists for the action, for the resource
// types that it uses, or for such a type in this action: in lower case, sorted,
// templates as they are. Global keys are among them only where AWS lists them
// (the tag keys); the others go with every action.
func (a ActionID) ConditionKeys() []string {
	t := get()
	return t.keyNames(t.actionKeys[a])
}

// Supports says whether the action's [ActionID.ConditionKeys] hold the key,
// case folded, or a template that it fits: s3:GetObject supports
// "s3:existingobjecttag/team".
func (a ActionID) Supports(key string) bool {
	t := get()
	list := t.list(t.actionKeys[a])
	i := sort.Search(len(list), func(i int) bool { return compareFold(t.key(list[i]), key) >= 0 })
	if i < len(list) && equalFold(t.key(list[i]), key) {
		return true
	}
	return t.supportsTemplate(list, key)
}

// supportsTemplate looks at the templates of a list only.
func (t *table) supportsTemplate(list []uint32, key string) bool {
	for _, k := range list {
		if name := t.key(k); isTemplate(name) && fitsTemplate(name, key) {
			return true
		}
	}
	return false
}

func (t *table) key(k uint32) string { return t.texts[t.keyTexts+k] }

func (t *table) keyNames(list uint32) []string {
	ids := t.list(list)
	out := make([]string, len(ids))
	for i, k := range ids {
		out[i] = strings.ToLower(t.key(k))
	}
	return out
}

// exactKey is the run of entries of this name: one, or one for each type.
func (t *table) exactKey(key string) span {
	n := len(t.keyTypes)
	at := func(i int) string { return t.key(uint32(i)) }
	first := sort.Search(n, func(i int) bool { return compareFold(at(i), key) >= 0 })
	last := first
	for last < n && equalFold(at(last), key) {
		last++
	}
	return span{uint32(first), uint32(last)}
}

func isTemplate(key string) bool { return strings.ContainsAny(key, "$<") }

// fitsTemplate says whether a key fits a template, in which ${…} and <…> stand
// for one character or more. No template has two variables.
func fitsTemplate(template, key string) bool {
	head, rest, ok := strings.Cut(template, "${")
	end := "}"
	if !ok {
		head, rest, ok = strings.Cut(template, "<")
		end = ">"
	}
	_, tail, closed := strings.Cut(rest, end)
	return ok && closed && len(key) > len(head)+len(tail) &&
		hasPrefixFold(key, head) && equalFold(key[len(key)-len(tail):], tail)
}
