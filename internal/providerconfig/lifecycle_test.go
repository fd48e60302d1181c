package providerconfig_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A step is a configuration that follows another, and what it does.
type step struct {
	// set is what the configuration has besides gateway, provider and key.
	set    attrs
	action protocol.Action
	// state is what state has then, besides set.
	state attrs
	// body is what the creation sends besides what it always does.
	body attrs
}

const (
	creates  = protocol.Create
	replaces = protocol.Replace
	updates  = protocol.Update
	nothing  = protocol.NoOp
)

// lifecycles take each attribute through being set, changed and removed.
var lifecycles = map[string][]step{
	"alias": {
		{nil, creates, attrs{"alias": "default"}, attrs{"alias": "default"}},
		{attrs{"alias": "default"}, nothing, nil, nil},
		{attrs{"alias": "Second_2-b"}, replaces, nil, attrs{"alias": "Second_2-b"}},
		{nil, replaces, attrs{"alias": "default"}, attrs{"alias": "default"}},
	},
	"default_config": {
		{attrs{"default_config": true}, creates, nil, attrs{"default_config": true}},
		{attrs{"default_config": true}, nothing, nil, nil},
		{attrs{"default_config": false}, replaces, nil, attrs{"default_config": false}},
		{nil, nothing, attrs{"default_config": false}, nil},
	},
	"default_config, removed": {
		{attrs{"default_config": true}, creates, nil, attrs{"default_config": true}},
		{nil, replaces, attrs{"default_config": false}, attrs{"default_config": false}},
	},
	"rate_limit": {
		{attrs{"rate_limit": int64(10)}, creates, attrs{"rate_limit_period": int64(60)}, attrs{"rate_limit": 10.0}},
		{attrs{"rate_limit": int64(20)}, replaces, attrs{"rate_limit_period": int64(60)}, attrs{"rate_limit": 20.0}},
		{nil, replaces, attrs{"rate_limit": nil}, nil},
	},
	"rate_limit_period": {
		{attrs{"rate_limit": int64(10), "rate_limit_period": int64(30)}, creates, nil, attrs{"rate_limit": 10.0, "rate_limit_period": 30.0}},
		{attrs{"rate_limit": int64(10), "rate_limit_period": int64(90)}, replaces, nil, attrs{"rate_limit": 10.0, "rate_limit_period": 90.0}},
		{attrs{"rate_limit": int64(10)}, nothing, attrs{"rate_limit_period": int64(90)}, nil},
		{attrs{"rate_limit": int64(20)}, replaces, attrs{"rate_limit_period": int64(60)}, attrs{"rate_limit": 20.0}},
		{attrs{"rate_limit": int64(20), "rate_limit_period": int64(60)}, nothing, nil, nil},
	},
	"both limits, removed": {
		{attrs{"rate_limit": int64(1), "rate_limit_period": int64(1)}, creates, nil, attrs{"rate_limit": 1.0, "rate_limit_period": 1.0}},
		{nil, replaces, attrs{"rate_limit": nil}, nil},
	},
	"provider_slug": {
		{attrs{"provider_slug": "openai"}, creates, nil, attrs{"provider_slug": "openai"}},
		{attrs{"provider_slug": "custom-mine"}, replaces, nil, attrs{"provider_slug": "custom-mine"}},
		{attrs{"provider_slug": "google-ai-studio"}, replaces, nil, attrs{"provider_slug": "google-ai-studio"}},
	},
	"gateway_id": {
		{attrs{"gateway_id": gatewayID}, creates, nil, attrs{}},
		{attrs{"gateway_id": otherID}, replaces, nil, attrs{}},
	},
	"account_id": {
		{attrs{"account_id": acctest.AccountID}, creates, nil, attrs{}},
		{nil, nothing, attrs{"account_id": acctest.AccountID}, nil},
	},
	"secret_wo_version": {
		{attrs{"secret_wo_version": 0}, creates, nil, attrs{}},
		{attrs{"secret_wo_version": 0.5}, updates, nil, nil},
		{attrs{"secret_wo_version": 0.5, "secret_wo": newKey}, nothing, nil, nil},
		{attrs{"secret_wo_version": 7, "secret_wo": newKey}, updates, nil, nil},
		{attrs{"secret_wo_version": 7, "secret_wo": newKey, "alias": "b"}, replaces, nil, attrs{"alias": "b", "secret": newKey}},
		{attrs{"secret_wo_version": 8, "secret_wo": theKey}, replaces, nil, attrs{"secret": theKey}},
	},
	"all at once": {
		{
			attrs{"alias": "a", "default_config": true, "rate_limit": int64(5), "rate_limit_period": int64(10), "provider_slug": "anthropic"},
			creates, nil, attrs{"alias": "a", "default_config": true, "rate_limit": 5.0, "rate_limit_period": 10.0, "provider_slug": "anthropic"},
		},
		{nil, replaces, attrs{"alias": "default", "default_config": false, "rate_limit": nil, "provider_slug": "openai"}, attrs{}},
	},
}

