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
	literal int    // how many characters of rest are fixed
}

// arnTemplates are the templates by the service that stands in the ARN, the
// most literal first; under "" those that leave the service open.
var arnTemplates = sync.OnceValue(func() map[string][]arnTemplate {
	out := map[string][]arnTemplate{}
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			if service, tpl, ok := readTemplate(id, template); ok {
				out[service] = append(out[service], tpl)
			}
		}
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return list[i].literal > list[j].literal })
	}
	return out
})

// readTemplate returns a template and the service under which it is looked for.
func readTemplate(id TypeID, template string) (service string, tpl arnTemplate, ok bool) {
	parts, ok := splitARN(template)
	if service = parts[2]; strings.Contains(service, "$") {
		service = ""
	}
	return service, arnTemplate{id, parts[3], parts[4], parts[5], literals(parts[5])}, ok
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
// What fits nothing, or is no ARN, gives nil.
func TypesOf(arn string) []TypeID {
	parts, ok := splitARN(arn)
	if !ok {
		return nil
	}
	index := arnTemplates()
	var out []TypeID
	for _, service := range [...]string{parts[2], ""} {
		out = appendFits(out, index[service], parts)
		if len(out) > 0 {
			break
		}
	}
	return out
}

// appendFits adds the types of one service's templates that the ARN fits. The
// list runs from the most literal template down.
func appendFits(out []TypeID, list []arnTemplate, parts [6]string) []TypeID {
	best := -1 // literal characters of the most literal fit so far
	for reading, exclude := range readings {
		var found []TypeID
		top := best
		for _, tpl := range list {
			if tpl.literal <= best || reading > 0 && tpl.literal < top {
				break
			}
			if tpl.fits(parts, exclude) {
				found, top = append(found, tpl.id), max(top, tpl.literal)
			}
		}
		out, best = append(found, out...), top
	}
	return out
}

func (a arnTemplate) fits(parts [6]string, exclude string) bool {
	return fitsPart(a.region, parts[3]) && fitsPart(a.account, parts[4]) && fitsResource(a.rest, parts[5], exclude)
}

// fitsPart compares a region or an account. A template that leaves it out means
// that the ARN does so too.
func fitsPart(template, part string) bool {
	switch {
	case template == "*":
		return true
	case strings.HasPrefix(template, "${"):
		return part != ""
	}
	return template == part
}

// literals counts the characters of a template outside of its variables.
func literals(template string) int {
	n := 0
	for template != "" {
		var open bool
		if template, open = skipVariable(template); !open {
			n++
			template = template[1:]
		}
	}
	return n
}

// skipVariable cuts a leading ${…} or "*" off.
func skipVariable(template string) (rest string, ok bool) {
	if strings.HasPrefix(template, "*") {
		return template[1:], true
	}
	if strings.HasPrefix(template, "${") {
		if end := strings.IndexByte(template, '}'); end >= 0 {
			return template[end+1:], true
		}
	}
	return template, false
}

// fitsResource matches the resource part; a variable stands for one character
// or more, none of them in exclude. Going back to the last variable alone is
// enough, as all variables take the same characters: one that grew instead
// would have to swallow what the last one may not hold.
func fitsResource(template, text, exclude string) bool {
	after, mark, open := "", 0, false // the last variable: what follows it, where its text ends
	for i := 0; ; {
		if rest, ok := skipVariable(template); ok {
			if i == len(text) || strings.IndexByte(exclude, text[i]) >= 0 {
				return false
			}
			i++
			template, after, mark, open = rest, rest, i, true
			continue
		}
		if i < len(text) && template != "" && template[0] == text[i] {
			template, i = template[1:], i+1
			continue
		}
		if i == len(text) && template == "" {
			return true
		}
		if !open || mark == len(text) || strings.IndexByte(exclude, text[mark]) >= 0 {
			return false
		}
		mark++
		template, i = after, mark
	}
}
