package emulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestGatewayIsACopyOfWhatIsStored(t *testing.T) {
	h := withQuirks(t, emulator.OmitUnset, emulator.SecretsOmitted, emulator.ExtraFields)
	h.create("a", object{"cache_ttl": nil})
	h.put("a", object{"cache_ttl": nil, "otel": []object{{"url": "https://example.com", "headers": object{"k": "v"}}}})
	got, ok := h.Gateway(accountID, "a")
	if !ok {
		t.Fatal("no gateway")
	}
	headers := got["otel"].([]any)[0].(object)["headers"].(object)
	if headers["k"] != "v" || got["cache_ttl"] != nil || got["created_at"] != "2026-11-01T12:00:30.123Z" {
		t.Errorf("stored = %v", got)
	}
	if _, ok := got["wholesale"]; ok {
		t.Error("a quirk of answers applied")
	}
	headers["k"] = "changed"
	again, _ := h.Gateway(accountID, "a")
	if again["otel"].([]any)[0].(object)["headers"].(object)["k"] != "v" {
		t.Error("the copy is shared")
	}
	if _, ok := h.Gateway(accountID, "b"); ok {
		t.Error("found a gateway that is not there")
	}
}

func TestEditGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	before := h.create("a")
	h.Clock().Advance(time.Second)
	if !h.EditGateway(accountID, "a", func(g map[string]any) {
		g["cache_ttl"] = 300
		g["guardrails"] = map[string]any{"prompt": map[string]string{"S1": "BLOCK"}, "response": struct{}{}}
		g["id"], g["is_default"], g["unknown"] = "b", true, 1
		delete(g, "log_management")
	}) {
		t.Fatal("no gateway")
	}
	want := before
	want["cache_ttl"] = 300.0
	want["guardrails"] = object{"prompt": object{"S1": "BLOCK"}, "response": object{}}
	want["log_management"] = nil
	want["modified_at"] = "2026-11-01T12:00:31.123Z"
	if diff := cmp.Diff(want, h.get("a")); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	if h.EditGateway(accountID, "b", func(map[string]any) { t.Error("called") }) {
		t.Error("edited a gateway that is not there")
	}
	if len(h.Requests()) != 2 {
		t.Errorf("%d requests recorded, want the two over HTTP", len(h.Requests()))
	}
}

func TestPutGateway(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	want := h.create("a")
	for range 2 {
		h.PutGateway(accountID, object{"id": "b", "zdr": true, "created_at": "2020-01-02T03:04:05Z", "unknown": 1})
	}
	want["id"], want["zdr"], want["created_at"] = "b", true, "2020-01-02T03:04:05.000Z"
	if diff := cmp.Diff(want, h.get("b")); diff != "" {
		t.Errorf("put (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, h.GatewayIDs(accountID)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if !h.DeleteGateway(accountID, "b") || h.DeleteGateway(accountID, "b") {
		t.Error("DeleteGateway does not say what it did")
	}
}

func TestPutGatewayPanics(t *testing.T) {
	h := start(t, emulator.Options{})
	for name, settings := range map[string]object{
		"no id":     {"zdr": true},
		"no JSON":   {"id": "a", "zdr": func() {}},
		"wrong id":  {"id": 5},
		"empty id":  {"id": ""},
		"not given": nil,
	} {
		t.Run(name, func(t *testing.T) {
			wantPanic(t, func() { h.PutGateway(accountID, settings) })
		})
	}
}
