package gateway_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// feature returns the first configuration of a feature.
func feature(name string) attrs {
	for _, l := range features {
		if l.name == name {
			return l.first
		}
	}
	panic("no such feature: " + name)
}

// TestFeaturesAtCreation: POST, and PUT only if there is something that needs
// it.
func TestFeaturesAtCreation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config attrs
		put    bool
	}{
		"nothing":               {attrs{}, false},
		"scalars":               {attrs{"logpush": true, "retry_delay": int64(5), "store_id": "store"}, false},
		"log classification":    {attrs{"log_classification": true}, true},
		"no log classification": {attrs{"log_classification": false}, false},
		"guardrails":            {feature("guardrails"), true},
		"dlp":                   {feature("dlp by policies"), true},
		"otel":                  {feature("otel"), true},
		"spend limits":          {feature("spend_limits"), true},
		"stripe":                {feature("stripe"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			server.Resource(resourceType).MustApply(with(test.config))
			want := []string{"POST " + collection, "GET " + one}
			if test.put {
				want = []string{"POST " + collection, "PUT " + one, "GET " + one}
			}
			service.RequireRequests(t, want...)
		})
	}
}

// TestCreateIsOneOperation breaks the second request of a creation. The
// gateway is taken back; nothing is in state, nothing is left, and the next
// apply works.
func TestCreateIsOneOperation(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"refused":        {Status: http.StatusBadRequest, Body: `{"success":false,"errors":[{"code":7001,"message":"Invalid input","path":["body","guardrails"]}]}`},
		"cut before":     {Drop: emulator.DropBefore, Times: -1},
		"cut after":      {Drop: emulator.DropAfter, Times: -1},
		"fails":          {Status: http.StatusInternalServerError, Times: -1},
		"answer is lost": {Status: http.StatusBadGateway, AnswerAfter: true, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, _ := emulate(t)
			server := service.Protocol(t, attrs{"max_retries": int64(0)})
			fault.Method = http.MethodPut
			service.Emulator.Inject(fault)
			gateway := server.Resource(resourceType)
			plan, _ := gateway.Plan(with(feature("guardrails")))
			diags := gateway.Apply(plan)
			if gateway.Exists() || !strings.Contains(diags.String(), "was deleted again, since its features could not be set") {
				t.Errorf("state %v, %s", gateway.State(), diags)
			}
			service.RequireRequests(t, "POST "+collection, "PUT "+one, "DELETE "+one)
			if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 0 {
				t.Errorf("left behind: %v", ids)
			}
			service.Emulator.ClearFaults()
			if action := gateway.MustApply(with(feature("guardrails"))); action != protocol.Create {
				t.Errorf("%s, want a create", action)
			}
		})
	}
}

// TestCreateThatCannotBeTakenBack: state tells what there is, without the
// features, and the next apply replaces it.
func TestCreateThatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	service, _ := emulate(t)
	server := service.Protocol(t, attrs{"max_retries": int64(0)})
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		service.Emulator.Inject(emulator.Fault{Method: method, Status: http.StatusServiceUnavailable, Times: -1})
	}
	config := with(feature("guardrails"), feature("dlp by policies"), feature("otel"), feature("spend_limits"), feature("stripe"),
		attrs{"log_classification": true})
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(config)
	diags := gateway.Apply(plan)
	if !strings.Contains(diags.String(), "it may still exist, without the features that the configuration asks for") {
		t.Error(diags)
	}
	if !gateway.Tainted() {
		t.Error("the gateway is not tainted")
	}
	requireState(t, gateway, attrs{
		"id": "demo", "guardrails": nil, "dlp": nil, "otel": nil, "spend_limits": nil, "stripe": nil, "log_classification": false,
	})
	service.Emulator.ClearFaults()
	if action := gateway.MustApply(config); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 1 {
		t.Errorf("gateways: %v", ids)
	}
}

// TestInterruptedBetweenTheRequests stops a creation while its second request
// is under way: the gateway is taken back all the same, and soon.
func TestInterruptedBetweenTheRequests(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPut, Delay: time.Minute})
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with(feature("guardrails")))
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	time.AfterFunc(300*time.Millisecond, interrupt)
	begin := time.Now()
	diags := gateway.ApplyContext(ctx, plan)
	if !strings.Contains(diags.String(), "interrupted") || gateway.Exists() {
		t.Errorf("state %v, %s", gateway.State(), diags)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 0 {
		t.Errorf("left behind: %v", ids)
	}
}

// TestFeatureDrift: what somebody switches on in the dashboard shows, and is
// switched off again; what is switched off is switched on again.
func TestFeatureDrift(t *testing.T) {
	t.Parallel()
	for _, l := range features {
		if l.wire == nil {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			gateway := server.Resource(resourceType)
			set := func(off bool) {
				service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) {
					for field, value := range l.wire {
						if off {
							value = nil
						}
						stored[field] = value
					}
				})
			}
			gateway.MustApply(with())
			set(false)
			if action := gateway.MustApply(with()); action != protocol.Update {
				t.Errorf("switched on elsewhere: %s", action)
			}
			requireOff(t, service, gateway.State())
			gateway.MustApply(with(l.first))
			set(true)
			if action := gateway.MustApply(with(l.first)); action != protocol.Update {
				t.Errorf("switched off elsewhere: %s", action)
			}
			requireOnWire(t, service, l.wire)
		})
	}
}

