package jsonobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// syntaxError describes the first error in text that is not JSON, and where it is. It
// returns the empty string for JSON.
func syntaxError(text string) string {
	var raw json.RawMessage
	var at *json.SyntaxError
	if !errors.As(json.Unmarshal([]byte(text), &raw), &at) {
		return ""
	}
	// The decoder tells the kinds of errors apart, and stops after the first value.
	switch err := json.NewDecoder(strings.NewReader(text)).Decode(&raw); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early, in " + position(text)
	case err == nil:
		return "after its end comes " + character(text, at.Offset)
	default:
		return "unexpected " + character(text, at.Offset)
	}
}

// character describes the character of text whose first byte is the last of those read.
func character(text string, read int64) string {
	start := int(read) - 1
	_, size := utf8.DecodeRuneInString(text[start:])
	quoted := strconv.Quote(text[start : start+size])
	if quoted == `"\""` {
		quoted = `'"'`
	}
	return quoted + " in " + position(text[:start+size])
}

// position returns the line and the column of the last character of text, both counted
// from 1. Columns are characters, not bytes.
func position(text string) string {
	before, last := "", text
	if i := strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n'); i >= 0 {
		before, last = text[:i+1], text[i+1:]
	}
	return fmt.Sprintf("line %d, column %d", 1+strings.Count(before, "\n"), utf8.RuneCountInString(last))
}
