package diagnostics

import "strings"

// Capitalize returns the phrase with a capital first letter.
func Capitalize(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + phrase[1:]
}

// Sentence returns the phrase with one full stop at its end, unless it is a
// question.
func Sentence(phrase string) string {
	if strings.HasSuffix(phrase, "?") {
		return phrase
	}
	return strings.TrimRight(phrase, ".") + "."
}
