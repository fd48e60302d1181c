package dynamicroute_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const cloudflareType = "cloudflare_ai_gateway_dynamic_routing"

// fromCloudflare returns a state of Cloudflare's provider.
func fromCloudflare(state any) protocol.Source {
	return protocol.Source{Provider: "registry.terraform.io/cloudflare/cloudflare", Type: cloudflareType, Version: 500, State: state}
}

// asCloudflareReads returns what that provider keeps of a route: its schema has no
// place for the shares of a percentage, and another name for the provider of a
// model.
func asCloudflareReads(s *acctest.Service, id, name string) attrs {
	to := func(id string) attrs { return attrs{"element_id": id} }
	outputs := func(used attrs) attrs {
		all := attrs{"next": nil, "true": nil, "false": nil, "element_id": nil, "success": nil, "fallback": nil}
		maps.Copy(all, used)
		return all
	}
	properties := func(used attrs) attrs {
		all := attrs{
			"conditions": nil, "key": nil, "limit": nil, "limit_type": nil, "window": nil, "model": nil,
			"ai_gateway_dynamic_routing_provider": nil, "retries": nil, "timeout": nil,
		}
		maps.Copy(all, used)
		return all
	}
	const made = "2026-08-03T10:00:00Z"
	deployment := attrs{"created_at": made, "deployment_id": "d", "version_id": "v"}
	version := attrs{"active": "true", "created_at": made, "data": "[]", "version_id": "v", "is_valid": true}
	return attrs{
		"id": id, "account_id": s.AccountID, "gateway_id": gatewayID, "name": name,
		"elements": []any{
			attrs{"id": "start", "type": "start", "outputs": outputs(attrs{"next": to("gate")}), "properties": nil},
			attrs{
				"id": "gate", "type": "conditional", "outputs": outputs(attrs{"true": to("tier"), "false": to("split")}),
				"properties": properties(attrs{"conditions": `{"metadata.beta":{"$eq":true}}`}),
			},
			attrs{"id": "split", "type": "percentage", "outputs": outputs(nil), "properties": nil},
			attrs{
				"id": "cheap", "type": "model", "outputs": outputs(attrs{"success": to("end"), "fallback": to("end")}),
				"properties": properties(attrs{"model": "gpt-5.2", "ai_gateway_dynamic_routing_provider": "openai", "retries": 0, "timeout": 1}),
			},
			attrs{"id": "end", "type": "end", "outputs": outputs(nil), "properties": nil},
		},
		"created_at": made, "modified_at": made, "success": true, "deployment": deployment, "version": version,
		"route": attrs{
			"id": id, "account_tag": s.AccountID, "created_at": made, "deployment": deployment, "elements": []any{},
			"gateway_id": gatewayID, "modified_at": made, "name": name, "version": version,
		},
	}
}

// TestMove takes a route over: without a request, and the next read brings the
// graph.
func TestMove(t *testing.T) {
	t.Parallel()
	for _, set := range [][]emulator.Quirk{nil, emulator.RouteQuirks()} {
		for _, version := range []int64{0, 500} {
			t.Run(acctest.QuirkName(set), func(t *testing.T) {
				t.Parallel()
				s := service(t, set...)
				server := s.Protocol(t, nil)
				original, id := exists(t, s, server, gated())
				source := fromCloudflare(asCloudflareReads(s, id, "support"))
				source.Version = version
				r := server.Resource(resourceType)
				requireNone(t, r.Move(source))
				s.RequireRequests(t)
				requireIdentity(t, s, r, id)
				if state := r.State(); state["id"] != id || state["name"] != "support" || state["gateway_id"] != gatewayID || state["elements"] != nil {
					t.Errorf("state %v", state)
				}
				r.MustPlanEmpty(gated())
				s.RequireRequests(t, "GET "+routes+"/"+id)
				requireInForce(t, s, r)
				requireSame(t, "moved", r.State(), original.State())
			})
		}
	}
}

// TestMoveFromStates takes over states that lack what is not needed, or have
// what nobody knows.
func TestMoveFromStates(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, gated())
	for name, state := range map[string]attrs{
		"what names it alone":           {"id": id, "account_id": s.AccountID, "gateway_id": gatewayID},
		"without a name":                with(asCloudflareReads(s, id, "support"), "name", nil),
		"with another name":             asCloudflareReads(s, id, "former"),
		"attributes of a later version": with(asCloudflareReads(s, id, "support"), "invented", attrs{"later": []any{1}}),
		"elements in another form":      with(asCloudflareReads(s, id, "support"), "elements", "[]"),
	} {
		r := server.Resource(resourceType)
		if diags := r.Move(fromCloudflare(state)); len(diags) > 0 {
			t.Fatalf("%s: %s", name, diags)
		}
		requireIdentity(t, s, r, id)
		r.MustPlanEmpty(gated())
	}
}

