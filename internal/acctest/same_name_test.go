package acctest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Two resources of a configuration that have one name: the error about the second says that
// the first one has probably created the object, and not to import that. Later, when that
// may have been anybody, it advises the import.
func TestTwoResourcesOfOneName(t *testing.T) {
	t.Parallel()
	model := map[string]any{"provider": "openai", "model": "gpt-5.2", "timeout": int64(10000), "retries": int64(0), "on_success": "end", "on_fallback": "end"}
	for typeName, config := range map[string]map[string]any{
		"aigateway_gateway": {"name": "demo"},
		"aigateway_dynamic_route": {
			"gateway_id": "main", "name": "support", "entry": "a", "elements": map[string]any{"a": map[string]any{"model": model}},
		},
		"aigateway_provider_config": {
			"gateway_id": "main", "provider_slug": "openai", "alias": "default", "secret_wo": "sk-0123456789", "secret_wo_version": int64(1),
		},
		"aigateway_custom_provider": {"name": "Mine", "slug": "mine", "base_url": "https://models.example.com"},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			s := acctest.Emulate(t, emulator.Options{})
			server := s.Protocol(t, nil)
			main := server.Resource("aigateway_gateway")
			main.MustApply(map[string]any{"name": "main", "store_id": s.Emulator.StoreIDs(s.AccountID)[0]})
			first := server.Resource(typeName)
			first.MustApply(config)

			try := func(server *protocol.Server) string {
				second := server.Resource(typeName)
				plan, diags := second.Plan(config)
				if diags.HasError() {
					t.Fatal(diags)
				}
				diags = second.Apply(plan)
				if !diags.HasError() || second.Exists() {
					t.Fatalf("no error: %s", diags)
				}
				return diags.String()
			}
			const fresh, block = "was created while this run was under way", "Otherwise, to manage the existing object"
			if said := try(server); !strings.Contains(said, fresh) || strings.Contains(said, block) {
				t.Errorf("while the run is under way: %s", said)
			}
			first.MustPlanEmpty(config)

			s.Emulator.Clock().Advance(time.Hour)
			if said := try(s.Protocol(t, nil)); strings.Contains(said, fresh) || !strings.Contains(said, block) || !strings.Contains(said, "another resource of this configuration") {
				t.Errorf("an hour later: %s", said)
			}
			first.MustPlanEmpty(config)
		})
	}
}
