package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGuideAccess follows the guide. A case of the check that goes wrong is a warning.
func TestGuideAccess(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	g := newWalk(t, emulator.Options{}, acctest.CLI())
	g.follow("access", "1", "2")
	g.service.Emulator.ResetRequests()
	g.follow("access", "3")

	check := guide(t, "access/check.tf")
	g.w.Write("check.tf", strings.Replace(check, "allowed = true", "allowed = false", 1))
	if out := g.run("terraform apply"); !acctest.Wrapped("the opposite of what they should for an engineer and the strong model.").MatchString(out) {
		t.Errorf("the check does not warn:\n%s", out)
	}
	g.w.Write("check.tf", check)
	for _, request := range g.service.Emulator.Requests() {
		if !strings.HasPrefix(request.Path, "/client/v4/accounts/") || strings.Contains(request.Path, "/ai/") {
			t.Errorf("the check sends a request to a model: %s", request.Path)
		}
	}

	g.follow("access", "4", "5", "6")
	g.requireFollowed()
	g.requireEmptyPlan("terraform apply")
}
