package providerconfig_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestSecretChoice: a key that is given twice, not at all or without a version
// is refused in the plan, and no error points to it.
func TestSecretChoice(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	id := storedSecret(s)
	const choice = "Set secret_wo and secret_wo_version to store a key, or secret_id to use a key that is already in the Secrets Store."
	for name, test := range map[string]struct {
		change attrs
		says   []string // none where it is accepted
	}{
		"the key":         {nil, nil},
		"an id":           {attrs{"secret_wo": nil, "secret_wo_version": nil, "secret_id": id}, nil},
		"neither":         {attrs{"secret_wo": nil, "secret_wo_version": nil}, []string{"Provider config without a key", "Neither secret_wo nor secret_id is set.", choice}},
		"only a version":  {attrs{"secret_wo": nil}, []string{"Provider config without a key"}},
		"both":            {attrs{"secret_id": id}, []string{"Provider config with two keys", "Both secret_wo and secret_id are set.", choice}},
		"empty":           {attrs{"secret_wo": ""}, []string{"Empty key of a provider", "secret_wo is the empty string.", choice}},
		"no version":      {attrs{"secret_wo_version": nil}, []string{"Missing secret_wo_version", "Set it to any number, such as 1."}},
		"id and version":  {attrs{"secret_wo": nil, "secret_id": id}, []string{"Version without a key", "secret_wo_version is set, but secret_wo is not."}},
		"unknown key":     {attrs{"secret_wo": protocol.Unknown}, nil},
		"unknown version": {attrs{"secret_wo_version": protocol.Unknown}, nil},
		"unknown id":      {attrs{"secret_wo": nil, "secret_wo_version": nil, "secret_id": protocol.Unknown}, nil},
		"key, unknown id": {attrs{"secret_id": protocol.Unknown}, nil},
		"all unknown":     {attrs{"secret_wo": protocol.Unknown, "secret_wo_version": protocol.Unknown, "secret_id": protocol.Unknown}, nil},
	} {
		_, diags := server.Resource(resourceType).Plan(byKey(test.change))
		if diags.HasError() != (test.says != nil) {
			t.Errorf("%s: %s", name, diags)
		}
		requireSays(t, diags, test.says...)
	}
	diags := server.Resource(resourceType).Validate(byKey(attrs{"secret_wo": nil, "secret_id": id}))
	requireSays(t, diags.At("secret_wo_version"), "Version without a key")
	s.RequireRequests(t)
}

// TestRotation is one request, and only a new version asks for it.
func TestRotation(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	requireKey(t, s, theKey)
	before := r.State()
	if plan := planOf(t, r, byKey(attrs{"secret_wo": newKey})); plan.Action != protocol.NoOp {
		t.Errorf("another key of the same version is %s", plan.Action)
	}
	plan := planOf(t, r, rotated())
	planned := protocol.Object(t, plan.Planned)
	for name, was := range before {
		want := was
		switch name {
		case "secret_preview", "modified_at", "secret_id":
			want = any(protocol.Unknown)
		case "secret_wo_version":
			want = int64(2)
		}
		if planned[name] != want {
			t.Errorf("%s is planned as %v, want %v", name, planned[name], want)
		}
	}
	requireNone(t, r.Apply(plan))
	s.RequireRequests(t, "PUT "+configs+"/"+id)
	requireKey(t, s, newKey)
	requireState(t, r, only(t, s))
	r.MustPlanEmpty(rotated())
	if r.State()["secret_id"] != before["secret_id"] {
		t.Errorf("the secret was %v and is %v", before["secret_id"], r.State()["secret_id"])
	}
	// Back to a former version is a change too.
	if action := r.MustApply(byKey()); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireKey(t, s, theKey)
}

// TestRotationAndChange: what replaces sends the new key once.
func TestRotationAndChange(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	config := rotated(attrs{"rate_limit": int64(5)})
	requireNone(t, try(t, r, config))
	s.RequireRequests(t, "DELETE "+configs+"/"+id, getGateway, post, getSecret(s, r))
	requireKey(t, s, newKey)
	r.MustPlanEmpty(config)
}

// TestSecretByID: nothing but the id goes out, and the secret stays when the
// provider config goes.
func TestSecretByID(t *testing.T) {
	t.Parallel()
	s := service(t)
	secret := storedSecret(s)
	r := s.Protocol(t, nil).Resource(resourceType)
	plan := planOf(t, r, byID(secret))
	requireNone(t, r.Apply(plan))
	requireBody(t, bodies(s, "POST"), attrs{"alias": "default", "provider_slug": "openai", "default_config": false, "secret_id": secret}, nil)
	s.RequireRequests(t, getGateway, post)
	requireState(t, r, only(t, s))
	r.MustPlanEmpty(byID(secret))
	id := r.State()["id"].(string)
	other := s.Emulator.PutSecret(s.AccountID, storeID(s), "another", newKey)
	s.Emulator.ResetRequests()
	requireNone(t, try(t, r, byID(other)))
	s.RequireRequests(t, "DELETE "+configs+"/"+id, getGateway, post)
	r.MustPlanEmpty(byID(other))
	r.MustApply(nil)
	if names := s.Emulator.SecretNames(s.AccountID, storeID(s)); len(names) != 2 {
		t.Errorf("left in the store: %v", names)
	}
}

