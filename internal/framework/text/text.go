// Package text forms the words of messages.
package text

import "strings"

// Capitalised is a phrase with a capital letter, empty for an empty one.
func Capitalised(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + phrase[1:]
}

// Sentence is a phrase with one full stop, unless it ends as a question.
func Sentence(phrase string) string {
	if strings.HasSuffix(phrase, "?") {
		return phrase
	}
	return strings.TrimRight(phrase, ".") + "."
}