// TestMoveOfNothing: a route that has gone is created.
func TestMoveOfNothing(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Move(fromCloudflare(asCloudflareReads(s, "01a1fdbe", "support"))))
	if action := r.MustApply(gated()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
}

// TestMoveAndChange changes a route in the same step, without a refresh.
func TestMoveAndChange(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]attrs{"rename": with(gated(), "name", "help"), "graph": next(), "nothing": gated()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server := s.Protocol(t, nil)
			_, id := exists(t, s, server, gated())
			r := server.Resource(resourceType)
			requireNone(t, r.Move(fromCloudflare(asCloudflareReads(s, id, "support"))))
			requireNone(t, try(t, r, config))
			r.MustPlanEmpty(config)
			requireInForce(t, s, r)
			requireGraph(t, r, config)
		})
	}
}

// TestMoveByProvider: the registry's host does not matter, all else does.
func TestMoveByProvider(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	for address, taken := range map[string]bool{
		"registry.terraform.io/cloudflare/cloudflare": true,
		"registry.opentofu.org/cloudflare/cloudflare": true,
		"mirror.example.com/cloudflare/cloudflare":    true,
		"cloudflare": true, // OpenTofu before 1.11.12 and 1.12.4
		"registry.terraform.io/hashicorp/cloudflare": false,
		"registry.terraform.io/cloudflare/other":     false,
		"":                                           false,
	} {
		source := fromCloudflare(asCloudflareReads(s, "01a1fdbe", "support"))
		source.Provider = address
		r := server.Resource(resourceType)
		diags := r.Move(source)
		if r.Exists() != taken {
			t.Errorf("%q: taken over: %v\n%s", address, r.Exists(), diags)
		}
		if !taken && !strings.Contains(diags.String(), "does not include support for the given source resource") {
			t.Errorf("%q: %s", address, diags)
		}
	}
	s.RequireRequests(t)
}

func TestMoveRefused(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	good := asCloudflareReads(s, "01a1fdbe", "support")
	of := func(change func(*protocol.Source)) protocol.Source {
		source := fromCloudflare(good)
		change(&source)
		return source
	}
	const unnamed = "account_id, gateway_id or id is missing. That provider loses them when it renames a route"
	for name, test := range map[string]struct {
		source protocol.Source
		says   string
		ours   bool
	}{
		"another type":      {of(func(s *protocol.Source) { s.Type = "cloudflare_ai_gateway" }), "does not include support", false},
		"a later version":   {of(func(s *protocol.Source) { s.Version = 501 }), "has schema version 501, which this version of the provider does not know", true},
		"an older version":  {of(func(s *protocol.Source) { s.Version = 3 }), "has schema version 3, which this version of the provider does not know", true},
		"without an id":     {fromCloudflare(with(good, "id", nil)), unnamed, true},
		"an empty id":       {fromCloudflare(with(good, "id", "")), unnamed, true},
		"without a gateway": {fromCloudflare(with(good, "gateway_id", nil)), unnamed, true},
		"without an account": {
			fromCloudflare(with(good, "account_id", nil)), unnamed, true,
		},
		"an id of another form": {fromCloudflare(with(good, "id", []any{1})), "does not match its schema", true},
		"no object":             {fromCloudflare([]any{"x"}), "does not match its schema", true},
		"nothing":               {fromCloudflare(nil), "does not match its schema", true},
	} {
		r := server.Resource(resourceType)
		diags := r.Move(test.source)
		if !diags.HasError() || r.Exists() || !strings.Contains(diags.String(), test.says) {
			t.Errorf("%s: %s", name, diags)
		}
		if test.ours && !(strings.Contains(diags.String(), "removed block") && strings.Contains(diags.String(), `"account_id/gateway_id/name"`)) {
			t.Errorf("%s: the error does not say what to do: %s", name, diags)
		}
	}
	s.RequireRequests(t)
}

// TestMoveWithoutRefresh: the old state has no graph that could be taken over, so
// that a plan without a refresh sets the whole graph, and its apply deploys a new
// version, the same as the one before.
func TestMoveWithoutRefresh(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, gated())
	s.Emulator.ResetRequests()
	r := server.Resource(resourceType)
	requireNone(t, r.Move(fromCloudflare(asCloudflareReads(s, id, "support"))))
	plan, diags := r.Plan(gated())
	requireNone(t, diags)
	if plan.Action != protocol.Update {
		t.Fatalf("the plan is %s", plan.Action)
	}
	s.RequireRequests(t)
	requireNone(t, r.Apply(plan))
	s.RequireRequests(t, "GET "+routes+"/"+id, "POST "+routes+"/"+id+"/versions", "POST "+routes+"/"+id+"/deployments")
	r.MustPlanEmpty(gated())
}
