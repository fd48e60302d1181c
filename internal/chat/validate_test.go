package chat_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestValidate(t *testing.T) {
	with := func(change attrs) attrs {
		config := attrs{"model": model, "prompt": "Hi"}
		maps.Copy(config, change)
		return config
	}
	message := func(role, content any) []any { return []any{attrs{"role": role, "content": content}} }
	for name, test := range map[string]struct {
		config attrs
		at     string // the attribute of the error, "" for none
		want   string
	}{
		"prompt":                     {config: with(nil)},
		"messages":                   {config: with(attrs{"prompt": nil, "messages": message("developer", "Hi")})},
		"all":                        {config: with(attrs{"account_id": account, "gateway_id": "a-b_1", "metadata": attrs{"c": "1", "cf": "2", "cfx.y": "3", "x.cf.": "4", "cg.": "5"}, "headers": attrs{"CF-AIG-Cache-TTL": "60"}, "expect_status": 429, "timeout": 600})},
		"workers ai":                 {config: with(attrs{"model": "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"})},
		"workers ai, REST":           {config: with(attrs{"model": "@cf/meta/llama", "api": "run"})},
		"workers ai, perhaps REST":   {config: with(attrs{"model": "@cf/meta/llama", "api": unknown{}})},
		"model unknown, compat":      {config: with(attrs{"model": unknown{}, "api": "compat"})},
		"chat_completions":           {config: with(attrs{"api": "chat_completions"})},
		"responses":                  {config: with(attrs{"api": "responses"})},
		"messages, with tokens":      {config: with(attrs{"api": "messages", "max_tokens": 1})},
		"dynamic route":              {config: with(attrs{"model": "dynamic/support"})},
		"auto router":                {config: with(attrs{"model": "cloudflare/auto"})},
		"alias":                      {config: with(attrs{"model": "custom/support-fast"})},
		"custom provider":            {config: with(attrs{"model": "custom-mine/m"})},
		"metadata as a header":       {config: with(attrs{"headers": attrs{"cf-aig-metadata": "{}"}})},
		"all unknown":                {config: attrs{"account_id": unknown{}, "gateway_id": unknown{}, "model": unknown{}, "prompt": unknown{}, "messages": unknown{}, "metadata": unknown{}, "headers": unknown{}, "expect_status": unknown{}, "timeout": unknown{}, "api": unknown{}, "max_tokens": unknown{}}},
		"values unknown":             {config: with(attrs{"prompt": nil, "messages": message(unknown{}, unknown{}), "metadata": attrs{"a": unknown{}}, "headers": attrs{"cf-aig-step": unknown{}}})},
		"metadata typed":             {config: with(attrs{"metadata": attrs{"a": "1", "b": 2, "c": 2.5, "d": false, "e": unknown{}}})},
		"metadata of a null map":     {config: with(attrs{"metadata": tftypes.NewValue(stringMap, nil), "headers": attrs{"cf-aig-metadata": "{}"}})},
		"metadata of an unknown map": {config: with(attrs{"metadata": tftypes.NewValue(stringMap, tftypes.UnknownValue)})},
		"metadata of a map":          {config: with(attrs{"metadata": mapOf("a", "b", "c", "d", "e")})},
		"headers unknown":            {config: with(attrs{"metadata": attrs{"a": "b"}, "headers": unknown{}})},
		"perhaps both":               {config: with(attrs{"messages": unknown{}})},
		"both":                       {config: with(attrs{"messages": message("user", "Hi")}), want: "[prompt,messages]"},
		"neither":                    {config: with(attrs{"prompt": nil}), want: "[prompt,messages]"},
		"no messages":                {config: with(attrs{"prompt": nil, "messages": []any{}}), at: `messages`, want: "at least 1"},
		"role":                       {config: with(attrs{"prompt": nil, "messages": message("User", "Hi")}), at: `messages`, want: `"system"`},
		"content empty":              {config: with(attrs{"prompt": nil, "messages": message("user", "")}), at: `messages`, want: "at least 1"},
		"content missing":            {config: with(attrs{"prompt": nil, "messages": message("user", nil)}), at: `messages`, want: "content"},
		"prompt empty":               {config: with(attrs{"prompt": ""}), at: `prompt`, want: "at least 1"},
		"model without prefix":       {config: with(attrs{"model": "gpt-x"}), at: `model`, want: "must be {provider}/{model}"},
		"model without name":         {config: with(attrs{"model": "openai/"}), at: `model`, want: "must be {provider}/{model}"},
		"model with space":           {config: with(attrs{"model": "openai/gpt x"}), at: `model`, want: "must be {provider}/{model}"},
		"model begins at":            {config: with(attrs{"model": "@cf/meta/llama"}), at: `model`, want: "must be {provider}/{model}"},
		"model begins at, compat":    {config: with(attrs{"model": "@cf/meta/llama", "api": "compat"}), at: `model`, want: `Set it to "workers-ai/@cf/meta/llama"`},
		"model is at alone, REST":    {config: with(attrs{"model": "@cf/", "api": "run"}), at: `model`, want: "must be {provider}/{model}"},
		"model no prefix, REST":      {config: with(attrs{"model": "gpt-x", "api": "run"}), at: `model`, want: "must be {provider}/{model}"},
		"api":                        {config: with(attrs{"api": "Responses"}), at: `api`, want: `"chat_completions"`},
		"api empty":                  {config: with(attrs{"api": ""}), at: `api`, want: `"compat"`},
		"no tokens":                  {config: with(attrs{"max_tokens": 0}), at: `max_tokens`, want: "at least 1"},
		"model empty":                {config: with(attrs{"model": ""}), at: `model`, want: "must be {provider}/{model}"},
		"account":                    {config: with(attrs{"account_id": "x"}), at: `account_id`, want: "32 hexadecimal digits"},
		"gateway upper case":         {config: with(attrs{"gateway_id": "A"}), at: `gateway_id`, want: "lower-case"},
		"gateway slash":              {config: with(attrs{"gateway_id": "a/b"}), at: `gateway_id`, want: "lower-case"},
		"gateway dots":               {config: with(attrs{"gateway_id": ".."}), at: `gateway_id`, want: "lower-case"},
		"gateway percent":            {config: with(attrs{"gateway_id": "a%2fb"}), at: `gateway_id`, want: "lower-case"},
		"gateway long":               {config: with(attrs{"gateway_id": strings.Repeat("a", 65)}), at: `gateway_id`, want: "64"},
		"gateway empty":              {config: with(attrs{"gateway_id": ""}), at: `gateway_id`, want: "between 1 and 64"},
		"status low":                 {config: with(attrs{"expect_status": 99}), at: `expect_status`, want: "between 100 and 599"},
		"status high":                {config: with(attrs{"expect_status": 600}), at: `expect_status`, want: "between 100 and 599"},
		"timeout low":                {config: with(attrs{"timeout": 0}), at: `timeout`, want: "between 1 and 600"},
		"timeout high":               {config: with(attrs{"timeout": 601}), at: `timeout`, want: "between 1 and 600"},
		"metadata many":              {config: with(attrs{"metadata": attrs{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6"}}), at: `metadata`, want: "at most 5"},
		"metadata reserved":          {config: with(attrs{"metadata": attrs{"cf.team": "1"}}), at: `metadata`, want: "reserved for Cloudflare"},
		"metadata null":              {config: with(attrs{"metadata": attrs{"a": nil}}), at: `metadata`, want: `"a" is null, but it must be a string, a number or a boolean. The gateway would drop all`},
		"header foreign":             {config: with(attrs{"headers": attrs{"Authorization": "x"}}), at: `headers`, want: "test_request_headers of the provider"},
		"header deprecated":          {config: with(attrs{"headers": attrs{"cf-cache-ttl": "60"}}), at: `headers`, want: "its name does not begin with cf-aig-"},
		"header token":               {config: with(attrs{"headers": attrs{"CF-AIG-Authorization": "x"}}), at: `headers`, want: "Set the token with the provider's gateway_token"},
		"header gateway":             {config: with(attrs{"headers": attrs{"CF-AIG-Gateway-Id": "x"}}), at: `headers`, want: "Set gateway_id instead"},
		"header name":                {config: with(attrs{"headers": attrs{"cf-aig-a b": "x"}}), at: `headers`, want: "name that cannot be sent"},
		"header value":               {config: with(attrs{"headers": attrs{"cf-aig-a": "x\ny"}}), at: `headers`, want: "must be one line"},
		"header twice":               {config: with(attrs{"headers": attrs{"cf-aig-a": "x", "CF-AIG-A": "y"}}), at: `headers`, want: "is set twice"},
		"header null":                {config: with(attrs{"headers": attrs{"cf-aig-a": nil}}), at: `headers`, want: "ull"},
		"metadata and header":        {config: with(attrs{"metadata": attrs{"a": "b"}, "headers": attrs{"CF-AIG-Metadata": "{}"}}), at: `headers`, want: "Conflicting metadata"},
		"metadata empty, and header": {config: with(attrs{"metadata": attrs{}, "headers": attrs{"cf-aig-metadata": "{}"}}), at: `headers`, want: "Conflicting metadata"},
	} {
		t.Run(name, func(t *testing.T) {
			diags := start(t).validate(t, test.config)
			text := texts(diags)
			if test.want == "" {
				if text != "" {
					t.Error(text)
				}
				return
			}
			// The framework wraps long texts.
			if !strings.Contains(strings.Join(strings.Fields(text), " "), test.want) {
				t.Errorf("%q is missing in:\n%s", test.want, text)
			}
			if test.at == "" {
				return
			}
			for _, d := range diags {
				if d.Attribute == nil || !strings.Contains(d.Attribute.String(), `"`+test.at+`"`) {
					t.Errorf("an error is not at %s: %s", test.at, text)
				}
			}
		})
	}
}

var stringMap = tftypes.Map{ElementType: tftypes.String}

// mapOf returns a map of strings with these keys.
func mapOf(keys ...string) tftypes.Value {
	all := map[string]tftypes.Value{}
	for _, key := range keys {
		all[key] = tftypes.NewValue(tftypes.String, "of "+key)
	}
	return tftypes.NewValue(stringMap, all)
}

// The order of the errors does not depend on the order of a map.
func TestValidateOrder(t *testing.T) {
	names := []string{"CF-AIG-A", "CF-AIG-Metadata", "a", "b", "c", "cf-aig-a", "cf-aig-metadata", "d", "e", "f"}
	headers := attrs{}
	for _, name := range names {
		headers[name] = "x"
	}
	var got []string
	for _, d := range start(t).validate(t, attrs{"model": model, "prompt": "Hi", "metadata": attrs{"a": "b"}, "headers": headers}) {
		got = append(got, d.Summary+" at "+d.Attribute.String())
	}
	var want []string
	add := func(summary string, names ...string) {
		for _, name := range names {
			want = append(want, fmt.Sprintf(`%s at AttributeName("headers").ElementKeyString(%q)`, summary, name))
		}
	}
	add("Conflicting metadata", "CF-AIG-Metadata", "cf-aig-metadata")
	add("Invalid header", "a", "b", "c", "cf-aig-a", "cf-aig-metadata", "d", "e", "f")
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
