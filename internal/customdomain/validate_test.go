package customdomain_test

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	for name, test := range map[string]struct {
		attribute string
		value     any
		says      string // empty for a value that is accepted
	}{
		"subdomain":     {"hostname", "a.b.c.example.com", ""},
		"apex":          {"hostname", "example.com", ""},
		"international": {"hostname", "ki.xn--mnchen-3ya.de", ""},
		"digits":        {"hostname", "1.2-3.ex4mple.io", ""},
		"upper case":    {"hostname", "AI.example.com", "must be a hostname in lower case"},
		"scheme":        {"hostname", "https://ai.example.com", "without scheme"},
		"path":          {"hostname", "ai.example.com/compat", "must be a hostname"},
		"port":          {"hostname", "ai.example.com:443", "must be a hostname"},
		"wildcard":      {"hostname", "*.example.com", "wildcard"},
		"final dot":     {"hostname", "ai.example.com.", "final dot"},
		"one label":     {"hostname", "localhost", "must be a hostname"},
		"address":       {"hostname", "192.0.2.1", "must be a hostname"},
		"empty":         {"hostname", "", "must be a hostname"},
		"space":         {"hostname", "ai.example.com ", "must be a hostname"},
		"umlaut":        {"hostname", "ki.münchen.de", "xn--"},
		"underscore":    {"hostname", "a_i.example.com", "must be a hostname"},
		"hyphen":        {"hostname", "-ai.example.com", "must be a hostname"},
		"long label":    {"hostname", strings.Repeat("a", 64) + ".example.com", "must be a hostname"},
		"long":          {"hostname", strings.Repeat("abcdefg.", 16) + "com", "length must be at most 128"},
		"zone":          {"zone_id", "0123456789abcdef0123456789abcdef", ""},
		"name of zone":  {"zone_id", "example.com", "32 hexadecimal digits"},
		"short zone":    {"zone_id", "0123", "32 hexadecimal digits"},
		"TLS 1.0":       {"min_tls", "1.0", ""},
		"TLS 1.3":       {"min_tls", "1.3", ""},
		"TLS 1.4":       {"min_tls", "1.4", `"1.0" "1.1" "1.2" "1.3"`},
		"TLSv1.2":       {"min_tls", "TLSv1.2", `"1.0" "1.1" "1.2" "1.3"`},
		"gateway":       {"gateway_id", "Main", "must consist of lower-case letters"},
		"account":       {"account_id", "x", "must be an account ID"},
	} {
		t.Run(name, func(t *testing.T) {
			diags := server.Resource(resourceType).Validate(with(attrs{test.attribute: test.value}))
			if test.says == "" {
				requireNone(t, diags)
				return
			}
			requireSays(t, diags.At(test.attribute), test.says)
		})
	}
	s.RequireRequests(t)
}

// TestZoneIsRequired: a plan to create, also one to replace, needs the zone.
func TestZoneIsRequired(t *testing.T) {
	t.Parallel()
	s := service(t)
	const says = "is to be created, which needs zone_id"
	_, diags := s.Protocol(t, nil).Resource(resourceType).Plan(with(attrs{"zone_id": nil}))
	requireSays(t, diags.At("zone_id"), "Custom domain without a zone", `Custom domain "ai.example.com" `+says)
	r := exists(t, s)
	_, diags = r.Plan(with(attrs{"zone_id": nil, "hostname": "b.example.com"}))
	requireSays(t, diags.At("zone_id"), `Custom domain "b.example.com" `+says)
	s.RequireRequests(t)
}
