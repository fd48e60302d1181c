package chat_test

import (
	"math/big"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Metadata reaches the gateway with the types and digits of the configuration:
// conditions of routes compare by type.
func TestMetadataKeepsItsTypes(t *testing.T) {
	number := func(text string) *big.Float {
		// Terraform reads numbers with this precision.
		value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	for name, test := range map[string]struct {
		metadata any
		want     string
	}{
		"boolean":       {attrs{"beta": true}, `{"beta":true}`},
		"false":         {attrs{"beta": false}, `{"beta":false}`},
		"text of one":   {attrs{"beta": "true", "level": "5"}, `{"beta":"true","level":"5"}`},
		"number":        {attrs{"level": 5}, `{"level":5}`},
		"zero":          {attrs{"level": 0}, `{"level":0}`},
		"fraction":      {attrs{"level": number("1.5")}, `{"level":1.5}`},
		"decimal":       {attrs{"level": number("0.1")}, `{"level":0.1}`},
		"negative":      {attrs{"level": number("-2.75")}, `{"level":-2.75}`},
		"a million":     {attrs{"level": number("1000000")}, `{"level":1000000}`},
		"big":           {attrs{"level": number("123456789012345678901234567890")}, `{"level":123456789012345678901234567890}`},
		"beyond double": {attrs{"level": number("9007199254740993")}, `{"level":9007199254740993}`},
		"exponent":      {attrs{"level": number("1e400")}, `{"level":1e+400}`},
		"mixed":         {attrs{"a": "x", "b": 1, "c": true, "d": ""}, `{"a":"x","b":1,"c":true,"d":""}`},
		"map":           {mapOf("a", "b"), `{"a":"of a","b":"of b"}`},
		"map of numbers": {tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.Number, 1),
		}), `{"a":1}`},
		"map of booleans": {tftypes.NewValue(tftypes.Map{ElementType: tftypes.Bool}, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.Bool, true),
		}), `{"a":true}`},
		"null of a map": {tftypes.NewValue(stringMap, nil), ""},
		"empty":         {attrs{}, ""},
		"null":          {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(http.StatusOK, "application/json", completion))
			tf := configure(t, server.URL, nil)
			config := attrs{"model": model, "prompt": "Hi", "metadata": test.metadata}
			if text := texts(tf.validate(t, config)); text != "" {
				t.Fatal(text)
			}
			// Terraform rejects a state that differs from the configuration, and the
			// comparison includes the types.
			resp := tf.readRaw(t.Context(), t, config)
			if text := texts(resp.Diagnostics); text != "" {
				t.Fatal(text)
			}
			if want, got := tf.attribute(t, dynamic(t, tf.data, config), "metadata"), tf.attribute(t, resp.State, "metadata"); !got.Equal(want) {
				t.Errorf("state has %s, want %s", got, want)
			}
			seen := server.seen()
			if len(seen) != 1 {
				t.Fatalf("%d requests", len(seen))
			}
			if got := seen[0].header.Get("cf-aig-metadata"); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
