package client_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"terraform-provider-aigateway/internal/client"
)

// maybe is nil at times.
func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

// anySettings are settings such as a caller may have: what is on has its
// values, what is off may have some left over, and anything may be unset.
var anySettings = rapid.Custom(func(t *rapid.T) client.Settings {
	s := client.Settings{
		CacheEnabled:            maybe(rapid.Bool()).Draw(t, "cache"),
		CacheTTL:                maybe(rapid.Int64Range(0, 3)).Draw(t, "ttl"),
		RateLimitingEnabled:     maybe(rapid.Bool()).Draw(t, "rate"),
		RateLimitingTechnique:   maybe(rapid.SampledFrom([]string{"fixed", "sliding"})).Draw(t, "technique"),
		LogEnabled:              maybe(rapid.Bool()).Draw(t, "log"),
		Authentication:          maybe(rapid.Bool()).Draw(t, "authentication"),
		CacheInvalidateOnUpdate: maybe(rapid.Bool()).Draw(t, "invalidate"),
	}
	if s.CacheEnabled != nil && *s.CacheEnabled {
		s.CacheTTL = ptr(rapid.Int64Range(1, 2592000).Draw(t, "ttl of a cache"))
	}
	above := int64(0)
	if s.RateLimitingEnabled != nil && *s.RateLimitingEnabled {
		above = 1
	}
	if above == 1 || rapid.Bool().Draw(t, "limit left over") {
		s.RateLimitingLimit = ptr(rapid.Int64Range(above, 1000).Draw(t, "limit"))
		s.RateLimitingInterval = ptr(rapid.Int64Range(above, 86400).Draw(t, "interval"))
	}
	return s
})

// anyOthers are settings besides, of any name and any value.
var anyOthers = rapid.Custom(func(t *rapid.T) client.OtherSettings {
	names := rapid.SampledFrom(slices.Concat(otherNames, []string{
		"otel", "stripe", "id", "cache_ttl", "collect_logs", "authentication", "rate_limiting_technique", "is_default", "created_at", "new",
	}))
	values := rapid.SampledFrom([]string{"null", `""`, `"x"`, "0", "false", "true", "1.50", "[]", "{}", `{"b":[1,{"a":null}],"a":""}`, `"<&>"`})
	return rapid.Custom(func(t *rapid.T) client.OtherSettings {
		others := client.OtherSettings{}
		for name, value := range rapid.MapOf(names, values).Draw(t, "fields") {
			others[name] = json.RawMessage(value)
		}
		return others
	}).Draw(t, "others")
})

// memory is a control plane with one gateway. It answers a PUT with what it
// was sent, and writes what is unset as fill says.
type memory struct {
	body []byte // of the last PUT
	fill func(field string) string
}

func (m *memory) roundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	m.body = body
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(body, &stored); err != nil {
		return nil, err
	}
	stored["id"] = json.RawMessage(`"demo"`)
	for _, field := range []string{"cache_ttl", "rate_limiting_limit", "rate_limiting_interval", "rate_limiting_technique", "authentication"} {
		if value, ok := stored[field]; !ok || string(value) == "0" {
			delete(stored, field)
			if with := m.fill(field); with != absent {
				stored[field] = json.RawMessage(with)
			}
		}
	}
	return response(r, 200, envelope(stored)), nil
}

// update sends settings and returns what the service makes of them.
func (m *memory) update(t *rapid.T, s client.Settings, others client.OtherSettings) *client.Gateway {
	c, err := client.New(client.Config{APIToken: apiToken, Transport: transport(m.roundTrip)})
	if err != nil {
		t.Fatal(err)
	}
	gateway, err := c.UpdateGateway(t.Context(), account, "demo", s, others)
	if err != nil {
		t.Fatal(err)
	}
	return gateway
}

