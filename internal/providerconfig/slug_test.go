package providerconfig_test

import (
	"strings"
	"testing"
)

// An unknown provider is a warning with the nearest known one, since the service may
// know more providers than this version.
func TestUnknownProviderSlug(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	for slug, nearest := range map[string]string{
		"openia": "openai", "anthropics": "anthropic", "OpenAI": "openai", "openai": "", "workers-ai": "", "custom-mine": "",
	} {
		diags := r.Validate(attrs{"gateway_id": gatewayID, "provider_slug": slug, "secret_id": "s"})
		switch {
		case diags.HasError():
			t.Errorf("%s: %s", slug, diags)
		case nearest == "" && len(diags) != 0:
			t.Errorf("%s: %s", slug, diags)
		case nearest != "" && !strings.Contains(diags.String(), `The nearest known one is "`+nearest+`"`):
			t.Errorf("%s: %s", slug, diags)
		}
	}
}