// TestFromIDToKey replaces, since the secret is somebody else's, which keeps its
// name: in the way of the new one until it is deleted.
func TestFromIDToKey(t *testing.T) {
	t.Parallel()
	s := service(t)
	secret := storedSecret(s)
	r, id := exists(t, s, s.Protocol(t, nil), byID(secret))
	plan, diags := r.Plan(rotated())
	if plan.Action != protocol.Replace {
		t.Errorf("%s, want a replacement", plan.Action)
	}
	requireSays(t, diags.At("secret_wo_version"), "WARNING", "The previous secret keeps its name",
		`The provider config "openai/default" uses the secret `+secret, secretName+", and refuses a second secret with this name. Delete the secret first")
	diags = r.Apply(plan)
	requireSays(t, diags, "Unable to create provider config", "A secret named '"+secretName+"' already exists",
		"a secret called "+secretName+" is left over in the gateway's Secrets Store: delete it there, or use it by its ID")
	s.RequireRequests(t, "DELETE "+configs+"/"+id, getGateway, post, list)
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
	requireKey(t, s, theKey) // not overwritten

	s.Emulator.DeleteSecret(s.AccountID, storeID(s), secretName)
	if action := r.MustApply(rotated()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
	requireKey(t, s, newKey)
	// From now on the secret is ours.
	if action := r.MustApply(byKey(attrs{"secret_wo_version": 3})); action != protocol.Update {
		t.Errorf("%s, want a rotation", action)
	}
}

// TestFromIDToKeyInTime: the secret is deleted between, by what has it.
func TestFromIDToKeyInTime(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byID(storedSecret(s)))
	s.Emulator.DeleteSecret(s.AccountID, storeID(s), secretName)
	if action := r.MustApply(rotated()); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
	requireKey(t, s, newKey)
}

// TestFromKeyToItsID sends nothing: the same secret, called by its id. The key
// can be rotated by secret_wo again, since the secret is still ours.
func TestFromKeyToItsID(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	same := byID(r.State()["secret_id"].(string))
	plan := planOf(t, r, same)
	if plan.Action != protocol.Update {
		t.Errorf("%s, want an update of state alone", plan.Action)
	}
	if planned := protocol.Object(t, plan.Planned); planned["modified_at"] != r.State()["modified_at"] || planned["secret_wo_version"] != nil {
		t.Errorf("planned %v", planned)
	}
	requireNone(t, r.Apply(plan))
	s.RequireRequests(t)
	requireState(t, r, only(t, s))
	r.MustPlanEmpty(same)
	s.Emulator.ResetRequests()
	requireNone(t, try(t, r, rotated()))
	s.RequireRequests(t, "PUT "+configs+"/"+id)
	requireKey(t, s, newKey)
}

func TestFromKeyToAnotherID(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), byKey())
	other := byID(s.Emulator.PutSecret(s.AccountID, storeID(s), "another", newKey))
	requireNone(t, try(t, r, other))
	s.RequireRequests(t, "DELETE "+configs+"/"+id, getGateway, post)
	if names := s.Emulator.SecretNames(s.AccountID, storeID(s)); len(names) != 1 || names[0] != "another" {
		t.Errorf("in the store: %v", names)
	}
	r.MustPlanEmpty(other)
}

// TestSecretLater: parts of the choice are known only after other objects were
// applied.
func TestSecretLater(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change attrs // of the plan with what is not known yet
		byID   bool
		first  protocol.Action // on what exists: by another key
	}{
		"the key":             {attrs{"secret_wo": protocol.Unknown}, false, protocol.Update},
		"the version":         {attrs{"secret_wo_version": protocol.Unknown}, false, protocol.Update},
		"the key and version": {attrs{"secret_wo": protocol.Unknown, "secret_wo_version": protocol.Unknown}, false, protocol.Update},
		"the id":              {attrs{"secret_id": protocol.Unknown}, true, protocol.Create},
		"the gateway":         {attrs{"gateway_id": protocol.Unknown}, false, protocol.Create},
		"the provider":        {attrs{"provider_slug": protocol.Unknown, "alias": protocol.Unknown}, false, protocol.Create},
		"the limit":           {attrs{"rate_limit": protocol.Unknown, "rate_limit_period": protocol.Unknown}, false, protocol.Create},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server := s.Protocol(t, nil)
			later := func() attrs {
				if test.byID {
					return byID(s.Emulator.PutSecret(s.AccountID, storeID(s), "another", newKey))
				}
				return rotated()
			}
			r := server.Resource(resourceType)
			if action := r.MustApplyLater(merged(later(), test.change), later()); action != protocol.Create {
				t.Errorf("%s, want a create", action)
			}
			requireState(t, r, only(t, s))
			r.MustApply(nil)
			r.MustApply(byKey())
			// What replaces has destroyed before it is planned again.
			if action := r.MustApplyLater(merged(later(), test.change), later()); action != test.first {
				t.Errorf("%s, want %s", action, test.first)
			}
			requireState(t, r, only(t, s))
		})
	}
}

