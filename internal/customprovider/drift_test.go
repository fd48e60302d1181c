package customprovider_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	subject.Deletions(t, with(), map[string]lifecycle.DeletionCase{"the custom provider": {
		Delete:          func(s *acctest.Service, id string) { s.Emulator.DeleteCustomProvider(s.AccountID, id) },
		RefreshRequests: func(id string) []string { return []string{"GET " + collection + "/" + id} },
		DestroyRequests: func(id string) []string { return []string{"DELETE " + collection + "/" + id} },
	}})
}

// TestDeletedBeforeUpdate: state keeps what it was, and the next run creates.
func TestDeletedBeforeUpdate(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider, _ := existing(t, service, server)
	plan := lifecycle.Plan(t, provider, with(attrs{"description": "x"}))
	if !service.Emulator.DeleteCustomProvider(service.AccountID, stored(t, service)["id"].(string)) {
		t.Fatal("it is not there")
	}
	requireSaid(t, provider.Apply(plan), "", "Unable to update custom provider", "Custom Provider not found (code 1004)",
		"the next plan creates it again")
	requireState(t, provider, attrs{"description": nil})
	if action := provider.MustApply(with(attrs{"description": "x"})); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
}

// TestChangedElsewhere: a change of each attribute shows, and a request with exactly
// that field reverts it. A change of a position that is not managed here stays.
func TestChangedElsewhere(t *testing.T) {
	t.Parallel()
	all := everything()
	for field, test := range map[string]struct {
		stored, seen any
		sent         string
	}{
		"name":         {"Theirs", "Theirs", `"Mine"`},
		"slug":         {"theirs", "theirs", `"mine"`},
		"base_url":     {"https://b.example", "https://b.example", `"https://llm.example.com/v1"`},
		"description":  {nil, nil, `"Ours."`},
		"link":         {"", nil, `"https://docs.example.com"`},
		"enable":       {false, false, "true"},
		"beta":         {false, false, "true"},
		"curl_example": {"x", "x", `"curl \u003cx\u003e"`},
		"js_example":   {"x", "x", `"fetch()"`},
		"headers":      {`{"X-Tenant":"red","Y":1}`, attrs{"X-Tenant": "red", "Y": "1"}, `"{\"X-Tenant\":\"blue\"}"`},
		"position":     {float64(9), int64(9), "3"},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			provider, one := existing(t, service, server, all)
			edit(t, service, attrs{field: test.stored})
			if diags := provider.Refresh(); len(diags) != 0 {
				t.Fatal(diags)
			}
			requireState(t, provider, attrs{field: test.seen, "request_slug": "custom-" + provider.State()["slug"].(string)})
			service.Emulator.ResetRequests()
			if action := provider.MustApply(with(all)); action != protocol.Update {
				t.Errorf("%s, want the change undone", action)
			}
			requireBody(t, service, "PATCH", `{"`+field+`":`+test.sent+`}`)
			service.RequireRequests(t, "GET "+one, "PATCH "+one, "GET "+one)
			requireState(t, provider, with(all))
		})
	}
	t.Run("not managed", func(t *testing.T) {
		t.Parallel()
		service, server := emulate(t)
		provider, _ := existing(t, service, server)
		edit(t, service, attrs{"position": float64(9), "headers": `{"A":"b"}`})
		provider.MustPlanEmpty(with())
		requireState(t, provider, attrs{"position": int64(9), "headers": attrs{"A": "b"}})
		// All else is the default, and so brought back.
		edit(t, service, attrs{"enable": true, "description": "x"})
		if action := provider.MustApply(with()); action != protocol.Update {
			t.Errorf("%s, want an update", action)
		}
		held := stored(t, service)
		if held["enable"] != false || held["description"] != "" || held["headers"] != `{"A":"b"}` || held["position"] != 9.0 {
			t.Errorf("%v", held)
		}
	})
}

// TestHeadersInOtherForms: headers that mean the same are no change, and a string
// that is not a JSON object counts as no headers.
func TestHeadersInOtherForms(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	config := with(attrs{"headers": attrs{"A": "b", "C": "d"}})
	provider, _ := existing(t, service, server, config)
	edit(t, service, attrs{"headers": " {\"C\" : \"d\",\n\"A\":\"\\u0062\"} "})
	provider.MustPlanEmpty(config)
	for _, text := range []any{"[]", "no JSON", "", "{}", nil} {
		edit(t, service, attrs{"headers": text})
		provider.MustApply(config)
		if held := stored(t, service); held["headers"] != `{"A":"b","C":"d"}` {
			t.Errorf("%q was left as %q", text, held["headers"])
		}
	}
	none := with(attrs{"headers": attrs{}})
	provider.MustApply(none)
	for _, text := range []any{"{}", "", nil} {
		edit(t, service, attrs{"headers": text})
		provider.MustPlanEmpty(none)
		provider.MustPlanEmpty(with())
	}
}

// notWhatWasAsked is an answer to a create that has another base_url.
const notWhatWasAsked = `{"success":true,"result":{"id":"0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1","name":"Mine","slug":"mine",` +
	`"base_url":"https://b.example","enable":false,"beta":false,"headers":"{\"X-Key\":\"header-hush-2\"}","position":2}}`

// TestServiceStoresAnotherValue: the service answers a create with success and
// other values. It is deleted again; where that fails, state has what is stored,
// to be replaced.
func TestServiceStoresAnotherValue(t *testing.T) {
	t.Parallel()
	one := collection + "/0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1"
	config := with(attrs{"headers": attrs{"X-Key": "header-hush-1"}, "position": int64(1)})
	for name, status := range map[string]int{"deleted again": 0, "left": 403} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := impatient(t)
			service.Emulator.Inject(emulator.Fault{Method: "POST", Status: 200, Body: notWhatWasAsked})
			if status != 0 {
				service.Emulator.Inject(emulator.Fault{Method: "DELETE", Status: status, Body: failed(10000, "no header-hush-1")})
			}
			provider := server.Resource(resourceType)
			plan, _ := provider.Plan(config)
			diags := provider.Apply(plan)
			requireSaid(t, diags, "base_url", `base_url = "https://llm.example.com/v1" and succeeded, but the custom provider now has "https://b.example"`)
			requireSaid(t, diags, "position", "position = 1 and succeeded, but the custom provider now has 2")
			requireSaid(t, diags, "", "The service stored other headers")
			requireSecret(t, diags.String())
			if len(diags) != 4 || len(diags.At("headers")) != 0 {
				t.Errorf("%d diagnostics, want 4: %s", len(diags), diags)
			}
			service.RequireRequests(t, "POST "+collection, "DELETE "+one)
			warning := `Custom provider "mine" was created and then deleted again`
			if status != 0 {
				warning = `Custom provider "mine" was created with other settings than planned, and deleting it failed`
				requireState(t, provider, attrs{"base_url": "https://b.example", "position": int64(2), "headers": attrs{"X-Key": "header-hush-2"}})
			}
			if !strings.Contains(diags.String(), warning) || provider.Exists() != (status != 0) || provider.Tainted() != (status != 0) {
				t.Errorf("state %v, tainted %v: %s", provider.State(), provider.Tainted(), diags)
			}
			provider.MustApply(config)
		})
	}
}
