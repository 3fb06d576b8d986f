package reference

import (
	"sort"
	"strings"
	"sync"
)

// AWS's pages do not say which characters a variable of an ARN template takes.
// An S3 key or a role's path holds slashes, a bucket's name never does. So an
// ARN is tried three times: with variables that hold neither "/" nor ":", that
// hold "/", that hold both. All that fit the first reading count; of a later one,
// which would fit too much, only its most literal templates, if they are more
// literal than what fitted before: an object's key with slashes fits
// "${BucketName}/${ObjectName}" and not "${BucketName}".
var readings = [...]string{"/:", ":", ""}

// arnTemplate is a resource type as TypesOf tries it.
type arnTemplate struct {
	id      TypeID
	region  string
	account string
	rest    string // resource part of the template
	head    string // its characters before the first variable
	literal int    // how many characters of rest are fixed
}

// A beginning is a service and the first character of a resource part.
type beginning struct {
	service string
	first   byte
}

// arnTemplates are the templates by the beginning of an ARN, the most literal
// first. Under no character are those that begin with a variable, which are
// with all others too; under no service those that leave it open.
var arnTemplates = sync.OnceValue(func() map[beginning][]arnTemplate {
	all := map[string][]arnTemplate{}
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			if service, tpl, ok := readTemplate(id, template); ok {
				all[service] = append(all[service], tpl)
			}
		}
	}
	out := map[beginning][]arnTemplate{}
	for service, list := range all {
		sort.SliceStable(list, func(i, j int) bool { return list[i].literal > list[j].literal })
		for first := range 128 {
			putBeginning(out, beginning{service, byte(first)}, list)
		}
	}
	return out
})

// putBeginning picks the templates that a resource part can fit by its first
// character. Where that is none's, nothing is kept.
func putBeginning(out map[beginning][]arnTemplate, at beginning, list []arnTemplate) {
	var own []arnTemplate
	some := at.first == 0
	for _, tpl := range list {
		if tpl.head == "" || tpl.head[0] == at.first {
			own = append(own, tpl)
			some = some || tpl.head != ""
		}
	}
	if some {
		out[at] = own
	}
}

// templatesFor are those that an ARN of a service can fit.
func templatesFor(service, resource string) []arnTemplate {
	if list, ok := arnTemplates()[beginning{service, resource[0]}]; ok {
		return list
	}
	return arnTemplates()[beginning{service, 0}]
}

// readTemplate returns a template and the service under which it is looked for.
func readTemplate(id TypeID, template string) (service string, tpl arnTemplate, ok bool) {
	parts, ok := splitARN(template)
	if service = parts[2]; strings.Contains(service, "$") {
		service = ""
	}
	return service, arnTemplate{id, parts[3], parts[4], parts[5], head(parts[5]), literals(parts[5])}, ok
}

// head is what stands in a template before its first variable.
func head(template string) string {
	for i := range template {
		if _, open := skipVariable(template[i:]); open {
			return template[:i]
		}
	}
	return template
}

// splitARN cuts the six parts of an ARN: "arn", partition, service, region,
// account, resource.
func splitARN(arn string) (parts [6]string, ok bool) {
	rest := arn
	for i := range 5 {
		parts[i], rest, ok = strings.Cut(rest, ":")
		if !ok {
			return parts, false
		}
	}
	parts[5] = rest
	return parts, parts[0] == "arn" && parts[1] != "" && parts[2] != "" && rest != ""
}

// TypesOf returns the resource types whose ARN template the ARN fits, the most
// specific first, of whatever service's page. An ARN that is itself a pattern
// ("arn:aws:s3:::bucket/*") is read as it stands. Templates that leave the
// service open (a backup's recovery point) count only where nothing else fits.
// What fits nothing, or is no ARN, gives nil. The list must not be changed.
func TypesOf(arn string) []TypeID {
	parts, ok := splitARN(arn)
	if !ok {
		return nil
	}
	if types, ok := typesOfPlain(&parts); ok {
		return types
	}
	for _, service := range [...]string{parts[2], ""} {
		if out := fitting(templatesFor(service, parts[5]), &parts); out != nil {
			return out
		}
	}
	return nil
}

// fitting are the types of one service's templates that the ARN fits. The list
// runs from the most literal template down.
func fitting(list []arnTemplate, parts *[6]string) (out []TypeID) {
	var room [8]*arnTemplate // as many as begin alike, most often
	could := room[:0]
	for i := range list {
		if list[i].could(parts) {
			could = append(could, &list[i])
		}
	}
	best := -1 // literal characters of the most literal fit so far
	for reading, exclude := range readings {
		if reading > 0 && strings.IndexByte(parts[5], readings[reading-1][0]) < 0 {
			continue // it reads as before
		}
		var found []TypeID
		found, best = read(could, parts[5], exclude, best, reading == 0)
		out = joined(found, out)
	}
	return out
}

// read returns what fits one reading, and how literal that is. Of all but the
// first, only the most literal templates count.
func read(list []*arnTemplate, text, exclude string, best int, all bool) (found []TypeID, top int) {
	top = best
	for _, tpl := range list {
		if tpl.literal <= best || !all && tpl.literal < top {
			break
		}
		if fitsResource(tpl.rest, text, exclude) {
			found, top = joined(found, single(tpl.id)), max(top, tpl.literal)
		}
	}
	return found, top
}

// joined is one list behind the other, without a copy where one is empty.
func joined(a, b []TypeID) []TypeID {
	if len(a) == 0 {
		return b
	}
	return append(a, b...)
}

// single is a list of one type: most ARNs fit one, and share it.
func single(id TypeID) []TypeID { return allTypes()[id : id+1 : id+1] }

var allTypes = sync.OnceValue(func() []TypeID {
	list := make([]TypeID, NumTypes())
	for i := range list {
		list[i] = TypeID(i)
	}
	return list
})
