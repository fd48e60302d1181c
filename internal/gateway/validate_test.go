package gateway_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestBadInputIsRefusedInThePlan gives each rule a value that breaks it: the
// error stands at the attribute and nothing is sent, neither for a new gateway
// nor for one that exists.
func TestBadInputIsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config attrs
		at     string
		says   string
	}{
		"empty name":          {attrs{"name": ""}, "name", "at least 1"},
		"65 characters":       {attrs{"name": strings.Repeat("a", 65)}, "name", "1 to 64 lower-case"},
		"upper case":          {attrs{"name": "Demo"}, "name", "lower-case"},
		"a slash":             {attrs{"name": "a/b"}, "name", "lower-case"},
		"dots":                {attrs{"name": ".."}, "name", "lower-case"},
		"a percent escape":    {attrs{"name": "a%2fb"}, "name", "lower-case"},
		"a query":             {attrs{"name": "a?b"}, "name", "lower-case"},
		"a space":             {attrs{"name": "a b"}, "name", "lower-case"},
		"a line break":        {attrs{"name": "a\n"}, "name", "lower-case"},
		"a hyphen at the end": {attrs{"name": "a-"}, "name", "lower-case"},
		"two hyphens":         {attrs{"name": "a--b"}, "name", "lower-case"},
		"letters of others":   {attrs{"name": "größe"}, "name", "lower-case"},

		"short account":      {attrs{"account_id": "0123"}, "account_id", "32 hexadecimal digits"},
		"account of letters": {attrs{"account_id": strings.Repeat("z", 32)}, "account_id", "32 hexadecimal digits"},
		"account with path":  {attrs{"account_id": strings.Repeat("0", 30) + "/.."}, "account_id", "32 hexadecimal digits"},
		"account upper case": {attrs{"account_id": strings.Repeat("A", 32)}, "account_id", "32 hexadecimal digits"},
		"empty account":      {attrs{"account_id": ""}, "account_id", "32 hexadecimal digits"},

		"negative TTL":      {attrs{"cache_ttl": int64(-1)}, "cache_ttl", "between 0 and 2592000"},
		"TTL above a month": {attrs{"cache_ttl": int64(2592001)}, "cache_ttl", "between 0 and 2592000"},
		"on without TTL":    {attrs{"cache_enabled": true}, "cache_enabled", "Set cache_ttl to the number of seconds"},
		"on with TTL 0":     {attrs{"cache_enabled": true, "cache_ttl": int64(0)}, "cache_ttl", "cache_ttl must be above 0"},

		"limit alone":    {attrs{"rate_limiting_limit": int64(5)}, "rate_limiting_limit", "rate_limiting_interval"},
		"interval alone": {attrs{"rate_limiting_interval": int64(5)}, "rate_limiting_interval", "rate_limiting_limit"},
		"limited without a limit": {
			attrs{"rate_limiting_enabled": true}, "rate_limiting_enabled", "Set rate_limiting_limit and rate_limiting_interval",
		},
		"limited to 0": {
			attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(0), "rate_limiting_interval": int64(5)},
			"rate_limiting_limit", "rate_limiting_limit must be above 0",
		},
		"limited in 0 seconds": {
			attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(0)},
			"rate_limiting_interval", "rate_limiting_interval must be above 0",
		},
		"negative limit": {
			attrs{"rate_limiting_limit": int64(-5), "rate_limiting_interval": int64(5)}, "rate_limiting_limit", "at least 0",
		},
		"negative interval": {
			attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(-5)}, "rate_limiting_interval", "at least 0",
		},
		"technique in upper case": {attrs{"rate_limiting_technique": "Fixed"}, "rate_limiting_technique", `"fixed" "sliding"`},
		"no technique":            {attrs{"rate_limiting_technique": ""}, "rate_limiting_technique", `"fixed" "sliding"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			existing := server.Resource(resourceType)
			existing.MustApply(with())
			service.Emulator.ResetRequests()
			for which, gateway := range map[string]*protocol.Resource{"new": server.Resource(resourceType), "existing": existing} {
				_, diags := gateway.Plan(with(test.config))
				at := diags.At(test.at)
				if !at.HasError() || !strings.Contains(strings.Join(strings.Fields(at.String()), " "), test.says) {
					t.Errorf("%s: want an error at %s that says %q, got:\n%s", which, test.at, test.says, diags)
				}
			}
			service.RequireRequests(t)
		})
	}
}

// TestEnabledByTheGatewayAsItIs needs no value in the configuration where the
// gateway has one.
func TestEnabledByTheGatewayAsItIs(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60), "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(6)}))
	gateway.MustPlanEmpty(with(attrs{"cache_enabled": true, "rate_limiting_enabled": true}))

	// A new gateway under another name has none of that, which shows in the plan.
	plan, diags := gateway.Plan(with(attrs{"name": "other", "cache_enabled": true}))
	if !diags.At("cache_enabled").HasError() {
		t.Errorf("replacing the gateway needs a TTL; got %v %s", plan, diags)
	}
}

func TestBadImportIDs(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for _, id := range []string{
		"/", "demo/", "/demo", "a/b/c", "..", service.AccountID + "/..", service.AccountID + "/Demo",
		"0123/demo", service.AccountID + "/demo/", "a%2fb", strings.Repeat("a", 65),
	} {
		diags := server.Resource(resourceType).Import(id)
		if !diags.HasError() || !strings.Contains(diags.String(), "does not identify a gateway") {
			t.Errorf("import of %q: %s", id, diags)
		}
	}
	service.RequireRequests(t)
}
