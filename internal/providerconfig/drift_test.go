package providerconfig_test

import (
	"maps"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	deletions := map[string]lifecycle.DeletionCase{}
	for name, remove := range map[string]func(s *acctest.Service, id string){
		"the provider config": func(s *acctest.Service, id string) { s.Emulator.DeleteProviderConfig(s.AccountID, gatewayID, id) },
		"the gateway": func(s *acctest.Service, _ string) {
			s.Emulator.DeleteGateway(s.AccountID, gatewayID)
			s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID, "authentication": true, "store_id": storeID(s)})
		},
	} {
		deletions[name] = lifecycle.DeletionCase{
			Delete:          remove,
			RefreshRequests: func(string) []string { return []string{list, list} }, // a list may lag behind
			DestroyRequests: func(id string) []string { return []string{"DELETE " + configs + "/" + id} },
		}
	}
	subject.Deletions(t, byKey(), deletions)
}

// TestGatewayGone: with its gateway, the provider config goes from state and
// needs no deletion.
func TestGatewayGone(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	plan, _ := r.Plan(nil)
	gone := *r
	s.Emulator.DeleteGateway(s.AccountID, gatewayID)
	requireNone(t, r.Apply(plan))
	if diags := gone.Refresh(); len(diags) > 0 || gone.Exists() {
		t.Errorf("state %v, %s", gone.State(), diags)
	}
	s.RequireRequests(t, "DELETE "+configs+"/"+id, list, list)
	requireSays(t, try(t, &gone, byKey()).At("gateway_id"), "Gateway not found")
}

// TestDeletedBeforeRotation: state keeps what it was, and the next run creates.
func TestDeletedBeforeRotation(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	plan := planOf(t, r, rotated())
	s.Emulator.DeleteProviderConfig(s.AccountID, gatewayID, id)
	requireSays(t, r.Apply(plan), "Unable to rotate the key of provider config", "the next plan creates it again")
	if r.State()["secret_wo_version"] != int64(1) {
		t.Errorf("state %v", r.State())
	}
	if action := r.MustApply(rotated()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
	requireKey(t, s, newKey)
}

// TestRecreatedElsewhere: a colleague deletes it and makes it anew. Ours is
// gone, and the message about theirs offers the import.
func TestRecreatedElsewhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	r, id := exists(t, s, server, byKey())
	s.Emulator.DeleteProviderConfig(s.AccountID, gatewayID, id)
	_, theirs := exists(t, s, server, rotated())
	requireNone(t, r.Refresh())
	s.Emulator.Clock().Advance(time.Hour) // or this run may have created it
	requireSays(t, try(t, r, byKey()), "already exists", s.AccountID+"/main/openai/default")
	requireNone(t, r.Import(s.AccountID+"/main/openai/default"))
	if r.State()["id"] != theirs {
		t.Errorf("imported %v, want %s", r.State(), theirs)
	}
	requireKey(t, s, newKey)
}

// TestChangedElsewhere: the dashboard has changed what only a replacement
// can change back. What nobody configured is taken over.
func TestChangedElsewhere(t *testing.T) {
	t.Parallel()
	limited := attrs{"rate_limit": int64(5), "rate_limit_period": int64(30)}
	for name, test := range map[string]struct {
		config attrs
		edit   attrs
		state  attrs
		action protocol.Action
	}{
		"rate_limit":              {limited, attrs{"rate_limit": 9}, attrs{"rate_limit": int64(9)}, protocol.Replace},
		"rate_limit, off":         {limited, attrs{"rate_limit": nil}, attrs{"rate_limit": nil}, protocol.Replace},
		"rate_limit, on":          {nil, attrs{"rate_limit": 9}, attrs{"rate_limit": int64(9)}, protocol.Replace},
		"rate_limit_period":       {limited, attrs{"rate_limit_period": 31}, attrs{"rate_limit_period": int64(31)}, protocol.Replace},
		"rate_limit_period, else": {attrs{"rate_limit": int64(5)}, attrs{"rate_limit_period": 31}, attrs{"rate_limit_period": int64(31)}, protocol.NoOp},
		"default_config, on":      {nil, attrs{"default_config": true}, attrs{"default_config": true}, protocol.Replace},
		"default_config, off":     {attrs{"default_config": true}, attrs{"default_config": false}, attrs{"default_config": false}, protocol.Replace},
		"alias":                   {nil, attrs{"alias": "theirs"}, attrs{"alias": "theirs"}, protocol.Replace},
		"provider_slug":           {nil, attrs{"provider_slug": "anthropic"}, attrs{"provider_slug": "anthropic"}, protocol.Replace},
		"secret_id":               {nil, attrs{"secret_id": "theirs"}, attrs{"secret_id": "theirs"}, protocol.NoOp},
		"nothing":                 {limited, attrs{}, attrs{}, protocol.NoOp},
	} {
		for _, set := range [][]emulator.Quirk{nil, {emulator.ProviderConfigBool}} {
			t.Run(name+"/"+acctest.QuirkName(set), func(t *testing.T) {
				t.Parallel()
				s := service(t, set...)
				config := byKey(test.config)
				r, id := exists(t, s, s.Protocol(t, nil), config)
				s.Emulator.EditProviderConfig(s.AccountID, gatewayID, id, func(values map[string]any) { maps.Copy(values, test.edit) })
				requireNone(t, r.Refresh())
				for at, want := range test.state {
					if got := r.State()[at]; got != want {
						t.Errorf("%s = %v in state, want %v", at, got, want)
					}
				}
				if name == "secret_id" {
					r.MustPlanEmpty(config)
					return // the emulator could not delete what it has lost
				}
				if action := r.MustApply(config); action != test.action {
					t.Errorf("%s, want %s", action, test.action)
				}
				requireState(t, r, only(t, s))
			})
		}
	}
}