// However a service writes what is unset, a gateway reads back as it was sent,
// so that the plan after an apply is empty.
func TestPropertyReadsBackAsSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := anySettings.Draw(t, "settings")
		m := &memory{fill: func(field string) string {
			values := []string{"null", absent}
			switch field {
			case "rate_limiting_technique":
				values = append(values, `""`)
			case "authentication":
			default:
				values = append(values, "0", "0.0")
			}
			return rapid.SampledFrom(values).Draw(t, field)
		}}
		read := m.update(t, sent, nil).Settings
		if !client.SameOnWire(sent, read) {
			t.Fatalf("sent %s\nread %s", encoded(sent), encoded(read))
		}
		first := m.body
		if m.update(t, read, nil); !bytes.Equal(first, m.body) {
			t.Fatalf("sent first %s\n      then %s", first, m.body)
		}
		for what, faulty := range map[string]bool{
			"caching":       (read.CacheTTL != nil) != *read.CacheEnabled,
			"rate limiting": (read.RateLimitingLimit != nil) != *read.RateLimitingEnabled || (read.RateLimitingInterval != nil) != *read.RateLimitingEnabled,
		} {
			if faulty {
				t.Fatalf("%s that is off has values, or the other way round: %s", what, encoded(read))
			}
		}
	})
}

// Two settings are the same on the wire exactly if they make the same request;
// so it is an equivalence.
func TestPropertySameOnWire(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{fill: func(string) string { return "null" }}
		a, b := anySettings.Draw(t, "a"), anySettings.Draw(t, "b")
		if rapid.Bool().Draw(t, "alike") { // or equal ones would be rare
			b = a
			b.CacheTTL, b.RateLimitingLimit = anySettings.Draw(t, "c").CacheTTL, anySettings.Draw(t, "d").RateLimitingLimit
		}
		m.update(t, a, nil)
		bodyA := m.body
		m.update(t, b, nil)
		if same := bytes.Equal(bodyA, m.body); client.SameOnWire(a, b) != same || client.SameOnWire(b, a) != same {
			t.Fatalf("same: %t\n%s\n%s", same, bodyA, m.body)
		}
		if !client.SameOnWire(a, a) {
			t.Fatal("settings differ from themselves")
		}
	})
}

func TestPropertyOthersAreSentBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{fill: func(string) string { return "null" }}
		s, others := anySettings.Draw(t, "settings"), anyOthers.Draw(t, "others")
		decoded := func() map[string]any {
			var body map[string]any
			if err := json.Unmarshal(m.body, &body); err != nil {
				t.Fatal(err)
			}
			return body
		}
		m.update(t, s, nil)
		want := decoded()
		for name, raw := range others {
			unset := string(raw) == "null" || string(raw) == `""`
			coupled := name == "log_classification" && (s.LogEnabled == nil || !*s.LogEnabled)
			if slices.Contains(otherNames, name) && !unset && !coupled {
				var value any
				if err := json.Unmarshal(raw, &value); err != nil {
					t.Fatal(err)
				}
				want[name] = value
			}
		}
		before := maps.Clone(others)
		gateway := m.update(t, s, others)
		if diff := cmp.Diff(want, decoded()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, others); diff != "" {
			t.Fatalf("the caller's settings were changed (-want +got):\n%s", diff)
		}
		m.update(t, s, gateway.Others)
		if diff := cmp.Diff(want, decoded()); diff != "" {
			t.Fatalf("what is read and sent back differs (-want +got):\n%s", diff)
		}
	})
}

func TestSameOnWire(t *testing.T) {
	on := settings(func(s *client.Settings) { s.CacheEnabled, s.CacheTTL = ptr(true), ptr[int64](300) })
	off := settings(func(s *client.Settings) { s.CacheTTL = ptr[int64](300) })
	for name, test := range map[string]struct {
		a, b client.Settings
		same bool
	}{
		"nothing":              {client.Settings{}, client.Settings{}, true},
		"equal":                {on, on, true},
		"on and off":           {on, off, false},
		"off, TTL kept":        {off, settings(), true},
		"unset and off":        {settings(func(s *client.Settings) { s.CacheEnabled = nil }), settings(), true},
		"technique unset":      {settings(func(s *client.Settings) { s.RateLimitingTechnique = nil }), settings(), false},
		"authentication unset": {settings(func(s *client.Settings) { s.Authentication = nil }), settings(), false},
		"authentication":       {settings(func(s *client.Settings) { s.Authentication = ptr(false) }), settings(), false},
		"logging":              {settings(func(s *client.Settings) { s.LogEnabled = ptr(false) }), settings(), false},
	} {
		if client.SameOnWire(test.a, test.b) != test.same || client.SameOnWire(test.b, test.a) != test.same {
			t.Errorf("%s: not %t", name, test.same)
		}
	}
}
