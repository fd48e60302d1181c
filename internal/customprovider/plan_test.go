package customprovider_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDefaultsAtCreation(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider := server.Resource(resourceType)
	provider.MustApply(with())
	held := stored(t, service)
	requireState(t, provider, with(), attrs{
		"account_id": service.AccountID, "id": held["id"], "request_slug": "custom-mine", "enable": false, "beta": false,
		"description": nil, "link": nil, "curl_example": nil, "js_example": nil, "headers": nil, "position": nil, "logo": held["logo"],
	})
	for _, attribute := range []string{"created_at", "modified_at"} {
		if text, _ := provider.State()[attribute].(string); !strings.HasSuffix(text, "Z") {
			t.Errorf("%s = %v, want a time in UTC", attribute, text)
		}
	}
	identity := provider.Identity()
	if identity["account_id"] != service.AccountID || identity["id"] != held["id"] || len(identity) != 2 {
		t.Errorf("identity %v", identity)
	}
}

// TestKnownInThePlan: what cannot change is known in a plan, and what can is
// unknown only where something is changed.
func TestKnownInThePlan(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	provider := server.Resource(resourceType)
	require := func(when string, config attrs, want attrs) {
		t.Helper()
		plan, diags := provider.Plan(config)
		if diags.HasError() {
			t.Fatalf("%s: %s", when, diags)
		}
		planned := protocol.Object(t, plan.Planned)
		for name, value := range want {
			if planned[name] != value {
				t.Errorf("%s: %s = %v, want %v", when, name, planned[name], value)
			}
		}
	}
	unknown := attrs{
		"id": protocol.Unknown, "created_at": protocol.Unknown, "modified_at": protocol.Unknown, "logo": protocol.Unknown,
		"position": protocol.Unknown,
	}
	require("create", with(), unknown)
	require("create", with(), attrs{"request_slug": "custom-mine", "enable": false, "beta": false})
	require("create, slug unknown", with(attrs{"slug": protocol.Unknown}), attrs{"request_slug": protocol.Unknown})

	provider.MustApply(with())
	state := provider.State()
	kept := attrs{"id": state["id"], "created_at": state["created_at"], "account_id": state["account_id"], "position": nil}
	changed := attrs{"logo": protocol.Unknown, "modified_at": protocol.Unknown}
	for name, config := range map[string]attrs{
		"name": {"name": "Other"}, "description": {"description": "x"}, "enable": {"enable": true}, "headers": {"headers": attrs{"A": "b"}},
		"unknown": {"link": protocol.Unknown}, "unknown header": {"headers": attrs{"A": protocol.Unknown}},
	} {
		require(name, with(config), kept)
		require(name, with(config), changed)
		require(name, with(config), attrs{"request_slug": "custom-mine"})
	}
	require("slug", with(attrs{"slug": "other"}), attrs{"request_slug": "custom-other", "id": state["id"], "logo": protocol.Unknown})
	require("slug unknown", with(attrs{"slug": protocol.Unknown}), attrs{"request_slug": protocol.Unknown, "id": state["id"]})
	require("position", with(attrs{"position": int64(5)}), attrs{"position": int64(5), "logo": protocol.Unknown})
	require("position unknown", with(attrs{"position": protocol.Unknown}), attrs{"position": protocol.Unknown, "logo": protocol.Unknown})
	require("nothing", with(), attrs{"logo": state["logo"], "modified_at": state["modified_at"], "request_slug": "custom-mine"})
}

// TestUnknownAtPlanTime: what is known only after apply plans, and the apply
// keeps what the plan said.
func TestUnknownAtPlanTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ unresolved, resolved attrs }{
		"name":              {attrs{"name": protocol.Unknown}, attrs{"name": "Other"}},
		"slug":              {attrs{"slug": protocol.Unknown}, attrs{"slug": "other"}},
		"base_url":          {attrs{"base_url": protocol.Unknown}, attrs{"base_url": "https://b.example"}},
		"description":       {attrs{"description": protocol.Unknown}, attrs{"description": "x"}},
		"description unset": {attrs{"description": protocol.Unknown}, attrs{}},
		"description empty": {attrs{"description": protocol.Unknown}, attrs{"description": ""}},
		"link":              {attrs{"link": protocol.Unknown}, attrs{"link": "x"}},
		"curl_example":      {attrs{"curl_example": protocol.Unknown}, attrs{"curl_example": "x"}},
		"js_example":        {attrs{"js_example": protocol.Unknown}, attrs{"js_example": "x"}},
		"enable":            {attrs{"enable": protocol.Unknown}, attrs{"enable": true}},
		"enable unset":      {attrs{"enable": protocol.Unknown}, attrs{}},
		"beta":              {attrs{"beta": protocol.Unknown}, attrs{"beta": true}},
		"headers":           {attrs{"headers": protocol.Unknown}, attrs{"headers": attrs{"A": "b"}}},
		"headers unset":     {attrs{"headers": protocol.Unknown}, attrs{}},
		"a header":          {attrs{"headers": attrs{"A": protocol.Unknown}}, attrs{"headers": attrs{"A": "b"}}},
		"position":          {attrs{"position": protocol.Unknown}, attrs{"position": int64(2)}},
		"position unset":    {attrs{"position": protocol.Unknown}, attrs{}},
		"account_id":        {attrs{"account_id": protocol.Unknown}, attrs{"account_id": strings.Repeat("0a", 16)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := emulate(t)
			created := server.Resource(resourceType)
			if action := created.MustApplyLater(with(test.unresolved), with(test.resolved)); action != protocol.Create {
				t.Errorf("create: %s", action)
			}
			requireState(t, created, test.resolved)
			created.MustApply(nil)

			updated := server.Resource(resourceType)
			updated.MustApply(with(everything()))
			updated.MustApplyLater(with(test.unresolved), with(test.resolved))
			requireState(t, updated, test.resolved)
		})
	}
}

