package customprovider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

const (
	single = "aigateway_custom_provider"
	many   = "aigateway_custom_providers"
)

func read(t *testing.T, server *protocol.Server, typeName string, config attrs) attrs {
	t.Helper()
	state, diags := server.ReadDataSource(typeName, config)
	if len(diags) != 0 {
		t.Fatalf("%v: %s", config, diags)
	}
	return protocol.Object(t, state)
}

// shown returns what data sources tell of a custom provider in state.
func shown(state attrs) attrs {
	facts := maps.Clone(state)
	delete(facts, "headers")
	return facts
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(quirks...) {
		service, server := emulate(t, set...)
		// The search finds it as well.
		service.Emulator.PutCustomProvider(service.AccountID, attrs{"name": "A mine", "slug": "mine-2", "base_url": "https://a.example"})
		provider, one := existing(t, service, server, everything())
		want := shown(provider.State())
		for name, test := range map[string]struct {
			config  attrs
			request string
		}{
			"by slug":       {attrs{"slug": "mine"}, searched},
			"by id":         {attrs{"id": want["id"]}, "GET " + one},
			"in an account": {attrs{"slug": "mine", "account_id": service.AccountID}, searched},
		} {
			if got := read(t, server, single, test.config); !maps.Equal(got, want) {
				t.Errorf("%s: %v\nwant %v", name, got, want)
			}
			service.RequireRequests(t, test.request)
		}
	}
}

func TestDataSourceRefused(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	const id = "0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1"
	for name, test := range map[string]struct {
		config   attrs
		at, says string
	}{
		"neither":      {attrs{}, "slug", "one (and only one) of"},
		"both":         {attrs{"slug": "mine", "id": id}, "slug", "one (and only one) of"},
		"empty slug":   {attrs{"slug": ""}, "slug", "must consist of letters, digits and hyphens"},
		"slug":         {attrs{"slug": "my_llm"}, "slug", "must consist of letters, digits and hyphens"},
		"request slug": {attrs{"slug": "custom/mine"}, "slug", "must consist of letters, digits and hyphens"},
		"id":           {attrs{"id": "../x"}, "id", "must be the ID of a custom provider"},
		"account":      {attrs{"slug": "mine", "account_id": "0123"}, "account_id", "32 hexadecimal digits in lower case"},
	} {
		_, diags := server.ReadDataSource(single, test.config)
		requireSaid(t, diags, test.at, test.says)
		if len(diags) != 1 {
			t.Errorf("%s: %s", name, diags)
		}
	}
	_, diags := server.ReadDataSource(many, attrs{"search": ""})
	requireSaid(t, diags, "search", "at least 1")
	service.RequireRequests(t)

	_, diags = server.ReadDataSource(single, attrs{"slug": "mine"})
	requireSaid(t, diags, "slug", "Custom provider not found", fmt.Sprintf(`Account %s has no custom provider with the slug "mine"`, service.AccountID))
	_, diags = server.ReadDataSource(single, attrs{"id": id})
	requireSaid(t, diags, "id", "Custom provider not found", fmt.Sprintf(`has no custom provider with the ID %q`, id))
	service.RequireRequests(t, searched, "GET "+collection+"/"+id)
}

func TestListDataSource(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for i := range 205 {
		service.Emulator.PutCustomProvider(service.AccountID, attrs{
			"name": fmt.Sprintf("Provider %03d", i), "slug": fmt.Sprintf("provider-%03d", i), "base_url": "https://a.example",
			"enable": i%2 == 0, "beta": i < 3, "position": i, "headers": `{"X-Key":"header-hush-1"}`,
		})
	}
	page := func(n int, more string) string {
		return fmt.Sprintf("GET %s?page=%d&per_page=100%s", collection, n, more)
	}
	enabled := func(n int) string { return fmt.Sprintf("GET %s?enable=true&page=%d&per_page=100", collection, n) }
	for name, test := range map[string]struct {
		config   attrs
		requests []string
		slugs    func(i int) bool
	}{
		"all":      {attrs{}, []string{page(1, ""), page(2, ""), page(3, "")}, func(int) bool { return true }},
		"search":   {attrs{"search": "R-20"}, []string{page(1, "&search=R-20")}, func(i int) bool { return i >= 200 }},
		"by name":  {attrs{"search": "provider 00"}, []string{page(1, "&search=provider+00")}, func(i int) bool { return i < 10 }},
		"enabled":  {attrs{"enable": true}, []string{enabled(1), enabled(2)}, func(i int) bool { return i%2 == 0 }},
		"disabled": {attrs{"enable": false, "search": "provider-00"}, []string{"GET " + collection + "?enable=false&page=1&per_page=100&search=provider-00"}, func(i int) bool { return i < 10 && i%2 == 1 }},
		"beta":     {attrs{"beta": true}, []string{"GET " + collection + "?beta=true&page=1&per_page=100"}, func(i int) bool { return i < 3 }},
		"both": {attrs{"beta": true, "enable": false}, []string{"GET " + collection + "?beta=true&enable=false&page=1&per_page=100"},
			func(i int) bool { return i == 1 }},
		"none": {attrs{"search": "nothing"}, []string{page(1, "&search=nothing")}, func(int) bool { return false }},
	} {
		found := read(t, server, many, test.config)
		service.RequireRequests(t, test.requests...)
		list, ok := found["custom_providers"].([]any)
		if !ok {
			t.Errorf("%s: the list is %v", name, found["custom_providers"])
		}
		var got, want []string
		for _, item := range list {
			got = append(got, item.(attrs)["slug"].(string))
		}
		for i := range 205 {
			if test.slugs(i) {
				want = append(want, fmt.Sprintf("provider-%03d", i))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// An account without any has a list without elements.
func TestListDataSourceOfNone(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	existing(t, service, server)
	account := strings.Repeat("f", 32)
	got := read(t, server, many, attrs{"account_id": account})
	if list, ok := got["custom_providers"].([]any); !ok || len(list) != 0 || got["account_id"] != account {
		t.Errorf("%v", got)
	}
}

// TestListedIsRead: an element of the list is what the resource has in state,
// but for the account and the headers.
func TestListedIsRead(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(quirks...) {
		service, server := emulate(t, set...)
		provider, _ := existing(t, service, server, everything())
		want := shown(provider.State())
		delete(want, "account_id")
		list := read(t, server, many, attrs{})["custom_providers"].([]any)
		if len(list) != 1 || !maps.Equal(list[0].(attrs), want) {
			t.Errorf("%v\nwant %v", list, want)
		}
	}
}

func TestDescriptions(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	acctest.RequireDescriptions(t, server.Schema())
}
