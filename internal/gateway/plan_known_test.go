package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// requirePlanned compares computed attributes of a plan; [protocol.Unknown] is a value
// that is not known yet.
func requirePlanned(t *testing.T, plan *protocol.Plan, want attrs) {
	t.Helper()
	var planned map[string]tftypes.Value
	if err := plan.Planned.As(&planned); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		got := planned[name]
		if value == protocol.Unknown {
			if got.IsKnown() {
				t.Errorf("%s is planned as %s, want unknown", name, got)
			}
			continue
		}
		if !got.Equal(protocol.Value(t, got.Type(), value)) {
			t.Errorf("%s is planned as %s, want %v", name, got, value)
		}
	}
}

// A plan shows what is known of a gateway before it exists. What others need the gateway
// for stays unknown: a data source that gets the id or an address through a local value or
// an output of a module would otherwise be read before the gateway exists.
func TestPlanOfNewGateway(t *testing.T) {
	t.Parallel()
	addresses := attrs{"id": protocol.Unknown, "gateway_url": protocol.Unknown, "compat_base_url": protocol.Unknown}
	for name, test := range map[string]struct {
		existing, config, want attrs
		action                 protocol.Action
	}{
		"new":                 {nil, with(), attrs{"slug": "demo", "is_default": false}, protocol.Create},
		"name not known":      {nil, with(attrs{"name": protocol.Unknown}), attrs{"slug": protocol.Unknown, "is_default": protocol.Unknown}, protocol.Create},
		"the default":         {nil, with(attrs{"name": "default"}), attrs{"slug": "default", "is_default": protocol.Unknown}, protocol.Create},
		"renamed":             {with(), with(attrs{"name": "other"}), attrs{"slug": "other", "is_default": false}, protocol.Replace},
		"another account":     {with(), with(attrs{"account_id": strings.Repeat("f", 32)}), attrs{"slug": "demo", "is_default": false}, protocol.Replace},
		"was the default":     {with(attrs{"name": "default"}), with(), attrs{"slug": "demo", "is_default": false}, protocol.Replace},
		"becomes the default": {with(), with(attrs{"name": "default"}), attrs{"slug": "default", "is_default": protocol.Unknown}, protocol.Replace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := emulate(t)
			gateway := server.Resource(resourceType)
			if test.existing != nil {
				gateway.MustApply(test.existing)
			}
			plan, diags := gateway.Plan(test.config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if plan.Action != test.action {
				t.Errorf("%s, want %s", plan.Action, test.action)
			}
			requirePlanned(t, plan, test.want)
			requirePlanned(t, plan, addresses)
		})
	}
}

// A server that chooses ids chooses slugs, too.
func TestPlanOfNewGatewayInput(t *testing.T) {
	t.Parallel()
	_, server := newInputServer(t)
	plan, diags := server.Resource(resourceType).Plan(with())
	if diags.HasError() {
		t.Fatal(diags)
	}
	requirePlanned(t, plan, attrs{
		"id": protocol.Unknown, "slug": protocol.Unknown, "is_default": protocol.Unknown,
		"gateway_url": protocol.Unknown, "compat_base_url": protocol.Unknown,
	})
}

// A response without is_default is about a gateway that is not the default one.
func TestAbsentIsDefault(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with())
	service.Emulator.Inject(emulator.Fault{
		Method: http.MethodGet, Path: "/gateways/demo$", Status: http.StatusOK,
		Body: `{"success":true,"result":{"id":"demo","cache_ttl":0,"collect_logs":true,"rate_limiting_interval":0,"rate_limiting_limit":0}}`,
	})
	if diags := gateway.Refresh(); diags.HasError() {
		t.Fatal(diags)
	}
	requireState(t, gateway, attrs{"is_default": false})
}

