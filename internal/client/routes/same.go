package routes

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Same reports whether two graphs do the same with every request because they
// are written alike: conditions are compared as JSON, shares and numbers by
// their value. Names of elements count.
func (g Graph) Same(other Graph) bool { return g.canonical() == other.canonical() }

// Fingerprint returns 64 hexadecimal digits that are the same for graphs that are
// [Graph.Same], and different for all others.
func (g Graph) Fingerprint() string {
	sum := sha256.Sum256([]byte(g.canonical()))
	return hex.EncodeToString(sum[:])
}

// Same is [Graph.Same] for one element.
func (e Element) Same(other Element) bool {
	return canonicalText(e.canonical()) == canonicalText(other.canonical())
}

// canonical returns a text that two graphs share exactly if they are the same.
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
		conditions, isJSON := wire.Canonical(cmp.Or(e.Conditional.Conditions, noConditions))
		if !isJSON {
			conditions = e.Conditional.Conditions
		}
		return []any{"conditional", conditions, e.Conditional.OnTrue, e.Conditional.OnFalse}
	case e.Percentage != nil:
		return []any{"percentage", canonicalShares(e.Percentage.Outputs)}
	case e.Rate != nil:
		r := e.Rate
		return []any{"rate", r.Key, wire.FloatText(r.Limit), r.LimitType, wire.FloatText(r.Window), r.OnSuccess, r.OnFallback}
	case e.Model != nil:
		m := e.Model
		return []any{"model", m.Provider, m.Model, wire.FloatText(m.Timeout), wire.FloatText(m.Retries), m.OnSuccess, m.OnFallback}
	case e.Other != nil:
		return []any{"other", e.Other.Type, append([]Edge{}, sortedEdges(e.Other.Outputs)...)}
	default:
		return nil
	}
}

// canonicalShares returns the edges of a [Percentage] with every share in one
// spelling. Two spellings of one share stay two edges.
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

// canonicalText returns v, which consists of strings, as JSON.
func canonicalText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error() // there is no such value
	}
	return string(raw)
}