// TestLifecycle takes each step with exactly the requests that it needs, and
// imports the result.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	sets := acctest.Combinations(emulator.ProviderConfigBool, emulator.ProviderConfigListLags, emulator.ExtraFields)
	for _, set := range sets {
		for name, steps := range lifecycles {
			t.Run(acctest.QuirkName(set)+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := service(t, set...)
				server := s.Protocol(t, nil)
				r := server.Resource(resourceType)
				for i, step := range steps {
					step.take(t, s, r)
					if t.Failed() {
						t.Fatalf("in step %d", i+1)
					}
				}
				requireImports(t, s, server, r, byKey(steps[len(steps)-1].set))
				r.MustApply(nil)
				requireNothingLeft(t, s)
			})
		}
	}
}

func (st step) take(t *testing.T, s *acctest.Service, r *protocol.Resource) {
	t.Helper()
	config := byKey(st.set)
	was, _ := r.State()["id"].(string)
	former, _ := r.State()["gateway_id"].(string)
	s.Emulator.ResetRequests()
	plan := planOf(t, r, config)
	if plan.Action != st.action {
		t.Errorf("the plan is %s, want %s", plan.Action, st.action)
	}
	requireNone(t, r.Apply(plan))
	sent, changed := bodies(s, "POST"), bodies(s, "PUT")
	want := st.requests(config["gateway_id"].(string), former, was)
	if st.action == creates || st.action == replaces {
		want = append(want, getSecret(s, r)) // which is whether it can be used
	}
	s.RequireRequests(t, want...)
	switch st.action {
	case creates, replaces:
		requireBody(t, sent, attrs{"alias": "default", "provider_slug": "openai", "default_config": false, "secret": config["secret_wo"]}, st.body)
	case updates:
		requireBody(t, changed, attrs{"secret": config["secret_wo"]}, nil)
	}
	stored := s.Emulator.ProviderConfigs(s.AccountID, config["gateway_id"].(string))
	if len(stored) != 1 {
		t.Fatalf("stored: %v", stored)
	}
	requireState(t, r, stored[0])
	state := r.State()
	for name, want := range merged(merged(attrs{}, st.set), attrs{"secret_wo": nil, "secret_wo_version": nil}) {
		if state[name] != want {
			t.Errorf("%s = %v in state, want %v", name, state[name], want)
		}
	}
	for name, want := range st.state {
		if state[name] != want {
			t.Errorf("%s = %v in state, want %v", name, state[name], want)
		}
	}
	r.MustPlanEmpty(config)
	if kept := r.State()["id"] == was; kept != (st.action == updates || st.action == nothing) {
		t.Errorf("the id was %q and is %v", was, r.State()["id"])
	}
}

func (st step) requests(gateway, former, id string) []string {
	made := []string{"GET " + gateways + gateway, "POST " + gateways + gateway + "/provider_configs"}
	one := gateways + former + "/provider_configs/" + id
	switch st.action {
	case creates:
		return made
	case replaces:
		return append([]string{"DELETE " + one}, made...)
	case updates:
		return []string{"PUT " + one}
	default:
		return nil
	}
}

// requireBody fails the test unless there is one body, which says this.
func requireBody(t *testing.T, sent []string, always, besides attrs) {
	t.Helper()
	want := maps.Clone(always)
	maps.Copy(want, besides)
	if len(sent) != 1 {
		t.Fatalf("bodies %q", sent)
	}
	var got attrs
	if err := json.Unmarshal([]byte(sent[0]), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the body is\n  %v\nwant\n  %v", got, want)
	}
}

// requireImports imports what r is, which takes a rotation to be what the
// configuration says, since nobody knows which key it has.
func requireImports(t *testing.T, s *acctest.Service, server *protocol.Server, r *protocol.Resource, config attrs) {
	t.Helper()
	state := r.State()
	gateway, id := state["gateway_id"].(string), state["id"].(string)
	imported := server.Resource(resourceType)
	requireNone(t, imported.Import(gateway+"/"+id))
	want := maps.Clone(state)
	want["secret_wo_version"] = nil
	if got := imported.State(); !reflect.DeepEqual(got, want) {
		t.Errorf("imported\n  %v\nwant\n  %v", got, want)
	}
	s.Emulator.ResetRequests()
	plan := planOf(t, imported, config)
	requireNone(t, imported.Apply(plan))
	s.RequireRequests(t, "PUT "+gateways+gateway+"/provider_configs/"+id)
	if plan.Action != updates {
		t.Errorf("after the import, the plan is %s, want the rotation", plan.Action)
	}
	imported.MustPlanEmpty(config)
	if got := imported.State(); got["secret_wo_version"] == nil || got["id"] != id {
		t.Errorf("imported and rotated: %v", got)
	}
}

func requireNothingLeft(t *testing.T, s *acctest.Service) {
	t.Helper()
	for _, id := range []string{gatewayID, otherID} {
		if left := s.Emulator.ProviderConfigs(s.AccountID, id); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if left := s.Emulator.SecretNames(s.AccountID, storeID(s)); len(left) > 0 {
		t.Errorf("secrets left behind: %v", left)
	}
}
