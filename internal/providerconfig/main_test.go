package providerconfig_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/providerconfig"
)

const resourceType = providerconfig.ResourceType

func TestMain(m *testing.M) {
	debug.SetGCPercent(400)                                  // many small servers, and memory to spare
	if err := flag.Set("test.parallel", "100"); err != nil { // tests that wait for a list that lags cost nothing
		panic(err)
	}
	acctest.Main(m)
}

// attrs are attributes of a configuration, or a part of it.
type attrs = map[string]any

// The gateways of the tests: most provider configs belong to the first.
const (
	gatewayID = "main"
	otherID   = "other"
)

// service starts an emulator with both gateways, in which a secret can be used
// at once.
func service(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Quirks: quirks, SecretDelay: -1})
	for _, id := range []string{gatewayID, otherID} {
		s.Emulator.PutGateway(s.AccountID, attrs{"id": id, "authentication": true, "store_id": storeID(s)})
	}
	return s
}

func storeID(s *acctest.Service) string { return s.Emulator.StoreIDs(s.AccountID)[0] }

// getSecret returns the request for the secret of a provider config.
func getSecret(s *acctest.Service, r *protocol.Resource) string {
	id, _ := r.State()["secret_id"].(string)
	return "GET /accounts/…/secrets_store/stores/" + storeID(s) + "/secrets/" + id
}

// Requests about provider configs, of the first gateway.
const (
	gateways   = "/accounts/…/ai-gateway/gateways/"
	getGateway = "GET " + gateways + gatewayID
	configs    = gateways + gatewayID + "/provider_configs"
	post       = "POST " + configs
	list       = "GET " + configs + "?page=1&per_page=100"
)

// Paths of requests, as faults match them.
const (
	theGateway = "/gateways/[^/]+$"
	allConfigs = "/provider_configs$"
	oneConfig  = "/provider_configs/[^/]+$"
)

var once = lifecycle.Once

// subject is what the tests of every resource need to know about this one.
var subject = lifecycle.Subject{
	Type:    resourceType,
	Service: service,
	RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
		t.Helper()
		stored := only(t, s)
		requireState(t, r, stored)
		if key, ok := config["secret_wo"].(string); ok {
			requireSecret(t, s, fmt.Sprintf("%s_%s_%s", stored["gateway_id"], stored["provider_slug"], stored["alias"]), key)
		}
	},
	RequireEmpty: requireNothingLeft,
}

// theKey is the key in [byKey], and newKey the one that follows it. Both have
// what is written otherwise in JSON and in Go.
const (
	theKey = "sk-\"hush-1\"-<&>-\\é-4711"
	newKey = " sk-\"hush-2\"-<&>-\\é-4712 "
)

// byKey returns a configuration with the key itself.
func byKey(change ...attrs) attrs {
	return merged(attrs{"gateway_id": gatewayID, "provider_slug": "openai", "secret_wo": theKey, "secret_wo_version": 1}, change...)
}

// byID returns a configuration with a secret that exists already, which
// [storedSecret] creates.
func byID(id string, change ...attrs) attrs {
	return merged(attrs{"gateway_id": gatewayID, "provider_slug": "openai", "secret_id": id}, change...)
}

// rotated returns [byKey] with the new key and its version.
func rotated(change ...attrs) attrs {
	return byKey(append([]attrs{{"secret_wo": newKey, "secret_wo_version": 2}}, change...)...)
}

var merged = lifecycle.Merge

const secretName = gatewayID + "_openai_default"

// storedSecret creates the secret that a gateway looks for by its name.
func storedSecret(s *acctest.Service) string {
	return s.Emulator.PutSecret(s.AccountID, storeID(s), secretName, theKey)
}

// exists creates a provider config and returns it and its id.
func exists(t *testing.T, s *acctest.Service, server *protocol.Server, config attrs) (*protocol.Resource, string) {
	t.Helper()
	r := subject.Create(t, s, server, config)
	id, _ := only(t, s)["id"].(string)
	return r, id
}

// only returns the provider config of the first gateway, and fails the test
// unless there is exactly one.
func only(t *testing.T, s *acctest.Service) attrs {
	t.Helper()
	all := s.Emulator.ProviderConfigs(s.AccountID, gatewayID)
	if len(all) != 1 {
		t.Fatalf("the gateway has %d provider configs, want 1: %v", len(all), all)
	}
	return all[0]
}

// requireKey fails the test unless the gateway's only secret is this key.
func requireKey(t *testing.T, s *acctest.Service, key string) {
	t.Helper()
	requireSecret(t, s, secretName, key)
}

func requireSecret(t *testing.T, s *acctest.Service, name, key string) {
	t.Helper()
	if names := s.Emulator.SecretNames(s.AccountID, storeID(s)); !reflect.DeepEqual(names, []string{name}) {
		t.Errorf("the store has the secrets %v, want %s", names, name)
	}
	if got, _ := s.Emulator.SecretValue(s.AccountID, storeID(s), name); got != key {
		t.Errorf("the stored key is %q, want %q", got, key)
	}
}

// requireState fails the test unless state has what the service has.
func requireState(t *testing.T, r *protocol.Resource, stored attrs) {
	t.Helper()
	state := r.State()
	for _, name := range []string{
		"id", "gateway_id", "provider_slug", "alias", "default_config", "secret_id", "secret_preview", "rate_limit", "rate_limit_period",
	} {
		want := stored[name]
		if number, ok := want.(float64); ok {
			want = int64(number)
		}
		if name == "rate_limit_period" && stored["rate_limit"] == nil {
			want = nil // the service tells one nevertheless
		}
		if state[name] != want {
			t.Errorf("%s = %v in state, want %v", name, state[name], want)
		}
	}
	if state["secret_wo"] != nil {
		t.Errorf("the key is in state: %v", state["secret_wo"])
	}
	lifecycle.RequireIdentity(t, r, attrs{"account_id": acctest.AccountID, "gateway_id": stored["gateway_id"], "id": stored["id"]})
}

// try plans and applies a configuration, as a run without a refresh does, and
// returns the diagnostics of the apply.
func try(t *testing.T, r *protocol.Resource, config attrs) protocol.Diagnostics {
	t.Helper()
	diags := r.Apply(planOf(t, r, config))
	requireDiscreet(t, diags)
	return diags
}

// planOf plans a configuration, and fails the test if that is an error.
func planOf(t *testing.T, r *protocol.Resource, config attrs) *protocol.Plan {
	t.Helper()
	plan, diags := r.Plan(config)
	requireDiscreet(t, diags)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return plan
}

// requireDiscreet fails the test for diagnostics that have a key or point to
// its line, which the CLI would print.
func requireDiscreet(t *testing.T, diags protocol.Diagnostics) {
	t.Helper()
	if len(diags.At("secret_wo")) > 0 {
		t.Errorf("diagnostics point to the key:\n%s", diags)
	}
	if strings.Contains(diags.String(), "hush") {
		t.Errorf("diagnostics have the key:\n%s", diags)
	}
}

// requireSays fails the test unless diagnostics have all of this text, and no key.
func requireSays(t *testing.T, diags protocol.Diagnostics, wants ...string) {
	t.Helper()
	requireDiscreet(t, diags)
	lifecycle.RequireText(t, diags, wants...)
}

var requireNone = lifecycle.RequireNone

// bodies returns the bodies of the requests with a method since the last reset.
func bodies(s *acctest.Service, method string) []string {
	var all []string
	for _, request := range s.Emulator.Requests() {
		if request.Method == method {
			all = append(all, request.Body)
		}
	}
	return all
}

func jsonText(t *testing.T, text string) string {
	t.Helper()
	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
