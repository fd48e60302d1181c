package emulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// secret posts one secret with the scope ai_gateway and returns its id.
func (h harness) secret(name, value string) string {
	h.t.Helper()
	r := h.vault("POST", "stores/"+h.storeID()+"/secrets", []object{{"name": name, "value": value, "scopes": []string{"ai_gateway"}}})
	id, _ := at(r.body, "result", 0, "id").(string)
	if r.status != 200 || id == "" {
		h.t.Fatalf("no secret: %d %s", r.status, r.raw)
	}
	return id
}

func TestStores(t *testing.T) {
	h := start(t, emulator.Options{})
	id := h.storeID()
	if other := start(t, emulator.Options{}); other.storeID() != id || h.StoreIDs(otherID)[0] == id {
		t.Error("the id of the first store does not follow from the account")
	}
	want := object{"id": id, "name": "default_secrets_store", "account_id": accountID,
		"created": "2026-11-01T12:00:30.123Z", "modified": "2026-11-01T12:00:30.123Z"}
	if diff := cmp.Diff(want, h.vault("GET", "stores/"+id, nil).result(t)); diff != "" {
		t.Errorf("store (-want +got):\n%s", diff)
	}
	if r := h.vault("GET", "stores?page=2", nil); len(at(r.body, "result").([]any)) != 0 || at(r.body, "result_info", "total_pages") != 1.0 {
		t.Errorf("page past the end: %s", r.raw)
	}
	h.vault("GET", "stores?page=0", nil).wantErrors(t, 400, 1001, "invalid_pagination")
	h.vault("POST", "stores", object{"name": "second"}).wantErrors(t, 400, 1003, "maximum_stores_exceeded")
	h.vault("POST", "stores", object{}).wantErrors(t, 400, 1001, "store_name_empty")
	h.vault("POST", "stores", []object{}).wantErrors(t, 400, 1001, "invalid_json_body")

	h.secret("a", "v")
	h.vault("DELETE", "stores/"+id, nil).wantErrors(t, 409, 1003, "store_not_empty")
	if diff := cmp.Diff(want, h.vault("DELETE", "stores/"+id+"?force=true", nil).result(t)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	for _, path := range []string{"stores/" + id, "stores/" + id + "/secrets", "stores/" + id + "/secrets/x"} {
		h.vault("GET", path, nil).wantErrors(t, 404, 1001, "store_not_found")
	}
	made := h.vault("POST", "stores", []object{{"name": "mine"}})
	if at(made.body, "result", 0, "name") != "mine" || at(made.body, "result", 0, "id") != h.storeID() || h.storeID() == id {
		t.Errorf("made = %s", made.raw)
	}
	h.vault("DELETE", "stores/"+h.storeID(), nil).result(t)
	if got := h.vault("POST", "stores", object{"name": "again"}).result(t); got["name"] != "again" {
		t.Errorf("made = %v", got)
	}
}

func TestSecretsStoreEdge(t *testing.T) {
	h := start(t, emulator.Options{})
	prefix := "/client/v4/accounts/" + accountID + "/secrets_store/"
	h.send("GET", prefix+"stores", "").wantErrors(t, 401, 10000, "Authentication error")
	h.vault("PUT", "stores", nil).wantErrors(t, 405, 7001, "PUT not supported for requested URI.")
	if r := h.vault("GET", "gateways", nil); r.status != 404 || at(r.body, "errors", 0, "code") != 7003.0 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	h.api("GET", "stores", nil)
	if r := h.api("GET", "stores", nil); r.status != 404 {
		t.Errorf("stores below ai-gateway: %d", r.status)
	}
}

func TestSecretRefusals(t *testing.T) {
	h := start(t, emulator.Options{})
	h.secret("taken", "v")
	path := "stores/" + h.storeID() + "/secrets"
	secret := func(changes object) object {
		out := object{"name": "n", "value": "v", "scopes": []string{"workers"}}
		maps.Copy(out, changes)
		return out
	}
	tests := map[string]struct {
		body any
		code int
		word string
	}{
		"no list":      {secret(nil), 1001, "invalid_json_body"},
		"empty":        {[]object{}, 1001, "invalid_json_body"},
		"no name":      {[]object{secret(object{"name": ""})}, 1001, "secret_name_empty"},
		"dot":          {[]object{secret(object{"name": "a.b"})}, 1001, "secret_name_invalid"},
		"no value":     {[]object{secret(object{"value": ""})}, 1001, "secret_value_empty"},
		"long value":   {[]object{secret(object{"value": strings.Repeat("x", 64<<10+1)})}, 1001, "secret_value_too_large"},
		"no scopes":    {[]object{secret(object{"scopes": nil})}, 1001, "secret_scopes_empty"},
		"other scope":  {[]object{secret(object{"scopes": []string{"pages"}})}, 1001, "secret_scope_invalid"},
		"taken":        {[]object{secret(object{"name": "taken"})}, 1003, "secret_name_already_exists"},
		"twice":        {[]object{secret(nil), secret(nil)}, 1003, "secret_name_already_exists"},
		"second wrong": {[]object{secret(nil), secret(object{"name": "b", "value": ""})}, 1001, "secret_value_empty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h.vault("POST", path, tt.body).wantErrors(t, 400, tt.code, tt.word)
			if got := h.SecretNames(accountID, h.storeID()); !slices.Equal(got, []string{"taken"}) {
				t.Errorf("secrets = %v", got)
			}
		})
	}
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		h.vault(method, path+"/x", object{}).wantErrors(t, 404, 1001, "secret_not_found")
	}
}

