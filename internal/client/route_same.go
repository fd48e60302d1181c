package client

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/big"
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
		if percent, ok := ParseShare(output); ok {
			// ParseShare takes no more digits than these.
			output = strings.TrimRight(strings.TrimRight(percent.FloatString(9), "0"), ".") + "%"
		}
		edges = append(edges, Edge{output, to})
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
// compared exactly, however large they are. Of keys that occur twice, the last counts.
// Texts that are no JSON are the same only where they are equal.
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

// longestPower is how many digits a power of ten can have for a number to be
// compared by its value. Beyond, it is compared as it is written.
const longestPower = 1000

// canonicalNumber is a JSON number as digits without zeros at either end and a
// power of ten, such as 123e-1 for 12.30. The number itself is never worked
// out: a few bytes can stand for one that no memory holds.
func canonicalNumber(text string) json.Number {
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	exponent := new(big.Int)
	switch {
	case len(power) > longestPower:
		return json.Number(strings.ToLower(text))
	case power != "":
		exponent.SetString(power, 10)
	}
	sign := ""
	if rest, negative := strings.CutPrefix(mantissa, "-"); negative {
		sign, mantissa = "-", rest
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent.Sub(exponent, big.NewInt(int64(len(fraction))))
	significant := strings.TrimRight(digits, "0")
	exponent.Add(exponent, big.NewInt(int64(len(digits)-len(significant))))
	if significant == "" {
		return "0"
	}
	return json.Number(sign + significant + "e" + exponent.String())
}