// TestVersionTurnsOutTheSame: nothing is sent then.
func TestVersionTurnsOutTheSame(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	if action := r.MustApplyLater(byKey(attrs{"secret_wo_version": protocol.Unknown}), byKey()); action != protocol.NoOp {
		t.Errorf("%s, want nothing", action)
	}
	s.RequireRequests(t, list, getSecret(s, r), list, getSecret(s, r))
}

// TestSecretTurnsOutWrong: an apply learns that the key is none, and sends
// nothing. The CLI validates again then, which leaves what only the apply sees.
func TestSecretTurnsOutWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ change attrs }{
		"empty": {attrs{"secret_wo": ""}}, "null": {attrs{"secret_wo": nil}}, "no version": {attrs{"secret_wo_version": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := s.Protocol(t, nil).Resource(resourceType)
			planOf(t, r, byKey(attrs{"secret_wo": protocol.Unknown, "secret_wo_version": protocol.Unknown}))
			_, diags := r.Plan(byKey(test.change))
			if !diags.HasError() {
				t.Error("no error")
			}
			requireDiscreet(t, diags)
			s.RequireRequests(t)
		})
	}
}

// TestImportedKeyRotatesInPlace, whether or not somebody else has made the
// secret: nobody can tell any more.
func TestImportedKeyRotatesInPlace(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, byKey())
	r := server.Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/openai/default"))
	s.Emulator.ResetRequests()
	if plan := planOf(t, r, rotated()); plan.Action != protocol.Update {
		t.Errorf("%s, want an update", plan.Action)
	}
	requireNone(t, try(t, r, rotated()))
	s.RequireRequests(t, "PUT "+configs+"/"+id)
	requireKey(t, s, newKey)
	r.MustPlanEmpty(rotated())

	r = server.Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/openai/default"))
	r.MustPlanEmpty(byID(r.State()["secret_id"].(string)))
}

// TestSecretIsNowhere: what is kept of a provider config, and what is said of
// it when the service repeats what it was sent, has no key.
func TestSecretIsNowhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, once).Resource(resourceType)
	check := func(what string, kept any) {
		t.Helper()
		if text := allOf(kept); strings.Contains(text, "hush") {
			t.Errorf("the %s has the key: %s", what, text)
		}
	}
	apply := func(config attrs) protocol.Diagnostics {
		t.Helper()
		plan := planOf(t, r, config)
		check("plan", plan.Planned)
		diags := r.Apply(plan)
		requireDiscreet(t, diags)
		check("resource", *r)
		return diags
	}
	for _, test := range []struct {
		method, path, key string
		config            attrs
	}{{http.MethodPost, allConfigs, theKey, byKey()}, {http.MethodPut, oneConfig, newKey, rotated()}} {
		for _, said := range []string{test.key, strings.TrimSpace(test.key), "Bearer " + test.key, fmt.Sprintf("%q", test.key), jsonText(t, test.key)} {
			s.Emulator.Inject(emulator.Fault{
				Method: test.method, Path: test.path, Status: http.StatusBadRequest,
				Body: `{"success":false,"errors":[{"code":7001,"message":` + jsonText(t, "Invalid: "+said) + `,"path":["body","secret"]}]}`,
			})
			requireSays(t, apply(test.config), "Invalid: ", "(sensitive)", "code 7001, at secret")
		}
		requireNone(t, apply(test.config))
	}
	requireNone(t, r.Refresh())
	check("resource", *r)

	// The check sees private state too.
	other := service(t)
	there, _ := exists(t, other, other.Protocol(t, nil), byID(storedSecret(other)))
	if text := allOf(*there); !strings.Contains(text, "secret_id_given") {
		t.Errorf("private state is not in %s", text)
	}
}

// allOf returns a value as text with all that is in it, bytes as text too.
func allOf(value any) string { return fmt.Sprintf("%s", value) }
