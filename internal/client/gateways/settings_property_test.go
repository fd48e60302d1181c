package gateways_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// memory is a control plane with one gateway. It responds to a PUT with what it was
// sent, written as echo says.
type memory struct {
	methods []string
	bodies  [][]byte
	echo    echo
}

func (m *memory) roundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet { // of an update, which carries nothing over from this
		return clienttest.HTTPResponse(r, 200, `{"success":true,"result":{"id":"demo"}}`), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	m.methods, m.bodies = append(m.methods, r.Method), append(m.bodies, body)
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(body, &stored); err != nil {
		return nil, err
	}
	stored["id"] = json.RawMessage(`"demo"`)
	return clienttest.HTTPResponse(r, 200, clienttest.Envelope(m.echo.of(stored))), nil
}

func (m *memory) last() []byte { return m.bodies[len(m.bodies)-1] }

func (m *memory) client(t clienttest.T) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.Transport(m.roundTrip)})
	clienttest.RequireNoError(t, err)
	return c
}

// update sends settings and returns what the service makes of them.
func (m *memory) update(t clienttest.T, s, was gateways.Settings) *gateways.Gateway {
	t.Helper()
	gateway, err := gateways.Update(t.Context(), m.client(t), clienttest.Account, "demo", "demo", s, was)
	clienttest.RequireNoError(t, err)
	return gateway
}

// cleared returns settings that say of what the service returns as null, and is then
// off, that it is off.
func cleared(s gateways.Settings) gateways.Settings {
	for _, text := range []**string{&s.LogpushPublicKey, &s.RetryBackoff, &s.StoreID} {
		*text = cmp.Or(*text, clienttest.Ptr(""))
	}
	for _, number := range []**int64{&s.RetryMaxAttempts, &s.RetryDelay} {
		*number = cmp.Or(*number, clienttest.Ptr[int64](0))
	}
	return s
}

// withSecretsOf returns the settings that were read, with the secrets that were sent.
func withSecretsOf(sent, read gateways.Settings) gateways.Settings {
	read.OTel = slices.Clone(read.OTel)
	for i := range read.OTel {
		read.OTel[i].Headers, read.OTel[i].Authorization = sent.OTel[i].Headers, sent.OTel[i].Authorization
	}
	if read.Stripe != nil {
		read.Stripe = &gateways.Stripe{Authorization: sent.Stripe.Authorization, UsageEvents: read.Stripe.UsageEvents}
	}
	return read
}

// A gateway reads back as it was sent, whatever form the service gives to unset
// values, defaults and secrets. So the plan after an apply is empty.
func TestPropertyReadsBackAsSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent, was := anySettings.Draw(t, "settings"), gateways.Settings{DLP: clienttest.Maybe(anyDLP).Draw(t, "was")}
		m := &memory{echo: anyEcho.Draw(t, "echo")}
		c := m.client(t)
		read := m.update(t, sent, was).Settings
		if same := gateways.CompareFeatures(sent, read); same != allSame {
			t.Fatalf("%+v\nsent %s\nread %s", same, clienttest.Encode(sent), clienttest.Encode(read))
		}
		known := read
		if m.echo.secrets != "verbatim" {
			known = withSecretsOf(sent, read)
		}
		if !gateways.SameOnWire(c, cleared(sent), known) {
			t.Fatalf("sent %s\nread %s", clienttest.Encode(cleared(sent)), clienttest.Encode(known))
		}
		m.update(t, cleared(sent), was)
		first := m.last()
		if m.update(t, known, was); !bytes.Equal(first, m.last()) {
			t.Fatalf("sent first %s\n      then %s", first, m.last())
		}
		for what, faulty := range map[string]bool{
			"caching":       (read.CacheTTL != nil) != *read.CacheEnabled,
			"rate limiting": (read.RateLimitingLimit != nil) != *read.RateLimitingEnabled || (read.RateLimitingInterval != nil) != *read.RateLimitingEnabled,
		} {
			if faulty {
				t.Fatalf("%s that is off has values, or the other way round: %s", what, clienttest.Encode(read))
			}
		}
	})
}

// updateOnly are the fields that the API accepts only in an update.
var updateOnly = []string{"dlp", "guardrails", "log_classification", "otel", "spend_limits", "stripe"}

// A create sends in its POST what the API accepts there, without null. It sends a PUT
// with all settings if and only if that adds something.
func TestPropertyCreate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySettings.Draw(t, "settings")
		m := &memory{}
		c := m.client(t)
		clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "demo", s)))
		var post map[string]any
		clienttest.RequireNoError(t, json.Unmarshal(m.bodies[0], &post))
		for field, value := range post {
			if value == nil || slices.Contains(updateOnly, field) {
				t.Fatalf("POST %s", m.bodies[0])
			}
		}
		want := []string{"POST"}
		nothing := gateways.CompareFeatures(s, gateways.Settings{}) == allSame
		if !nothing || s.LogClassification != nil && *s.LogClassification {
			want = append(want, "PUT")
		}
		if !slices.Equal(want, m.methods) {
			t.Fatalf("%s for %s", m.methods, clienttest.Encode(s))
		}
		created := m.last()
		if m.update(t, s, gateways.Settings{}); len(want) == 2 && !bytes.Equal(created, m.last()) {
			t.Fatalf("a create sends %s\n  an update %s", created, m.last())
		}
	})
}

