package dataplane

import (
	"encoding/json"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// maxMetadata is the maximum number of entries of cf-aig-metadata (documented).
const maxMetadata = 5

// parseMetadata reads cf-aig-metadata: a JSON object of strings, numbers and
// booleans. The first five entries are kept. If a value has another type, none is;
// keys that begin with "cf." are reserved (documented; that reserved keys are dropped
// is inferred).
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
// (documented). It reports false if the header is absent or malformed.
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
		return wire.Deref(in.PerTokenIn)*float64(tokensIn) + wire.Deref(in.PerTokenOut)*float64(tokensOut), true
	default:
		return 0, false
	}
}
