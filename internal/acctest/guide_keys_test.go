package acctest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
)

// TestGuideKeys follows the guide. Each request uses the key that the guide says, and no
// key is in state or in a plan.
func TestGuideKeys(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	keys := []string{"sk-of-the-application", "sk-rotated", "sk-of-the-evals", "sk-of-our-own"}
	g := newWalk(t, acctest.CLI(), "OPENAI_API_KEY="+keys[0],
		"TF_VAR_openai_evals_api_key="+keys[2], "TF_VAR_our_llm_key="+keys[3])
	requireKey := func(key string) {
		t.Helper()
		if want := "with key " + providerapi.KeyFingerprint(key) + "."; !strings.Contains(g.printed, want) {
			t.Errorf("the request was not sent with the key %s:\n%s", key, g.printed)
		}
	}

	g.follow("keys", "1")
	requireKey(keys[0])
	g.follow("keys", "2")
	g.run("export TF_VAR_openai_api_key=" + keys[1])
	g.service.Emulator.ResetRequests()
	g.follow("keys", "3")
	requireKey(keys[1])
	var writes []string
	for _, request := range g.service.Requests() {
		if method, path, _ := strings.Cut(request, " "); method != "GET" && !strings.HasPrefix(path, "/v1/") {
			writes = append(writes, method)
		}
	}
	if !slices.Equal(writes, []string{"PUT"}) {
		t.Errorf("the rotation sends %v, want one PUT", writes)
	}
	g.follow("keys", "4")
	requireKey(keys[2])
	g.follow("keys", "5")
	requireKey(keys[3])

	g.run("terraform plan -out=plan -var byok_only=true")
	for name, content := range map[string]string{
		"state": g.w.Read("terraform.tfstate"), "plan": g.run("terraform show -json plan"),
	} {
		for _, key := range keys {
			if strings.Contains(content, key) {
				t.Errorf("the %s has the key %s", name, key)
			}
		}
	}
	g.follow("keys", "6", "What")
	g.requireFollowed()
	if left := g.service.Emulator.GatewayIDs(g.service.AccountID); len(left) != 0 {
		t.Errorf("the destroy leaves gateways: %v", left)
	}
}
