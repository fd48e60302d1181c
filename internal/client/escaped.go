package client

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// This file finds secrets that a server repeats in another form.

// shortestEncoded is the length from which a piece of base64 is looked for. A
// shorter one would be found where there is no secret.
const shortestEncoded = 8

// maxBackslashes bounds how many backslashes are taken for the escape of one
// character, so that a text of nothing else takes no time. JSON within JSON doubles
// them at each level.
const maxBackslashes = 32

// encodedForms returns the other forms of a secret that are found by comparing
// strings: within quotation marks, in a URL, and in base64. [replaceEscaped] finds
// the first two also where only some characters are escaped.
func encodedForms(secret string) []string {
	forms := append(Quoted(secret), url.QueryEscape(secret), url.PathEscape(secret))
	return append(forms, base64Forms(secret)...)
}

// base64Forms returns what a text that contains the secret contains once it is
// encoded. That depends on how many bytes are before the secret, by three. The
// characters at both ends are left out, which encode neighbors of the secret, too.
func base64Forms(secret string) []string {
	var forms []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, before), secret...))
			from, to := (before*8+5)/6, (before+len(secret))*8/6
			if to-from >= shortestEncoded {
				forms = append(forms, encoded[from:to])
			}
		}
	}
	return forms
}

// replaceEscaped replaces a secret, each of whose characters may be written as it
// is or escaped, as in %2F, \/ or \u002f.
func replaceEscaped(text, secret string) string {
	if secret == "" {
		return text
	}
	text = strings.ReplaceAll(text, secret, redacted)
	if !strings.ContainsAny(text, `%\+`) {
		return text
	}
	var b strings.Builder
	rest := 0 // what is written
	for i := 0; i < len(text); {
		n := escapedLength(text[i:], secret)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[rest:i] + redacted)
		i += n
		rest = i
	}
	return b.String() + text[rest:]
}

// escapedLength returns the length of the secret at the beginning of a text, in
// any spelling, or 0.
func escapedLength(text, secret string) int {
	length := 0
	for secret != "" {
		r, size := utf8.DecodeRuneInString(secret)
		n := escapedRune(text[length:], secret[:size], r)
		if n == 0 {
			return 0
		}
		length += n
		secret = secret[size:]
	}
	return length
}

// escapedRune returns the length of a character at the beginning of a text, in any
// spelling, or 0. The plain one comes last, since others may begin with it.
func escapedRune(text, plain string, r rune) int {
	n := 0
	switch {
	case strings.HasPrefix(text, "%"):
		n = prefixFold(text, percentEncoded(plain))
	case strings.HasPrefix(text, "+") && r == ' ': // in a query
		n = 1
	case strings.HasPrefix(text, `\`):
		n = backslashed(text, plain, r)
	}
	if n == 0 && strings.HasPrefix(text, plain) {
		n = len(plain)
	}
	return n
}

var shortEscapes = map[rune]string{'\n': "n", '\t': "t", '\r': "r", '\b': "b", '\f': "f"}

// backslashed returns the length of a character that is escaped by backslashes, or
// 0. JSON within JSON has several, since they are escaped themselves.
func backslashed(text, plain string, r rune) int {
	if r == '\\' {
		return prefixFold(text, `\\`)
	}
	slashes := 0
	for slashes < min(len(text), maxBackslashes) && text[slashes] == '\\' {
		slashes++
	}
	after := text[slashes:]
	for _, form := range []string{utf16Escaped(r), shortEscapes[r], plain} {
		if n := prefixFold(after, form); n > 0 && (len(form) > 1 || after[0] == form[0]) {
			return slashes + n
		}
	}
	return 0
}

// prefixFold returns the length of prefix if the text begins with it, in upper or
// lower case, or 0.
func prefixFold(text, prefix string) int {
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return len(prefix)
	}
	return 0
}

func percentEncoded(plain string) string {
	var b strings.Builder
	for i := range len(plain) {
		fmt.Fprintf(&b, "%%%02x", plain[i])
	}
	return b.String()
}

// utf16Escaped returns a character as JSON escapes it, without the first backslash.
func utf16Escaped(r rune) string {
	var units []string
	for _, unit := range utf16.Encode([]rune{r}) {
		units = append(units, fmt.Sprintf("u%04x", unit))
	}
	return strings.Join(units, `\`)
}