func TestUnknownProviderConfiguration(t *testing.T) {
	t.Parallel()
	subject.UnknownProvider(t, with(), "mine", map[string]attrs{
		"aigateway_custom_provider": {"slug": "mine"}, "aigateway_custom_providers": {},
	})
}

// TestMissingProviderConfiguration: a missing account is an error in the plan.
func TestMissingProviderConfiguration(t *testing.T) {
	t.Parallel()
	service, _ := emulate(t)
	service.AccountID = ""
	server := service.Protocol(t, nil)
	_, diags := server.Resource(resourceType).Plan(with())
	requireSaid(t, diags, "", "Missing account ID", "CLOUDFLARE_ACCOUNT_ID")
	requireSaid(t, server.Resource(resourceType).Import("mine"), "", "Missing account ID")
	service.RequireRequests(t)
}

// TestOtherWireFormat: gateways alone are in the format gateway_input.
func TestOtherWireFormat(t *testing.T) {
	t.Parallel()
	service, _ := emulate(t)
	server := service.Protocol(t, attrs{"wire_format": "gateway_input"})
	says := []string{"Custom providers are not in the wire format", `"gateway_input", which has gateways only`, `Use the format "cloudflare"`}
	_, diags := server.Resource(resourceType).Plan(with())
	requireSaid(t, diags, "", says...)
	_, diags = server.ReadDataSource("aigateway_custom_provider", attrs{"slug": "mine"})
	requireSaid(t, diags, "", says...)
	_, diags = server.ReadDataSource("aigateway_custom_providers", attrs{})
	requireSaid(t, diags, "", says...)
	requireSaid(t, server.Resource(resourceType).Import("mine"), "", says...)
	requireSaid(t, server.Resource(resourceType).ImportIdentity(attrs{"id": "0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1"}), "", says...)
	service.RequireRequests(t)
}

// TestAccountOfTheProviderChanges: the custom provider stays where it is, and
// the plan says so.
func TestAccountOfTheProviderChanges(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider, one := existing(t, service, server)
	elsewhere := strings.Repeat("e", 32)
	moved := provider.With(service.Protocol(t, attrs{"account_id": elsewhere}))
	moved.MustPlanEmpty(with())
	service.RequireRequests(t, "GET "+one)
	_, diags := moved.Plan(with())
	if said := diags.At("account_id").String(); !strings.Contains(said, `The custom provider "mine" is in account `+service.AccountID+" and stays there") {
		t.Errorf("no warning that it stays: %s", diags)
	}
	if action := moved.MustApply(with(attrs{"account_id": elsewhere})); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
	here, there := service.Emulator.CustomProviders(service.AccountID), service.Emulator.CustomProviders(elsewhere)
	if len(here) != 0 || len(there) != 1 {
		t.Errorf("here %v, there %v", here, there)
	}
}

// TestServiceTellsLittle: where the service leaves out what is optional in its
// answers, defaults and what is known stand in.
func TestServiceTellsLittle(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	const id = "0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1"
	body := `{"success":true,"result":{"id":"` + id + `","name":"Mine","slug":"mine","base_url":"https://llm.example.com/v1"}}`
	for _, method := range []string{"POST", "GET"} {
		service.Emulator.Inject(emulator.Fault{Method: method, Path: "custom-providers", Status: 200, Body: body, Times: -1})
	}
	for _, enable := range []bool{false, true} {
		provider := server.Resource(resourceType)
		config := with(attrs{"enable": enable})
		provider.MustApply(config)
		requireState(t, provider, config, attrs{"beta": false, "created_at": nil, "modified_at": nil, "logo": nil, "position": nil})
		// What is not told must not become unknown where nothing is sent.
		provider.MustApply(with(attrs{"enable": enable, "description": ""}))
	}
}
