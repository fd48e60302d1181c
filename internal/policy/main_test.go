package policy_test

import (
	"reflect"
	"runtime/debug"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/policy"
)

const (
	resourceType = policy.ResourceType
	gatewayID    = "main"
	otherID      = "other"

	gateway    = "/accounts/…/ai-gateway/gateways/" + gatewayID
	collection = gateway + "/policies"
	post       = "POST " + collection + "?commit=true"
	list       = "GET " + collection
	listAll    = list + "?includeStaging=true"
)

type attrs = map[string]any

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small servers, and memory to spare
	acctest.Main(m)
}

// subject is what the tests of every resource need to know about this one.
var subject = lifecycle.Subject{
	Type: resourceType,
	Service: func(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
		t.Helper()
		s := acctest.Emulate(t, emulator.Options{Quirks: quirks})
		for _, id := range []string{gatewayID, otherID} {
			s.Emulator.PutGateway(s.AccountID, attrs{"id": id})
		}
		return s
	},
	RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
		t.Helper()
		held := only(t, s)
		lifecycle.RequireAttributes(t, r, attrs{
			"id": held["id"], "name": held["name"], "actor": held["actor"], "condition": held["condition"], "committed": true,
		})
		if held["name"] != config["name"] {
			t.Errorf("the service has the name %v, want %v", held["name"], config["name"])
		}
	},
	RequireEmpty: func(t *testing.T, s *acctest.Service) {
		t.Helper()
		if left := s.Emulator.Policies(s.AccountID, gatewayID); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	},
}

func emulate(t *testing.T) (*acctest.Service, *protocol.Server) {
	t.Helper()
	s := subject.Service(t)
	return s, s.Protocol(t, nil)
}

// everyone returns the configuration of a policy that matches everything.
func everyone(change ...attrs) attrs {
	return lifecycle.Merge(attrs{"gateway_id": gatewayID, "name": "Everyone", "actor": "company:all", "action": "unlimited"}, change...)
}

// exists creates a policy and returns it and the path of its requests.
func exists(t *testing.T, s *acctest.Service, server *protocol.Server, config attrs) (*protocol.Resource, string) {
	t.Helper()
	r := subject.Create(t, s, server, config)
	return r, collection + "/" + r.State()["id"].(string)
}

// only returns the one policy in force of the first gateway.
func only(t *testing.T, s *acctest.Service) attrs {
	t.Helper()
	all := s.Emulator.Policies(s.AccountID, gatewayID)
	if len(all) != 1 {
		t.Fatalf("the gateway has %d policies, want 1: %v", len(all), all)
	}
	return all[0]
}

func newest(one string) string  { return "GET " + one + "?includeStaging=true" }
func inForce(one string) string { return "GET " + one }
func put(one string) string     { return "PUT " + one + "?commit=true" }

// requireBody fails the test unless the last request with the method has the body.
func requireBody(t *testing.T, s *acctest.Service, method, want string) {
	t.Helper()
	got := ""
	for _, r := range s.Emulator.Requests() {
		if r.Method == method {
			got = r.Body
		}
	}
	if got != want {
		t.Errorf("%s with the body\n  %s\nwant\n  %s", method, got, want)
	}
}

// wireEveryone returns the policy of [everyone] as the service stores it.
func wireEveryone() attrs {
	return attrs{"name": "Everyone", "actor": "company:all", "resource": "*", "condition": "true", "action": attrs{"type": "no-limit"}}
}

func requireEqual(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}
