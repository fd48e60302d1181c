package client

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// CustomProviderInput is what can be set on a custom provider. A nil field is
// one that the caller does not know or does not care for.
type CustomProviderInput struct {
	// Name, Slug and BaseURL are as in [CustomProvider], and required.
	Name, Slug, BaseURL string
	// Description to JSExample are as in [CustomProvider]; "" is unset.
	Description, Link, CurlExample, JSExample *string
	// Enable and Beta are as in [CustomProvider]. The service's default is
	// false for both.
	Enable, Beta *bool
	// Headers are as in [CustomProvider]; empty is none. The API takes 8192
	// characters of JSON.
	Headers map[string]string
	// Position is as in [CustomProvider].
	Position *int64
}

// Input is what would make a custom provider like this one.
func (p *CustomProvider) Input() CustomProviderInput {
	return CustomProviderInput{
		Name: p.Name, Slug: p.Slug, BaseURL: p.BaseURL,
		Description: p.Description, Link: p.Link, CurlExample: p.CurlExample, JSExample: p.JSExample,
		Enable: p.Enable, Beta: p.Beta, Headers: p.Headers, Position: p.Position,
	}
}

// isLike tells whether a custom provider is as an input would make it, as far as
// the service tells.
func (p *CustomProvider) isLike(input CustomProviderInput) bool {
	if !p.TellsHeaders {
		input.Headers = nil
	}
	if p.Position == nil {
		input.Position = nil
	}
	return len(p.Input().changes(input)) == 0
}

// encode is the body of a create, without what is unset.
func (i CustomProviderInput) encode() body {
	b := CustomProviderInput{}.changes(i)
	b["name"], b["slug"], b["base_url"] = i.Name, i.Slug, i.BaseURL
	return b
}

// changes are the fields that lead from i to another input.
func (i CustomProviderInput) changes(to CustomProviderInput) body {
	b := body{}
	for _, field := range []struct {
		name     string
		from, to *string
	}{
		{"name", &i.Name, nonEmpty(&to.Name)},
		{"slug", &i.Slug, nonEmpty(&to.Slug)},
		{"base_url", &i.BaseURL, nonEmpty(&to.BaseURL)},
		{"description", i.Description, to.Description},
		{"link", i.Link, to.Link},
		{"curl_example", i.CurlExample, to.CurlExample},
		{"js_example", i.JSExample, to.JSExample},
	} {
		if field.to != nil && value(field.from) != *field.to {
			b[field.name] = *field.to
		}
	}
	putChange(b, "enable", i.Enable, to.Enable)
	putChange(b, "beta", i.Beta, to.Beta)
	putChange(b, "position", i.Position, to.Position)
	if to.Headers != nil && !maps.Equal(i.Headers, to.Headers) {
		b["headers"] = encodeHeaders(to.Headers)
	}
	return b
}

// putChange sets a field that is to have another value than it is known to have.
func putChange[T comparable](b body, name string, from, to *T) {
	if to != nil && (from == nil || *from != *to) {
		b[name] = *to
	}
}

// Secrets are the values of headers, which must never be logged or quoted, also
// in the JSON within JSON that the wire has them in.
func (i CustomProviderInput) Secrets() []string {
	var secrets []string
	for _, value := range i.Headers {
		if len(value) >= shortestSecret {
			secrets = append(append(secrets, value), quoted(value)...)
		}
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// encodeHeaders is the text of a JSON object, with sorted keys, as the API has
// headers. None are "{}".
func encodeHeaders(headers map[string]string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // which would take of the 8192 characters
	if headers == nil {
		headers = map[string]string{}
	}
	if err := encoder.Encode(headers); err != nil {
		return "{}" // strings always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decodeHeaders is nil for a text that holds no object, or an empty one.
func decodeHeaders(text string) map[string]string {
	var headers map[string]string
	for name, raw := range object(json.RawMessage(text)) {
		if headers == nil {
			headers = map[string]string{}
		}
		headers[name] = string(raw)
		if value := as[string](raw); value != nil {
			headers[name] = *value
		}
	}
	return headers
}

// headersAnswer is the text of a provider's headers, or JSON that was not written
// as a text. It has no wrong form, since an error would quote what may be
// secret.
type headersAnswer struct {
	text string
	told bool
}

func (h *headersAnswer) UnmarshalJSON(data []byte) error {
	h.told = true
	if json.Unmarshal(data, &h.text) != nil { // null is an empty text
		h.text = string(data)
	}
	return nil
}

// moment is a time as RFC 3339, or as seconds or milliseconds since 1970.
type moment time.Time

// firstMillis is from where on a number of seconds would be a time after the
// year 5138, and so is one of milliseconds.
const firstMillis = 1e11

func (m *moment) UnmarshalJSON(data []byte) error {
	var n number
	if json.Unmarshal(data, &n) != nil {
		return (*timestamp)(m).UnmarshalJSON(data)
	}
	if math.Abs(float64(n)) >= 1<<53 {
		return fmt.Errorf("%s is not a time of this era", brief(data))
	}
	whole := int64(math.Floor(float64(n)))
	if math.Abs(float64(n)) >= firstMillis {
		*m = moment(time.UnixMilli(whole).UTC())
	} else {
		*m = moment(time.Unix(whole, 0).UTC())
	}
	if year := time.Time(*m).Year(); year < 0 || year > 9999 {
		return fmt.Errorf("%s is not a time of this era", brief(data))
	}
	return nil
}

func momentOf(m *moment) time.Time { return timeOf((*timestamp)(m)) }
