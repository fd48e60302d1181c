package emulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestParseQuirk(t *testing.T) {
	for _, q := range emulator.Quirks() {
		if got, err := emulator.ParseQuirk(string(q)); err != nil || got != q {
			t.Errorf("ParseQuirk(%q) = %q, %v", q, got, err)
		}
	}
	_, err := emulator.ParseQuirk("nonsense")
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Fatalf("error = %v, want one that names the quirk", err)
	}
	for _, q := range emulator.Quirks() {
		if !strings.Contains(err.Error(), string(q)) {
			t.Errorf("the error does not list %s: %v", q, err)
		}
	}
}

func TestNewRefusesBadQuirks(t *testing.T) {
	for _, quirks := range [][]emulator.Quirk{
		{"nonsense"},
		{emulator.SecretsMasked, emulator.SecretsOmitted},
	} {
		if _, err := emulator.New(emulator.Options{Quirks: quirks}); err == nil {
			t.Errorf("New accepted %v", quirks)
		}
	}
}

func TestQuirkCreateAcceptsAll(t *testing.T) {
	h := withQuirks(t, emulator.CreateAcceptsAll)
	got := h.create("a", object{
		"log_classification": true,
		"dlp":                object{"enabled": false, "policies": []object{}},
		"spend_limits":       object{"enabled": true},
	})
	if got["log_classification"] != true || got["dlp"] == nil || got["spend_limits"] == nil || got["otel"] != nil {
		t.Errorf("created = %v", got)
	}
	h.api("POST", "gateways", minimal(object{"id": "b", "dlp": 5})).wantErrors(t, 400, 7001, "body.dlp: Invalid input")

	// The service's own rule holds on create too.
	got = h.create("c", object{"collect_logs": false, "log_classification": true})
	if got["log_classification"] != false {
		t.Error("classification without logs was stored")
	}
}

func TestQuirkPutResetsOmitted(t *testing.T) {
	h := withQuirks(t, emulator.PutResetsOmitted)
	fresh := h.create("a")
	h.put("a", object{"zdr": true, "retry_delay": 100, "authentication": true, "store_id": "s",
		"otel": []object{}, "log_management": 20000, "log_classification": true})
	if diff := cmp.Diff(fresh, h.put("a")); diff != "" {
		t.Errorf("not reset (-fresh +got):\n%s", diff)
	}
}

func TestQuirkPaidPlan(t *testing.T) {
	h := withQuirks(t, emulator.PaidPlan)
	got := h.create("a")
	if got["log_management"] != 10000000.0 || got["log_management_strategy"] != "DELETE_OLDEST" {
		t.Errorf("retention = %v, %v", got["log_management"], got["log_management_strategy"])
	}
}

func TestQuirkEchoNull(t *testing.T) {
	h := withQuirks(t, emulator.EchoNull)
	nulls := object{
		"cache_ttl": nil, "rate_limiting_interval": nil, "rate_limiting_limit": nil,
		"store_id": nil, "authentication": nil, "zdr": nil,
	}
	got := h.create("a", nulls)
	want := maps.Clone(nulls)
	want["authentication"], want["zdr"] = false, false
	for name, value := range want {
		if v, ok := got[name]; !ok || v != value {
			t.Errorf("%s = %v, want %v", name, v, value)
		}
	}
	// What is not null is not touched.
	got = h.put("a", object{"store_id": ""})
	if got["cache_ttl"] != 0.0 || got["store_id"] != "" {
		t.Errorf("cache_ttl = %v, store_id = %v", got["cache_ttl"], got["store_id"])
	}
}

func TestQuirkOmitUnset(t *testing.T) {
	h := withQuirks(t, emulator.OmitUnset)
	got := h.create("a", object{"retry_delay": 0})
	for name, value := range got {
		if value == nil {
			t.Errorf("%s is null", name)
		}
	}
	for _, name := range []string{"dlp", "guardrails", "otel", "retry_backoff", "logpush_public_key"} {
		if _, ok := got[name]; ok {
			t.Errorf("%s is there", name)
		}
	}
	if got["retry_delay"] != 0.0 || got["store_id"] != "" {
		t.Error("a value that is set was omitted")
	}

	// Together with EchoNull the required fields stay, as null.
	h = withQuirks(t, emulator.OmitUnset, emulator.EchoNull)
	got = h.create("a", object{"cache_ttl": nil})
	if v, ok := got["cache_ttl"]; !ok || v != nil {
		t.Errorf("cache_ttl = %v, %v, want null", v, ok)
	}
	if _, ok := got["store_id"]; ok {
		t.Error("store_id is there")
	}
}

