package emulator_test

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// custom posts a custom provider with the slug "mine", enabled, and changes.
func (h harness) custom(changes object) reply {
	h.t.Helper()
	body := object{"name": "Mine", "slug": "mine", "base_url": "https://api.example.com/v1", "enable": true}
	maps.Copy(body, changes)
	return h.api("POST", "custom-providers", body)
}

func TestCustomProviderLife(t *testing.T) {
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
	if diff := cmp.Diff(want, made); diff != "" || len(id) != 36 {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	if svg, err := base64.StdEncoding.DecodeString(logo); err != nil || !strings.HasPrefix(string(svg), "<svg ") || !strings.Contains(string(svg), "&lt;") {
		t.Errorf("logo = %s, %v", svg, err)
	}
	clock.Advance(time.Second)
	want["enable"], want["description"], want["modified_at"] = true, "", "2026-11-01T12:00:31.123Z"
	want["headers"], want["position"] = "{}", 3.0
	edited := h.api("PATCH", "custom-providers/"+id, object{"enable": true, "description": "", "headers": "{}", "position": 3})
	if diff := cmp.Diff(want, edited.result(t)); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	for _, method := range []string{"GET", "DELETE"} {
		if diff := cmp.Diff(want, h.api(method, "custom-providers/"+id, nil).result(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
	}
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		h.api(method, "custom-providers/"+id, object{}).wantErrors(t, 404, 1004, "Custom Provider not found")
	}
}

// The quirk drops the two fields from edits, whatever they hold, and from
// nothing else.
func TestQuirkCustomProviderPatchIgnores(t *testing.T) {
	h := withQuirks(t, emulator.CustomProviderPatchIgnores)
	made := h.custom(object{"headers": `{"A":"b"}`, "position": 1}).result(t)
	id, _ := made["id"].(string)
	edited := h.api("PATCH", "custom-providers/"+id, object{"headers": 5, "position": "x", "name": "Other"}).result(t)
	if edited["headers"] != `{"A":"b"}` || edited["position"] != 1.0 || edited["name"] != "Other" {
		t.Errorf("edited = %v", edited)
	}
}

func TestCustomProviderRefusals(t *testing.T) {
	h := start(t, emulator.Options{})
	taken, _ := h.custom(nil).result(t)["id"].(string)
	other, _ := h.custom(object{"slug": "other"}).result(t)["id"].(string)
	https := "body.base_url: base_url must be a valid HTTPS URL starting with https://"
	tests := map[string]struct {
		body   object
		status int
		code   int
		errors []string
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
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := object{"slug": "new"}
			maps.Copy(body, tt.body)
			h.custom(body).wantErrors(t, tt.status, tt.code, tt.errors...)
			h.api("PATCH", "custom-providers/"+other, tt.body).wantErrors(t, tt.status, tt.code, tt.errors...)
			if got := len(h.CustomProviders(accountID)); got != 2 {
				t.Errorf("%d custom providers", got)
			}
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
	if r := h.apiOf(otherID, "POST", "custom-providers", object{"name": "n", "slug": "mine", "base_url": "https://a.example"}); r.status != 200 {
		t.Errorf("another account: %s", r.raw)
	}
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
		r := h.api("GET", "custom-providers"+query, nil)
		got := []string{}
		for _, item := range at(r.body, "result").([]any) {
			got = append(got, at(item, "name").(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	if r := h.api("GET", "custom-providers?per_page=2", nil); at(r.body, "result_info", "total_pages") != 2.0 {
		t.Errorf("%s", r.raw)
	}
	h.api("GET", "custom-providers?per_page=0", nil).wantErrors(t, 400, 7001,
		"query.per_page: Number must be greater than or equal to 1")
}

func TestCustomProviderBackstage(t *testing.T) {
	h := start(t, emulator.Options{})
	id := h.PutCustomProvider(accountID, object{"name": "a", "slug": "a", "base_url": "http://127.0.0.1:1"})
	if again := h.PutCustomProvider(accountID, object{"id": id, "name": "b", "slug": "b", "position": 2}); again != id {
		t.Errorf("ids = %s, %s", id, again)
	}
	edited := h.EditCustomProvider(accountID, id, func(v map[string]any) {
		v["headers"], v["id"] = `{"a":"b"}`, "ignored"
	})
	got := h.CustomProviders(accountID)
	if !edited || len(got) != 1 || got[0]["id"] != id || got[0]["name"] != "b" || got[0]["position"] != 2.0 ||
		got[0]["headers"] != `{"a":"b"}` || got[0]["enable"] != false {
		t.Errorf("edited = %v, %v", edited, got)
	}
	if h.EditCustomProvider(accountID, "x", func(map[string]any) { t.Error("edit was called") }) || h.DeleteCustomProvider(accountID, "x") {
		t.Error("what is not there was found")
	}
	if !h.DeleteCustomProvider(accountID, id) || len(h.CustomProviders(accountID)) != 0 {
		t.Error("the provider is still there")
	}
}

// The quirk hides the two fields in every answer, and keeps them.
func TestQuirkCustomProviderHidesHeaders(t *testing.T) {
	h := withQuirks(t, emulator.CustomProviderHidesHeaders)
	made := h.custom(object{"headers": `{"A":"b"}`, "position": 1}).result(t)
	id, _ := made["id"].(string)
	read := h.api("GET", "custom-providers/"+id, nil).result(t)
	for _, answer := range []map[string]any{made, read} {
		for _, name := range []string{"headers", "position"} {
			if value, told := answer[name]; told {
				t.Errorf("an answer tells %s = %v", name, value)
			}
		}
	}
	h.EditCustomProvider(accountID, id, func(values map[string]any) {
		if values["headers"] != `{"A":"b"}` || values["position"] != 1.0 {
			t.Errorf("stored: %v", values)
		}
	})
}