// If the service contradicts the plan, the apply succeeds, and the next refresh shows it.
func TestContradictedIsDefault(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with())
	service.Emulator.Inject(emulator.Fault{
		Method: http.MethodPost, Path: "/gateways$", AnswerAfter: true, Status: http.StatusOK,
		Body: `{"success":true,"result":{"id":"demo","is_default":true,"cache_ttl":0,"collect_logs":true,"rate_limiting_interval":0,` +
			`"rate_limiting_limit":0,"rate_limiting_technique":"fixed","authentication":true,"cache_invalidate_on_update":false}}`,
	})
	if diags := gateway.Apply(plan); diags.HasError() {
		t.Fatal(diags)
	}
	requireState(t, gateway, attrs{"is_default": false})
}

// Replacing a gateway says what goes with it, and nothing else does.
func TestReplacementWarns(t *testing.T) {
	t.Parallel()
	const warning = "Replacing a gateway deletes what is in it"
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	requireSays := func(name string, config attrs, warns bool) {
		t.Helper()
		_, diags := gateway.Plan(config)
		said := diags.String()
		if diags.HasError() || strings.Contains(said, warning) != warns {
			t.Errorf("%s: %s", name, said)
		}
		for _, part := range []string{`"demo"`, service.AccountID, "its logs", "dynamic routes", "stored keys"} {
			if warns && !strings.Contains(said, part) {
				t.Errorf("%s: no %s in %s", name, part, said)
			}
		}
	}
	requireSays("created", with(), false)
	gateway.MustApply(with())
	requireSays("renamed", with(attrs{"name": "other"}), true)
	requireSays("another account", with(attrs{"account_id": strings.Repeat("f", 32)}), true)
	requireSays("name not known", with(attrs{"name": protocol.Unknown}), false)
	requireSays("changed", with(attrs{"cache_ttl": int64(60)}), false)
	requireSays("kept", with(), false)
	requireSays("destroyed", nil, false)
}

// leaps is a clock that moves only when the provider waits.
type leaps struct {
	mu     sync.Mutex
	now    time.Time
	waited time.Duration
}

func (l *leaps) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *leaps) Wait(ctx context.Context, d time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now, l.waited = l.now.Add(d), l.waited+d
	return ctx.Err()
}

func (*leaps) AfterFunc(time.Duration, func()) (stop func() bool) { return func() bool { return true } }

// A service that does not find the gateway that it just created gets two seconds for its
// features. After that, the error does not blame the configuration.
func TestNewGatewayIsNotFound(t *testing.T) {
	t.Parallel()
	config := with(attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "BLOCK"}}})
	for name, test := range map[string]struct {
		times   int
		waits   time.Duration
		created bool
	}{
		"once": {1, 500 * time.Millisecond, true},
		"ever": {-1, 2 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &leaps{now: time.Now()}
			service := acctest.Emulate(t, emulator.Options{})
			service.Clock = clock
			service.Emulator.Inject(emulator.Fault{
				Method: http.MethodPut, Status: http.StatusNotFound, Times: test.times,
				Body: `{"success":false,"errors":[{"code":7002,"message":"Not Found"}]}`,
			})
			gateway := service.Protocol(t, nil).Resource(resourceType)
			plan, diags := gateway.Plan(config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			diags = gateway.Apply(plan)
			if clock.waited != test.waits {
				t.Errorf("waited %s, want %s", clock.waited, test.waits)
			}
			if test.created {
				if diags.HasError() {
					t.Error(diags)
				}
				service.RequireRequests(t, "POST "+collection, "PUT "+one, "PUT "+one)
				return
			}
			service.RequireRequests(t, "POST "+collection, "PUT "+one, "PUT "+one, "PUT "+one, "PUT "+one, "PUT "+one, "DELETE "+one)
			said := diags.String()
			if !strings.Contains(said, "deleted again") || !strings.Contains(said, "the configuration is not the cause") || strings.Contains(said, "Correct the values") {
				t.Error(said)
			}
			if gateway.Exists() {
				t.Errorf("state %v", gateway.State())
			}
		})
	}
}
