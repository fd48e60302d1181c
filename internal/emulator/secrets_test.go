package emulator_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// secret posts one secret with the scope ai_gateway and returns its id.
func (h harness) secret(name, value string) string {
	h.t.Helper()
	r := h.vault("POST", "stores/"+h.storeID()+"/secrets", []object{{"name": name, "value": value, "scopes": []string{"ai_gateway"}}})
	id, _ := at(r.body, "result.0.id").(string)
	if r.status != 200 || id == "" {
		h.t.Fatalf("no secret: %d %s", r.status, r.raw)
	}
	return id
}

// wantSecret checks the value of a secret.
func (h harness) wantSecret(t testing.TB, name, want string) {
	t.Helper()
	value, ok := h.SecretValue(accountID, h.storeID(), name)
	expect(t, ok && value == want, "secret %s = %q, %v, want %q", name, value, ok, want)
}

func TestStores(t *testing.T) {
	h := start(t, emulator.Options{})
	id := h.storeID()
	equal(t, "store id on another server", id, start(t, emulator.Options{}).storeID())
	expect(t, h.StoreIDs(otherID)[0] != id, "two accounts have the store %s", id)
	want := object{"id": id, "name": "default_secrets_store", "account_id": accountID,
		"created": "2026-11-01T12:00:30.123Z", "modified": "2026-11-01T12:00:30.123Z"}
	equal(t, "store", want, h.vault("GET", "stores/"+id, nil).result(t))
	h.vault("GET", "stores?page=2", nil).want(t, 200, "result.#", 0, "result_info.total_pages", 1.0)
	h.vault("GET", "stores?page=0", nil).wantErrors(t, 400, 1001, "invalid_pagination")
	h.vault("POST", "stores", object{"name": "second"}).wantErrors(t, 400, 1003, "maximum_stores_exceeded")
	h.vault("POST", "stores", object{}).wantErrors(t, 400, 1001, "store_name_empty")
	h.vault("POST", "stores", []object{}).wantErrors(t, 400, 1001, "invalid_json_body")

	h.secret("a", "v")
	h.vault("DELETE", "stores/"+id, nil).wantErrors(t, 409, 1003, "store_not_empty")
	equal(t, "deleted", want, h.vault("DELETE", "stores/"+id+"?force=true", nil).result(t))
	for _, path := range []string{"stores/" + id, "stores/" + id + "/secrets", "stores/" + id + "/secrets/x"} {
		h.vault("GET", path, nil).wantErrors(t, 404, 1001, "store_not_found")
	}
	h.vault("POST", "stores", []object{{"name": "mine"}}).want(t, 200, "result.0.name", "mine", "result.0.id", h.storeID())
	expect(t, h.storeID() != id, "the new store has the id of the old one")
	h.vault("DELETE", "stores/"+h.storeID(), nil).result(t)
	has(t, "made", h.vault("POST", "stores", object{"name": "again"}).result(t), "name", "again")
}

// TestNoStores shows an account that begins without a store, and that the direct
// deletion takes the secrets along.
func TestNoStores(t *testing.T) {
	h := start(t, emulator.Options{NoSecretsStore: true})
	equal(t, "stores", 0, len(h.StoreIDs(accountID)))
	h.vault("GET", "stores", nil).want(t, 200, "result.#", 0)
	h.vault("POST", "stores", object{"name": "mine"}).want(t, 200, "result.name", "mine", "result.id", h.storeID())
	h.vault("POST", "stores", object{"name": "second"}).wantErrors(t, 400, 1003, "maximum_stores_exceeded")
	h.PutSecret(accountID, h.storeID(), "a", "v")
	expect(t, !h.DeleteStore(accountID, "x"), "deleted a store that does not exist")
	expect(t, h.DeleteStore(accountID, h.storeID()) && len(h.StoreIDs(accountID)) == 0, "the store still exists")
}

