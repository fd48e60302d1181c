package emulator_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// custom creates an enabled custom provider with the slug "mine" and changes.
func (h harness) custom(changes object) reply {
	h.t.Helper()
	body := object{"name": "Mine", "slug": "mine", "base_url": "https://api.example.com/v1", "enable": true}
	maps.Copy(body, changes)
	return h.api("POST", "custom-providers", body)
}

func TestCustomProviderLifecycle(t *testing.T) {
	clock := emulator.NewClock(epoch)
	h := start(t, emulator.Options{Clock: clock})
	made := h.api("POST", "custom-providers", object{
		"name": "<Mine>", "slug": "My-1", "base_url": "https://api.example.com/v1", "unknown": 1,
	}).result(t)
	id, _ := made["id"].(string)
	logo, _ := made["logo"].(string)
	want := object{
		"id": id, "name": "<Mine>", "slug": "My-1", "base_url": "https://api.example.com/v1", "description": nil,
		"enable": false, "beta": false, "headers": nil, "logo": logo, "link": nil, "curl_example": nil, "js_example": nil,
		"position": nil, "created_at": "2026-11-01T12:00:30.123Z", "modified_at": "2026-11-01T12:00:30.123Z",
	}
	equal(t, "created", want, made)
	equal(t, "length of the id", 36, len(id))
	svg, err := base64.StdEncoding.DecodeString(logo)
	expect(t, err == nil && strings.HasPrefix(string(svg), "<svg ") && strings.Contains(string(svg), "&lt;"), "logo = %s, %v", svg, err)
	clock.Advance(time.Second)
	want["enable"], want["description"], want["modified_at"] = true, "", "2026-11-01T12:00:31.123Z"
	want["headers"], want["position"] = "{}", 3.0
	edited := h.api("PATCH", "custom-providers/"+id, object{"enable": true, "description": "", "headers": "{}", "position": 3})
	equal(t, "edited", want, edited.result(t))
	for _, method := range []string{"GET", "DELETE"} {
		equal(t, method, want, h.api(method, "custom-providers/"+id, nil).result(t))
	}
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		h.api(method, "custom-providers/"+id, object{}).wantErrors(t, 404, 1004, "Custom Provider not found")
	}
}

// TestQuirkCustomProviderPatchIgnores shows that edits ignore the two fields, valid or
// not.
func TestQuirkCustomProviderPatchIgnores(t *testing.T) {
	h := withQuirks(t, emulator.CustomProviderPatchIgnores)
	made := h.custom(object{"headers": `{"A":"b"}`, "position": 1}).result(t)
	id, _ := made["id"].(string)
	edited := h.api("PATCH", "custom-providers/"+id, object{"headers": 5, "position": "x", "name": "Other"}).result(t)
	has(t, "edited", edited, "headers", `{"A":"b"}`, "position", 1.0, "name", "Other")
}

func TestCustomProviderRefusals(t *testing.T) {
	h := start(t, emulator.Options{})
	taken, _ := h.custom(nil).result(t)["id"].(string)
	other, _ := h.custom(object{"slug": "other"}).result(t)["id"].(string)
	https := "body.base_url: base_url must be a valid HTTPS URL starting with https://"
	for name, tt := range map[string]struct {
		body         object
		status, code int
		errors       []string
	}{
		"null":       {object{"name": nil, "description": nil}, 400, 7001, []string{"body.name: Expected string, received null", "body.description: Expected string, received null"}},
		"slug":       {object{"slug": "a_b"}, 400, 7001, []string{"body.slug: Invalid"}},
		"empty slug": {object{"slug": ""}, 400, 7001, []string{"body.slug: String must contain at least 1 character(s)", "body.slug: Invalid"}},
		"http":       {object{"base_url": "http://127.0.0.1:1"}, 400, 1002, []string{https}},
		"no URL":     {object{"base_url": "https://"}, 400, 1002, []string{https}},
		"enable":     {object{"enable": "yes"}, 400, 7001, []string{"body.enable: Expected boolean, received string"}},
		"taken slug": {object{"slug": "mine"}, 409, 1003, []string{"body.slug: A custom provider with this slug already exists"}},
		"base first": {object{"slug": "mine", "base_url": "x"}, 400, 1002, []string{https}},
		"schema first": {object{"slug": "mine", "base_url": 1}, 400, 7001, []string{
			"body.base_url: Expected string, received number"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := object{"slug": "new"}
			maps.Copy(body, tt.body)
			h.custom(body).wantErrors(t, tt.status, tt.code, tt.errors...)
			h.api("PATCH", "custom-providers/"+other, tt.body).wantErrors(t, tt.status, tt.code, tt.errors...)
			equal(t, "custom providers", 2, len(h.CustomProviders(accountID)))
		})
	}
	h.api("POST", "custom-providers", object{}).wantErrors(t, 400, 7001,
		"body.name: Required", "body.slug: Required", "body.base_url: Required")
	tooMuch := object{"slug": "new", "headers": strings.Repeat("x", 8193), "position": 1.5}
	for _, r := range []reply{h.custom(tooMuch), h.api("PATCH", "custom-providers/"+other, tooMuch)} {
		r.wantErrors(t, 400, 7001,
			"body.headers: String must contain at most 8192 character(s)", "body.position: Expected integer, received float")
	}
	h.api("PATCH", "custom-providers/"+taken, object{"slug": "mine"}).result(t) // its own
	h.apiOf(otherID, "POST", "custom-providers", object{"name": "n", "slug": "mine", "base_url": "https://a.example"}).want(t, 200)
}