// TestWaysToBeOff: what is off in another form on the service is off, and
// plans empty; configured as empty, it stays as it is written.
func TestWaysToBeOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ stored, configured attrs }{
		"guardrails":     {attrs{"guardrails": attrs{"prompt": attrs{}, "response": attrs{}}}, attrs{"guardrails": attrs{}}},
		"guardrails two": {attrs{"guardrails": nil}, attrs{"guardrails": attrs{"prompt": attrs{}}}},
		"otel":           {attrs{"otel": []any{}}, attrs{"otel": []any{}}},
		"spend limits": {
			attrs{"spend_limits": attrs{"enabled": false, "rules": []any{}}},
			attrs{"spend_limits": attrs{"enabled": false, "rules": attrs{}}},
		},
		"dlp": {
			attrs{"dlp": attrs{"enabled": false, "action": "BLOCK", "profiles": []any{}}},
			attrs{"dlp": attrs{"enabled": false, "action": "BLOCK", "profiles": []any{}}},
		},
		"dlp by policies": {
			attrs{"dlp": attrs{"enabled": false, "policies": []any{}}},
			attrs{"dlp": attrs{"enabled": false, "policies": attrs{}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			gateway := server.Resource(resourceType)
			gateway.MustApply(with())
			service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) { maps.Copy(stored, test.stored) })
			gateway.MustPlanEmpty(with())
			service.Emulator.ResetRequests()
			gateway.MustApply(with(test.configured))
			for _, request := range service.Requests() {
				if strings.HasPrefix(request, "PUT") {
					t.Errorf("the same on the wire, and sent all the same")
				}
			}
			requireState(t, gateway, test.configured)
			gateway.MustApply(with())
		})
	}
}

// TestServiceLacksASetting: an API that does not know a setting. It is an
// error where the setting is configured, and no difference where it is not.
func TestServiceLacksASetting(t *testing.T) {
	t.Parallel()
	_, older := emulate(t, emulator.NoBYOKOnly)
	gateway := older.Resource(resourceType)
	gateway.MustApply(with())
	requireState(t, gateway, attrs{"byok_only": nil})
	plan, _ := gateway.Plan(with(attrs{"byok_only": true, "cache_ttl": int64(60)}))
	diags := gateway.Apply(plan)
	if !strings.Contains(diags.At("byok_only").String(), "the service's response lacks it") {
		t.Error(diags)
	}
	requireState(t, gateway, attrs{"byok_only": nil, "cache_ttl": int64(60)})
	gateway.MustPlanEmpty(with())

	// A new gateway that is not what was asked for is taken back: tainted, it
	// would be replaced by every apply.
	service, server := emulate(t, emulator.NoBYOKOnly)
	created := server.Resource(resourceType)
	plan, _ = created.Plan(with(attrs{"byok_only": true}))
	diags = created.Apply(plan)
	if created.Exists() || !diags.At("byok_only").HasError() || !strings.Contains(diags.String(), "was deleted again") {
		t.Errorf("state %v, %s", created.State(), diags)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 0 {
		t.Errorf("left behind: %v", ids)
	}
}

// TestReceiverDrift: a receiver is removed elsewhere; the secrets of the other
// stay with it.
func TestReceiverDrift(t *testing.T) {
	t.Parallel()
	service, server := emulate(t, emulator.SecretsMasked)
	gateway := server.Resource(resourceType)
	config := with(attrs{"otel": []any{
		attrs{"url": "https://one.example", "authorization": "secret-of-one"},
		attrs{"url": "https://two.example", "authorization": "secret-of-two"},
	}})
	gateway.MustApply(config)
	service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) { stored["otel"] = stored["otel"].([]any)[1:] })
	diags := gateway.Refresh()
	receivers := gateway.State()["otel"].([]any)
	if len(receivers) != 1 || receivers[0].(attrs)["authorization"] == "secret-of-one" {
		t.Errorf("state %v %s", receivers, diags)
	}
	if action := gateway.MustApply(config); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireOnWire(t, service, attrs{"otel": []any{
		attrs{"url": "https://one.example", "headers": attrs{}, "authorization": "secret-of-one", "content_type": "json"},
		attrs{"url": "https://two.example", "headers": attrs{}, "authorization": "secret-of-two", "content_type": "json"},
	}})
}

// TestSecretsSetElsewhere: an update would remove what state does not know.
func TestSecretsSetElsewhere(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	config := with(attrs{"otel": []any{attrs{"url": "https://one.example"}}})
	gateway.MustApply(config)
	service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) {
		stored["otel"].([]any)[0].(attrs)["authorization"] = "set-elsewhere"
	})
	if diags := gateway.Refresh(); !strings.Contains(diags.String(), "that are not in state") || strings.Contains(diags.String(), "set-elsewhere") {
		t.Error(diags)
	}
}