func TestSecretLife(t *testing.T) {
	h := start(t, emulator.Options{SecretDelay: -1})
	id := h.secret("a", "one")
	path := "stores/" + h.storeID() + "/secrets"
	want := object{"id": id, "name": "a", "comment": "", "scopes": []any{"ai_gateway"}, "store_id": h.storeID(), "status": "active",
		"created": "2026-11-01T12:00:30.123Z", "modified": "2026-11-01T12:00:30.123Z"}
	if diff := cmp.Diff(want, h.vault("GET", path+"/"+id, nil).result(t)); diff != "" {
		t.Errorf("secret (-want +got):\n%s", diff)
	}
	want["comment"], want["scopes"] = "for tests", []any{"workers", "ai_gateway"}
	changed := h.vault("PATCH", path+"/"+id, object{"value": "two", "comment": "for tests", "scopes": want["scopes"]})
	if diff := cmp.Diff(want, changed.result(t)); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	h.vault("PATCH", path+"/"+id, object{"value": ""}).wantErrors(t, 400, 1001, "secret_value_empty")
	h.vault("PATCH", path+"/"+id, object{"scopes": []string{}}).wantErrors(t, 400, 1001, "secret_scopes_empty")
	h.vault("PATCH", path+"/"+id, []string{}).wantErrors(t, 400, 1001, "invalid_json_body")
	if value, ok := h.SecretValue(accountID, h.storeID(), "a"); !ok || value != "two" {
		t.Errorf("value = %q", value)
	}
	h.secret("b", "three")
	for query, count := range map[string]int{"": 2, "?search=TESTS": 1, "?search=b": 1, "?search=none": 0, "?per_page=1&page=2": 1} {
		if r := h.vault("GET", path+query, nil); len(at(r.body, "result").([]any)) != count || strings.Contains(r.raw, "three") {
			t.Errorf("%s: %s", query, r.raw)
		}
	}
	if diff := cmp.Diff(want, h.vault("DELETE", path+"/"+id, nil).result(t)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if got := h.SecretNames(accountID, h.storeID()); !slices.Equal(got, []string{"b"}) {
		t.Errorf("secrets = %v", got)
	}
}

// TestSecretsSettle: a secret becomes active by time, by being asked for twice,
// at once, or never.
func TestSecretsSettle(t *testing.T) {
	clock := emulator.NewClock(epoch)
	tests := map[string]struct {
		opts emulator.Options
		wait time.Duration
		want []string
	}{
		"asked for":       {emulator.Options{}, 0, []string{"pending", "active", "active"}},
		"just before":     {emulator.Options{Clock: clock}, emulator.DefaultSecretDelay - time.Millisecond, []string{"pending", "active"}},
		"after the delay": {emulator.Options{Clock: clock}, emulator.DefaultSecretDelay, []string{"active"}},
		"longer delay":    {emulator.Options{Clock: clock, SecretDelay: time.Hour}, time.Minute, []string{"pending"}},
		"no delay":        {emulator.Options{SecretDelay: -1}, 0, []string{"active"}},
		"never":           {emulator.Options{Clock: clock, Quirks: []emulator.Quirk{emulator.SecretStaysPending}}, time.Hour, []string{"pending", "pending", "pending"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, list := range []bool{false, true} {
				h := start(t, tt.opts)
				path := "stores/" + h.storeID() + "/secrets"
				id := h.secret("a", "v")
				h.Clock().Advance(tt.wait)
				for i, want := range tt.want {
					var status any
					if list {
						status = at(h.vault("GET", path, nil).body, "result", 0, "status")
					} else {
						status = at(h.vault("GET", path+"/"+id, nil).body, "result", "status")
					}
					if status != want {
						t.Errorf("look %d, list %v: %v, want %s", i, list, status, want)
					}
				}
			}
		})
	}
	h := withQuirks(t, emulator.SecretStaysPending)
	id := h.PutSecret(accountID, h.storeID(), "a", "v")
	if got := h.vault("GET", "stores/"+h.storeID()+"/secrets/"+id, nil).result(t); got["status"] != "active" {
		t.Errorf("a secret from PutSecret: %v", got)
	}
}

func TestSecretsBackstage(t *testing.T) {
	h := start(t, emulator.Options{})
	store := h.storeID()
	id := h.PutSecret(accountID, store, "a", "one")
	if again := h.PutSecret(accountID, store, "a", "two"); again != id {
		t.Errorf("the second secret is another one: %s, %s", id, again)
	}
	if value, ok := h.SecretValue(accountID, store, "a"); !ok || value != "two" {
		t.Errorf("value = %q, %v", value, ok)
	}
	_, inStore := h.SecretValue(accountID, store, "x")
	_, inNone := h.SecretValue(accountID, "x", "a")
	if inStore || inNone || h.SecretNames(accountID, "x") != nil || h.DeleteSecret(accountID, "x", "a") || h.DeleteSecret(accountID, store, "x") {
		t.Error("what is not there was found")
	}
	if !h.DeleteSecret(accountID, store, "a") || len(h.SecretNames(accountID, store)) != 0 {
		t.Error("the secret is still there")
	}
	wantPanic(t, func() { h.PutSecret(accountID, "x", "a", "v") })
}