// TestSecretChangedElsewhere shows where it was configured.
func TestSecretChangedElsewhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	config := byID(storedSecret(s))
	r, id := exists(t, s, s.Protocol(t, nil), config)
	other := s.Emulator.PutSecret(s.AccountID, storeID(s), "another", newKey)
	s.Emulator.EditProviderConfig(s.AccountID, gatewayID, id, func(values map[string]any) { values["secret_id"] = other })
	if action := r.MustApply(config); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
}

// TestRotatedElsewhere: a colleague gave it another key, by the API or in
// the Secrets Store. State follows, and there is nothing to do: which key is
// meant, only secret_wo_version says.
func TestRotatedElsewhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	r, id := exists(t, s, server, byKey())
	before := r.State()
	s.Emulator.Clock().Advance(time.Minute)
	api, err := s.Client()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Rotate(t.Context(), api, s.AccountID, gatewayID, id, "their-key-0815"); err != nil {
		t.Fatal(err)
	}
	r.MustPlanEmpty(byKey())
	after := r.State()
	if after["secret_preview"] == before["secret_preview"] || after["modified_at"] == before["modified_at"] {
		t.Errorf("state was %v and is %v", before, after)
	}
	s.Emulator.PutSecret(s.AccountID, storeID(s), secretName, "their-key-0816")
	r.MustPlanEmpty(byKey())
	requireState(t, r, only(t, s))
	requireKey(t, s, "their-key-0816")
	if action := r.MustApply(rotated()); action != protocol.Update {
		t.Errorf("%s, want a rotation", action)
	}
	requireKey(t, s, newKey)
}

// TestSecretGone: the provider config is there and of no use, which the service
// does not say. A rotation fails then, and a replacement helps.
func TestSecretGone(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	s.Emulator.DeleteSecret(s.AccountID, storeID(s), secretName)
	r.MustPlanEmpty(byKey())
	requireSays(t, try(t, r, rotated()), "Unable to rotate the key of provider config", "was not found (code 7001)")
	if r.State()["secret_wo_version"] != int64(1) {
		t.Errorf("state %v", r.State())
	}
	requireNone(t, try(t, r, nil))
	r.MustApply(rotated())
	requireKey(t, s, newKey)
}

// TestChangedBetweenPlanAndRotation: what was planned is done, and what was not
// shows next.
func TestChangedBetweenPlanAndRotation(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	plan := planOf(t, r, rotated())
	s.Emulator.EditProviderConfig(s.AccountID, gatewayID, id, func(values map[string]any) { values["rate_limit"], values["default_config"] = 9, true })
	requireNone(t, r.Apply(plan))
	requireKey(t, s, newKey)
	requireNone(t, r.Refresh())
	requireState(t, r, only(t, s))
	if action := r.MustApply(rotated()); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
}

// TestGoneUnderLaggingLists: what a list still has is believed once.
func TestGoneUnderLaggingLists(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.ProviderConfigListLags)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	r.MustPlanEmpty(byKey())
	s.Emulator.DeleteProviderConfig(s.AccountID, gatewayID, id)
	requireNone(t, r.Refresh())
	if !r.Exists() {
		t.Error("the list had it still")
	}
	requireNone(t, r.Refresh())
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
	if action := r.MustApply(byKey()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
}
