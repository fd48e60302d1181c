package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// The attributes of 5.29.0, by what a configuration may say of them.
var (
	gatewayAttributes = map[string]string{
		"required": "account_id cache_invalidate_on_update cache_ttl collect_logs id rate_limiting_interval rate_limiting_limit",
		"optional": "dlp guardrails logpush_public_key rate_limiting_technique retry_backoff retry_delay retry_max_attempts stripe",
		"optional, computed": "authentication byok_only log_classification log_management log_management_strategy logpush otel " +
			"spend_limits store_id workers_ai_billing_mode zdr",
		"computed": "created_at is_default modified_at",
	}
	routeAttributes = map[string]string{
		"required": "account_id elements gateway_id name",
		"computed": "created_at deployment id modified_at route success version",
	}
)

func TestSchemas(t *testing.T) {
	for name, test := range map[string]struct {
		resource resource.Resource
		want     map[string]string
	}{"gateway": {gateway{}, gatewayAttributes}, "dynamic route": {dynamicRouting{}, routeAttributes}} {
		var resp resource.SchemaResponse
		test.resource.Schema(t.Context(), resource.SchemaRequest{}, &resp)
		if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
			t.Errorf("%s: %v", name, diags)
		}
		if resp.Schema.Version != 500 {
			t.Errorf("%s: schema version %d, want 500", name, resp.Schema.Version)
		}
		got := map[string]string{}
		for _, attribute := range slices.Sorted(maps.Keys(resp.Schema.Attributes)) {
			kind := kindOf(resp.Schema.Attributes[attribute])
			got[kind] = strings.TrimSpace(got[kind] + " " + attribute)
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func kindOf(attribute schema.Attribute) string {
	var kinds []string
	for kind, is := range map[string]bool{
		"required": attribute.IsRequired(), "optional": attribute.IsOptional(), "computed": attribute.IsComputed(),
	} {
		if is {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	slices.Reverse(kinds)
	return strings.Join(kinds, ", ")
}