func TestCustomProviderList(t *testing.T) {
	h := start(t, emulator.Options{})
	h.custom(object{"name": "Beta", "slug": "bb", "beta": true, "enable": false}).result(t)
	h.custom(object{"name": "Alpha", "slug": "xx"}).result(t)
	h.custom(object{"name": "Gamma", "slug": "alpha-2", "enable": false}).result(t)
	for query, want := range map[string][]string{
		"": {"Alpha", "Beta", "Gamma"}, "?enable=true": {"Alpha"}, "?enable=false": {"Beta", "Gamma"}, "?beta=true": {"Beta"},
		"?search=ALPHA": {"Alpha", "Gamma"}, "?search=alpha&enable=false": {"Gamma"}, "?per_page=2&page=2": {"Gamma"}, "?page=9": {},
	} {
		var got []string
		for _, item := range h.api("GET", "custom-providers"+query, nil).items(t) {
			got = append(got, at(item, "name").(string))
		}
		sameList(t, query, want, got)
	}
	h.api("GET", "custom-providers?per_page=2", nil).want(t, 200, "result_info.total_pages", 2.0)
	h.api("GET", "custom-providers?per_page=0", nil).wantErrors(t, 400, 7001,
		"query.per_page: Number must be greater than or equal to 1")
}

func TestDirectCustomProviders(t *testing.T) {
	h := start(t, emulator.Options{})
	id := h.PutCustomProvider(accountID, object{"name": "a", "slug": "a", "base_url": "http://127.0.0.1:1"})
	equal(t, "id", id, h.PutCustomProvider(accountID, object{"id": id, "name": "b", "slug": "b", "position": 2}))
	edited := h.EditCustomProvider(accountID, id, func(v map[string]any) { v["headers"], v["id"] = `{"a":"b"}`, "ignored" })
	expect(t, edited, "the provider was not edited")
	has(t, "edited", h.CustomProviders(accountID), "#", 1, "0.id", id, "0.name", "b", "0.position", 2.0, "0.headers", `{"a":"b"}`, "0.enable", false)
	never := func(map[string]any) { t.Error("edit was called") }
	expect(t, !h.EditCustomProvider(accountID, "x", never) && !h.DeleteCustomProvider(accountID, "x"), "found a provider that does not exist")
	expect(t, h.DeleteCustomProvider(accountID, id) && len(h.CustomProviders(accountID)) == 0, "the provider still exists")
}

// TestQuirkCustomProviderHidesHeaders shows that responses lack the two fields, which are
// stored.
func TestQuirkCustomProviderHidesHeaders(t *testing.T) {
	h := withQuirks(t, emulator.CustomProviderHidesHeaders)
	made := h.custom(object{"headers": `{"A":"b"}`, "position": 1}).result(t)
	id, _ := made["id"].(string)
	lacks(t, "created", made, "headers", "position")
	lacks(t, "read", h.api("GET", "custom-providers/"+id, nil).result(t), "headers", "position")
	h.EditCustomProvider(accountID, id, func(values map[string]any) {
		has(t, "stored", values, "headers", `{"A":"b"}`, "position", 1.0)
	})
}
