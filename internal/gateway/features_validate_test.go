package gateway_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestBadFeaturesAreRefusedInThePlan gives each rule of the features and the
// remaining settings a value that breaks it.
func TestBadFeaturesAreRefusedInThePlan(t *testing.T) {
	t.Parallel()
	rules := attrs{}
	for i := range 21 {
		rules[fmt.Sprint("rule-", i)] = attrs{"limit": float64(1), "window": int64(60), "dimensions": attrs{}}
	}
	policy := func(parts attrs) attrs {
		made := attrs{"action": "FLAG", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{}}
		maps.Copy(made, parts)
		return attrs{"dlp": attrs{"enabled": true, "policies": attrs{"one": made}}}
	}
	dimension := func(key string, parts attrs) attrs { return oneRule(attrs{"dimensions": attrs{key: parts}}) }
	filter := attrs{"mode": "filter", "values": []any{"a"}}
	for name, test := range map[string]struct {
		config attrs
		at     string // empty: the error must have no path
		says   string
	}{
		"too few logs":            {attrs{"log_management": int64(9999)}, "log_management", "between 10000 and 10000000"},
		"too many logs":           {attrs{"log_management": int64(10000001)}, "log_management", "between 10000 and 10000000"},
		"strategy":                {attrs{"log_management_strategy": "delete_oldest"}, "log_management_strategy", "STOP_INSERTING"},
		"short key":               {attrs{"logpush_public_key": "short"}, "logpush_public_key", "between 16 and 1024"},
		"six attempts":            {attrs{"retry_max_attempts": int64(6)}, "retry_max_attempts", "between 0 and 5"},
		"negative delay":          {attrs{"retry_delay": int64(-1)}, "retry_delay", "at least 0"},
		"backoff":                 {attrs{"retry_backoff": "Linear"}, "retry_backoff", "exponential"},
		"billing":                 {attrs{"workers_ai_billing_mode": "prepaid"}, "workers_ai_billing_mode", "postpaid"},
		"classify no logs":        {attrs{"log_classification": true, "log_enabled": false}, "log_classification", "requires logs"},
		"guardrail action":        {attrs{"guardrails": attrs{"prompt": attrs{"hate": "block"}}}, "guardrails", `"FLAG" "BLOCK"`},
		"guardrail, no action":    {attrs{"guardrails": attrs{"prompt": attrs{"hate": ""}}}, "guardrails", `"FLAG" "BLOCK"`},
		"guardrail, misspelled":   {attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "BLOCK", "hatespeech": "BLOCK"}}}, "guardrails", `no category "hatespeech". Did you mean "hate"?`},
		"guardrail, response":     {attrs{"guardrails": attrs{"response": attrs{"sexual_contents": "FLAG"}}}, "guardrails", `Did you mean "sexual_content"?`},
		"guardrail by code":       {attrs{"guardrails": attrs{"prompt": attrs{"S10": "BLOCK"}}}, "guardrails", `code of this category. Write its name, "hate"`},
		"guardrail by lower code": {attrs{"guardrails": attrs{"prompt": attrs{"p1": "BLOCK"}}}, "guardrails", `Write its name, "prompt_injection"`},
		"unknown code in lower":   {attrs{"guardrails": attrs{"prompt": attrs{"s14": "BLOCK"}}}, "guardrails", `Did you mean "S14"?`},
		"misspelled and null":     {attrs{"guardrails": attrs{"prompt": attrs{"hates": nil, "hate": "FLAG"}}}, "guardrails", `Did you mean "hate"?`},
		"dlp without a form":      {attrs{"dlp": attrs{"enabled": true}}, "dlp", "either action and profiles, or policies"},
		"dlp in both forms": {
			attrs{"dlp": attrs{"enabled": true, "action": "FLAG", "profiles": []any{"a"}, "policies": attrs{}}}, "dlp", "not parts of both",
		},
		"dlp with half a form": {attrs{"dlp": attrs{"enabled": true, "action": "FLAG"}}, "dlp", "either action and profiles"},
		"dlp action":           {attrs{"dlp": attrs{"enabled": true, "action": "flag", "profiles": []any{}}}, "dlp", `"FLAG" "BLOCK"`},
		"policy action":        {policy(attrs{"action": "LOG"}), "dlp", `"FLAG" "BLOCK"`},
		"policy check":         {policy(attrs{"check": []any{"BOTH"}}), "dlp", `"REQUEST" "RESPONSE"`},
		"policy no check":      {policy(attrs{"check": []any{}}), "dlp", "at least 1"},
		"21 rules":             {attrs{"spend_limits": attrs{"rules": rules}}, "spend_limits", "at most 20"},
		"negative budget":      {oneRule(attrs{"limit": float64(-1)}), "spend_limits", "at least 0"},
		"negative window":      {oneRule(attrs{"window": int64(-1)}), "spend_limits", "between 0 and"},
		"huge window":          {oneRule(attrs{"window": int64(1 << 60)}), "spend_limits", "between 0 and"},
		"filter, no values":    {dimension("metadata.user", attrs{"mode": "filter"}), "spend_limits", "needs values"},
		"partition, values":    {dimension("metadata.user", attrs{"mode": "partition", "values": []any{"a"}}), "spend_limits", "takes no values"},
		"a null rule":          {attrs{"spend_limits": attrs{"rules": attrs{"a": nil}}}, "spend_limits", "null"},
		"a null model":         {dimension("model", attrs{"mode": "filter", "values": []any{"a", nil}}), "spend_limits", "null"},
		"a null profile":       {attrs{"dlp": attrs{"enabled": true, "action": "FLAG", "profiles": []any{"a", nil}}}, "dlp", "null"},
		"policy without id":    {attrs{"dlp": attrs{"enabled": true, "policies": attrs{"": attrs{"action": "FLAG", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{}}}}}, "dlp", "at least 1"},
		"limit type":           {oneRule(attrs{"limit_type": "tokens"}), "spend_limits", `"cost"`},
		"technique":            {oneRule(attrs{"technique": "Fixed"}), "spend_limits", `"fixed" "sliding"`},
		"no models":            {dimension("model", attrs{"mode": "filter", "values": []any{}}), "spend_limits", "at least 1"},
		"model without values": {dimension("model", attrs{"mode": "filter"}), "spend_limits", "needs values"},
		"no mode":              {dimension("metadata.user", attrs{"values": []any{"a"}}), "spend_limits", "mode is required"},
		"a null dimension":     {oneRule(attrs{"dimensions": attrs{"model": nil}}), "spend_limits", "null"},
		"partition by model":   {dimension("model", attrs{"mode": "partition", "values": []any{"a"}}), "spend_limits", "takes no values"},
		"providers":            {dimension("providers", filter), "spend_limits", `Did you mean "provider"?`},
		"modell":               {dimension("modell", filter), "spend_limits", `Did you mean "model"?`},
		"metadata alone":       {dimension("metadata", filter), "spend_limits", `Did you mean "metadata.<key>"?`},
		"metadata, no key":     {dimension("metadata.", filter), "spend_limits", `Did you mean "metadata.<key>"?`},
		"metdata.user":         {dimension("metdata.user", filter), "spend_limits", `Did you mean "metadata.user"?`},
		"no dimension at all":  {dimension("", filter), "spend_limits", "there is no dimension"},

		"a null receiver":     {attrs{"otel": []any{nil}}, "", "must not be null"},
		"no URL":              {attrs{"otel": []any{attrs{"authorization": "x"}}}, "", "url must be an absolute URL"},
		"a null header":       {attrs{"otel": []any{attrs{"url": "https://a.example", "headers": attrs{"a": nil}}}}, "", "must not have null values"},
		"version alone":       {attrs{"otel": []any{attrs{"url": "https://a.example", "authorization_wo_version": int64(1)}}}, "", "goes with authorization_wo"},
		"stripe, no events":   {attrs{"stripe": attrs{"authorization": "x"}}, "", "usage_events is required"},
		"stripe, null event":  {attrs{"stripe": attrs{"authorization": "x", "usage_events": []any{nil}}}, "", "needs a payload"},
		"stripe, version":     {attrs{"stripe": attrs{"authorization": "x", "authorization_wo_version": int64(1), "usage_events": []any{}}}, "", "goes with authorization_wo"},
		"relative URL":        {attrs{"otel": []any{attrs{"url": "/traces"}}}, "", "otel[0]: url must be an absolute URL"},
		"content type":        {attrs{"otel": []any{attrs{"url": "https://a.example", "content_type": "xml"}}}, "", "must be json or protobuf"},
		"two authorizations":  {attrs{"otel": []any{attrs{"url": "https://a.example", "authorization": "x", "authorization_wo": "y", "authorization_wo_version": int64(1)}}}, "", "not both"},
		"two sets of headers": {attrs{"otel": []any{attrs{"url": "https://a.example", "headers": attrs{}, "headers_wo": attrs{}, "headers_wo_version": int64(1)}}}, "", "not both"},
		"no version":          {attrs{"otel": []any{attrs{"url": "https://a.example", "authorization_wo": "y"}}}, "", "needs authorization_wo_version"},
		"stripe without key":  {attrs{"stripe": attrs{"usage_events": []any{}}}, "stripe", "Set authorization here"},
		"stripe with two":     {attrs{"stripe": attrs{"authorization": "x", "authorization_wo": "y", "authorization_wo_version": int64(1), "usage_events": []any{}}}, "", "exactly one"},
		"stripe, no version":  {attrs{"stripe": attrs{"authorization_wo": "y", "usage_events": []any{}}}, "", "needs authorization_wo_version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			_, diags := server.Resource(resourceType).Plan(with(test.config))
			said := strings.Join(strings.Fields(diags.String()), " ")
			if !diags.HasError() || !strings.Contains(said, test.says) {
				t.Errorf("want an error that says %q, got:\n%s", test.says, diags)
			}
			for _, diag := range diags {
				if (diag.Attribute == nil) != (test.at == "") {
					t.Errorf("want the error at %q, got:\n%s", test.at, diags)
				}
			}
			if test.at != "" && !diags.At(test.at).HasError() {
				t.Errorf("want the error at %q, got:\n%s", test.at, diags)
			}
			service.RequireRequests(t)
		})
	}
}

