package customproviders

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// An Input holds what can be set on a custom provider. A nil field is one that
// the caller does not know or does not manage.
type Input struct {
	// Name, Slug and BaseURL are as in [Provider], and required.
	Name, Slug, BaseURL string
	// Description to JSExample are as in [Provider]; "" is unset.
	Description, Link, CurlExample, JSExample *string
	// Enable and Beta are as in [Provider]. The service's default is
	// false for both.
	Enable, Beta *bool
	// Headers are as in [Provider]; empty is none. The API takes 8192
	// characters of JSON.
	Headers map[string]string
	// Position is as in [Provider].
	Position *int64
}

// Input returns what would create a custom provider like this one.
func (p *Provider) Input() Input {
	return Input{
		Name: p.Name, Slug: p.Slug, BaseURL: p.BaseURL,
		Description: p.Description, Link: p.Link, CurlExample: p.CurlExample, JSExample: p.JSExample,
		Enable: p.Enable, Beta: p.Beta, Headers: p.Headers, Position: p.Position,
	}
}

// isLike reports whether a custom provider is as an input would create it, as far
// as the service tells.
func (p *Provider) isLike(input Input) bool {
	if !p.HasHeaders {
		input.Headers = nil
	}
	if p.Position == nil {
		input.Position = nil
	}
	return len(p.Input().changes(input)) == 0
}

// encode returns the body of a create, without what is unset.
func (i Input) encode() wire.Body {
	b := Input{}.changes(i)
	b["name"], b["slug"], b["base_url"] = i.Name, i.Slug, i.BaseURL
	return b
}

// changes returns the fields that lead from i to another input.
func (i Input) changes(to Input) wire.Body {
	b := wire.Body{}
	for _, field := range []struct {
		name     string
		from, to *string
	}{
		{"name", &i.Name, wire.NonEmpty(&to.Name)},
		{"slug", &i.Slug, wire.NonEmpty(&to.Slug)},
		{"base_url", &i.BaseURL, wire.NonEmpty(&to.BaseURL)},
		{"description", i.Description, to.Description},
		{"link", i.Link, to.Link},
		{"curl_example", i.CurlExample, to.CurlExample},
		{"js_example", i.JSExample, to.JSExample},
	} {
		if field.to != nil && wire.Value(field.from) != *field.to {
			b[field.name] = *field.to
		}
	}
	wire.PutChange(b, "enable", i.Enable, to.Enable)
	wire.PutChange(b, "beta", i.Beta, to.Beta)
	wire.PutChange(b, "position", i.Position, to.Position)
	if to.Headers != nil && !maps.Equal(i.Headers, to.Headers) {
		b["headers"] = encodeHeaders(to.Headers)
	}
	return b
}

// Secrets returns the values of headers, which must never be logged or quoted,
// also as they are in the JSON string within JSON that the API uses.
func (i Input) Secrets() []string {
	var secrets []string
	for _, value := range i.Headers {
		if len(value) >= client.ShortestSecret {
			secrets = append(append(secrets, value), client.Quoted(value)...)
		}
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// encodeHeaders returns headers as the API takes them: the text of a JSON object,
// with sorted keys. None are "{}".
func encodeHeaders(headers map[string]string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // it would use up the 8192 characters
	if headers == nil {
		headers = map[string]string{}
	}
	if err := encoder.Encode(headers); err != nil {
		return "{}" // strings always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decodeHeaders returns nil for a text that is not a JSON object, or an empty one.
func decodeHeaders(text string) map[string]string {
	var headers map[string]string
	for name, raw := range wire.ObjectOf(json.RawMessage(text)) {
		if headers == nil {
			headers = map[string]string{}
		}
		headers[name] = string(raw)
		if value := wire.As[string](raw); value != nil {
			headers[name] = *value
		}
	}
	return headers
}

// headers is the text of a provider's headers, or JSON that was not written as a
// string. It accepts anything, since an error would quote what may be secret.
type headers struct {
	text    string
	present bool
}

// UnmarshalJSON implements [json.Unmarshaler].
func (h *headers) UnmarshalJSON(data []byte) error {
	h.present = true
	if json.Unmarshal(data, &h.text) != nil { // null is an empty string
		h.text = string(data)
	}
	return nil
}
