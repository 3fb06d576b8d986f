package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A screen writes text for a person. Whatever is passed to it as an argument
// is taken as hostile and cannot steer the terminal.
type screen struct {
	out   io.Writer
	color bool
}

// A style is an SGR sequence of terminals.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	purple style = "35"
)

// line writes one line. The format is the program's own; arguments are escaped.
func (s *screen) line(format string, args ...any) {
	for i, arg := range args {
		args[i] = s.safe(arg)
	}
	fmt.Fprintf(s.out, format+"\n", args...)
}

// A styled is text with a look.
type styled struct {
	style style
	text  string
}

func in(st style, format string, args ...any) styled {
	return styled{st, fmt.Sprintf(format, args...)}
}

// safe returns what may be printed of an argument.
func (s *screen) safe(arg any) any {
	switch v := arg.(type) {
	case styled:
		return s.paint(v.style, clean(v.text))
	case int, int64, float64, bool:
		return v
	}
	return clean(fmt.Sprint(arg))
}

func (s *screen) paint(st style, text string) string {
	if !s.color || st == plain || text == "" {
		return text
	}
	return "\x1b[" + string(st) + "m" + text + "\x1b[0m"
}

// clean escapes what is not printable: control characters, marks that turn
// the direction of text, odd spaces, bytes that are no UTF-8.
func clean(text string) string {
	if isClean(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[size:]
	}
	return b.String()
}

func isClean(text string) bool {
	for i, r := range text {
		if !strconv.IsPrint(r) || r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// isTerminal says whether somebody looks at w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// ofVerdict is the look of a verdict.
func ofVerdict(verdict string) styled {
	looks := map[string]style{"ALLOWED": red, "CONDITIONAL": yellow, "UNKNOWN": purple, "DENIED": green}
	return styled{looks[verdict], verdict}
}