func TestQuirkExtraFields(t *testing.T) {
	plain := withQuirks(t).create("a")
	h := withQuirks(t, emulator.ExtraFields)
	got := h.create("a")
	for name := range plain {
		delete(got, name)
	}
	if got["account_id"] != accountID || got["account_tag"] != accountID || got["wholesale"] != true {
		t.Errorf("extra fields = %v", got)
	}
	if id, _ := got["internal_id"].(string); len(id) != 36 || h.get("a")["internal_id"] != id {
		t.Errorf("internal_id = %v, want a stable UUID", got["internal_id"])
	}
	nested := slices.ContainsFunc(slices.Collect(maps.Values(got)), func(v any) bool { _, ok := v.(object); return ok })
	if !nested {
		t.Error("there is no unknown object")
	}
}

func TestQuirkNoBYOKOnly(t *testing.T) {
	h := withQuirks(t, emulator.NoBYOKOnly)
	// Not even a value of the wrong type is noticed.
	if _, ok := h.create("a", object{"byok_only": "x"})["byok_only"]; ok {
		t.Error("the answer has byok_only")
	}
	if _, ok := h.put("a", object{"byok_only": true})["byok_only"]; ok {
		t.Error("the answer has byok_only")
	}
	if got := withQuirks(t).create("a", object{"byok_only": true})["byok_only"]; got != true {
		t.Errorf("without the quirk byok_only = %v", got)
	}
}

func TestQuirkSecrets(t *testing.T) {
	secrets := object{
		"otel": []object{
			{"url": "https://example.com", "headers": object{"x-key": "s3cret"}, "authorization": "s3cret"},
			{"url": "https://example.com", "headers": object{}},
		},
		"stripe": object{"authorization": "s3cret", "usage_events": []object{}},
	}
	tests := []struct {
		quirks []emulator.Quirk
		want   string
	}{
		{nil, `[[{"authorization":"s3cret","content_type":"json","headers":{"x-key":"s3cret"},"url":"https://example.com"},` +
			`{"content_type":"json","headers":{},"url":"https://example.com"}],{"authorization":"s3cret","usage_events":[]}]`},
		{[]emulator.Quirk{emulator.SecretsMasked}, `[[{"authorization":"********","content_type":"json","headers":{"x-key":"********"},"url":"https://example.com"},` +
			`{"content_type":"json","headers":{},"url":"https://example.com"}],{"authorization":"********","usage_events":[]}]`},
		{[]emulator.Quirk{emulator.SecretsOmitted}, `[[{"content_type":"json","url":"https://example.com"},` +
			`{"content_type":"json","url":"https://example.com"}],{"usage_events":[]}]`},
	}
	for _, tt := range tests {
		h := withQuirks(t, tt.quirks...)
		h.create("a")
		put, get := h.put("a", secrets), h.get("a")
		if got := toString([]any{put["otel"], put["stripe"]}); got != tt.want {
			t.Errorf("%v: %s\nwant %s", tt.quirks, got, tt.want)
		}
		if diff := cmp.Diff(put, get); diff != "" {
			t.Errorf("%v: PUT and GET differ:\n%s", tt.quirks, diff)
		}
		// What is stored is never masked.
		stored, _ := h.Gateway(accountID, "a")
		if got := stored["stripe"].(object)["authorization"]; got != "s3cret" {
			t.Errorf("%v: stored authorization = %v", tt.quirks, got)
		}
	}
}

// TestQuirksCompose plays every combination of those that can show in a
// gateway: it can be created, read, updated, listed and deleted under each.
func TestQuirksCompose(t *testing.T) {
	for _, quirks := range combinations(emulator.GatewayQuirks()) {
		h := withQuirks(t, quirks...)
		h.create("a", object{"store_id": nil})
		updated := h.put("a", object{"cache_ttl": nil, "stripe": object{"authorization": "x", "usage_events": []object{}}})
		if diff := cmp.Diff(updated, h.get("a")); diff != "" {
			t.Errorf("%v: GET differs from PUT:\n%s", quirks, diff)
		}
		for _, name := range []string{"id", "cache_ttl", "collect_logs", "created_at", "modified_at", "rate_limiting_interval"} {
			if _, ok := updated[name]; !ok {
				t.Errorf("%v: the answer lacks %s", quirks, name)
			}
		}
		h.api("DELETE", "gateways/a", nil).result(t)
	}
}
