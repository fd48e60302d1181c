package dynamicroute_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
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

var once = lifecycle.Once

// subject is what the tests of every resource need to know about this one.
var subject = lifecycle.Subject{
	Type:    resourceType,
	Service: service,
	RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
		t.Helper()
		requireGraph(t, r, config)
		requireInForce(t, s, r)
	},
	RequireEmpty: func(t *testing.T, s *acctest.Service) {
		t.Helper()
		if left := s.Emulator.Routes(s.AccountID, gatewayID); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	},
}

// with returns a configuration with the value at a path such as "elements.a.model"
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

// exists creates a route and returns it and its id.
func exists(t *testing.T, s *acctest.Service, server *protocol.Server, config attrs) (*protocol.Resource, string) {
	t.Helper()
	return subject.Create(t, s, server, config), only(t, s).ID
}

// only returns the gateway's route, and fails the test unless there is exactly
// one.
func only(t *testing.T, s *acctest.Service) emulator.StoredRoute {
	t.Helper()
	all := s.Emulator.Routes(s.AccountID, gatewayID)
	if len(all) != 1 {
		t.Fatalf("the gateway has %d routes, want 1: %v", len(all), all)
	}
	return all[0]
}

var (
	try         = lifecycle.Apply
	planOf      = lifecycle.Plan
	requireSays = lifecycle.RequireText
	requireNone = lifecycle.RequireNone
)

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
	lifecycle.RequireIdentity(t, r, attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": id})
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

// normal returns a value without nulls and with one kind of numbers.
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

// meaning is like [normal], with conditions parsed, which the service may format
// in another way.
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
