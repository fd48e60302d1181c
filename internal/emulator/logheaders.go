package emulator

import (
	"encoding/json"
	"strings"
)

// maxMetadata is how many entries of cf-aig-metadata are kept (documented).
const maxMetadata = 5

// parseMetadata reads cf-aig-metadata: a JSON object of strings, numbers and
// booleans, of which the first five are kept, in the order of the text. A value
// of another type loses all of it; keys that start with "cf." are reserved
// (documented; that reserved keys are dropped is inferred).
func parseMetadata(header string) map[string]any {
	if header == "" || !json.Valid([]byte(header)) {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(header))
	if token, _ := decoder.Token(); token != json.Delim('{') {
		return nil
	}
	out := map[string]any{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil
		}
		value, err := decoder.Token()
		if err != nil {
			return nil
		}
		switch value.(type) {
		case string, float64, bool:
		default:
			return nil
		}
		name, _ := key.(string)
		if len(out) < maxMetadata && !strings.HasPrefix(name, "cf.") {
			out[name] = value
		}
	}
	return out
}

// customCost reads cf-aig-custom-cost: US dollars, per token or in total
// (documented). It reports false when the header is absent or no such object;
// prices are then those of the provider.
func customCost(header string, tokensIn, tokensOut int) (float64, bool) {
	var in struct {
		PerTokenIn  *float64 `json:"per_token_in"`
		PerTokenOut *float64 `json:"per_token_out"`
		TotalCost   *float64 `json:"total_cost"`
	}
	if json.Unmarshal([]byte(header), &in) != nil {
		return 0, false
	}
	switch {
	case in.TotalCost != nil:
		return *in.TotalCost, true
	case in.PerTokenIn != nil || in.PerTokenOut != nil:
		return value(in.PerTokenIn)*float64(tokensIn) + value(in.PerTokenOut)*float64(tokensOut), true
	default:
		return 0, false
	}
}

// value is what a pointer points at, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