// TestRotation changes a write-only secret: the new one is sent when its
// version changes, with every other update as well, and never before.
func TestRotation(t *testing.T) {
	t.Parallel()
	service, server := emulate(t, emulator.SecretsMasked)
	gateway := server.Resource(resourceType)
	config := func(secret string, version int64, ttl int64) attrs {
		return with(attrs{
			"cache_ttl": ttl,
			"stripe":    attrs{"authorization_wo": secret, "authorization_wo_version": version, "usage_events": []any{}},
		})
	}
	held := func() any {
		stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
		return stored["stripe"].(attrs)["authorization"]
	}
	gateway.MustApply(config("sk_test_first", 1, 60))
	if held() != "sk_test_first" {
		t.Errorf("the service holds %v", held())
	}
	gateway.MustPlanEmpty(config("sk_test_second", 1, 60))
	if action := gateway.MustApply(config("sk_test_second", 2, 60)); action != protocol.Update || held() != "sk_test_second" {
		t.Errorf("%s, the service holds %v", action, held())
	}
	gateway.MustApply(config("sk_test_second", 2, 90))
	if held() != "sk_test_second" {
		t.Errorf("another update lost the secret: %v", held())
	}
}

func TestUnknownFeatures(t *testing.T) {
	t.Parallel()
	for _, l := range features {
		for attribute := range l.first {
			t.Run(l.name, func(t *testing.T) {
				t.Parallel()
				_, server := emulate(t)
				server.Resource(resourceType).MustApplyLater(with(attrs{attribute: protocol.Unknown}), with(l.first))
				_, server = emulate(t)
				updated := server.Resource(resourceType)
				updated.MustApply(with(l.second))
				updated.MustApplyLater(with(attrs{attribute: protocol.Unknown}), with(l.first))
			})
		}
	}
	nested := map[string]struct{ unresolved, resolved attrs }{
		"an action":    {attrs{"guardrails": attrs{"prompt": attrs{"hate": protocol.Unknown}}}, attrs{"guardrails": attrs{"prompt": attrs{"hate": "BLOCK"}}}},
		"no action":    {attrs{"guardrails": attrs{"prompt": attrs{"hate": protocol.Unknown}}}, attrs{"guardrails": attrs{"prompt": attrs{"hate": nil}}}},
		"a profile":    {attrs{"dlp": attrs{"enabled": true, "action": "FLAG", "profiles": protocol.Unknown}}, attrs{"dlp": attrs{"enabled": true, "action": "FLAG", "profiles": []any{"a"}}}},
		"a form":       {attrs{"dlp": attrs{"enabled": true, "policies": protocol.Unknown}}, feature("dlp by policies")},
		"a URL":        {attrs{"otel": []any{attrs{"url": protocol.Unknown}}}, attrs{"otel": []any{attrs{"url": "https://otel.example.com"}}}},
		"a secret":     {attrs{"stripe": attrs{"authorization": protocol.Unknown, "usage_events": []any{}}}, attrs{"stripe": attrs{"authorization": "sk_test_secret", "usage_events": []any{}}}},
		"all actions":  {attrs{"guardrails": attrs{"prompt": protocol.Unknown}}, attrs{"guardrails": attrs{"prompt": attrs{"hate": "BLOCK"}}}},
		"a limit":      {oneRule(attrs{"limit": protocol.Unknown}), oneRule(attrs{"limit": 1.5})},
		"dimensions":   {oneRule(attrs{"dimensions": protocol.Unknown}), oneRule(attrs{"dimensions": attrs{"model": attrs{"mode": "filter", "values": []any{"gpt-5.2"}}}})},
		"a dimension":  {oneRule(attrs{"dimensions": attrs{"metadata.user": protocol.Unknown}}), oneRule(attrs{"dimensions": attrs{"metadata.user": attrs{"mode": "partition"}}})},
		"a mode":       {oneRule(attrs{"dimensions": attrs{"metadata.user": attrs{"mode": protocol.Unknown}}}), oneRule(attrs{"dimensions": attrs{"metadata.user": attrs{"mode": "partition"}}})},
		"values":       {oneRule(attrs{"dimensions": attrs{"model": attrs{"mode": "filter", "values": protocol.Unknown}}}), oneRule(attrs{"dimensions": attrs{"model": attrs{"mode": "filter", "values": []any{"a"}}}})},
		"all rules":    {attrs{"spend_limits": attrs{"rules": protocol.Unknown}}, feature("spend_limits")},
		"a write-only": {attrs{"stripe": attrs{"authorization_wo": protocol.Unknown, "authorization_wo_version": int64(1), "usage_events": []any{}}}, attrs{"stripe": attrs{"authorization_wo": "sk_test_secret", "authorization_wo_version": int64(1), "usage_events": []any{}}}},
	}
	for name, test := range nested {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := emulate(t)
			server.Resource(resourceType).MustApplyLater(with(test.unresolved), with(test.resolved))
		})
	}
}
