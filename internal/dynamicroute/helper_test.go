package dynamicroute_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// More requests about routes; those below have the route's id in them.
const (
	getGateway  = "GET /accounts/…/ai-gateway/gateways/" + gatewayID
	versions    = "/versions"
	deployments = "/deployments"
	firstPage   = "?page=1&per_page=100"
	listRoutes  = "GET " + routes + firstPage
)

// once is a provider's configuration: each request is sent once, so that a
// fault takes no time.
var once = attrs{"max_retries": int64(0)}

// with is a configuration with the value at a path such as "elements.a.model"
// replaced, or removed if it is nil.
func with(config attrs, at string, value any) attrs {
	config = maps.Clone(config)
	name, rest, deeper := strings.Cut(at, ".")
	switch {
	case deeper:
		within, _ := config[name].(attrs)
		config[name] = with(within, rest, value)
	case value == nil:
		delete(config, name)
	default:
		config[name] = value
	}
	return config
}

// exists is a route that was created by a configuration, and its id.
func exists(t *testing.T, s *acctest.Service, server *protocol.Server, config attrs) (*protocol.Resource, string) {
	t.Helper()
	r := server.Resource(resourceType)
	requireNone(t, try(t, r, config))
	s.Emulator.ResetRequests()
	return r, only(t, s).ID
}

// only is the gateway's route, of which there must be one.
func only(t *testing.T, s *acctest.Service) emulator.StoredRoute {
	t.Helper()
	all := s.Emulator.Routes(s.AccountID, gatewayID)
	if len(all) != 1 {
		t.Fatalf("the gateway has %d routes, want 1: %v", len(all), all)
	}
	return all[0]
}

// try plans and applies a configuration, as a run does without a refresh. What
// goes wrong in the apply is returned.
func try(t *testing.T, r *protocol.Resource, config attrs) protocol.Diagnostics {
	t.Helper()
	return r.Apply(planOf(t, r, config))
}

// planOf is a plan without errors.
func planOf(t *testing.T, r *protocol.Resource, config attrs) *protocol.Plan {
	t.Helper()
	plan, diags := r.Plan(config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return plan
}

// requireSays fails the test unless diagnostics say all of this.
func requireSays(t *testing.T, diags protocol.Diagnostics, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(diags.String(), want) {
			t.Errorf("the diagnostics do not say %q:\n%s", want, diags)
		}
	}
}

// requireNone fails the test if there are diagnostics.
func requireNone(t *testing.T, diags protocol.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatal(diags)
	}
}

// requireGraph fails the test unless state has the graph of a configuration.
func requireGraph(t *testing.T, r *protocol.Resource, config attrs) {
	t.Helper()
	state := r.State()
	for _, attribute := range []string{"entry", "elements"} {
		if got, want := normal(state[attribute]), normal(config[attribute]); !reflect.DeepEqual(got, want) {
			t.Errorf("%s in state:\n  %v\nwant:\n  %v", attribute, got, want)
		}
	}
}

// requireInForce fails the test unless state has the name, the version and the
// deployment that the service has.
func requireInForce(t *testing.T, s *acctest.Service, r *protocol.Resource) {
	t.Helper()
	stored, state := only(t, s), r.State()
	for attribute, want := range map[string]string{
		"id": stored.ID, "name": stored.Name, "model": "dynamic/" + stored.Name, "version_id": stored.Deployed,
		"deployment_id": stored.Deployments[len(stored.Deployments)-1].ID,
		"created_at":    stored.Created.Format(time.RFC3339),
		"modified_at":   stored.Modified.Format(time.RFC3339),
	} {
		if state[attribute] != want {
			t.Errorf("%s = %v, want %q", attribute, state[attribute], want)
		}
	}
	requireIdentity(t, s, r, stored.ID)
}

func requireIdentity(t *testing.T, s *acctest.Service, r *protocol.Resource, id string) {
	t.Helper()
	want := attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": id}
	if got := r.Identity(); !reflect.DeepEqual(got, want) {
		t.Errorf("identity %v, want %v", got, want)
	}
}

// requireHistory fails the test unless the route has so many versions, the last
// of which is in force.
func requireHistory(t *testing.T, s *acctest.Service, versions int) {
	t.Helper()
	stored := only(t, s)
	if len(stored.Versions) != versions {
		t.Errorf("the route has %d versions, want %d", len(stored.Versions), versions)
	}
	if last := stored.Versions[len(stored.Versions)-1]; stored.Deployed != last {
		t.Errorf("version %s is in force, want %s", stored.Deployed, last)
	}
}

// normal is a value without what is null, and with one kind of numbers.
func normal(value any) any {
	switch value := value.(type) {
	case attrs:
		all := attrs{}
		for name, part := range value {
			if part != nil {
				all[name] = normal(part)
			}
		}
		return all
	case []any:
		all := make([]any, len(value))
		for i, part := range value {
			all[i] = normal(part)
		}
		return all
	case int64:
		return float64(value)
	default:
		return value
	}
}

// requireSame fails the test unless two states mean the same.
func requireSame(t *testing.T, what string, got, want attrs) {
	t.Helper()
	got, want = meaning(got).(attrs), meaning(want).(attrs)
	for name := range want {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%s: %s =\n  %v\nwant\n  %v", what, name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d attributes, want %d", what, len(got), len(want))
	}
}

// meaning is [normal] with conditions for their text, which the service may
// write in another way.
func meaning(value any) any {
	object, ok := normal(value).(attrs)
	if !ok {
		return value
	}
	for name, part := range object {
		var conditions any
		if text, _ := part.(string); name == "conditions" && json.Unmarshal([]byte(text), &conditions) == nil {
			part = conditions
		}
		object[name] = meaning(part)
	}
	return object
}