func TestSecretsStoreEdge(t *testing.T) {
	h := start(t, emulator.Options{})
	prefix := "/client/v4/accounts/" + accountID + "/secrets_store/"
	h.send("GET", prefix+"stores", "").wantErrors(t, 401, 10000, "Authentication error")
	h.vault("PUT", "stores", nil).wantErrors(t, 405, 7001, "PUT not supported for requested URI.")
	h.vault("GET", "gateways", nil).want(t, 404, "errors.0.code", 7003.0)
	h.api("GET", "stores", nil).want(t, 404)
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
	for name, tt := range map[string]struct {
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
	} {
		t.Run(name, func(t *testing.T) {
			h.vault("POST", path, tt.body).wantErrors(t, 400, tt.code, tt.word)
			sameList(t, "secrets", []string{"taken"}, h.SecretNames(accountID, h.storeID()))
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
	equal(t, "secret", want, h.vault("GET", path+"/"+id, nil).result(t))
	want["comment"], want["scopes"] = "for tests", []any{"workers", "ai_gateway"}
	changed := h.vault("PATCH", path+"/"+id, object{"value": "two", "comment": "for tests", "scopes": want["scopes"]})
	equal(t, "edited", want, changed.result(t))
	h.vault("PATCH", path+"/"+id, object{"value": ""}).wantErrors(t, 400, 1001, "secret_value_empty")
	h.vault("PATCH", path+"/"+id, object{"scopes": []string{}}).wantErrors(t, 400, 1001, "secret_scopes_empty")
	h.vault("PATCH", path+"/"+id, []string{}).wantErrors(t, 400, 1001, "invalid_json_body")
	h.wantSecret(t, "a", "two")
	h.secret("b", "three")
	for query, count := range map[string]int{"": 2, "?search=TESTS": 1, "?search=b": 1, "?search=none": 0, "?per_page=1&page=2": 1} {
		r := h.vault("GET", path+query, nil).want(t, 200, "result.#", count)
		expect(t, !strings.Contains(r.raw, "three"), "the list has a value: %s", r.raw)
	}
	equal(t, "deleted", want, h.vault("DELETE", path+"/"+id, nil).result(t))
	sameList(t, "secrets", []string{"b"}, h.SecretNames(accountID, h.storeID()))
}

// TestSecretsSettle shows that a secret becomes active by time, by being read twice, at
// once, or never.
func TestSecretsSettle(t *testing.T) {
	clock := emulator.NewClock(epoch)
	for name, tt := range map[string]struct {
		opts emulator.Options
		wait time.Duration
		want []string
	}{
		"read twice":      {emulator.Options{}, 0, []string{"pending", "active", "active"}},
		"just before":     {emulator.Options{Clock: clock}, emulator.DefaultSecretDelay - time.Millisecond, []string{"pending", "active"}},
		"after the delay": {emulator.Options{Clock: clock}, emulator.DefaultSecretDelay, []string{"active"}},
		"longer delay":    {emulator.Options{Clock: clock, SecretDelay: time.Hour}, time.Minute, []string{"pending"}},
		"no delay":        {emulator.Options{SecretDelay: -1}, 0, []string{"active"}},
		"never":           {emulator.Options{Clock: clock, Quirks: []emulator.Quirk{emulator.SecretStaysPending}}, time.Hour, []string{"pending", "pending", "pending"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, list := range []bool{false, true} {
				h := start(t, tt.opts)
				path := "stores/" + h.storeID() + "/secrets"
				id := h.secret("a", "v")
				h.Clock().Advance(tt.wait)
				for _, want := range tt.want {
					if list {
						h.vault("GET", path, nil).want(t, 200, "result.0.status", want)
					} else {
						h.vault("GET", path+"/"+id, nil).want(t, 200, "result.status", want)
					}
				}
			}
		})
	}
	h := withQuirks(t, emulator.SecretStaysPending)
	path := "stores/" + h.storeID() + "/secrets/" + h.PutSecret(accountID, h.storeID(), "a", "v")
	h.vault("GET", path, nil).want(t, 200, "result.status", "active")
}

func TestDirectSecrets(t *testing.T) {
	h := start(t, emulator.Options{})
	store := h.storeID()
	id := h.PutSecret(accountID, store, "a", "one")
	equal(t, "id of the changed secret", id, h.PutSecret(accountID, store, "a", "two"))
	h.wantSecret(t, "a", "two")
	_, inStore := h.SecretValue(accountID, store, "x")
	_, inNone := h.SecretValue(accountID, "x", "a")
	expect(t, !inStore && !inNone && h.SecretNames(accountID, "x") == nil, "found a secret that does not exist")
	expect(t, !h.DeleteSecret(accountID, "x", "a") && !h.DeleteSecret(accountID, store, "x"), "deleted a secret that does not exist")
	expect(t, h.DeleteSecret(accountID, store, "a") && len(h.SecretNames(accountID, store)) == 0, "the secret still exists")
	wantPanic(t, func() { h.PutSecret(accountID, "x", "a", "v") })
}
