package reference

import "strings"

// could is a first, cheap look at whether an ARN can fit.
func (a *arnTemplate) could(parts *[6]string) bool {
	return strings.HasPrefix(parts[5], a.head) && fitsPart(a.region, parts[3]) && fitsPart(a.account, parts[4])
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
			if rest == "" {
				return !holdsAny(text[i:], exclude) // as most end
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

// holdsAny reports whether a text holds one of a few characters.
func holdsAny(text, few string) bool {
	for i := range len(few) {
		if strings.IndexByte(text, few[i]) >= 0 {
			return true
		}
	}
	return false
}