// TestClassificationNeedsLogs looks at the gateway as it is.
func TestClassificationNeedsLogs(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"log_enabled": false}))
	if _, diags := gateway.Plan(with(attrs{"log_classification": true})); !diags.At("log_classification").HasError() {
		t.Errorf("got %s", diags)
	}
	gateway.MustApply(with(attrs{"log_classification": true, "log_enabled": true}))
	_ = service
}

// TestSchemaDescriptions: every attribute, nested ones too, says what it is.
func TestSchemaDescriptions(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	acctest.RequireDescriptions(t, server.Schema())
}

// TestGuardrailsWithoutACategory expects a warning where nothing is flagged or
// blocked.
func TestGuardrailsWithoutACategory(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for _, l := range []struct {
		config attrs
		warns  bool
	}{
		{attrs{"guardrails": attrs{"prompt": attrs{}}}, true},
		{attrs{"guardrails": attrs{"response": attrs{}}}, true},
		{attrs{"guardrails": attrs{"prompt": attrs{"hate": nil}}}, true},
		{attrs{"guardrails": attrs{}}, true},
		{attrs{"guardrails": attrs{"prompt": protocol.Unknown}}, false},
		{attrs{"guardrails": attrs{"prompt": attrs{"hate": protocol.Unknown}}}, false},
		{feature("guardrails"), false},
	} {
		diags := server.Resource(resourceType).Validate(with(l.config))
		if diags.HasError() || strings.Contains(diags.String(), "Guardrails without a category") != l.warns {
			t.Errorf("%v: %s", l.config, diags)
		}
	}
}
