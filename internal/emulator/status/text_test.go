package status

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestConditionText(t *testing.T) {
	for condition, want := range map[string]string{
		`{"metadata.plan":{"$eq":"paid"}}`:                          `metadata.plan = "paid"`,
		`{"metadata.plan":"paid"}`:                                  `metadata.plan = "paid"`,
		`{"b":{"$gte":1,"$lt":5},"a":{"$ne":true}}`:                 `a ≠ true and b ≥ 1 and b < 5`,
		`{"$or":[{"a":{"$in":["x","y"]}},{"b":{"$exists":false}}]}`: `(a in ["x","y"] or b does not exist)`,
		`{"$and":[{"a":{"$exists":true}}]}`:                         `a exists`,
		`{"$not":{"a":{"$regex":"^<x>"}}}`:                          `not (a matches "^<x>")`,
		`{"$nor":[{"a":1}]}`:                                        `$nor [{"a":1}]`,
		`{"a":{"$near":1}}`:                                         `a {"$near":1}`,
		`{"a":{"$exists":"yes"}}`:                                   `a {"$exists":"yes"}`,
		`{"$or":"x"}`:                                               `$or "x"`,
		`{"a":{}}`:                                                  `a = {}`,
		`{}`:                                                        `always`,
		`"text"`:                                                    `"text"`,
		`[1]`:                                                       `[1]`,
		`{"$and":[{"$or":[{"a":1},{"b":2}]},{"c":null}]}`: `((a = 1 or b = 2) and c = null)`,
	} {
		var value any
		if err := json.Unmarshal([]byte(condition), &value); err != nil {
			t.Fatal(err)
		}
		if got := conditionText(value); got != want {
			t.Errorf("%s is shown as %s, want %s", condition, got, want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for n, want := range map[float64]string{0: "0 s", 1: "1 s", 60: "1 minute", 90: "90 s", 300: "5 minutes", 3600: "1 hour", 86400: "1 day", 172800: "2 days", 0.5: "0.5 s"} {
		if got := seconds(n); got != want {
			t.Errorf("%v is shown as %q, want %q", n, got, want)
		}
	}
}

func TestOutputsAreSorted(t *testing.T) {
	for in, want := range map[string]string{
		"false true": "true false", "fallback success": "success fallback", "else 20% 5% 100%": "100% 20% 5% else", "b a": "a b",
	} {
		outputs := strings.Fields(in)
		slices.SortFunc(outputs, byOutput)
		if got := strings.Join(outputs, " "); got != want {
			t.Errorf("%s is sorted as %s, want %s", in, got, want)
		}
	}
}

func TestWithoutSecrets(t *testing.T) {
	for raw, want := range map[string]string{
		"https://user:pass@example.com/v1?key=secret#frag": "https://example.com/v1", "http://%zz": "(not a URL)", "": "",
		"javascript:alert(1)": "javascript:",
	} {
		if got := withoutSecrets(raw); got != want {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
	}
}
