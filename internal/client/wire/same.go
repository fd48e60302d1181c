package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// SameJSON reports whether two JSON texts have the same value: white space, the
// order of keys and the spelling of numbers and strings do not matter. Numbers
// are compared as doubles, which is how the service keeps them. Of keys that
// occur twice, the last counts. Texts that are not JSON are the same only if
// they are equal.
func SameJSON(a, b string) bool {
	if a == b {
		return true
	}
	left, isJSON := Canonical(a)
	right, otherIsJSON := Canonical(b)
	return isJSON && otherIsJSON && left == right
}

// Canonical returns a JSON text in the one spelling that all texts with the
// same value share. It is not ok if the text is not JSON.
func Canonical(text string) (canonical string, ok bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return "", false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "", false // something follows
	}
	var b bytes.Buffer
	if json.NewEncoder(&b).Encode(canonicalNumbers(v)) != nil {
		return "", false
	}
	return b.String(), true
}

// canonicalNumbers replaces all numbers within v.
func canonicalNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		return canonicalNumber(v.String())
	case []any:
		for i := range v {
			v[i] = canonicalNumbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = canonicalNumbers(v[key])
		}
	}
	return v
}

// canonicalNumber returns the one spelling of a JSON number. Numbers are the
// same if a double cannot tell them apart: the service is written in
// JavaScript, which has no others (inferred). A number too large for a double
// is compared as written.
func canonicalNumber(text string) json.Number {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return json.Number(strings.ToLower(text))
	}
	return json.Number(FloatText(f))
}

// FloatText returns the one spelling of a number.
func FloatText(f float64) string {
	return strconv.FormatFloat(f+0, 'g', -1, 64) // -0 is 0
}

// LargestExact is the largest whole number that a double tells from its
// neighbours.
const LargestExact = 1<<53 - 1

// InexactNumber finds a number in a JSON text that a service with doubles would
// change: a whole number above 2^53-1 or below its negative. Fractions do not
// count, since they are rounded everywhere. It is not ok if there is none.
func InexactNumber(text string) (number string, ok bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", false
		}
		n, isNumber := token.(json.Number)
		if !isNumber {
			continue
		}
		f, err := n.Float64()
		if err != nil || math.Abs(f) > LargestExact && !strings.ContainsAny(n.String(), ".eE") {
			return n.String(), true
		}
	}
}
