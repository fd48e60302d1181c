package client

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Same tells whether two graphs do the same with every request because they
// are written alike: conditions are compared as JSON, shares and numbers by
// their value. Names of elements count.
func (g Graph) Same(other Graph) bool { return g.canonical() == other.canonical() }

// Fingerprint is a short text that is the same for graphs that are
// [Graph.Same], and another for all others: 64 hexadecimal digits.
func (g Graph) Fingerprint() string {
	sum := sha256.Sum256([]byte(g.canonical()))
	return hex.EncodeToString(sum[:])
}

// Same is [Graph.Same] for one element.
func (e Element) Same(other Element) bool {
	return canonicalText(e.canonical()) == canonicalText(other.canonical())
}

// canonical is a text that graphs have in common exactly if they are the same.
func (g Graph) canonical() string {
	elements := make(map[string]any, len(g.Elements))
	for id, element := range g.Elements {
		elements[id] = element.canonical()
	}
	return canonicalText([]any{g.Entry, elements})
}

func (e Element) canonical() []any {
	switch {
	case e.Conditional != nil:
		conditions, isJSON := canonicalJSON(cmp.Or(e.Conditional.Conditions, noConditions))
		if !isJSON {
			conditions = e.Conditional.Conditions
		}
		return []any{"conditional", conditions, e.Conditional.OnTrue, e.Conditional.OnFalse}
	case e.Percentage != nil:
		return []any{"percentage", canonicalShares(e.Percentage.Outputs)}
	case e.Rate != nil:
		r := e.Rate
		return []any{"rate", r.Key, floatText(r.Limit), r.LimitType, floatText(r.Window), r.OnSuccess, r.OnFallback}
	case e.Model != nil:
		m := e.Model
		return []any{"model", m.Provider, m.Model, floatText(m.Timeout), floatText(m.Retries), m.OnSuccess, m.OnFallback}
	case e.Other != nil:
		return []any{"other", e.Other.Type, append([]Edge{}, sortedEdges(e.Other.Outputs)...)}
	default:
		return nil
	}
}

// canonicalShares are the ways out of a [Percentage] with shares in one
// spelling. Two spellings of one share stay two ways.
func canonicalShares(outputs map[string]string) []Edge {
	edges := make([]Edge, 0, len(outputs))
	for output, to := range outputs {
		edges = append(edges, Edge{CanonicalShare(output), to})
	}
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(strings.Compare(a.Output, b.Output), strings.Compare(a.To, b.To))
	})
	return edges
}

// floatText is a number in one spelling, whatever number it is.
func floatText(f float64) string {
	return strconv.FormatFloat(f+0, 'g', -1, 64) // -0 is 0
}

// canonicalText is v, which is made of texts, as JSON.
func canonicalText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error() // there is no such value
	}
	return string(raw)
}

// SameJSON tells whether two texts are the same JSON: white space, the order of
// keys and the spelling of numbers and strings do not matter. Numbers are
// compared as doubles, which is how the service keeps them. Of keys that occur
// twice, the last counts. Texts that are no JSON are the same only where they are
// equal.
func SameJSON(a, b string) bool {
	if a == b {
		return true
	}
	left, isJSON := canonicalJSON(a)
	right, otherIsJSON := canonicalJSON(b)
	return isJSON && otherIsJSON && left == right
}

// canonicalJSON is a JSON text in one spelling.
func canonicalJSON(text string) (string, bool) {
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

// canonicalNumber is a JSON number in one spelling. Numbers are the same that a
// double cannot tell apart: the service is written in JavaScript, which has no
// others (inferred). One that is too large for it is compared as it is written.
func canonicalNumber(text string) json.Number {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return json.Number(strings.ToLower(text))
	}
	return json.Number(floatText(f))
}

// LargestExact is the largest of the whole numbers that a double tells from
// their neighbours.
const LargestExact = 1<<53 - 1

// InexactNumber finds a number in a JSON text that a service with doubles would
// change: a whole number above 2^53-1 or below its negative. Fractions are left
// alone, since they are rounded as everywhere. It is not ok if there is none.
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