// Two settings are the same on the wire exactly if they make the same request. So this
// is an equivalence.
func TestPropertySameOnWire(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{}
		c := m.client(t)
		a := anySettings.Draw(t, "a")
		like := func(name string) gateways.Settings {
			other := anySettings.Draw(t, name)
			if !rapid.Bool().Draw(t, name+" is like a") { // or equal ones would be rare
				return other
			}
			s := a
			s.CacheTTL, s.RateLimitingLimit = other.CacheTTL, other.RateLimitingLimit
			if rapid.Bool().Draw(t, name+" has DLP of its own") {
				s.DLP, s.Guardrails = other.DLP, other.Guardrails
			}
			return s
		}
		b, d := like("b"), like("d")
		m.update(t, a, a)
		of := m.last()
		m.update(t, b, a)
		if same := bytes.Equal(of, m.last()); gateways.SameOnWire(c, a, b) != same || gateways.SameOnWire(c, b, a) != same {
			t.Fatalf("same: %t\n%s\n%s", same, of, m.last())
		}
		if !gateways.SameOnWire(c, a, a) {
			t.Fatal("settings differ from themselves")
		}
		if gateways.SameOnWire(c, a, b) && gateways.SameOnWire(c, b, d) && !gateways.SameOnWire(c, a, d) {
			t.Fatalf("a is b, b is d, a is not d:\n%s\n%s\n%s", clienttest.Encode(a), clienttest.Encode(b), clienttest.Encode(d))
		}
	})
}

func TestSameOnWire(t *testing.T) {
	on := clienttest.GatewaySettings(func(s *gateways.Settings) {
		s.CacheEnabled, s.CacheTTL = clienttest.Ptr(true), clienttest.Ptr[int64](300)
	})
	off := clienttest.GatewaySettings(func(s *gateways.Settings) { s.CacheTTL = clienttest.Ptr[int64](300) })
	with := func(change func(*gateways.Settings)) gateways.Settings { return clienttest.GatewaySettings(change) }
	for name, test := range map[string]struct {
		a, b gateways.Settings
		same bool
	}{
		"nothing":               {gateways.Settings{}, gateways.Settings{}, true},
		"equal":                 {on, on, true},
		"everything":            {everything(), everything(), true},
		"on and off":            {on, off, false},
		"off, TTL kept":         {off, clienttest.GatewaySettings(), true},
		"unset and off":         {with(func(s *gateways.Settings) { s.CacheEnabled = nil }), clienttest.GatewaySettings(), true},
		"technique unset":       {with(func(s *gateways.Settings) { s.RateLimitingTechnique = nil }), clienttest.GatewaySettings(), false},
		"authentication unset":  {with(func(s *gateways.Settings) { s.Authentication = nil }), clienttest.GatewaySettings(), false},
		"authentication":        {with(func(s *gateways.Settings) { s.Authentication = clienttest.Ptr(false) }), clienttest.GatewaySettings(), false},
		"logging":               {with(func(s *gateways.Settings) { s.LogEnabled = clienttest.Ptr(false) }), clienttest.GatewaySettings(), false},
		"classification":        {with(func(s *gateways.Settings) { s.LogClassification = clienttest.Ptr(true) }), clienttest.GatewaySettings(), false},
		"delay":                 {with(func(s *gateways.Settings) { s.RetryDelay = clienttest.Ptr[int64](1) }), with(func(s *gateways.Settings) { s.RetryDelay = clienttest.Ptr[int64](0) }), false},
		"DLP off, and unset":    {with(func(s *gateways.Settings) { s.DLP = &gateways.DLP{Action: "BLOCK"} }), clienttest.GatewaySettings(), true},
		"DLP on, and unset":     {with(func(s *gateways.Settings) { s.DLP = &gateways.DLP{Enabled: true} }), clienttest.GatewaySettings(), false},
		"guardrails of nothing": {with(func(s *gateways.Settings) { s.Guardrails = &gateways.Guardrails{} }), clienttest.GatewaySettings(), true},
	} {
		c := (&memory{}).client(t)
		if gateways.SameOnWire(c, test.a, test.b) != test.same || gateways.SameOnWire(c, test.b, test.a) != test.same {
			t.Errorf("%s: not %t", name, test.same)
		}
	}
	// A new secret is a change, although no comparison of responses shows it.
	for name, change := range map[string]func(*gateways.Settings){
		"authorization": func(s *gateways.Settings) { s.OTel[0].Authorization = "new" },
		"a header":      func(s *gateways.Settings) { s.OTel[0].Headers["x-a"] = "new" },
		"Stripe's key":  func(s *gateways.Settings) { s.Stripe.Authorization = "new" },
	} {
		changed := everything()
		if change(&changed); gateways.SameOnWire((&memory{}).client(t), everything(), changed) {
			t.Errorf("%s does not count", name)
		}
	}
}
