package reference

import (
	"sort"
	"strings"
)

// TypeID is the number of a resource type of a service, in the order of
// service, then lower-case name. Two services that list the same kind of thing
// (IAM and STS: a role) have a type each. Like ActionID it holds for one
// [Version] only, and its methods panic on a number that is none.
type TypeID uint32

// NumTypes is the number of resource types in the reference.
func NumTypes() int { return len(get().typeKeys) }

// FindType returns a service's resource type by name, case folded: "s3",
// "bucket".
func FindType(service, name string) (TypeID, bool) {
	t := get()
	s, ok := t.service(service)
	if !ok {
		return 0, false
	}
	run := t.serviceTypes[s]
	texts := t.texts[t.typeTexts+run.first : t.typeTexts+run.last]
	i := sort.Search(len(texts), func(i int) bool { return compareFold(texts[i], name) >= 0 })
	if i == len(texts) || !equalFold(texts[i], name) {
		return 0, false
	}
	return TypeID(run.first) + TypeID(i), true
}

// Service is the service whose page lists the type.
func (t TypeID) Service() string {
	tab := get()
	_ = tab.typeKeys[t]
	return tab.texts[owner(tab.serviceTypes, uint32(t))]
}

// Name is the type's name on that page: "bucket".
func (t TypeID) Name() string {
	tab := get()
	_ = tab.typeKeys[t]
	return tab.texts[tab.typeTexts+uint32(t)]
}

// String is service and name: "s3:bucket".
func (t TypeID) String() string { return t.Service() + ":" + t.Name() }

// ARN is the template of the type's ARNs: "arn:${Partition}:s3:::${BucketName}".
// A few templates hold "*" for any text; of several templates it is the first.
func (t TypeID) ARN() string {
	first, _, _ := strings.Cut(t.templates(), templateSeparator)
	return first
}

// ARNs are all templates of the type: an API Gateway stage has two, one for
// each kind of API. Nearly all types have one.
func (t TypeID) ARNs() []string { return strings.Split(t.templates(), templateSeparator) }

// templateSeparator stands between the templates in the source.
const templateSeparator = ", "

func (t TypeID) templates() string {
	tab := get()
	_ = tab.typeKeys[t]
	return tab.texts[tab.arnTexts+uint32(t)]
}

// ConditionKeys are the keys that AWS lists for the type: in lower case,
// sorted, templates as they are.
func (t TypeID) ConditionKeys() []string {
	tab := get()
	return tab.keyNames(tab.typeKeys[t])
}

// Actions are the actions of the type's service that list it among their
// resources, in order.
func (t TypeID) Actions() []ActionID {
	tab := get()
	_ = tab.typeKeys[t]
	run := tab.serviceActions[owner(tab.serviceTypes, uint32(t))]
	var out []ActionID
	for a := run.first; a < run.last; a++ {
		if uses(tab.list(tab.actionResources[a]), t) {
			out = append(out, ActionID(a))
		}
	}
	return out
}

// uses looks for a type in a sorted list of resource uses.
func uses(list []uint32, t TypeID) bool {
	i := sort.Search(len(list), func(i int) bool { return list[i]>>1 >= uint32(t) })
	return i < len(list) && list[i]>>1 == uint32(t)
}
