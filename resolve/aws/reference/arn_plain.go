package reference

import (
	"strings"
	"sync"
)

// This file finds the types of plain ARNs, as most are: a word for the sort of
// thing, "/" or ":" after it, and a name that holds neither; or the name alone.
// Where no template of the service looks into such a name, all of them that begin
// alike fit the same types.

// A plain is what ARNs that fit the same types have in common.
type plain struct {
	service         string
	sort            string // before the name, with its separator; "" where the name is all
	region, account bool   // whether they are there
}

// plainTypes are the types of those of which that can be told.
var plainTypes = sync.OnceValue(func() map[plain][]TypeID {
	out := map[plain][]TypeID{}
	services := map[string][]arnTemplate{}
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			if service, tpl, ok := readTemplate(id, template); ok && service != "" {
				services[service] = append(services[service], tpl)
			}
		}
	}
	for service, list := range services {
		for i := range list {
			if sort, ok := list[i].plain(); ok && !looksInto(list, sort) {
				putPlain(out, service, sort)
			}
		}
	}
	return out
})

// putPlain adds the plain ARNs of one sort.
func putPlain(out map[plain][]TypeID, service, sort string) {
	for _, region := range [...]string{"", "r"} {
		for _, account := range [...]string{"", "1"} {
			parts := [6]string{"arn", "aws", service, region, account, sort + "x"}
			if fits := fitting(templatesFor(service, parts[5]), &parts); fits != nil {
				out[plain{service, sort, region != "", account != ""}] = fits
			}
		}
	}
}

// plain is the sort of a template that is one and a name.
func (a *arnTemplate) plain() (sort string, ok bool) {
	after, open := skipVariable(a.rest[len(a.head):])
	sort, _ = cutSort(a.head)
	return a.head, open && after == "" && sort == a.head
}

// cutSort cuts a resource part after its first separator.
func cutSort(resource string) (sort, name string) {
	at := strings.IndexAny(resource, "/:") + 1
	return resource[:at], resource[at:]
}

// looksInto reports whether any template could tell names of one sort from each
// other, or regions or accounts.
func looksInto(list []arnTemplate, sort string) bool {
	for i := range list {
		tpl := &list[i]
		own, inside := strings.CutPrefix(tpl.rest, sort)
		switch after, open := skipVariable(own); {
		case inside && open && after == "":
			if named(tpl.region) || named(tpl.account) {
				return true
			}
		case inside && separated(own):
		case !inside && tpl.head != "" && !strings.HasPrefix(sort, tpl.head):
		default:
			return true
		}
	}
	return false
}

// named reports whether a template wants one region, or account, by name.
func named(part string) bool { return part != "" && part != "*" && !strings.HasPrefix(part, "${") }

// separated reports whether a template has a separator outside of its variables.
func separated(template string) bool {
	for template != "" {
		var open bool
		if template, open = skipVariable(template); open {
			continue
		}
		if template[0] == '/' || template[0] == ':' {
			return true
		}
		template = template[1:]
	}
	return false
}

// typesOfPlain are the types of a plain ARN; ok is false where that is not told
// so cheaply.
func typesOfPlain(parts *[6]string) (types []TypeID, ok bool) {
	sort, name := cutSort(parts[5])
	if name == "" || holdsAny(name, "/:") {
		return nil, false
	}
	types, ok = plainTypes()[plain{parts[2], sort, parts[3] != "", parts[4] != ""}]
	return types, ok
}
