package customprovider_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	resourceType = "aigateway_custom_provider"
	collection   = "/accounts/…/ai-gateway/custom-providers"
	searched     = "GET " + collection + "?page=1&per_page=100&search=mine"
)

type attrs = map[string]any

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small servers, and memory to spare
	resource.AddTestSweepers(resourceType, &resource.Sweeper{Name: resourceType, F: sweep})
	acctest.Main(m)
}

// sweep deletes the custom providers that broken runs against the real API have
// left.
func sweep(string) error {
	ctx := context.Background()
	service, err := acctest.Sweep()
	if err != nil {
		return err
	}
	api, err := service.Client()
	if err != nil {
		return err
	}
	var failures []error
	filter := customproviders.Filter{Search: acctest.NamePrefix}
	for provider, err := range customproviders.List(ctx, api, service.AccountID, filter) {
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		if !strings.HasPrefix(provider.Slug, acctest.NamePrefix) {
			continue // the search matches id, name and slug anywhere
		}
		fmt.Println("deleting custom provider", provider.Slug)
		failures = append(failures, customproviders.Delete(ctx, api, service.AccountID, provider.ID))
	}
	return errors.Join(failures...)
}

// subject is what the tests of every resource need to know about this one.
var subject = lifecycle.Subject{
	Type: resourceType,
	Service: func(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
		t.Helper()
		return acctest.Emulate(t, emulator.Options{Quirks: quirks})
	},
	RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
		t.Helper()
		held := stored(t, s)
		requireState(t, r, config, attrs{"id": held["id"], "slug": held["slug"], "name": held["name"], "base_url": held["base_url"]})
	},
	RequireEmpty: func(t *testing.T, s *acctest.Service) {
		t.Helper()
		if left := s.Emulator.CustomProviders(s.AccountID); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	},
}

func emulate(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := subject.Service(t, quirks...)
	return service, service.Protocol(t, nil)
}

// impatient is like emulate, with a provider that repeats nothing.
func impatient(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := subject.Service(t, quirks...)
	return service, service.Protocol(t, lifecycle.Once)
}

// with returns a configuration of a custom provider.
func with(parts ...attrs) attrs {
	config := attrs{"name": "Mine", "slug": "mine", "base_url": "https://llm.example.com/v1"}
	for _, part := range parts {
		maps.Copy(config, part)
	}
	return config
}

// everything returns all that can be set.
func everything() attrs {
	return attrs{
		"account_id": acctest.AccountID, "description": "Ours.", "link": "https://docs.example.com", "enable": true, "beta": true,
		"curl_example": "curl <x>", "js_example": "fetch()", "headers": attrs{"X-Tenant": "blue"}, "position": int64(3),
	}
}

// existing creates a custom provider and returns it and the path of its requests.
func existing(t *testing.T, service *acctest.Service, server *protocol.Server, parts ...attrs) (*protocol.Resource, string) {
	t.Helper()
	made := server.Resource(resourceType)
	made.MustApply(with(parts...))
	service.Emulator.ResetRequests()
	return made, collection + "/" + made.State()["id"].(string)
}

// stored returns the one custom provider that the service has.
func stored(t *testing.T, service *acctest.Service) attrs {
	t.Helper()
	all := service.Emulator.CustomProviders(service.AccountID)
	if len(all) != 1 {
		t.Fatalf("the service has %d custom providers, want 1", len(all))
	}
	return all[0]
}

// edit changes the one custom provider without the provider.
func edit(t *testing.T, service *acctest.Service, change attrs) {
	t.Helper()
	id := stored(t, service)["id"].(string)
	service.Emulator.EditCustomProvider(service.AccountID, id, func(values map[string]any) { maps.Copy(values, change) })
}

// requireBody fails the test unless the last request with this method, since the
// last reset, had this body.
func requireBody(t *testing.T, service *acctest.Service, method, want string) {
	t.Helper()
	got, found := "", false
	for _, r := range service.Emulator.Requests() {
		if r.Method == method {
			got, found = r.Body, true
		}
	}
	if !found || got != want {
		t.Errorf("%s with the body\n  %s\nwant\n  %s", method, got, want)
	}
}

var requireState = lifecycle.RequireAttributes

// requireSaid fails the test unless an error at the attribute says all of this;
// "" is for errors at no attribute.
func requireSaid(t *testing.T, diags protocol.Diagnostics, at string, says ...string) {
	t.Helper()
	placed := diags.At(at)
	if at == "" {
		for _, d := range diags {
			if d.Attribute == nil {
				placed = append(placed, d)
			}
		}
	}
	text := strings.Join(strings.Fields(placed.String()), " ")
	for _, want := range says {
		if !placed.HasError() || !strings.Contains(text, want) {
			t.Errorf("want an error at %q that says %q, got:\n%s", at, want, diags)
		}
	}
}

// failed returns a response of the API that lists one error.
func failed(code int, message string, path ...string) string {
	item := attrs{"code": code, "message": message}
	if path != nil {
		item["path"] = path
	}
	body, err := json.Marshal(attrs{"success": false, "errors": []any{item}, "messages": []any{}, "result": nil})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// requireSecret fails the test if a text contains a secret of these tests.
func requireSecret(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "hush") {
		t.Errorf("a header's value is in:\n%s", text)
	}
}
