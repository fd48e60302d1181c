package client

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxItems is how many of the errors that a response lists are kept.
	maxItems = 10
	// maxChain is how deep the chain of an error is read.
	maxChain = 3
	// maxText is how much of the server's text an error quotes, in bytes.
	maxText = 2 << 10
	// maxShortText is the same for texts that are short, such as a field or an id.
	maxShortText = 200
)

// Printable returns text of the server as a person may see it. What a terminal
// would obey, or hide, is escaped: control characters, line ends, and formatting
// characters such as those that reverse the direction of writing. At most limit
// bytes of the text are kept, which escapes can make longer.
func Printable(text string, limit int) string {
	if len(text) <= limit && utf8.ValidString(text) && !strings.ContainsFunc(text, isUnprintable) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if i >= limit || i+utf8.RuneLen(r) > limit {
			fmt.Fprintf(&b, "… (%d more bytes)", len(text)-i)
			break
		}
		switch {
		case !isUnprintable(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// isUnprintable reports whether a character is not to be seen as it is.
func isUnprintable(r rune) bool { return !unicode.IsGraphic(r) }
